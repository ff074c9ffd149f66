import type { Operation, RequestClosing } from '../../domain/documents.ts';
import { linesOfChange, sourceLineId } from '../../domain/orders/change-order.ts';
import { itemOrigins } from '../../domain/orders/item-origins.ts';
import { linesAndMarkups } from '../../domain/owner/prime-contract.ts';
import { type ContractPaymentRecord, sentOrigin } from '../../domain/payments/vendor-payment.ts';
import type {
  ChangeOrderRecord,
  CommitmentRecord,
  OwnerInvoiceRecord,
  SubInvoiceRecord,
} from '../../domain/records.ts';
import type { DocumentState } from '../../domain/states.ts';
import { supportNote } from '../../domain/support-note.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { invoicesOfSource } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addPostings } from '../../store/documents/posting.ts';
import { findRecord, type RecordKey } from '../../store/records/record.ts';
import { getItem, moveItem, olderItems, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { commitmentRoot, postLane, primeContractRoot } from '../lanes.ts';
import { keepsForeignOrigin } from '../plan/adopted.ts';
import {
  requisitionName,
  requisitionOrigin,
  requisitionOrigins,
  standsWords,
} from '../plan/requisition-told.ts';
import { budgetConfirmation } from './confirm-budget.ts';
import { confirmMaster } from './new-master.ts';
import { askTypedOtherwise } from './typed-otherwise.ts';

/**
 * Tells the source that a document stands: its external ids on header and lines, and the request closed with success.
 * False when there is nothing to tell of this one.
 */
export async function confirmPosted(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<boolean> {
  // Procore shows the vendor's code of the home company; it has room for one.
  if (document.kind === 'vendor' && !erp.isHome) return false;
  const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
  const siblings = await siblingsOf(tx, document);
  const isLast = siblings.every(
    ({ state, requestKey }) => isOver.has(state) || requestKey !== document.requestKey,
  );
  const closing = isClosed(item) || !isLast ? null : closingOf(item, 'success', wordsFor(erp, document));
  // A pay application bears the id of one invoice: that of its work, where it has one.
  const isSecond =
    document.part === 'retainage-release' && siblings.some(({ state }) => state !== 'withdrawn');
  if (!isSecond && !(await keepsForeignOrigin(tx, hub, erp, document))) {
    const told = masterOf(document);
    const operation = told
      ? confirmMaster(told, closing)
      : document.kind === 'budget'
        ? budgetConfirmation(erp, document, closing)
        : await supported(engine, tx, hub, erp, document, closing);
    await writeBack(engine, tx, hub, document.id, document.root, operation);
    return true;
  }
  if (item !== null && closing !== null) {
    await writeBack(engine, tx, hub, document.id, document.root, { kind: 'close-request', closing });
    await moveItem(tx, item, 'succeeded');
  }
  return false;
}

/** What stands needs no words but where it is not what was exported: a requisition orders nothing yet. */
function wordsFor(erp: OpenConnection, document: StoredDocument): readonly string[] {
  return document.kind === 'purchase-requisition' ? [standsWords(erp, document)] : [];
}

const isOver: ReadonlySet<DocumentState> = new Set(['posted', 'confirmed', 'withdrawn', 'detached']);

/** What else the same pay application became: one request may end in two invoices. */
async function siblingsOf(tx: Tx, document: StoredDocument) {
  if (document.kind !== 'ap-invoice' && document.kind !== 'ar-invoice') return [];
  const invoices = await invoicesOfSource(tx, document);
  return invoices.filter(({ part }) => part !== document.part);
}

/** A request that was answered "failed" stays answered: what posts after a correction has no second answer to give. */
function isClosed(item: StoredRequestItem | null): boolean {
  return item !== null && (item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale');
}

/** An export of what stands already: it is confirmed again, so that the person gets an answer. */
export async function confirmUnchanged(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  posted: StoredDocument,
  item: StoredRequestItem,
): Promise<void> {
  const erp = await engine.systems.get(hub.tenant, posted.targetConnection);
  await moveItem(tx, item, 'working');
  await askTypedOtherwise(engine, tx, erp, posted, item);
  const closing = closingOf(item, 'success', []);
  if (closing === null) return moveItem(tx, item, 'succeeded');
  const operation: Operation = (await keepsForeignOrigin(tx, hub, erp, posted))
    ? { kind: 'close-request', closing }
    : posted.kind === 'budget'
      ? budgetConfirmation(erp, posted, closing)
      : await supported(engine, tx, hub, erp, posted, closing);
  await writeBack(engine, tx, hub, posted.id, posted.root, operation);
  await moveItem(tx, item, 'succeeded');
}

/** Shows an order that was taken over in the source, where nobody else's id stands; it waits for its phase. */
export async function tellAdopted(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  if (await keepsForeignOrigin(tx, hub, erp, document)) return;
  const operation = await supported(engine, tx, hub, erp, document, null);
  await writeBack(engine, tx, hub, document.id, document.root, operation);
}

/** Answers a request that was done. */
export async function succeedRequest(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  item: StoredRequestItem,
  messages: readonly string[],
): Promise<void> {
  if (isClosed(item)) return;
  const closing = closingOf(item, 'success', messages);
  await moveItem(tx, item, 'working');
  if (closing !== null)
    await writeBack(engine, tx, hub, null, await rootOf(tx, item), { kind: 'close-request', closing });
  await moveItem(tx, item, 'succeeded', messages);
}

/** Takes the external ids of a document off its record in the source again, and answers who asked for it. */
export async function clearOrigins(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
  item: StoredRequestItem,
): Promise<void> {
  await moveItem(tx, item, 'working');
  const told = await confirmation(tx, hub, erp, document, null);
  const operation: Operation = {
    kind: 'clear-origins',
    told,
    closing: closingOf(item, 'success', []),
  };
  await writeBack(engine, tx, hub, document.id, document.root, operation);
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
    await writeBack(engine, tx, hub, document, await rootOf(tx, item), {
      kind: 'close-request',
      closing,
    });
  await moveItem(tx, item, 'failed', messages);
}

/**
 * An export replaced by a newer one of the same record: closed, because nothing may stay in progress. What a
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
    const closing = closingOf(item, 'failed', ['A newer export replaced this one.']);
    if (closing !== null && closing.requestDetailId !== newest.detailId)
      await writeBack(engine, tx, hub, null, await rootOf(tx, item), {
        kind: 'close-request',
        closing,
      });
    await moveItem(tx, item, 'stale');
  }
}

const answersItsRequest: ReadonlySet<DocumentState> = new Set(['posting', 'posted', 'conflict']);

/** What is written of a request goes in the lane of the contract that it is about. */
async function rootOf(
  tx: Tx,
  { connection, object, nativeId, parentId }: StoredRequestItem,
): Promise<string> {
  if (object === 'commitment') return commitmentRoot(nativeId);
  if (object === 'change-order' && parentId !== null) return commitmentRoot(parentId);
  if (object === 'prime-change-order' && parentId !== null) return primeContractRoot(parentId);
  if (object === 'owner-invoice') return ownerRootOf(tx, { connection, object, nativeId });
  if (object === 'contract-payment') return paymentRootOf(tx, { connection, object, nativeId });
  if (object !== 'sub-invoice') return `${object}:${nativeId}`;
  const record = await findRecord<SubInvoiceRecord>(tx, { connection, object, nativeId });
  return commitmentRoot(record?.body.commitmentId ?? nativeId);
}

async function paymentRootOf(tx: Tx, key: RecordKey): Promise<string> {
  const record = await findRecord<ContractPaymentRecord>(tx, key);
  return record === null ? `${key.object}:${key.nativeId}` : commitmentRoot(record.body.contractId);
}

async function ownerRootOf(tx: Tx, key: RecordKey): Promise<string> {
  const record = await findRecord<OwnerInvoiceRecord>(tx, key);
  return primeContractRoot(record?.body.contractId ?? key.nativeId);
}

async function commitmentOf(
  tx: Tx,
  hub: OpenConnection,
  { sourceId }: StoredDocument,
): Promise<CommitmentRecord | null> {
  const key = { connection: hub.id, object: 'commitment', nativeId: sourceId };
  return (await findRecord<CommitmentRecord>(tx, key))?.body ?? null;
}

type Confirmation = Extract<
  Operation,
  { kind: 'confirm-order' | 'confirm-change-order' | 'confirm-invoice' | 'confirm-record' }
>;

/** With what the people who support an integration look for: the ids alone do not say when they were written. */
async function supported(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
  closing: RequestClosing | null,
): Promise<Confirmation> {
  const told = await confirmation(tx, hub, erp, document, closing);
  const { originCode: number } = told;
  const { revision } = document;
  return { ...told, support: supportNote({ erp: erp.name, number, revision, at: engine.clock.now() }) };
}

async function confirmation(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  document: StoredDocument,
  closing: RequestClosing | null,
): Promise<Confirmation> {
  const originId = `${erp.code}-${document.targetId}`;
  const originCode = document.targetNumber ?? document.targetId ?? '';
  const { projectId } = document;
  const { sourceObject } = document;
  if (sourceObject === 'company-direct-cost' || sourceObject === 'owner-invoice') {
    const record = { object: sourceObject, recordId: document.sourceId, projectId } as const;
    const lines = sourceObject === 'owner-invoice' ? await itemsOf(tx, hub, document, originId) : {};
    return { kind: 'confirm-record', ...record, ...lines, originId, originCode, closing };
  }
  if (document.body?.kind === 'vendor-payment') {
    // Kept when a draft becomes a payment there, under another key.
    const originId = sentOrigin(erp.code, document.body.reference);
    const record = { object: 'contract-payment', recordId: document.sourceId, projectId } as const;
    return { kind: 'confirm-record', ...record, originId, originCode, closing };
  }
  if (document.kind === 'ap-invoice')
    return {
      kind: 'confirm-invoice',
      subInvoiceId: document.sourceId,
      projectId: projectId ?? '',
      ...(await itemsOf(tx, hub, document, originId)),
      originId,
      originCode,
      closing,
    };
  if (document.kind === 'contract-change')
    return ofContractChange(document, { originId, originCode, closing });
  if (document.sourceObject === 'change-order')
    return ofChangeOrder(tx, hub, document, { originId, originCode, closing });
  const commitment = await commitmentOf(tx, hub, document);
  const replaces = await requisitionOrigins(tx, hub, erp, document.sourceId);
  const isRequisition = document.kind === 'purchase-requisition';
  const known = new Set(commitment?.lines.map((line) => line.id) ?? []);
  return {
    kind: 'confirm-order',
    commitmentId: document.sourceId,
    commitmentType: commitment?.type ?? 'subcontract',
    ...(projectId === null ? {} : { projectId }),
    originId: isRequisition ? requisitionOrigin(erp, document) : originId,
    originCode: isRequisition ? requisitionName(document) : originCode,
    // Lines are those of the order, which is not there yet.
    lines: isRequisition
      ? {}
      : Object.fromEntries(Object.entries(document.lineKeys).filter(([key]) => known.has(key))),
    ...(replaces.length === 0 ? {} : { replaces }),
    closing,
  };
}

/** What the items of an application became; nothing where it bills no work. */
async function itemsOf(
  tx: Tx,
  hub: OpenConnection,
  { sourceObject, sourceId, lineKeys }: StoredDocument,
  originId: string,
): Promise<{ readonly lines?: Readonly<Record<string, string>> }> {
  const key = { connection: hub.id, object: sourceObject, nativeId: sourceId };
  const record = await findRecord<SubInvoiceRecord | OwnerInvoiceRecord>(tx, key);
  const lines = itemOrigins(record?.body.lines ?? [], lineKeys, originId);
  return Object.keys(lines).length === 0 ? {} : { lines };
}

/** The order that a change order stands in bears the id; each change order of it, and each of its lines, adds its own. */
async function ofChangeOrder(
  tx: Tx,
  hub: OpenConnection,
  { sourceId, projectId, body, lineKeys }: StoredDocument,
  order: Pick<Extract<Confirmation, { kind: 'confirm-invoice' }>, 'originId' | 'originCode' | 'closing'>,
): Promise<Confirmation> {
  const key = { connection: hub.id, object: 'change-order', nativeId: sourceId };
  const record = (await findRecord<ChangeOrderRecord>(tx, key))?.body ?? null;
  const known = new Set(record?.lines.map(({ id }) => id) ?? []);
  const lines = body?.kind === 'purchase-order' ? linesOfChange(body.lines, sourceId) : [];
  return {
    kind: 'confirm-change-order',
    changeOrderId: sourceId,
    projectId: projectId ?? '',
    originCode: order.originCode,
    originId: `${order.originId}/change-${sourceId}`,
    lines: Object.fromEntries(
      lines.flatMap((line) => {
        const [id, there] = [sourceLineId(line), lineKeys[line.key]];
        return there === undefined || !known.has(id) ? [] : [[id, `${order.originId}/${there}`]];
      }),
    ),
    closing: order.closing,
  };
}

/** A change of an owner contract bears its own id; its lines and markups are lines of it. */
function ofContractChange(
  { sourceId, projectId, lineKeys }: StoredDocument,
  change: Pick<Extract<Confirmation, { kind: 'confirm-invoice' }>, 'originId' | 'originCode' | 'closing'>,
): Confirmation {
  const origins = (keys: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(keys).map(([id, line]) => [id, `${change.originId}/${line}`]));
  const { lines, markups } = linesAndMarkups(lineKeys);
  return {
    kind: 'confirm-change-order',
    changeOrderId: sourceId,
    projectId: projectId ?? '',
    ...change,
    lines: origins(lines),
    markups: origins(markups),
  };
}

/** A document that makes a master record of the ERP, as the source is told of it. */
function masterOf({ kind, sourceId: recordId, targetId }: StoredDocument) {
  const code = targetId ?? '';
  if (kind === 'vendor' || kind === 'project') return { object: kind, recordId, code };
  if (kind === 'cost-code') return { object: 'standard-cost-code', recordId, code } as const;
  return kind === 'sub-job' ? { object: kind, recordId, code } : null;
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
