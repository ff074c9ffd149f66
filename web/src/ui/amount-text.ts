/** Amounts arrive as decimal strings and stay strings or integers: a float would lose cents above 2^53. */

export interface Separators {
  group: string;
  decimal: string;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The separators of a locale, read from a harmless constant. */
export function separatorsOf(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale, { useGrouping: 'always' }).formatToParts(1234567.5);
  return {
    group: parts.find((part) => part.type === 'group')?.value ?? ',',
    decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
  };
}

/** "-1250.5" becomes "−1,250.50": at least two places, never rounded. Text that is no amount stays as it is. */
export function amountText(amount: string, separators: Separators, signed = false): string {
  const match = DECIMAL.exec(amount);
  if (match === null) return amount;
  const [, minus = '', whole = '0', fraction = ''] = match;
  const zero = /^0*$/.test(whole + fraction);
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, separators.group);
  const sign = zero ? '' : minus ? '\u2212' : signed ? '+' : '';
  return `${sign}${grouped}${separators.decimal}${fraction.padEnd(2, '0')}`;
}

/** The sum of decimal strings, with as many places as the longest of them, at least two. */
export function sumAmounts(amounts: readonly string[]): string {
  const places = Math.max(2, ...amounts.map((amount) => DECIMAL.exec(amount)?.[3]?.length ?? 0));
  const total = amounts.reduce((sum, amount) => sum + scaled(amount, places), 0n);
  return unscaled(total, places);
}

/** `left - right`, exactly. */
export function subtractAmounts(left: string, right: string): string {
  return sumAmounts([left, negated(right)]);
}

/** The same amount with the other sign. */
export function negated(amount: string): string {
  if (isZero(amount)) return amount;
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

/** True for 0, 0.00 and -0.00. */
export function isZero(amount: string): boolean {
  return /^-?0*\.?0*$/.test(amount);
}

/** Where an amount lies between two others, in 1/10000 of the way. For drawing only. */
export function positionBetween(amount: string, from: string, to: string): number {
  const places = 4;
  const start = scaled(from, places);
  const span = scaled(to, places) - start;
  if (span === 0n) return 0;
  return Number(((scaled(amount, places) - start) * 10_000n) / span);
}

/** Orders decimal strings by value. */
export function compareAmounts(left: string, right: string): number {
  const difference = scaled(subtractAmounts(left, right), 6);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function scaled(amount: string, places: number): bigint {
  const match = DECIMAL.exec(amount);
  if (match === null) return 0n;
  const [, minus = '', whole = '0', fraction = ''] = match;
  const minor = BigInt(whole + fraction.padEnd(places, '0').slice(0, places));
  return minus ? -minor : minor;
}

function unscaled(minor: bigint, places: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
