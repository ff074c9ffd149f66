import { type SimState, today } from '../company/state.ts';
import { amount, copied, integer, type Row, rows, text } from '../documents/rows.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { plus, ZERO } from '../odata/decimal.ts';
import { businessError, notFound } from '../odata/errors.ts';
import { createPaymentFrom } from './payments.ts';

/** Keeps an outgoing payment as a draft: it settles nothing yet, and its means of payment may be missing. */
export function createPaymentDraft(state: SimState, requestText: string): Row {
  const sent = checkedRow(state, 'Payment', parseRequestBody(requestText), 'create');
  if (sent.DocObjectCode !== 'bopot_OutgoingPayments')
    throw businessError('Only drafts of outgoing payments are kept  [OPDF.ObjType]');
  const vendor = state.partners.get(text(sent, 'CardCode') ?? '');
  if (vendor?.CardType !== 'cSupplier')
    throw businessError(`'${text(sent, 'CardCode') ?? ''}' is not a vendor  [OPDF.CardCode]`);
  for (const [index, row] of rows(sent, 'PaymentInvoices').entries())
    if (state.invoices.get(integer(row, 'DocEntry') ?? 0)?.CardCode !== sent.CardCode)
      throw businessError(`No such invoice of this vendor  [PDF2.DocEntry][line: ${index + 1}]`);
  const DocDate = text(sent, 'DocDate') ?? today(state);
  const draft: Row = {
    ...sent,
    DocEntry: state.nextEntry.paymentDraft++,
    // The number that the next payment would get: a draft takes none.
    DocNum: state.nextDocNum.payment,
    DocType: sent.DocType ?? 'rSupplier',
    CardName: vendor.CardName ?? null,
    DocDate,
    TaxDate: sent.TaxDate ?? DocDate,
    DocCurrency: sent.DocCurrency ?? state.company?.currency ?? null,
    Cancelled: 'tNO',
    CancelStatus: 'csNo',
    AuthorizationStatus: 'pasWithout',
    PaymentInvoices: rows(sent, 'PaymentInvoices').map((row, LineNum) => ({ ...row, LineNum })),
  };
  state.paymentDrafts.set(integer(draft, 'DocEntry') ?? 0, draft);
  return draft;
}

/** A person chooses where the money comes from and adds the draft as a payment: other key, the same user fields. */
export function releasePaymentDraft(
  state: SimState,
  docEntry: number,
  changed: {
    readonly account: string;
    readonly date?: string | undefined;
    readonly keepsUserFields: boolean;
  },
): Row {
  const draft = paymentDraft(state, docEntry);
  const applied = rows(draft, 'PaymentInvoices')
    .map((row) => amount(row, 'SumApplied'))
    .reduce(plus, ZERO);
  const writable = Object.entries(copied(draft)).filter(
    ([field]) =>
      state.fieldTables.Payment.get(field)?.write !== 'never' &&
      (changed.keepsUserFields || !field.startsWith('U_')),
  );
  const payment = createPaymentFrom(state, {
    ...Object.fromEntries(writable),
    TransferAccount: changed.account,
    TransferSum: applied,
    ...(changed.date === undefined ? {} : { DocDate: changed.date, TaxDate: changed.date }),
  });
  state.paymentDrafts.delete(docEntry);
  return payment;
}

export function removePaymentDraft(state: SimState, docEntry: number): void {
  paymentDraft(state, docEntry);
  state.paymentDrafts.delete(docEntry);
}

function paymentDraft(state: SimState, docEntry: number): Row {
  const draft = state.paymentDrafts.get(docEntry);
  if (draft === undefined) throw notFound();
  return draft;
}
