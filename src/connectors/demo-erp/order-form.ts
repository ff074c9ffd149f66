import { contentHash } from '../../domain/canonical.ts';
import type { PurchaseOrderBody } from '../../domain/documents.ts';
import { add, formatMoney, type Money, parseMoney } from '../../domain/money.ts';
import type { Order } from './wire.ts';

type Line = { key: string | null; account: string; description: string; amount: Money };

/** One line as it stands after all changes. */
export type StandingLine = Readonly<Line & { line: number; invoiced: Money }>;

/** The form in which what we want and what stands are compared. */
export type OrderForm = ReturnType<typeof formOfBody>;

export function formOfBody(body: PurchaseOrderBody) {
  const { vendorCode: vendor, projectCode: project, accountingDate, currency, number, title } = body;
  const lines = body.lines.map(({ coding, amount, ...line }) => {
    return { ...line, account: coding.code, amount: parseMoney(amount, currency) };
  });
  const [date, revision]: string[] = [accountingDate, String(body.revision)];
  return { vendor, project, currency, number, title, date, revision, lines: formLines(lines) };
}

/** An order after its first `changes` changes: 0 is as ordered, Infinity as it stands now. */
export function formOfOrder(order: Order, changes: number): OrderForm {
  const { vendor, project, currency } = order;
  const { number, title, date, revision: last } = order.changes.slice(0, changes).at(-1) ?? order;
  const [revision, lines] = [String(last), formLines(standingLines(order, changes))];
  return { vendor, project, currency, number, title, date, revision, lines };
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
  for (const delta of order.changes.slice(0, changes).flatMap((change) => change.lines)) {
    const zero = { ...delta, description: '', amount: inCurrency('0.00'), invoiced: inCurrency('0.00') };
    const before = lines.get(delta.line) ?? zero;
    const description = delta.description ?? before.description;
    lines.set(delta.line, { ...before, description, amount: add(before.amount, inCurrency(delta.amount)) });
  }
  return [...lines.values()];
}

/** our line key -> Ledgerline's line number. The latest wins: a re-coded line leaves an emptied one behind. */
export function lineKeysOf(order: Order, changes: number): Record<string, string> {
  const keyed = standingLines(order, changes).filter(({ key }) => key !== null);
  return Object.fromEntries(keyed.map(({ key, line }) => [key, String(line)]));
}

/**
 * Lines of zero are left out on both sides: a change document cannot delete a line, it can only empty it.
 * Sorted by key because new lines always come last in Ledgerline, wherever they stand in the source.
 */
function formLines(lines: readonly Line[]) {
  return lines
    .filter(({ amount }) => amount.minor !== 0n)
    .map((line) => ({
      key: line.key ?? '',
      account: line.account,
      description: line.description,
      amount: formatMoney(line.amount),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
