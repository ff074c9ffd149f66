import type { SimState } from '../company/state.ts';
import { amount, type Row, text } from '../documents/rows.ts';
import { type Decimal, minus } from '../odata/decimal.ts';

/** Owes a vendor more, or with a negative amount less. What is owed stands as a negative balance (inferred). */
export function owe(state: SimState, document: Row, more: Decimal): void {
  const partner = state.partners.get(text(document, 'CardCode') ?? '');
  if (partner !== undefined)
    partner.CurrentAccountBalance = minus(amount(partner, 'CurrentAccountBalance'), more);
}
