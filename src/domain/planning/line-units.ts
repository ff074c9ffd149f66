import type { CommitmentLine, DecimalText } from '../records.ts';
import { formatDecimal, multiply, parseDecimal, rescale } from '../values/decimal.ts';

/** What a line counts, for people: nothing of it is ever posted, because the amount is what was approved. */
export type LineUnits = {
  readonly quantity: DecimalText;
  readonly unit: string | null;
  readonly unitPrice: DecimalText | null;
  /** What quantity and price come to, where that is not the amount. */
  readonly comesTo: DecimalText | null;
};

/** Null where the line counts nothing. */
export function lineUnits({
  quantity,
  unitPrice,
  unit,
  amount,
}: Pick<CommitmentLine, 'quantity' | 'unitPrice' | 'unit' | 'amount'>): LineUnits | null {
  if (quantity === null || parseDecimal(quantity).units === 0n) return null;
  return {
    quantity,
    unit,
    unitPrice,
    comesTo: unitPrice === null ? null : disagreeing(quantity, unitPrice, amount),
  };
}

function disagreeing(quantity: DecimalText, unitPrice: DecimalText, amount: DecimalText): DecimalText | null {
  const product = multiply(parseDecimal(quantity), parseDecimal(unitPrice));
  const stated = parseDecimal(amount);
  const scale = Math.max(product.scale, stated.scale);
  if (rescale(product, scale, 'down') === rescale(stated, scale, 'down')) return null;
  return formatDecimal(product);
}
