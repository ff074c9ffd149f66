// Amounts inside the simulator are exact: an integer of digits and the number of places it is shifted by.
const MAX_DIGITS = 60;
const MAX_EXPONENT = 40;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** An exact decimal number; prints into JSON as a bare number without passing through a float. */
export class Decimal {
  readonly digits: bigint;
  readonly scale: number;

  constructor(digits: bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }

  toString(): string {
    const sign = this.digits < 0n ? '-' : '';
    const text = (this.digits < 0n ? -this.digits : this.digits).toString().padStart(this.scale + 1, '0');
    const whole = text.slice(0, text.length - this.scale);
    const fraction = text.slice(text.length - this.scale).replace(/0+$/, '');
    // The vendor prints every Edm.Double with a fraction, so 1500 leaves as 1500.0 (inferred from samples).
    return `${sign}${whole}.${fraction === '' ? '0' : fraction}`;
  }

  toJSON(): unknown {
    return rawJson(this.toString());
  }
}

export const ZERO = new Decimal(0n, 0);
export const ONE = new Decimal(1n, 0);
export const HUNDRED = new Decimal(100n, 0);

/** Reads the source text of a JSON number; null when it is not one or is beyond the bounds. */
export function parseDecimal(text: string): Decimal | null {
  const parts = NUMBER.exec(text);
  if (parts === null || text.length > MAX_DIGITS) return null;
  const fraction = parts[3] ?? '';
  const exponent = parts[4] === undefined ? 0 : Number.parseInt(parts[4], 10);
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  const digits = BigInt(`${parts[1]}${parts[2]}${fraction}`);
  const scale = fraction.length - exponent;
  return scale >= 0 ? new Decimal(digits, scale) : new Decimal(digits * 10n ** BigInt(-scale), 0);
}

export function wholeNumber(value: number): Decimal {
  return new Decimal(BigInt(value), 0);
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return new Decimal(shifted(a, scale) + shifted(b, scale), scale);
}

export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, negated(b));
}

export function negated(value: Decimal): Decimal {
  return new Decimal(-value.digits, value.scale);
}

export function times(a: Decimal, b: Decimal): Decimal {
  return new Decimal(a.digits * b.digits, a.scale + b.scale);
}

/** Divides and rounds half away from zero to `places`. */
export function dividedBy(a: Decimal, b: Decimal, places: number): Decimal {
  const up = BigInt(places + b.scale + 1);
  const quotient = (a.digits * 10n ** up) / b.digits;
  return rounded(new Decimal(quotient, a.scale + places + 1), places);
}

/** Rounds half away from zero, as commercial rounding does. */
export function rounded(value: Decimal, places: number): Decimal {
  if (value.scale <= places) return value;
  const unit = 10n ** BigInt(value.scale - places);
  const half = unit / 2n;
  const moved = value.digits < 0n ? value.digits - half : value.digits + half;
  return new Decimal(moved / unit, places);
}

export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const left = shifted(a, scale);
  const right = shifted(b, scale);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function shifted(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}
