import type { DecimalText } from '../records.ts';
import { formatMoney, money, parseMoney } from '../values/money.ts';
import { type CostCoding, type CostPart, codingKey } from './job-cost.ts';
import type { Paid } from './paid-cost.ts';

/**
 * What can be said of one coding beside its cost to date, in minor units. Each figure has one source, and one that its
 * source cannot state to the cent is absent, never zero:
 * - estimates: the budget entries that stand in the ERP; commitments: the orders that stand there. Both as we carried
 *   them, and only while the ERP shows these documents, no other ones, and the same totals;
 * - the open commitment: the revised one less what the ledger says was invoiced on its order lines;
 * - the cost of a month: the ledger, by the month of the look;
 * - what was paid: payments of the ERP that stand, as far as they tell what they paid (`paid-cost.ts`).
 */
export type Figures = Readonly<Partial<Record<Figure, bigint>>>;

export const FIGURES = [
  'originalEstimate',
  'estimateChanges',
  'estimate',
  'originalCommitment',
  'commitmentChanges',
  'commitment',
  'openCommitment',
  'monthToDate',
  'paid',
  'paidInMonth',
] as const;
export type Figure = (typeof FIGURES)[number];

/** A document of ours that stands in the ERP, with what it put on each coding. */
export type Carried = {
  readonly id: string;
  readonly currency: string;
  readonly total: DecimalText;
  readonly lines: readonly (CostCoding & { readonly amount: DecimalText; readonly isChange: boolean })[];
};

/** What the ERP itself shows of such a document; `undefined` where it cannot say, `null` where it was not asked yet. */
export type There =
  | readonly {
      readonly id: string;
      readonly number: string;
      readonly currency: string;
      readonly amount: DecimalText;
    }[]
  | null
  | undefined;

export type FigureFacts = {
  readonly currency: string;
  /** The month of the look in the company's zone: `2026-08`. */
  readonly month: string;
  readonly budget: { readonly carried: readonly Carried[]; readonly there: There };
  readonly orders: { readonly carried: readonly Carried[]; readonly there: There };
  /** By `codingKey`, where it is known. */
  readonly paid: ReadonlyMap<string, Paid>;
};

export type Stated = {
  /** By `codingKey`. */
  readonly figures: ReadonlyMap<string, Figures>;
  /** Why something is left out, in words. */
  readonly unstated: readonly string[];
};

export function statedFigures(parts: readonly CostPart[], facts: FigureFacts): Stated {
  const { currency } = facts;
  const budget = carriedFigures('budget', facts.budget, currency);
  const orders = carriedFigures('committed cost', facts.orders, currency);
  const coded = Map.groupBy(parts, ({ coding }) => (coding === null ? '' : codingKey(coding)));
  const keys = new Set([...coded.keys(), ...budget.sums.keys(), ...orders.sums.keys()]);
  keys.delete('');
  const figures = [...keys].map((key): [string, Figures] => {
    const [estimate, ordered, own] = [budget.sums.get(key), orders.sums.get(key), coded.get(key) ?? []];
    const ofOrders = own.filter(({ isOrdered }) => isOrdered);
    return [
      key,
      {
        ...(estimate && {
          originalEstimate: estimate.original,
          estimateChanges: estimate.changes,
          estimate: estimate.original + estimate.changes,
        }),
        ...(ordered && {
          originalCommitment: ordered.original,
          commitmentChanges: ordered.changes,
          commitment: ordered.original + ordered.changes,
          openCommitment: ordered.original + ordered.changes - minorOf(ofOrders),
        }),
        monthToDate: minorOf(own.filter(({ period }) => period === facts.month)),
        ...facts.paid.get(key),
      },
    ];
  });
  return { figures: new Map(figures), unstated: [...budget.unstated, ...orders.unstated] };
}

type Sums = Map<string, { original: bigint; changes: bigint }>;

/** What our documents put on each coding; nothing at all once the ERP shows another total than they add up to. */
function carriedFigures(
  name: string,
  { carried, there }: FigureFacts['budget'],
  currency: string,
): { readonly sums: Sums; readonly unstated: readonly string[] } {
  const sums: Sums = new Map();
  if (there === undefined) return { sums, unstated: [] };
  const unstated = there === null ? [] : differences(carried, there);
  if (carried.some((document) => document.currency !== currency))
    unstated.push(`a document is not in ${currency}`);
  if (unstated.length > 0) {
    const why = unstated.slice(0, MAX_REASONS).join('; ');
    return { sums, unstated: [`${name} is not stated by cost code: ${why}`] };
  }
  for (const { lines } of carried)
    for (const { amount, isChange, ...coding } of lines) {
      const sum = sums.get(codingKey(coding)) ?? { original: 0n, changes: 0n };
      const { minor } = parseMoney(amount, currency);
      sums.set(codingKey(coding), {
        original: sum.original + (isChange ? 0n : minor),
        changes: sum.changes + (isChange ? minor : 0n),
      });
    }
  return { sums, unstated: [] };
}

// As many as a person reads.
const MAX_REASONS = 5;

function differences(carried: readonly Carried[], there: NonNullable<There>): string[] {
  const ours = new Map(carried.map((document) => [document.id, document]));
  const seen = new Set(there.map(({ id }) => id));
  const differing = there.flatMap(({ id, number, currency, amount }) => {
    const own = ours.get(id);
    if (own === undefined) return [`${number} of ${amount} in the ERP was not sent from here`];
    const isSame = own.currency === currency && minor(own.total, currency) === minor(amount, currency);
    return isSame ? [] : [`${number} is ${amount} in the ERP, and ${own.total} was sent`];
  });
  const gone = carried.filter(({ id }) => !seen.has(id));
  return [...differing, ...gone.map(({ id }) => `${id} does not stand in the ERP any more`)];
}

function minor(amount: DecimalText, currency: string): bigint {
  return parseMoney(amount, currency).minor;
}

function minorOf(parts: readonly CostPart[]): bigint {
  return parts.reduce((total, { amount }) => total + amount.minor, 0n);
}

/** As decimal text, for a wire or a page. */
export function figureTexts(figures: Figures, currency: string): Partial<Record<Figure, DecimalText>> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, amount]) => [name, formatMoney(money(amount, currency))]),
  );
}
