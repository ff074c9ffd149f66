import { billedKey } from '../billing/sub-invoice-sheet.ts';
import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../documents.ts';
import type { ChangeOrderRecord, CommitmentLine } from '../records.ts';
import { add, formatMoney, type Money, parseMoney, sum } from '../values/money.ts';

type Lines = readonly PurchaseOrderLine[];

/** Lines as they were signed, without what change orders brought into the order. */
export function contractLines(lines: Lines): Lines {
  return lines.filter(({ changeOrder }) => changeOrder === undefined);
}

/** Lines that change orders brought into the order. */
export function changedLines(lines: Lines): Lines {
  return lines.filter(({ changeOrder }) => changeOrder !== undefined);
}

export function linesOfChange(lines: Lines, changeOrderId: string): Lines {
  return lines.filter(({ changeOrder }) => changeOrder === changeOrderId);
}

/** A line of a change order as a line of the order: its own one, which names the change order for people. */
export function asOrderLine(
  { id, number, title }: ChangeOrderRecord,
  { id: lineId, description }: CommitmentLine,
  coded: PurchaseOrderLine,
): PurchaseOrderLine {
  return {
    ...coded,
    // Lines of contracts and of change orders are numbered apart: one number may mean two of them.
    key: billedKey('change-order', lineId),
    description: `CO ${number}: ${description === '' ? title : description}`,
    changeOrder: id,
  };
}

/** The source's own id of a line. */
export function sourceLineId({ key, changeOrder }: Pick<PurchaseOrderLine, 'key' | 'changeOrder'>): string {
  return changeOrder === undefined ? key : key.slice(billedKey('change-order', '').length);
}

export function sumOf(lines: Lines, currency: string): Money {
  return sum(
    lines.map(({ amount }) => parseMoney(amount, currency)),
    currency,
  );
}

/** The total of a contract with the change orders that stand in its order. */
export function totalWith(total: string, changes: Lines, currency: string): string {
  if (changes.length === 0) return total;
  return formatMoney(add(parseMoney(total, currency), sumOf(changes, currency)));
}

/**
 * The revision that the order in the ERP bears next. The contract and its change orders count on one order together,
 * each by revisions of its own.
 */
export function nextRevision(base: PostedBase | null, own: number): number {
  return base === null ? own : Math.max(own, base.body.revision + 1);
}

/** Of all that was written to one order, oldest first, what it says now. */
export function newestOf<T extends { readonly body: PurchaseOrderBody }>(written: readonly T[]): T | null {
  return written.reduce<T | null>(
    (newest, one) => (newest === null || one.body.revision >= newest.body.revision ? one : newest),
    null,
  );
}
