import { type PostedOrder, postedOrder } from '../../domain/billing/plan-invoice-input.ts';
import { possibleNumbers } from '../../domain/billing/plan-invoice-number.ts';
import type { OpenOrderLine, PostedBase } from '../../domain/documents.ts';
import { newestOf } from '../../domain/orders/change-order.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { ordersOfRoot } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { commitmentRoot } from '../lanes.ts';
import { step } from '../step.ts';
import { type NumbersInErp, numbersInErp } from './numbers-in-erp.ts';
import { vendorIn } from './source-facts.ts';

/** What the ERP itself says just before an invoice is planned: others invoice the same order, and number theirs too. */
export type OrderInErp = {
  /** Null where there is no order yet, or this ERP does not tell. */
  readonly lines: readonly OpenOrderLine[] | null;
  readonly taken: NumbersInErp;
};

export async function lookAtOrder(
  engine: Engine,
  at: OpenConnection,
  record: SubInvoiceRecord,
): Promise<OrderInErp> {
  const erp = await findErp(engine, at.tenant, record.projectId);
  const { order, vendor } = await step(engine, at.tenant, async (tx) => ({
    order: await orderOf(tx, at, erp, record.commitmentId),
    vendor: await vendorIn(tx, at, erp, record.vendorId),
  }));
  const { openOrderLines, invoicesNumbered } = erp.connection;
  const lines = order === null ? null : ((await openOrderLines?.(order.id)) ?? null);
  const { code } = vendor;
  const look = code === null ? undefined : (number: string) => invoicesNumbered?.(code, number);
  return { lines, taken: await numbersInErp(erp, possibleNumbers(record, order?.number ?? null), look) };
}

/** The order of a commitment as it stands by our books; a change of it that is under way does not count yet. */
export async function orderOf(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  commitmentId: string,
): Promise<PostedOrder | null> {
  const root = commitmentRoot(commitmentId);
  const standing = standingOrder(await ordersOfRoot(tx, erp.id, root), at.id);
  if (standing === null) return null;
  // An order that was taken over bears a number of its own.
  return { ...postedOrder(standing.base), number: standing.contract.number };
}

/** Of all that was planned for one order: what stands, and the contract's own revision in it. */
export type StandingOrder = { readonly base: PostedBase; readonly contract: StoredDocument };

/** What is planned next is planned on top of this. Null until the order itself stands. */
export function standingOrder(
  written: readonly StoredDocument[],
  sourceConnection: string,
): StandingOrder | null {
  const ofContract = (document: StoredDocument) =>
    document.sourceConnection === sourceConnection && document.sourceObject === 'commitment';
  const contract = written.findLast((document) => ofContract(document) && isStanding(document));
  if (contract === undefined || contract.targetId === null) return null;
  const { targetId: id } = contract;
  // A change order in an order that was given up since does not stand in the one that took its place.
  const standing = written.flatMap(({ state, targetId, body, lineKeys }) =>
    isStanding({ state }) && targetId === id && body?.kind === 'purchase-order'
      ? [{ id, body, lineKeys }]
      : [],
  );
  const base = newestOf(standing);
  return base === null ? null : { base, contract };
}
