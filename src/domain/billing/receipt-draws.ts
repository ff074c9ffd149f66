import type { OpenOrderLine, ReceiptDraw, ReceivedLine } from '../documents.ts';
import {
  formatMoney,
  type Money,
  magnitude,
  money,
  moneyWords,
  parseMoney,
  subtract,
  sum,
} from '../values/money.ts';

/** Why what came in on a line keeps an application from being billed, in words. */
export type ReceiptTrouble = { readonly message: string; readonly remedy: string };

export type Drawn = { readonly draws: readonly ReceiptDraw[]; readonly trouble: ReceiptTrouble | null };

type Wanted = {
  /** How people know the line. */
  readonly name: string;
  readonly amount: Money;
  /** Null where more may be billed than is ordered. */
  readonly ordered: Money | null;
};

/**
 * What of an amount is drawn on goods receipts, oldest first; the rest is the order's own. The ERP has taken what came in
 * off the order, so that nothing else would be found open there.
 */
export function drawOnReceipts({ name, amount, ordered }: Wanted, open: OpenOrderLine | undefined): Drawn {
  const received = open?.received ?? [];
  if (open === undefined || received.length === 0) return { draws: [], trouble: null };
  const { currency } = amount;
  const inCurrency = (text: string) => parseMoney(text, currency);
  const own = received.filter(({ unusable }) => unusable !== 'other-currency');
  const came = sum(
    own.map((line) => inCurrency(line.amount)),
    currency,
  );
  if (ordered !== null && isBeyond(came, ordered))
    return { draws: [], trouble: overReceived(name, came, ordered, own) };
  const draws: ReceiptDraw[] = [];
  let left = amount;
  for (const { receipt, number, line, open: there, unusable } of received) {
    const part = unusable === null ? partOf(left, inCurrency(there)) : money(0n, currency);
    if (part.minor === 0n) continue;
    draws.push({ receipt, number, line, amount: formatMoney(part) });
    left = subtract(left, part);
  }
  const onOrder = open.closed ? money(0n, currency) : inCurrency(open.open);
  const blocked = received.filter(({ unusable }) => unusable !== null);
  if (blocked.length === 0 || partOf(left, onOrder).minor === left.minor) return { draws, trouble: null };
  return { draws: [], trouble: notUsable(name, amount, subtract(left, partOf(left, onOrder)), blocked) };
}

/** As much of an amount as is there, in its own direction. */
function partOf(wanted: Money, there: Money): Money {
  if (wanted.minor > 0n !== there.minor > 0n) return money(0n, wanted.currency);
  return magnitude(there) < magnitude(wanted) ? there : wanted;
}

function isBeyond(came: Money, ordered: Money): boolean {
  return ordered.minor < 0n ? came.minor < ordered.minor : came.minor > ordered.minor;
}

function overReceived(
  name: string,
  came: Money,
  ordered: Money,
  received: readonly ReceivedLine[],
): ReceiptTrouble {
  return {
    message: `${name}: ${moneyWords(came)} came in by ${numbersOf(received)}, and ${moneyWords(ordered)} is ordered.`,
    remedy:
      'Raise the commitment by a change order, or have the receipt corrected in the ERP; it goes by itself then.',
  };
}

const WHY = {
  closed: 'is closed',
  'other-currency': 'is in another currency',
  'other-price': 'is at another price than its order',
} as const;

function notUsable(
  name: string,
  amount: Money,
  lacking: Money,
  blocked: readonly ReceivedLine[],
): ReceiptTrouble {
  const why = blocked.map(({ number, unusable }) => `receipt ${number} ${WHY[unusable!]}`).join(', and ');
  return {
    message: `${name} bills ${moneyWords(amount)}, of which ${moneyWords(lacking)} cannot be drawn: ${why}.`,
    remedy: 'Have the receipt reopened, corrected or cancelled in the ERP; it goes by itself then.',
  };
}

function numbersOf(received: readonly ReceivedLine[]): string {
  const numbers = [...new Set(received.map(({ number }) => number))];
  return `${numbers.length === 1 ? 'receipt' : 'receipts'} ${numbers.join(', ')}`;
}
