import { planOrder, sameContent } from '../../domain/orders/plan-order.ts';
import type { OrderPlanInput } from '../../domain/planning/plan-input.ts';
import type { Reason } from '../../domain/reasons.ts';
import { documentWaits, isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument } from '../../store/documents/document.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { failRequest, succeedRequest } from '../post/confirm.ts';
import { isUnderWay, orderKey } from './adopted.ts';
import { requisitionName, requisitionNumber, standsWords } from './requisition-told.ts';
import { withdraw } from './save-plan.ts';

/** What of a commitment is planned: its order, or the requisition that people of the ERP make the order of. */
export type OrderedAs = {
  readonly kind: 'purchase-order' | 'purchase-requisition';
  readonly documents: readonly StoredDocument[];
  /** What was planned of it as the other kind, before the setting was changed or the order was made. */
  readonly others: readonly StoredDocument[];
};

export function requisitionKey(hub: OpenConnection, erp: OpenConnection, commitmentId: string) {
  return { ...orderKey(hub, erp, commitmentId), kind: 'purchase-requisition' } as const;
}

/** The requisition that stands for a commitment and waits to be ordered, or was. */
export async function standingRequisition(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  commitmentId: string,
): Promise<StoredDocument | null> {
  const all = await documentsOf(tx, requisitionKey(hub, erp, commitmentId));
  return all.findLast(isStanding) ?? null;
}

/**
 * One of both, never both: what stands or is on its way goes on, whatever the setting says by now. What only waits gives
 * way to what the setting says.
 */
export async function orderedAs(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  commitmentId: string,
  orders: readonly StoredDocument[],
): Promise<OrderedAs> {
  const requisitions = await documentsOf(tx, requisitionKey(at, erp, commitmentId));
  const isSet = erp.connection.supports.has('create-requisition');
  return !orders.some(isUnderWay) && (requisitions.some(isUnderWay) || isSet)
    ? { kind: 'purchase-requisition', documents: requisitions, others: orders }
    : { kind: 'purchase-order', documents: orders, others: requisitions };
}

/** The setting was changed while the other kind waited: that is taken back. */
export async function giveWayTo(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  { kind, others }: OrderedAs,
): Promise<void> {
  const other = others.at(-1);
  if (other !== undefined && documentWaits.has(other.state))
    await withdraw(engine, tx, erp, other, `commitments become a ${kind.replace('-', ' ')}`);
}

type Requested = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly posted: StoredDocument;
  readonly item: StoredRequestItem | null;
  readonly input: OrderPlanInput;
};

/**
 * The requisition stands and no order of it does yet. Nothing of it is changed from here: who exports it again is
 * answered, or waits with the commitment until somebody in the ERP orders the requisition or takes it back.
 */
export async function whileRequested(
  engine: Engine,
  tx: Tx,
  { at, erp, posted, item, input }: Requested,
): Promise<void> {
  const isAsked = item !== null && (item.state === 'received' || item.state === 'working');
  if (input.record.deleted) {
    if (!isAsked) return;
    const message = `The commitment was deleted in Procore. ${requisitionName(posted)} still stands in ${erp.name}.`;
    return failRequest(engine, tx, at, item, [message]);
  }
  const plan = planOrder(input);
  const body = plan.kind === 'document' ? plan.body : null;
  const before = posted.body?.kind === 'purchase-order' ? posted.body : null;
  const fields = { ...before?.fields, ...body?.fields };
  const isSame = body !== null && before !== null && sameContent({ ...body, fields }, { ...before, fields });
  const ended = posted.reasons.filter(({ code }) => code === 'requisition-ended');
  const reasons = isSame ? ended : [...ended, changedMeanwhile(erp, posted)];
  const codes = (all: readonly Reason[]) => all.map(({ code }) => code).join();
  if (codes(reasons) !== codes(posted.reasons))
    await moveDocument(tx, posted, { state: posted.state, reasons });
  if (isSame && isAsked && item.key !== posted.requestKey)
    await succeedRequest(engine, tx, at, item, [standsWords(erp, posted)]);
}

/** Whether people ended it in the ERP, and somebody exported the commitment again since: that asks for another one. */
export function isAskedAnew(posted: StoredDocument, item: StoredRequestItem | null): boolean {
  const isOpen = item !== null && (item.state === 'received' || item.state === 'working');
  return isOpen && item.key !== posted.requestKey && isEnded(posted);
}

export function isEnded({ reasons }: StoredDocument): boolean {
  return reasons.some(({ code }) => code === 'requisition-ended');
}

function changedMeanwhile(erp: OpenConnection, posted: StoredDocument): Reason {
  return {
    code: 'requisition-open',
    owner: 'accountant',
    message: `The commitment says something else than requisition ${requisitionNumber(posted)} in ${erp.name}, which nobody ordered yet.`,
    remedy:
      'Have it ordered there: the order follows the commitment then. Or take it back there and export the commitment again.',
  };
}

/** What everything of a commitment waits for that needs its order; null where no requisition stands for it. */
export async function whyNotOrdered(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  commitmentId: string,
): Promise<Reason | null> {
  const posted = await standingRequisition(tx, hub, erp, commitmentId);
  if (posted === null) return null;
  return {
    code: 'order-missing',
    owner: 'accountant',
    message: `Its order does not stand in ${erp.name} yet: it is in requisition ${requisitionNumber(posted)}, not bought yet.`,
    remedy: `Make the order of requisition ${requisitionNumber(posted)} in ${erp.name}; this goes by itself once that order is found.`,
  };
}
