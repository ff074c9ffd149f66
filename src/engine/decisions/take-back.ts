import { mayHandle } from '../../domain/approval/may-decide.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { type Tx, tenantOf } from '../../store/database/transaction.ts';
import { getDocument, moveDocument } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { cancelPostings } from '../../store/documents/posting.ts';
import { expireReviews } from '../../store/documents/review.ts';
import { getItem } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { wakePlanner } from '../plan/wake.ts';
import { failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { type By, type Decided, declined, gone } from './person.ts';

/** Takes a document back that nothing was sent for yet. */
export async function withdraw(
  engine: Engine,
  { tenant, user, documentId, reason }: By & { documentId: string; reason: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const document = await getDocument(tx, documentId, 'lock');
    if (document === null) return gone;
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not withdraw this', 'This needs the role accountant.');
    const back = await takeBack(engine, tx, document, `Withdrawn by ${user.email}: ${reason}`);
    if (!back.ok) return back;
    await expireReviews(tx, document.id, []);
    await appendAudit(tx, [
      {
        kind: 'withdrawn',
        actor: user.email,
        document: document.id,
        at: engine.clock.now(),
        body: { reason },
      },
    ]);
    return { ok: true };
  });
}

/** Before an intent a document can be taken back; after it only a reversal undoes it. */
export async function takeBack(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  message: string,
): Promise<Decided> {
  const { state } = document;
  if (state === 'withdrawn')
    return declined(409, 'Already withdrawn', document.reasons[0]?.message ?? 'It was withdrawn before.');
  if (state === 'posting' || state === 'posted' || state === 'confirmed' || state === 'detached') {
    return declined(
      409,
      'Too late to withdraw',
      'It was already sent. What stands in the ERP is only undone by a reversal there.',
    );
  }
  // In a conflict a person has looked at both sides: the write that could not go is decided with it.
  if (!(await cancelPostings(tx, document, state === 'conflict' ? 'decision' : 'person')))
    return declined(
      409,
      'Too late to withdraw',
      'It may stand in the ERP already, and is being looked for. What stands there is only undone by a reversal.',
    );
  await moveDocument(tx, document, {
    state: 'withdrawn',
    reasons: [
      {
        code: 'withdrawn',
        owner: 'project-manager',
        message,
        remedy: 'Export it again in Procore when it is right.',
      },
    ],
  });
  const hub = await engine.systems.hubOf(await tenantOf(tx));
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  if (item !== null) await failRequest(engine, tx, hub, item, [message], document.id);
  const target = await engine.systems.get(hub.tenant, document.targetConnection);
  await wakeLane(tx, postLane(target, document.root));
  // What came while it stood here is planned now.
  await wakePlanner(engine, tx, hub.tenant, document);
  return { ok: true };
}
