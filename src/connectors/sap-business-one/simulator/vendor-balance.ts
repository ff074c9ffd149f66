import { type Decimal, minus } from './decimal.ts';
import { amount, type Row, text } from './rows.ts';
import type { SimState } from './state.ts';

/** Owes a vendor more, or with a negative amount less. What is owed stands as a negative balance (inferred). */
export function owe(state: SimState, document: Row, more: Decimal): void {
  const partner = state.partners.get(text(document, 'CardCode') ?? '');
  if (partner !== undefined)
    partner.CurrentAccountBalance = minus(amount(partner, 'CurrentAccountBalance'), more);
}
