import type { Operation, RequestClosing } from '../../domain/documents.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addPostings } from '../../store/documents/posting.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { moveItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { wakeLane, wakeLanes } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane, sourceLane, sweepLane } from '../lanes.ts';
import { releaseBelow } from '../plan/link-job-cost.ts';
import { mapProject } from '../plan/map-project.ts';
import { matchSubject } from '../plan/plan-vendor.ts';
import { wakeWaiting } from '../plan/wake.ts';

/** What follows when a vendor or a project stands in the ERP: whoever waits for it goes on. */
export async function settleMaster(
  engine: Engine,
  tx: Tx,
  { hub, erp }: { readonly hub: OpenConnection; readonly erp: OpenConnection },
  { kind, sourceObject, sourceId, targetId }: StoredDocument,
): Promise<void> {
  // Whose export waits for this link is answered by its own lane.
  if (kind === 'vendor-link') return wakeLane(tx, sourceLane(hub, 'vendor', targetId ?? ''));
  // What its project still lacks is looked at once more: the ERP may have got another code meanwhile.
  if (sourceObject === 'project-codes') return wakeLane(tx, sourceLane(hub, sourceObject, sourceId));
  if (!isMaster(kind)) return;
  // Its record is read now: a plan that uses the code looks it up.
  await wakeLanes(tx, [sweepLane(erp, `pull:${kind}`)]);
  if (kind === 'vendor') {
    await expireSubject(tx, 'vendor-match', matchSubject(erp, sourceId));
    await wakeWaiting(engine, tx, erp.tenant, 'vendor', sourceId);
  } else if (kind === 'cost-code') {
    await releaseBelow(engine, tx, hub, { object: 'standard-cost-code', id: sourceId });
  } else if (kind === 'sub-job') {
    await releaseBelow(engine, tx, hub, { object: 'sub-job', id: sourceId });
  } else if (kind === 'project') {
    const code = targetId ?? '';
    await mapProject(engine, tx, hub.tenant, { id: sourceId, code, why: 'it was created in the ERP' });
  }
}

type MasterKind = Extract<StoredDocument['kind'], 'vendor' | 'project' | 'cost-code' | 'sub-job'>;

const MASTERS: ReadonlySet<string> = new Set<MasterKind>(['vendor', 'project', 'cost-code', 'sub-job']);

/** Whether a document makes a master record of the ERP. */
export function isMaster(kind: StoredDocument['kind']): kind is MasterKind {
  return MASTERS.has(kind);
}

type Told = {
  readonly object: 'vendor' | 'project' | 'standard-cost-code' | 'sub-job';
  readonly recordId: string;
  readonly code: string;
};

/** Masters are named by the ERP's own code, as they are where people link them by hand. */
export function confirmMaster(
  { object, recordId, code }: Told,
  closing: RequestClosing | null,
): Extract<Operation, { kind: 'confirm-master' | 'confirm-record' }> {
  const told = { recordId, originId: code, originCode: code, closing };
  return object === 'vendor' || object === 'project'
    ? { kind: 'confirm-master', object, ...told }
    : { kind: 'confirm-record', object, projectId: null, ...told };
}

/** Shows in Procore which record of the ERP one is that was not created by us, and answers who exported it. */
export async function tellMaster(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  item: StoredRequestItem,
  told: Told,
): Promise<void> {
  const closing: RequestClosing | null =
    item.detailId === null
      ? null
      : { requestDetailId: item.detailId, itemId: item.nativeId, status: 'success', messages: [] };
  const operation = confirmMaster(told, closing);
  const root = `${told.object}:${told.recordId}`;
  const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
  await wakeLane(tx, postLane(hub, root));
  await moveItem(tx, item, 'succeeded');
}
