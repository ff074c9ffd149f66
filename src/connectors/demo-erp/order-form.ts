import { contentHash } from '../../domain/canonical.ts';
import type { PurchaseOrderBody } from '../../domain/documents.ts';
import { add, formatMoney, type Money, parseMoney } from '../../domain/money.ts';
import type { Order } from './wire.ts';

/** One line as it stands after all changes. */
export type StandingLine = {
  readonly line: number;
  readonly key: string | null;
  readonly account: string;
  readonly description: string;
  readonly amount: Money;
  readonly invoiced: Money;
};

/** The form in which what we want and what stands are compared. */
export type OrderForm = {
  readonly vendor: string;
  readonly project: string;
  readonly currency: string;
  readonly number: string;
  readonly title: string;
  readonly date: string;
  readonly revision: string;
  readonly lines: readonly { key: string; account: string; description: string; amount: string }[];
};

export function formOfBody(body: PurchaseOrderBody): OrderForm {
  return {
    vendor: body.vendorCode,
    project: body.projectCode,
    currency: body.currency,
    number: body.number,
    title: body.title,
    date: body.accountingDate,
    revision: String(body.revision),
    lines: formLines(
      body.lines.map((line) => ({
        ...line,
        account: line.coding.code,
        amount: parseMoney(line.amount, body.currency),
      })),
    ),
  };
}

/** An order after its first `changes` changes: 0 is as ordered, Infinity as it stands now. */
export function formOfOrder(order: Order, changes: number): OrderForm {
  const last = order.changes.slice(0, changes).at(-1) ?? order;
  return {
    vendor: order.vendor,
    project: order.project,
    currency: order.currency,
    number: last.number,
    title: last.title,
    date: last.date,
    revision: String(last.revision),
    lines: formLines(standingLines(order, changes)),
  };
}

export function formHash(form: OrderForm): string {
  return contentHash(form);
}

/** Folds the changes into the lines: a change line adds to the line of its number or opens that line. */
export function standingLines(order: Order, changes: number): StandingLine[] {
  const inCurrency = (text: string) => parseMoney(text, order.currency);
  const lines = new Map<number, StandingLine>();
  for (const line of order.lines)
    lines.set(line.line, { ...line, amount: inCurrency(line.amount), invoiced: inCurrency(line.invoiced) });
  for (const { lines: deltas } of order.changes.slice(0, changes))
    for (const delta of deltas) {
      const before = lines.get(delta.line);
      const amount = inCurrency(delta.amount);
      lines.set(
        delta.line,
        before
          ? {
              ...before,
              amount: add(before.amount, amount),
              description: delta.description ?? before.description,
            }
          : { ...delta, amount, description: delta.description ?? '', invoiced: inCurrency('0.00') },
      );
    }
  return [...lines.values()];
}

/** our line key -> Ledgerline's line number. The latest wins: a re-coded line leaves an emptied one behind. */
export function lineKeysOf(order: Order, changes: number): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const { key, line } of standingLines(order, changes)) if (key !== null) keys[key] = String(line);
  return keys;
}

/**
 * Lines of zero are left out on both sides: a change document cannot delete a line, it can only empty it.
 * Sorted by key because new lines always come last in Ledgerline, wherever they stand in the source.
 */
function formLines(
  lines: readonly { key: string | null; account: string; description: string; amount: Money }[],
): OrderForm['lines'] {
  return lines
    .filter(({ amount }) => amount.minor !== 0n)
    .map(({ key, account, description, amount }) => ({
      key: key ?? '',
      account,
      description,
      amount: formatMoney(amount),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
