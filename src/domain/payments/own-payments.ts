import type { PaymentRecord } from '../records.ts';
import { parseMoney } from '../values/money.ts';
import type { VendorPaymentBody } from './vendor-payment.ts';

type Ours = Pick<VendorPaymentBody, 'reference' | 'making' | 'currency' | 'invoices'>;

/**
 * Which payments of the ERP to one invoice are what became of payments of ours, by their ids: what bears our reference,
 * and, where a person's release of a draft dropped it, the first of the same amount. An ERP that copies the reference
 * never comes to the second.
 */
export function ownPayments(
  invoiceId: string,
  ours: readonly Ours[],
  found: readonly PaymentRecord[],
): ReadonlyMap<string, Ours> {
  const own = new Map<string, Ours>();
  for (const payment of found) {
    const made = ours.find(({ reference }) => reference === payment.reference);
    if (made !== undefined) own.set(payment.id, made);
  }
  const waiting = ours.filter((each) => each.making === 'draft' && ![...own.values()].includes(each));
  const others = found
    .filter(({ id, reference }) => reference === undefined && !own.has(id))
    .sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  for (const draft of waiting) {
    const released = others.find((payment) => !own.has(payment.id) && isSamePart(invoiceId, draft, payment));
    if (released !== undefined) own.set(released.id, draft);
  }
  return own;
}

function isSamePart(invoiceId: string, draft: Ours, payment: PaymentRecord): boolean {
  if (draft.currency !== payment.currency) return false;
  const minorOf = (parts: readonly { readonly invoiceId: string; readonly amount: string }[]) => {
    const part = parts.find((each) => each.invoiceId === invoiceId);
    return part === undefined ? null : parseMoney(part.amount, draft.currency).minor;
  };
  const minor = minorOf(draft.invoices);
  return minor !== null && minor === minorOf(payment.invoices);
}
