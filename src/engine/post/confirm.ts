import type { Operation, RequestClosing } from '../../domain/documents.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import type { DocumentState } from '../../domain/states.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { wakeLane } from '../../store/lane.ts';
import { addPostings } from '../../store/posting.ts';
import { findRecord } from '../../store/record.ts';
import { getItem, moveItem, olderItems, type StoredRequestItem } from '../../store/request-item.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';

/** Tells the source that an order stands: external ids on header and lines, and the request closed with success. */
export async function confirmOrder(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  const [item, record] = await Promise.all([
    document.requestKey === null ? null : getItem(tx, hub.id, document.requestKey),
    commitmentOf(tx, hub, document),
  ]);
  const closing = isClosed(item) ? null : closingOf(item, 'success', []);
  const operation = confirmation(erp, document, record, closing);
  await writeBack(engine, tx, hub, document.id, document.root, operation);
}

/** A request that was answered "failed" stays answered: what posts after a correction has no second answer to give. */
function isClosed(item: StoredRequestItem | null): boolean {
  return item !== null && (item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale');
}

/** A re-export that changed nothing: what stands is confirmed again, so that the person gets an answer. */
export async function confirmUnchanged(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  posted: StoredDocument,
  item: StoredRequestItem,
): Promise<void> {
  const erp = await engine.systems.get(hub.tenant, posted.targetConnection);
  await moveItem(tx, item, 'working');
  const record = await commitmentOf(tx, hub, posted);
  const operation = confirmation(erp, posted, record, closingOf(item, 'success', []));
  if (operation.kind === 'confirm-order' && operation.closing === null)
    return moveItem(tx, item, 'succeeded');
  await writeBack(engine, tx, hub, posted.id, posted.root, operation);
  await moveItem(tx, item, 'succeeded');
}

/** Answers a request that will not be done, in words its sender can act on. */
export async function failRequest(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  item: StoredRequestItem,
  messages: readonly string[],
  document: string | null = null,
): Promise<void> {
  // Procore closes a request once: what was answered before is not answered again.
  if (isClosed(item)) return;
  const closing = closingOf(item, 'failed', messages);
  await moveItem(tx, item, 'working');
  if (closing !== null)
    await writeBack(engine, tx, hub, document, `commitment:${item.nativeId}`, {
      kind: 'close-request',
      closing,
    });
  await moveItem(tx, item, 'failed', messages);
}

/**
 * An export replaced by a newer one of the same commitment: closed, because nothing may stay in progress. What a
 * document that is sent or stands already came from is answered by what becomes of that document.
 */
export async function closeOlderItems(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  newest: StoredRequestItem,
  documents: readonly StoredDocument[] = [],
): Promise<void> {
  const carried = new Set(
    documents.filter(({ state }) => answersItsRequest.has(state)).map(({ requestKey }) => requestKey),
  );
  for (const item of await olderItems(tx, newest)) {
    if (carried.has(item.key)) continue;
    const closing = closingOf(item, 'failed', ['A newer export of this commitment replaced this one.']);
    if (closing !== null && closing.requestDetailId !== newest.detailId)
      await writeBack(engine, tx, hub, null, `commitment:${item.nativeId}`, {
        kind: 'close-request',
        closing,
      });
    await moveItem(tx, item, 'stale');
  }
}

const answersItsRequest: ReadonlySet<DocumentState> = new Set(['posting', 'posted', 'conflict']);

async function commitmentOf(
  tx: Tx,
  hub: OpenConnection,
  { sourceId }: StoredDocument,
): Promise<CommitmentRecord | null> {
  const key = { connection: hub.id, object: 'commitment', nativeId: sourceId };
  return (await findRecord<CommitmentRecord>(tx, key))?.body ?? null;
}

function confirmation(
  erp: OpenConnection,
  document: StoredDocument,
  commitment: CommitmentRecord | null,
  closing: RequestClosing | null,
): Operation {
  const known = new Set(commitment?.lines.map((line) => line.id) ?? []);
  const lines = Object.fromEntries(Object.entries(document.lineKeys).filter(([key]) => known.has(key)));
  return {
    kind: 'confirm-order',
    commitmentId: document.sourceId,
    commitmentType: commitment?.type ?? 'subcontract',
    ...(document.projectId === null ? {} : { projectId: document.projectId }),
    originId: `${erp.code}-${document.targetId}`,
    originCode: document.targetNumber ?? document.targetId ?? '',
    lines,
    closing,
  };
}

function closingOf(
  item: StoredRequestItem | null,
  status: RequestClosing['status'],
  messages: readonly string[],
): RequestClosing | null {
  if (item === null || item.detailId === null) return null;
  // An event we do not know names no item: its detail is then looked for among all of them.
  const itemId = item.object === 'unknown' ? '' : item.nativeId;
  return { requestDetailId: item.detailId, itemId, status, messages };
}

async function writeBack(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  document: string | null,
  root: string,
  operation: Operation,
): Promise<void> {
  const writes = hub.connection.writes(operation);
  const postings = writes.map((write) => ({ ...write, id: engine.newId() }));
  await Promise.all([
    addPostings(tx, { document, connection: hub.id, root, operation }, postings),
    wakeLane(tx, postLane(hub, root)),
  ]);
}
