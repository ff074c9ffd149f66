import { type Money, sum } from '../values/money.ts';
import { type CostCoding, type CostPart, codingKey } from './job-cost.ts';
import type { Figure, Figures } from './job-cost-figures.ts';

/**
 * What Procore is to show. A *transaction* row is the cost of one coding in one month that no pay application of
 * Procore has counted; the *summary* row of a coding is all of its cost to date, with what came by pay applications.
 */
export type JobCostRow = CostCoding & {
  readonly sheet: 'transaction' | 'summary';
  /** The month of a transaction; empty for a summary. */
  readonly period: string;
  /** The entry of the ledger that a transaction shows; empty where it adds a month up, and for a summary. */
  readonly entry: string;
  readonly amountMinor: bigint;
  /** The part of a summary that came by pay applications; zero for a transaction. */
  readonly invoicedMinor: bigint;
  /** What else a summary says of its coding; nothing for a transaction. */
  readonly figures: Figures;
};

/** What became of a row that was written down to be sent. */
export type RowFate = 'stands' | 'refused' | 'under-way' | 'taken-back';
export type KnownRow = JobCostRow & { readonly fate: RowFate };

/** Whether a transaction adds a month up, or shows one entry of the ledger. */
export const GRAINS = ['month', 'document'] as const;
export type Grain = (typeof GRAINS)[number];

/** Adds parts up to rows. What could not be attributed is in none of them; a coding without cost has its figures alone. */
export function jobCostRows(
  parts: readonly CostPart[],
  currency: string,
  figures: ReadonlyMap<string, Figures> = new Map(),
  grain: Grain = 'month',
): JobCostRow[] {
  const coded = parts.flatMap((part) => (part.coding === null ? [] : [{ ...part, ...part.coding }]));
  const minorOf = (some: readonly { readonly amount: Money }[]) =>
    sum(
      some.map(({ amount }) => amount),
      currency,
    ).minor;
  const direct = Map.groupBy(
    coded.filter(({ isInvoiced, isBilled }) => !isInvoiced && !isBilled),
    ({ period, journal, costCode, costType }) =>
      JSON.stringify([period, grain === 'month' ? '' : journal, costCode, costType]),
  );
  const byCoding = new Map([...figures.keys()].map((key): [string, typeof coded] => [key, []]));
  for (const [key, some] of Map.groupBy(coded, codingKey)) byCoding.set(key, some);
  return [
    ...[...direct.values()].map((some): JobCostRow => {
      const { period, journal, costCode, costType } = some[0]!;
      const [sheet, entry] = ['transaction', grain === 'month' ? '' : journal] as const;
      return { sheet, period, entry, costCode, costType, amountMinor: minorOf(some), ...NO_FIGURES };
    }),
    ...[...byCoding].map(([key, some]): JobCostRow => {
      const [costCode, costType] = JSON.parse(key) as [string, string];
      return {
        ...{ sheet: 'summary', period: '', entry: '', costCode, costType },
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
  entry,
  costCode,
  costType,
}: Pick<JobCostRow, 'sheet' | 'period' | 'entry' | 'costCode' | 'costType'>): string {
  return JSON.stringify([sheet, period, entry, costCode, costType]);
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
    .map(({ sheet, period, entry, costCode, costType }) => {
      return { sheet, period, entry, costCode, costType, amountMinor: 0n, ...NO_FIGURES };
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

const NO_FIGURES = { invoicedMinor: 0n, figures: {} as Figures };
const NOTHING = { amountMinor: 0n, ...NO_FIGURES };

/**
 * Of the rows to send those that may go now: what a month shows in one grain is taken back, and stands as that, before
 * anything of the month is shown in the other. For a moment the month shows too little, and never twice.
 */
export function sendableRows(changed: readonly JobCostRow[], known: readonly KnownRow[]): JobCostRow[] {
  const shown = new Set(
    known
      .filter((row) => row.sheet === 'transaction' && !(row.fate === 'stands' && row.amountMinor === 0n))
      .map(({ period, entry }) => `${period}/${grainOf(entry)}`),
  );
  return changed.filter(({ sheet, amountMinor, period, entry }) => {
    const other: Grain = grainOf(entry) === 'month' ? 'document' : 'month';
    return sheet === 'summary' || amountMinor === 0n || !shown.has(`${period}/${other}`);
  });
}

function grainOf(entry: string): Grain {
  return entry === '' ? 'month' : 'document';
}
