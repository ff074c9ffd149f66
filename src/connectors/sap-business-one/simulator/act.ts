import { z } from 'zod';
import type { SimState } from './company/state.ts';
import { actOnOrder, closeLine, invoiceLine } from './documents/document-actions.ts';
import { CREDIT_NOTE, INVOICE, ORDER, SALES_INVOICE } from './documents/document-kinds.ts';
import { updateOrderFrom } from './documents/document-update.ts';
import { createDocumentFrom } from './documents/documents.ts';
import { approveDraft, rejectDraft } from './documents/drafts.ts';
import { actOnGoods, goodsDeeds } from './documents/goods-receipts.ts';
import { actOnRequest, isRequestDeed, requestDeeds } from './documents/purchase-requests.ts';
import type { Row } from './documents/rows.ts';
import { editTax, taxDeeds } from './documents/taxes.ts';
import { actOnInvoice } from './invoices/invoice-actions.ts';
import { updateInvoiceFrom } from './invoices/invoice-update.ts';
import { bookByHand, reverse } from './journals/journals.ts';
import { updatePartnerFrom } from './masters/masters.ts';
import { type Decimal, parseDecimal } from './odata/decimal.ts';
import { badRequest, notFound } from './odata/errors.ts';
import { payByHand, paymentSchema, receiptSchema, receiveByHand } from './payments/pay-by-hand.ts';
import { releasePaymentDraft, removePaymentDraft } from './payments/payment-drafts.ts';
import { cancelPayment } from './payments/payments.ts';

const docEntry = z.int().min(1);
const lineNum = z.int().min(0);
const changes = z.record(z.string(), z.unknown());
const amountText = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/);
const periodStatus = z.enum(['ltUnlocked', 'ltUnlockedExceptSales', 'ltPeriodClosing', 'ltLocked']);

/** What POST /_sim/act accepts: things a person does in the client, under the same business checks. */
export const actSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('create_order'), document: changes }),
  z.strictObject({ action: z.literal('edit_order'), docEntry, changes }),
  z.strictObject({ action: z.literal('edit_order_line'), docEntry, lineNum, changes }),
  z.strictObject({ action: z.literal('close_order'), docEntry }),
  z.strictObject({ action: z.literal('close_line'), docEntry, lineNum }),
  z.strictObject({ action: z.literal('cancel_order'), docEntry }),
  z.strictObject({ action: z.literal('lose_order'), docEntry }),
  z.strictObject({ action: z.literal('invoice_line'), docEntry, lineNum, amount: amountText.optional() }),
  ...requestDeeds,
  ...goodsDeeds,
  z.strictObject({ action: z.literal('create_invoice'), document: changes }),
  z.strictObject({ action: z.literal('create_credit'), document: changes }),
  z.strictObject({ action: z.literal('create_sales_invoice'), document: changes }),
  z.strictObject({ action: z.literal('edit_invoice'), docEntry, changes }),
  z.strictObject({ action: z.literal('cancel_invoice'), docEntry }),
  z.strictObject({ action: z.literal('lose_invoice'), docEntry }),
  paymentSchema,
  receiptSchema,
  z.strictObject({ action: z.literal('void_receipt'), docEntry }),
  z.strictObject({
    action: z.literal('post_journal'),
    date: z.iso.date().optional(),
    memo: z.string().optional(),
    lines: z
      .array(
        z.strictObject({
          account: z.string(),
          debit: amountText.optional(),
          credit: amountText.optional(),
          project: z.string().optional(),
          costingCode: z.string().max(8).optional(),
        }),
      )
      .min(2)
      .max(1000),
  }),
  z.strictObject({ action: z.literal('reverse_journal'), jdtNum: docEntry }),
  z.strictObject({ action: z.literal('void_payment'), docEntry }),
  z.strictObject({
    action: z.literal('release_payment_draft'),
    docEntry,
    account: z.string(),
    date: z.iso.date().optional(),
    /** What the client does with user fields when a draft becomes a payment is not documented. */
    keepsUserFields: z.boolean().default(true),
  }),
  z.strictObject({ action: z.literal('remove_payment_draft'), docEntry }),
  z.strictObject({ action: z.literal('approve_draft'), docEntry }),
  z.strictObject({ action: z.literal('reject_draft'), docEntry }),
  z.strictObject({ action: z.literal('lock_period'), code: z.string(), status: periodStatus.optional() }),
  z.strictObject({
    action: z.literal('freeze_vendor'),
    cardCode: z.string(),
    frozen: z.boolean().optional(),
  }),
  z.strictObject({ action: z.literal('edit_vendor'), cardCode: z.string(), changes }),
  ...taxDeeds,
]);

export type ActInput = z.input<typeof actSchema>;

const KINDS = {
  create_order: ORDER,
  create_invoice: INVOICE,
  create_credit: CREDIT_NOTE,
  create_sales_invoice: SALES_INVOICE,
} as const;

/** Does it, and names the record it made or changed. */
export function act(state: SimState, input: z.output<typeof actSchema>): Record<string, unknown> {
  if (isRequestDeed(input)) return keysOf(actOnRequest(state, input));
  switch (input.action) {
    case 'create_order':
    case 'create_invoice':
    case 'create_credit':
    case 'create_sales_invoice':
      return keysOf(createDocumentFrom(state, KINDS[input.action], input.document).row);
    case 'edit_order':
      updateOrderFrom(state, orderOf(state, input.docEntry), input.changes, false);
      return { docEntry: input.docEntry };
    case 'edit_order_line': {
      const body = { DocumentLines: [{ ...input.changes, LineNum: input.lineNum }] };
      updateOrderFrom(state, orderOf(state, input.docEntry), body, false);
      return { docEntry: input.docEntry };
    }
    case 'close_order':
    case 'cancel_order':
      actOnOrder(state, orderOf(state, input.docEntry), input.action === 'close_order' ? 'Close' : 'Cancel');
      return { docEntry: input.docEntry };
    case 'lose_order':
      // What a restored backup does: the order was never there.
      state.orders.delete(Number(orderOf(state, input.docEntry).DocEntry));
      return { docEntry: input.docEntry };
    case 'close_line':
      closeLine(state, orderOf(state, input.docEntry), input.lineNum);
      return { docEntry: input.docEntry };
    case 'invoice_line': {
      const order = orderOf(state, input.docEntry);
      return keysOf(invoiceLine(state, order, input.lineNum, amountOf(input.amount)));
    }
    case 'receive_line':
    case 'cancel_goods_receipt':
    case 'close_goods_receipt':
      return keysOf(actOnGoods(state, input));
    case 'edit_invoice':
      updateInvoiceFrom(state, invoiceOf(state, input.docEntry), input.changes);
      return { docEntry: input.docEntry };
    case 'cancel_invoice':
      return keysOf(
        actOnInvoice(state, invoiceOf(state, input.docEntry), 'CreateCancellationDocument') ?? {},
      );
    case 'lose_invoice':
      state.invoices.delete(Number(invoiceOf(state, input.docEntry).DocEntry));
      return { docEntry: input.docEntry };
    case 'pay_invoice':
    case 'receive_payment':
    case 'void_receipt':
    case 'void_payment':
    case 'release_payment_draft':
    case 'remove_payment_draft':
      return actOnPayment(state, input);
    case 'post_journal':
      return { jdtNum: bookByHand(state, { ...input, lines: input.lines.map(withAmounts) }) };
    case 'reverse_journal': {
      const journal = state.journals.get(input.jdtNum);
      if (journal === undefined) throw notFound();
      return { jdtNum: reverse(state, journal) };
    }
    case 'approve_draft':
      return keysOf(approveDraft(state, input.docEntry));
    case 'reject_draft':
      rejectDraft(state, input.docEntry);
      return { docEntry: input.docEntry };
    case 'lock_period':
      setPeriodStatus(state, input.code, input.status ?? 'ltLocked');
      return { code: input.code };
    case 'freeze_vendor':
      freeze(state, input.cardCode, input.frozen ?? true);
      return { cardCode: input.cardCode };
    case 'edit_tax':
      return editTax(state, input);
    case 'edit_vendor':
      updatePartnerFrom(state, vendorOf(state, input.cardCode), input.changes, false);
      return { cardCode: input.cardCode };
  }
}

function withAmounts<
  Line extends { readonly debit?: string | undefined; readonly credit?: string | undefined },
>(line: Line) {
  return { ...line, debit: amountOf(line.debit), credit: amountOf(line.credit) };
}

type PaymentDeed = Extract<z.output<typeof actSchema>, { action: `${string}pay${string}` | 'void_receipt' }>;

function actOnPayment(state: SimState, input: PaymentDeed): Record<string, unknown> {
  const { docEntry } = input;
  switch (input.action) {
    case 'pay_invoice':
      return keysOf(payByHand(state, invoiceOf(state, docEntry), input));
    case 'receive_payment': {
      const receipt = receiveByHand(state, input);
      if (receipt === undefined) throw notFound();
      return keysOf(receipt);
    }
    case 'release_payment_draft':
      return keysOf(releasePaymentDraft(state, docEntry, input));
    case 'remove_payment_draft':
      removePaymentDraft(state, docEntry);
      return { docEntry };
    case 'void_receipt':
    case 'void_payment': {
      const payment = (input.action === 'void_receipt' ? state.receipts : state.payments).get(docEntry);
      if (payment === undefined) throw notFound();
      cancelPayment(state, payment);
      return { docEntry };
    }
  }
}

/** Sets how far a posting period is open. */
export function setPeriodStatus(state: SimState, code: string, status: z.output<typeof periodStatus>): void {
  const period = state.periods.find((candidate) => candidate.PeriodCode === code);
  if (period === undefined) throw badRequest(`No period '${code}'`);
  period.PeriodStatus = status;
  period.Locked = status === 'ltLocked' ? 'tYES' : 'tNO';
}

function keysOf(row: Row): Record<string, unknown> {
  return { docEntry: row.DocEntry, docNum: row.DocNum };
}

function orderOf(state: SimState, entry: number): Row {
  const order = state.orders.get(entry);
  if (order === undefined) throw notFound();
  return order;
}

function invoiceOf(state: SimState, entry: number): Row {
  const invoice = state.invoices.get(entry);
  if (invoice === undefined) throw notFound();
  return invoice;
}

function freeze(state: SimState, cardCode: string, frozen: boolean): void {
  updatePartnerFrom(state, vendorOf(state, cardCode), { Frozen: frozen ? 'tYES' : 'tNO' }, false);
}

function vendorOf(state: SimState, cardCode: string): Row {
  const vendor = state.partners.get(cardCode);
  if (vendor === undefined) throw notFound();
  return vendor;
}

function amountOf(source: string | undefined): Decimal | null {
  return source === undefined ? null : parseDecimal(source);
}
