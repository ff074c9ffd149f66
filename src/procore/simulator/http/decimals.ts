/**
 * Exact decimals as scaled integers: money never touches a float here, so that a cent lost in the product
 * cannot hide behind the same mistake in its referee.
 */
export const MONEY_SCALE = 2;
export const QUANTITY_SCALE = 4;

const DECIMAL = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?$/;

/** Reads a decimal text (or a JSON number's text) into `value * 10^scale`; null when it does not fit exactly. */
export function scaledFrom(input: string | number, scale: number): bigint | null {
  const parts = DECIMAL.exec(String(input).trim());
  if (!parts) return null;
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return null;
  const digits = BigInt(`${parts[2]}${fraction.padEnd(scale, '0')}`);
  return parts[1] === '-' ? -digits : digits;
}

/**
 * Writes a scaled integer the way Rails prints a BigDecimal ("1000.0", "1087.8", "-12.34"): the facts show
 * "10.0" for percents and no fixed number of places anywhere, so a client must not count on two.
 */
export function decimalText(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${sign}${digits.slice(0, digits.length - scale)}.${fraction === '' ? '0' : fraction}`;
}

/** Money in cents as the vendor prints it. */
export function moneyText(cents: bigint): string {
  return decimalText(cents, MONEY_SCALE);
}

/** Quantity times unit cost, rounded half away from zero to the cent. */
export function extendedCents(quantity: bigint, unitCost: bigint): bigint {
  const product = quantity * unitCost;
  const divisor = 10n ** BigInt(2 * QUANTITY_SCALE - MONEY_SCALE);
  const half = product < 0n ? -divisor / 2n : divisor / 2n;
  return (product + half) / divisor;
}

/** A scaled integer with all its places ("47700.00"), as invoices and their certificates print money. */
export function fixedText(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
}

/** A part of a whole as a percent with two places ("66.67"), half away from zero; of nothing it is zero. */
export function percentText(part: bigint, whole: bigint): string {
  return fixedText(whole === 0n ? 0n : divided(part * 10_000n, whole), 2);
}

/** A percent with two places of an amount, half away from zero to the cent. */
export function percentOf(amount: bigint, percent: bigint): bigint {
  return divided(amount * percent, 10_000n);
}

function divided(value: bigint, by: bigint): bigint {
  const negative = value < 0n !== by < 0n;
  const [above, below] = [value < 0n ? -value : value, by < 0n ? -by : by];
  const whole = (2n * above + below) / (2n * below);
  return negative ? -whole : whole;
}
