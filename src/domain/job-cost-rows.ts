import type { CostCoding, CostPart } from './job-cost.ts';
import { codingKey, type Figure, type Figures } from './job-cost-figures.ts';
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
  /** What else a summary says of its coding; nothing for a transaction. */
  readonly figures: Figures;
};

/** What became of a row that was written down to be sent. */
export type RowFate = 'stands' | 'refused' | 'under-way' | 'taken-back';
export type KnownRow = JobCostRow & { readonly fate: RowFate };

/** Adds parts up to rows. What could not be attributed is in none of them; a coding without cost has its figures alone. */
export function jobCostRows(
  parts: readonly CostPart[],
  currency: string,
  figures: ReadonlyMap<string, Figures> = new Map(),
): JobCostRow[] {
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
  const byCoding = new Map([...figures.keys()].map((key): [string, typeof coded] => [key, []]));
  for (const [key, some] of Map.groupBy(coded, codingKey)) byCoding.set(key, some);
  return [
    ...[...direct.values()].map((some): JobCostRow => {
      const { period, costCode, costType } = some[0]!;
      const sheet = 'transaction';
      return {
        sheet,
        period,
        costCode,
        costType,
        amountMinor: minorOf(some),
        invoicedMinor: 0n,
        figures: {},
      };
    }),
    ...[...byCoding].map(([key, some]): JobCostRow => {
      const [costCode, costType] = JSON.parse(key) as [string, string];
      return {
        ...{ sheet: 'summary', period: '', costCode, costType },
        amountMinor: minorOf(some),
        invoicedMinor: minorOf(some.filter(({ isInvoiced }) => isInvoiced)),
        figures: figures.get(key) ?? {},
      };
    }),
  ];
}

export function rowKey({
  sheet,
  period,
  costCode,
  costType,
}: Pick<JobCostRow, 'sheet' | 'period' | 'costCode' | 'costType'>): string {
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
      return { sheet, period, costCode, costType, amountMinor: 0n, invoicedMinor: 0n, figures: {} };
    });
  return [...wanted, ...emptied].filter((row) => {
    const last = before.get(rowKey(row));
    const { amountMinor, invoicedMinor, figures } = last ?? NOTHING;
    if (last?.fate === 'taken-back') return true;
    if (amountMinor !== row.amountMinor || invoicedMinor !== row.invoicedMinor) return true;
    // What nobody can state any more is left as it was told: there is no way to say that it is unknown.
    return (Object.entries(row.figures) as [Figure, bigint][]).some(
      ([name, figure]) => figure !== (figures[name] ?? 0n),
    );
  });
}

const NOTHING = { amountMinor: 0n, invoicedMinor: 0n, figures: {} as Figures };
