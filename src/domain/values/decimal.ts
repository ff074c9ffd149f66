/**
 * Exact decimals for quantities, unit prices and rates: a scaled bigint, never a binary float.
 * The text form is plain (`-12.50`): no exponent, no thousands separator.
 */
export type Decimal = { readonly units: bigint; readonly scale: number };

export type Rounding = 'half-up' | 'half-even' | 'down';

const PLAIN = /^[+-]?\d+(?:\.\d+)?$/;
const EXPONENT = /^([+-]?\d+(?:\.\d+)?)[eE]([+-]?\d{1,3})$/;
// Vendors send at most 6 decimals; 30 leaves room for exponents and bounds the work on hostile input.
const MAX_SCALE = 30;

/** Reads vendor text such as `"10.0"`, `125000` or `1.5e3`. Throws a RangeError that names the text. */
export function parseDecimal(text: string): Decimal {
  const exponent = EXPONENT.exec(text);
  if (exponent) return shift(parseDecimal(exponent[1]!), Number(exponent[2]));
  if (!PLAIN.test(text)) throw new RangeError(`"${text.slice(0, 40)}" is not a decimal number`);
  const [whole = '0', fraction = ''] = text.split('.');
  if (fraction.length > MAX_SCALE)
    throw new RangeError(`"${text.slice(0, 40)}" has more than ${MAX_SCALE} decimals`);
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function shift(value: Decimal, places: number): Decimal {
  const scale = value.scale - places;
  if (scale > MAX_SCALE || scale < -MAX_SCALE) throw new RangeError('decimal exponent out of range');
  return scale >= 0
    ? { units: value.units, scale }
    : { units: value.units * 10n ** BigInt(-scale), scale: 0 };
}

/** Brings a decimal to a scale, rounding half away from zero, half to even, or towards zero. */
export function rescale(value: Decimal, scale: number, rounding: Rounding): bigint {
  if (scale >= value.scale) return value.units * 10n ** BigInt(scale - value.scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  const quotient = value.units / divisor;
  const rest = absolute(value.units % divisor) * 2n;
  const away = value.units < 0n ? -1n : 1n;
  if (rounding === 'down' || rest < divisor) return quotient;
  if (rest > divisor || rounding === 'half-up') return quotient + away;
  return quotient % 2n === 0n ? quotient : quotient + away;
}

/** Whether the value has no digits beyond the scale, so that `rescale` would lose nothing. */
export function fitsScale(value: Decimal, scale: number): boolean {
  return value.scale <= scale || value.units % 10n ** BigInt(value.scale - scale) === 0n;
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** The exact sum, with as many decimals as the value that has most. */
export function sumDecimals(values: readonly Decimal[]): Decimal {
  const scale = Math.max(0, ...values.map((value) => value.scale));
  return { units: values.reduce((sum, value) => sum + rescale(value, scale, 'down'), 0n), scale };
}

export function formatDecimal({ units, scale }: Decimal): string {
  if (scale === 0) return units.toString();
  const digits = absolute(units)
    .toString()
    .padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
