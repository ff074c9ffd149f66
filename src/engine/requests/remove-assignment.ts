import type { Operation } from '../../domain/documents.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import { postingDone } from '../../domain/states.ts';
import type { NamedCoding } from '../../procore/costs/cost-assignments.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsCoded } from '../../store/documents/document-lists.ts';
import { addPostings, type StoredPosting } from '../../store/documents/posting.ts';
import { costShown } from '../../store/records/job-cost.ts';
import { getItem, moveItem } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { failRequest, succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import type { Work } from './work-item.ts';

/**
 * Somebody wants a cost type off a cost code of a project. It goes in Procore, where no cost of the ERP stands on it;
 * in the ERP nothing is ever removed.
 */
export async function removeAssignment({ engine, at, item }: Work): Promise<void> {
  const { projectId, erpCode: costCode, originId: costType } = item;
  const coding =
    projectId === null || costCode === null
      ? null
      : await at.hub!.codingNamed({ projectId, costCode, costType });
  engine.failPoint('after-fetch');
  await step(engine, at.tenant, async (tx) => {
    // Written down already by a turn that was cut off: its end answers.
    if ((await getItem(tx, at.id, item.key))?.state === 'working') return;
    const why = await whyNot(tx, at, projectId, coding);
    if (why !== null) return failRequest(engine, tx, at, item, [why]);
    const root = `cost-assignment:${item.nativeId}`;
    const operation: Operation = {
      kind: 'remove-assignment',
      assignmentId: item.nativeId,
      jobCostId: item.parentId,
      asked: item.key,
    };
    await moveItem(tx, item, 'working');
    const writes = at.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
    await addPostings(tx, { document: null, connection: at.id, root, operation }, writes);
    await wakeLane(tx, postLane(at, root));
    await appendAudit(tx, [
      {
        kind: 'assignment-removed',
        actor: item.requester ?? 'procore',
        at: engine.clock.now(),
        body: { id: item.nativeId, code: costCode ?? '', type: costType ?? '' },
      },
    ]);
  });
}

/** What cannot be told apart from cost is not taken away. */
async function whyNot(
  tx: Tx,
  at: OpenConnection,
  projectId: string | null,
  coding: NamedCoding | null,
): Promise<string | null> {
  if (projectId === null || coding === null || coding.costCode === null)
    return 'Procore does not say by an id of the ERP which cost code it is, so nobody can tell whether cost stands on it. Nothing was removed.';
  const { costCode, costType } = coding;
  const what = `${costCode}${costType === null ? '' : ` ${costType}`}`;
  const users = await documentsCoded(tx, at.id, projectId, costCode, costType);
  if (users.length > 0)
    return `${what} stands on what was posted to the ERP (${users.join(', ')}) and cannot be taken away.`;
  return (await costShown(tx, at.id, projectId, { costCode, costType }))
    ? `The ERP has cost on ${what}, so it cannot be taken away.`
    : null;
}

/** A deletion ended: with the last one it is done, and one that Procore refuses is told. */
export async function concludeRemoval(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { operation, state, reason, writeName }: StoredPosting & Posting,
): Promise<void> {
  if (operation.kind !== 'remove-assignment') return;
  const item = await getItem(tx, at.id, operation.asked);
  if (item === null) return;
  if (state === 'refused' || state === 'exception')
    return failRequest(engine, tx, at, item, [`Procore did not remove it: ${reason ?? 'no reason given'}.`]);
  const last = at.connection.writes(operation).at(-1);
  if (postingDone.has(state) && writeName === last?.name)
    await succeedRequest(engine, tx, at, item, [
      'It was removed in Procore; in the ERP nothing was ever removed for it.',
    ]);
}
