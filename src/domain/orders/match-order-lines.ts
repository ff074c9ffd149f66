import type { CommitmentLine } from '../records.ts';
import { type Money, money, parseMoney, subtract } from '../values/money.ts';
import type { StandingOrderLine } from './standing-order.ts';

/** What says that a line of a commitment and one of an order are the same. */
export type LineEvidence = 'same text and amount' | 'same amount' | 'same text' | 'the only ones left';

/** One line of both sides, or one that the other side does not have. */
export type LinePair = {
  readonly line: CommitmentLine | null;
  readonly orderLine: StandingOrderLine | null;
  readonly evidence: LineEvidence | null;
  /** Commitment less order. */
  readonly difference: Money;
};

type Sides = { lines: readonly CommitmentLine[]; orderLines: readonly StandingOrderLine[] };

/**
 * Pairs the lines of a commitment with those of an order, each at most once, by what tells them apart on both sides.
 * What could be meant twice stays unpaired. All amounts are of one currency and can be read: that was checked.
 */
export function pairOrderLines({ lines, orderLines }: Sides, currency: string): readonly LinePair[] {
  const pairs = new Map<string, { orderLine: StandingOrderLine; evidence: LineEvidence }>();
  const taken = new Set<string>();
  const pass = (evidence: LineEvidence, keyOf: (side: Comparable) => string | null, most: number) => {
    const here = grouped(
      lines.filter(({ id }) => !pairs.has(id)),
      keyOf,
      currency,
    );
    const there = grouped(
      orderLines.filter(({ key }) => !taken.has(key)),
      keyOf,
      currency,
    );
    for (const [key, same] of here) {
      const others = there.get(key) ?? [];
      // As many here as there and equal in all we see: whichever of them is paired, nothing differs.
      if (same.length !== others.length || same.length > most) continue;
      same.forEach((line, place) => {
        const orderLine = others[place]!;
        pairs.set(line.id, { orderLine, evidence });
        taken.add(orderLine.key);
      });
    }
  };
  pass('same text and amount', ({ text, minor }) => `${text} ${minor}`, Number.MAX_SAFE_INTEGER);
  pass('same amount', ({ minor }) => String(minor), 1);
  pass('same text', ({ text }) => (text === '' ? null : text), 1);
  pass('the only ones left', () => '', 1);
  const paired = lines.map((line): LinePair => {
    const found = pairs.get(line.id);
    const orderLine = found?.orderLine ?? null;
    const difference = subtract(amountOf(line, currency), amountOf(orderLine, currency));
    return { line, orderLine, evidence: found?.evidence ?? null, difference };
  });
  const alone = orderLines.filter(({ key }) => !taken.has(key));
  return [
    ...paired,
    ...alone.map((orderLine): LinePair => {
      const difference = subtract(money(0n, currency), amountOf(orderLine, currency));
      return { line: null, orderLine, evidence: null, difference };
    }),
  ];
}

/** Amounts of lines, sorted, as one text: equal where both sides bill the same pieces. Lines of zero say nothing. */
export function amountsText(lines: readonly { readonly amount: string }[], currency: string): string {
  const minors = lines.map((line) => parseMoney(line.amount, currency).minor).filter((minor) => minor !== 0n);
  return minors.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(' ');
}

type Comparable = { readonly text: string; readonly minor: bigint };

function grouped<Line extends { readonly description: string; readonly amount: string }>(
  lines: readonly Line[],
  keyOf: (side: Comparable) => string | null,
  currency: string,
): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = keyOf({ text: plainText(line.description), minor: amountOf(line, currency).minor });
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return groups;
}

function amountOf(line: { readonly amount: string } | null, currency: string): Money {
  return line === null ? money(0n, currency) : parseMoney(line.amount, currency);
}

/** Case, marks and spaces are typed differently in two systems. */
function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
