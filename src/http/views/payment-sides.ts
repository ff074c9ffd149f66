import { z } from 'zod';
import type { FieldPair, LinePair } from '../schemas/documents.ts';

const text = z.string().nullable().catch(null);

const Payment = z.object({
  kind: z.literal('vendor-payment'),
  making: z.enum(['draft', 'post']),
  number: z.string(),
  vendorCode: z.string(),
  currency: z.string(),
  accountingDate: z.string(),
  method: z.string(),
  methodNumber: text,
  total: z.string(),
  invoices: z.array(
    z.object({ invoiceId: z.string(), invoiceNumber: z.string(), purpose: z.string(), amount: z.string() }),
  ),
});
type Payment = z.infer<typeof Payment>;

const Source = z.object({
  number: text,
  vendorName: text,
  amount: text,
  date: text,
  method: text,
  status: text,
});

/** A planned payment to a vendor; null for every other kind of document. */
export function paymentOf(stored: unknown): Payment | null {
  return Payment.safeParse(stored).data ?? null;
}

/** A payment beside the one that it comes from, and what of it goes to which invoice. */
export function pairPayment(
  payment: Payment,
  stored: unknown,
): { readonly fields: z.infer<typeof FieldPair>[]; readonly lines: z.infer<typeof LinePair>[] } {
  const source = Source.safeParse(stored).data;
  const pair = (field: string, from: string | null | undefined, to: string | null) => {
    return { field, source: from ?? null, target: to, same: null };
  };
  const made = payment.making === 'draft' ? 'payment draft, released by a person there' : 'payment';
  return {
    fields: [
      pair('Made as', null, made),
      pair('Number', source?.number, payment.methodNumber),
      pair('Vendor', source?.vendorName, payment.vendorCode),
      pair('Date', source?.date, payment.accountingDate),
      pair('Currency', null, payment.currency),
      pair('Total', source?.amount, payment.total),
      pair('Method', source?.method, payment.method),
      pair('Status', source?.status, null),
    ],
    lines: payment.invoices.map(({ invoiceId, invoiceNumber, purpose, amount }) => ({
      key: invoiceId,
      description: purpose === 'progress' ? `Invoice ${invoiceNumber}` : `Retainage, ${invoiceNumber}`,
      costCode: '',
      coding: `invoice ${invoiceId}`,
      sourceAmount: amount,
      targetAmount: amount,
      targetLine: null,
    })),
  };
}
