import type { NumberedInvoice } from '../../connectors/connector.ts';
import type { OpenOrderLine } from '../../domain/documents.ts';
import { type PostedOrder, postedOrder } from '../../domain/plan-invoice-input.ts';
import { possibleNumbers } from '../../domain/plan-invoice-number.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { documentsOf } from '../../store/document-lists.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { vendorIn } from './source-facts.ts';

/** What the ERP itself says just before an invoice is planned: others invoice the same order, and number theirs too. */
export type OrderInErp = {
  /** Null where there is no order yet, or this ERP does not tell. */
  readonly lines: readonly OpenOrderLine[] | null;
  /** What bears this number already, in words; an invoice with one of these references of ours does not count. */
  readonly taken: (invoiceNumber: string, ours: ReadonlySet<string>) => string | null;
};

export async function lookAtOrder(
  engine: Engine,
  at: OpenConnection,
  record: SubInvoiceRecord,
): Promise<OrderInErp> {
  const erp = await engine.systems.erpOf(at.tenant);
  const { order, vendor } = await step(engine, at.tenant, async (tx) => ({
    order: await orderOf(tx, at, erp, record.commitmentId),
    vendor: await vendorIn(tx, at, erp, record.vendorId),
  }));
  const { openOrderLines, invoicesNumbered } = erp.connection;
  const lines = order === null ? null : ((await openOrderLines?.(order.id)) ?? null);
  const found = new Map<string, readonly NumberedInvoice[]>();
  if (vendor.code !== null && invoicesNumbered !== undefined)
    for (const number of possibleNumbers(record, order?.number ?? null))
      found.set(number, await invoicesNumbered(vendor.code, number));
  return {
    lines,
    taken(invoiceNumber, ours) {
      const other = found
        .get(invoiceNumber)
        ?.find(
          ({ reference, state }) => state !== 'cancelled' && !(reference !== null && ours.has(reference)),
        );
      return other === undefined ? null : `${other.number} in ${erp.name}`;
    },
  };
}

/** The order of a commitment as it stands by our books; a change of it that is under way does not count yet. */
export async function orderOf(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  commitmentId: string,
): Promise<PostedOrder | null> {
  const orders = await documentsOf(tx, {
    sourceConnection: at.id,
    sourceObject: 'commitment',
    sourceId: commitmentId,
    targetConnection: erp.id,
    kind: 'purchase-order',
    part: '',
  });
  const order = orders.findLast(isStanding);
  if (order === undefined || order.targetId === null || order.body?.kind !== 'purchase-order') return null;
  const posted = postedOrder({ id: order.targetId, body: order.body, lineKeys: order.lineKeys });
  // An order that was taken over bears a number of its own.
  return { ...posted, number: order.number };
}
