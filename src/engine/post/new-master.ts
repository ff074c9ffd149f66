import type { Operation, RequestClosing } from '../../domain/documents.ts';
import type { StagedObject } from '../../domain/staged.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { wakeLane, wakeLanes } from '../../store/lane.ts';
import { addPostings } from '../../store/posting.ts';
import { moveItem, type StoredRequestItem } from '../../store/request-item.ts';
import { expireSubject } from '../../store/review.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane, sourceLane, sweepLane } from '../lanes.ts';
import { mapProject } from '../plan/map-project.ts';
import { matchSubject } from '../plan/plan-vendor.ts';
import { wakeWaiting } from '../plan/wake.ts';

/** What follows when a vendor or a project stands in the ERP: whoever waits for it goes on. */
export async function settleMaster(
  engine: Engine,
  tx: Tx,
  { hub, erp }: { readonly hub: OpenConnection; readonly erp: OpenConnection },
  { kind, sourceId, targetId }: StoredDocument,
): Promise<void> {
  // Whose export waits for this link is answered by its own lane.
  if (kind === 'vendor-link') return wakeLane(tx, sourceLane(hub, 'vendor', targetId ?? ''));
  if (kind !== 'vendor' && kind !== 'project') return;
  // Its record is read now: a plan that uses the code looks it up.
  await wakeLanes(tx, [sweepLane(erp, `pull:${kind}`)]);
  if (kind === 'vendor') {
    await expireSubject(tx, 'vendor-match', matchSubject(sourceId));
    await wakeWaiting(engine, tx, erp.tenant, 'vendor', sourceId);
  } else {
    const code = targetId ?? '';
    await mapProject(engine, tx, hub.tenant, { id: sourceId, code, why: 'it was created in the ERP' });
  }
}

type Told = { readonly object: StagedObject; readonly recordId: string; readonly code: string };

/** Shows in Procore which record of the ERP one is that was not created by us, and answers who exported it. */
export async function tellMaster(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  item: StoredRequestItem,
  { object, recordId, code }: Told,
): Promise<void> {
  const closing: RequestClosing | null =
    item.detailId === null
      ? null
      : { requestDetailId: item.detailId, itemId: item.nativeId, status: 'success', messages: [] };
  const operation: Operation = {
    kind: 'confirm-master',
    object,
    recordId,
    originId: code,
    originCode: code,
    closing,
  };
  const root = `${object}:${recordId}`;
  const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
  await wakeLane(tx, postLane(hub, root));
  await moveItem(tx, item, 'succeeded');
}
