import { formatMoney, money } from '../../domain/values/money.ts';

/** Minor units as PostgreSQL sends them (text), formatted for JSON. */
export function amountOf(minor: string, currency: string): string {
  return formatMoney(money(BigInt(minor), currency));
}

export function maybeAmount(minor: string | null, currency: string | null): string | null {
  return minor === null || currency === null ? null : amountOf(minor, currency);
}

export function instant(at: Date): string {
  return at.toISOString();
}

export function maybeInstant(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
