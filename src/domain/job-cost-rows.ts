import type { CostCoding, CostPart } from './job-cost.ts';
import { type Money, sum } from './money.ts';

/**
 * What Procore is to show. A *transaction* row is the cost of one coding in one month that no pay application of
 * Procore has counted; the *summary* row of a coding is all of its cost to date, with what came by pay applications.
 */
export type JobCostRow = CostCoding & {
  readonly sheet: 'transaction' | 'summary';
  /** The month of a transaction; empty for a summary. */
  readonly period: string;
  readonly amountMinor: bigint;
  /** The part of a summary that came by pay applications; zero for a transaction. */
  readonly invoicedMinor: bigint;
};

/** What became of a row that was written down to be sent. */
export type RowFate = 'stands' | 'refused' | 'under-way' | 'taken-back';
export type KnownRow = JobCostRow & { readonly fate: RowFate };

/** Adds parts up to rows. What could not be attributed is in none of them. */
export function jobCostRows(parts: readonly CostPart[], currency: string): JobCostRow[] {
  const coded = parts.flatMap((part) => (part.coding === null ? [] : [{ ...part, ...part.coding }]));
  const minorOf = (some: readonly { readonly amount: Money }[]) =>
    sum(
      some.map(({ amount }) => amount),
      currency,
    ).minor;
  const direct = Map.groupBy(
    coded.filter(({ isInvoiced, isBilled }) => !isInvoiced && !isBilled),
    ({ period, costCode, costType }) => JSON.stringify([period, costCode, costType]),
  );
  const byCoding = Map.groupBy(coded, ({ costCode, costType }) => JSON.stringify([costCode, costType]));
  return [
    ...[...direct.values()].map((some): JobCostRow => {
      const { period, costCode, costType } = some[0]!;
      const sheet = 'transaction';
      return { sheet, period, costCode, costType, amountMinor: minorOf(some), invoicedMinor: 0n };
    }),
    ...[...byCoding.values()].map((some): JobCostRow => {
      const { costCode, costType } = some[0]!;
      const invoicedMinor = minorOf(some.filter(({ isInvoiced }) => isInvoiced));
      return { sheet: 'summary', period: '', costCode, costType, amountMinor: minorOf(some), invoicedMinor };
    }),
  ];
}

export function rowKey({
  sheet,
  period,
  costCode,
  costType,
}: Omit<JobCostRow, 'amountMinor' | 'invoicedMinor'>): string {
  return JSON.stringify([sheet, period, costCode, costType]);
}

/**
 * The rows to send: new ones, changed ones, and those of which nothing is left, which become zero, because what was
 * shown once is corrected by its own row. What was refused comes again only with another amount.
 */
export function changedRows(wanted: readonly JobCostRow[], known: readonly KnownRow[]): JobCostRow[] {
  const before = new Map(known.map((row) => [rowKey(row), row]));
  const keys = new Set(wanted.map(rowKey));
  const emptied = known
    .filter((row) => !keys.has(rowKey(row)))
    .map(({ sheet, period, costCode, costType }) => {
      return { sheet, period, costCode, costType, amountMinor: 0n, invoicedMinor: 0n };
    });
  return [...wanted, ...emptied].filter((row) => {
    const last = before.get(rowKey(row));
    if (last === undefined) return row.amountMinor !== 0n || row.invoicedMinor !== 0n;
    if (last.fate === 'taken-back') return true;
    return last.amountMinor !== row.amountMinor || last.invoicedMinor !== row.invoicedMinor;
  });
}
