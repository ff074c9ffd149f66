import type { BilledMove } from '../documents.ts';
import type { LinePair } from '../orders/match-order-lines.ts';
import type { DecimalText, PayApplication } from '../records.ts';
import { add, formatMoney, type Money, money, parseMoney, subtract, sum } from '../values/money.ts';
import { billedIn, billedOn, heldIn } from './sub-invoice-billed.ts';
import type { OpeningBilling } from './sub-invoice-sequence.ts';
import { billedKey, readSheet } from './sub-invoice-sheet.ts';

/** What was billed on one line before the project went live, by both sides. */
export type OpeningLine = {
  readonly billed: string;
  readonly name: string;
  /** Completed and stored to date in the application, gross of retainage. */
  readonly source: DecimalText;
  /** Invoiced on the order's line in the ERP. */
  readonly target: DecimalText;
  readonly difference: DecimalText;
};

/** An application up to which billing may be taken over, compared with the ERP. */
export type Opening = OpeningBilling & {
  readonly recordId: string;
  readonly lines: readonly OpeningLine[];
  readonly source: DecimalText;
  readonly target: DecimalText;
  readonly difference: DecimalText;
  /** Stands on an account of the ERP that knows of no orders, so that it cannot be compared here. */
  readonly retainageHeld: DecimalText;
};

/**
 * The opening that an approved application gives: its cumulative columns become what was billed before, line by line,
 * beside what the order's lines show as invoiced. A difference is kept and never billed by itself.
 */
export function openingOf(application: PayApplication, pairs: readonly LinePair[]): Opening | null {
  const read = readSheet(application);
  if (!('sheet' in read)) return null;
  const { currency } = application;
  const billed = billedIn(read.sheet);
  const moves = [...billed].flatMap(([line, { gross, work, stored }]): BilledMove[] =>
    [gross, work, stored].every(({ minor }) => minor === 0n)
      ? []
      : [
          {
            line,
            gross: formatMoney(gross),
            workRetainage: formatMoney(work),
            storedRetainage: formatMoney(stored),
          },
        ],
  );
  const invoiced = invoicedBy(pairs, currency);
  const names = new Map(read.sheet.lines.map(({ key, name }) => [key, name]));
  const keys = [...new Set([...billed.keys(), ...invoiced.keys()])];
  const figures = keys.map((key) => ({
    key,
    source: billedOn(billed, key, currency).gross,
    target: invoiced.get(key)?.amount ?? money(0n, currency),
  }));
  const totalOf = (amount: (figure: (typeof figures)[number]) => Money) => sum(figures.map(amount), currency);
  const source = totalOf((figure) => figure.source);
  const target = totalOf((figure) => figure.target);
  return {
    recordId: application.id,
    application: application.application,
    moves,
    lines: figures
      .filter((figure) => figure.source.minor !== 0n || figure.target.minor !== 0n)
      .map((figure) => ({
        billed: figure.key,
        name: names.get(figure.key) ?? invoiced.get(figure.key)?.name ?? figure.key,
        source: formatMoney(figure.source),
        target: formatMoney(figure.target),
        difference: formatMoney(subtract(figure.source, figure.target)),
      })),
    source: formatMoney(source),
    target: formatMoney(target),
    difference: formatMoney(subtract(source, target)),
    retainageHeld: formatMoney(heldIn(billed, currency)),
  };
}

/** What the ERP shows as invoiced on the order, all lines together. */
export function invoicedOn(pairs: readonly LinePair[], currency: string): Money {
  return sum(
    [...invoicedBy(pairs, currency).values()].map(({ amount }) => amount),
    currency,
  );
}

/** By what bills it; an order's line without a partner stands for itself. */
function invoicedBy(pairs: readonly LinePair[], currency: string) {
  const invoiced = new Map<string, { readonly amount: Money; readonly name: string }>();
  for (const { line, orderLine } of pairs) {
    if (orderLine === null) continue;
    const key = line === null ? `order:${orderLine.key}` : billedKey('contract', line.id);
    const before = invoiced.get(key)?.amount ?? money(0n, currency);
    const amount = add(before, parseMoney(orderLine.invoiced, currency));
    const name = line === null ? `order line ${orderLine.key} (no line in Procore)` : `line ${line.position}`;
    invoiced.set(key, { amount, name });
  }
  return invoiced;
}
