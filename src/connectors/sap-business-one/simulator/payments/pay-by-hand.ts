import { z } from 'zod';
import type { SimState } from '../company/state.ts';
import type { Row } from '../documents/rows.ts';
import { unpaid } from '../invoices/invoice-actions.ts';
import { parseDecimal } from '../odata/decimal.ts';
import { createPaymentFrom, INCOMING, OUTGOING } from './payments.ts';

const payment = {
  docEntry: z.int().min(1),
  amount: z
    .string()
    .regex(/^\d{1,15}(\.\d{1,6})?$/)
    .optional(),
  method: z.enum(['check', 'transfer', 'cash']).optional(),
  /** Number of the check, or the bank's reference of the transfer. */
  number: z.string().optional(),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
};

/** A person pays an invoice, all of what is due unless told otherwise, from the first account that can be posted to. */
export const paymentSchema = z.strictObject({ action: z.literal('pay_invoice'), ...payment });

/** A customer paid an invoice of ours. */
export const receiptSchema = z.strictObject({ action: z.literal('receive_payment'), ...payment });

type PaymentInput = Omit<z.output<typeof paymentSchema>, 'action'>;

export function payByHand(state: SimState, invoice: Row, input: PaymentInput, side = OUTGOING): Row {
  const sum = (input.amount === undefined ? null : parseDecimal(input.amount)) ?? unpaid(invoice);
  const account = [...state.accounts.values()].find(
    (row) => row.ActiveAccount === 'tYES' && row.LockManualTransaction !== 'tYES',
  )?.Code;
  const means = {
    check: {
      CheckAccount: account,
      PaymentChecks: [{ CheckNumber: Number(input.number ?? '1'), CheckSum: sum }],
    },
    transfer: { TransferAccount: account, TransferSum: sum, TransferReference: input.number ?? null },
    cash: { CashAccount: account, CashSum: sum },
  };
  return createPaymentFrom(
    state,
    {
      CardCode: invoice.CardCode,
      ...(input.date === undefined ? {} : { DocDate: input.date }),
      ...means[input.method ?? 'transfer'],
      PaymentInvoices: [{ DocEntry: invoice.DocEntry, InvoiceType: side.invoiceType, SumApplied: sum }],
    },
    side,
  );
}

/** The same for money that comes from a customer; undefined where there is no such invoice. */
export function receiveByHand(
  state: SimState,
  { docEntry, ...input }: z.output<typeof receiptSchema>,
): Row | undefined {
  const invoice = state.salesInvoices.get(docEntry);
  return invoice && payByHand(state, invoice, { docEntry, ...input }, INCOMING);
}
