import { absolute, fitsScale, formatDecimal, parseDecimal, type Rounding, rescale } from './decimal.ts';

/** An amount in integer minor units of an ISO 4217 currency. Made and combined only in this file. */
export type Money = { readonly minor: bigint; readonly currency: string };

// ISO 4217 exponents that are not 2, for the currencies construction companies book in.
const EXPONENTS: Readonly<Record<string, number>> = {
  BHD: 3,
  CLP: 0,
  ISK: 0,
  IQD: 3,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  OMR: 3,
  PYG: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  XAF: 0,
  XOF: 0,
};

export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

export function money(minor: bigint, currency: string): Money {
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`"${currency}" is not an ISO 4217 currency`);
  return { minor, currency };
}

/** Reads a decimal amount. Digits below the minor unit are an error: rounding is never silent. */
export function parseMoney(text: string, currency: string): Money {
  const value = parseDecimal(text);
  const exponent = exponentOf(currency);
  if (!fitsScale(value, exponent))
    throw new RangeError(`"${text}" has digits below the minor unit of ${currency}`);
  return money(rescale(value, exponent, 'down'), currency);
}

/** Reads a decimal amount and rounds it to the minor unit the way the caller names. */
export function roundMoney(text: string, currency: string, rounding: Rounding): Money {
  return money(rescale(parseDecimal(text), exponentOf(currency), rounding), currency);
}

/** The amount as a decimal string (`"-1250.00"`), the only form in which money crosses JSON or a wire. */
export function formatMoney(amount: Money): string {
  return formatDecimal({ units: amount.minor, scale: exponentOf(amount.currency) });
}

/** The amount inside a sentence for people (`"USD 157,449.83"`). Nothing ever reads it back. */
export function moneyWords(amount: Money): string {
  const [whole = '', fraction] = formatMoney(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.currency} ${fraction === undefined ? grouped : `${grouped}.${fraction}`}`;
}

export function add(a: Money, b: Money): Money {
  return money(a.minor + sameCurrency(a, b).minor, a.currency);
}

export function subtract(a: Money, b: Money): Money {
  return money(a.minor - sameCurrency(a, b).minor, a.currency);
}

export function negate(amount: Money): Money {
  return money(-amount.minor, amount.currency);
}

/** Sums amounts of one currency; an empty list is zero in the currency given. */
export function sum(amounts: Iterable<Money>, currency: string): Money {
  let total = money(0n, currency);
  for (const amount of amounts) total = add(total, amount);
  return total;
}

export function magnitude(amount: Money): bigint {
  return absolute(amount.minor);
}

/**
 * Splits an amount by integer weights with the largest-remainder method, so that the parts always add up.
 * Ties go to the earlier part.
 */
export function split(amount: Money, weights: readonly bigint[]): Money[] {
  const whole = weights.reduce((a, b) => a + b, 0n);
  if (weights.length === 0 || whole <= 0n || weights.some((w) => w < 0n)) {
    throw new RangeError('split needs weights of at least zero with a positive sum');
  }
  const sign = amount.minor < 0n ? -1n : 1n;
  const size = absolute(amount.minor);
  const parts = weights.map((weight) => (size * weight) / whole);
  let rest = size - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (size * weight) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (rest === 0n) break;
    parts[index] = parts[index]! + 1n;
    rest -= 1n;
  }
  return parts.map((part) => money(sign * part, amount.currency));
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`);
  return b;
}
