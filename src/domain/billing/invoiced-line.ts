import { formatMoney, type Money } from '../values/money.ts';

/**
 * Why a line of an order cannot become what is wanted of it, in words; null where it can. It may rise, and fall as far
 * as what is invoiced on it: a deduction, which is drawn below zero, the other way round.
 */
export function belowInvoiced(wanted: Money, invoiced: Money): string | null {
  const isDeduction = invoiced.minor < 0n;
  const fits = isDeduction ? wanted.minor <= invoiced.minor : wanted.minor >= invoiced.minor;
  if (invoiced.minor === 0n || fits) return null;
  return `becomes ${formatMoney(wanted)}, and ${formatMoney(invoiced)} of it is invoiced`;
}
