import type { VendorPaymentBody } from '../../../domain/payments/vendor-payment.ts';
import type { FieldError } from '../../../domain/posting/outcomes.ts';
import type { Match, ProbeResult, Read, WireRequest, Write } from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import { jsonNumber } from '../../../lib/decimal-json.ts';
import type { PaymentSetting } from '../config.ts';
import { amountErrors } from '../constraints.ts';
import { plainAmount, REFERENCE_FIELD } from '../orders/order-form.ts';
import { commentsOf } from '../orders/purchase-order.ts';
import { createOutcome } from '../service-layer/create-outcome.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import { OWN_PAYMENT_FIELDS, type OwnPaymentEntity, readOwnPayment } from '../service-layer/wire.ts';

/**
 * Enters a payment against invoices of ours: as a draft that a person adds there, choosing the means of payment and the
 * bank, or as the payment itself, from the one account that the connection names. No bank account of a vendor is sent.
 */
export function createVendorPayment(body: VendorPaymentBody, setting: PaymentSetting): Write {
  const isDraft = body.making === 'draft';
  return {
    name: isDraft ? 'create-payment-draft' : 'create-vendor-payment',
    kind: 'create',
    object: 'payment',
    reference: body.reference,
    targetHash: formHash(formOfBody(body)),
    encode: () => (isDraft ? encodeDraft(body) : encodePayment(body, setting)),
    probe: (read) => findPayment(read, body),
    classify: (response) => createOutcome(response, 'payment', () => undefined),
  };
}

/** What SAP Business One would refuse about a payment, or would do with it in a way that nobody meant. */
export function vendorPaymentErrors(
  body: VendorPaymentBody,
  { paymentAccount }: PaymentSetting,
): FieldError[] {
  const errors = body.invoices.flatMap(({ amount, invoiceNumber }, index) =>
    amountErrors(amount, body.currency, `invoices[${index}].amount`, `Invoice ${invoiceNumber}`),
  );
  if (body.making === 'draft') return errors;
  if (body.method === 'check') {
    const message =
      'A check is not posted from here, because its bank would have to be named: enter it in SAP Business One, or have payments made as drafts.';
    errors.push({ field: 'method', message, code: 'method' });
  }
  if (paymentAccount === undefined) {
    const message = 'The connection names no account that payments go from ("paymentAccount").';
    errors.push({ field: 'paymentAccount', message, code: 'required' });
  }
  return errors;
}

function encodeDraft(body: VendorPaymentBody): WireRequest {
  const draft = { DocObjectCode: 'bopot_OutgoingPayments', ...headerOf(body) };
  return { method: 'POST', path: '/PaymentDrafts', body: JSON.stringify(draft) };
}

function encodePayment(body: VendorPaymentBody, { paymentAccount }: PaymentSetting): WireRequest {
  const payment = {
    ...headerOf(body),
    TransferAccount: paymentAccount,
    TransferSum: jsonNumber(plainAmount(body.total)),
    TransferDate: body.accountingDate,
    ...(body.methodNumber === null ? {} : { TransferReference: cut(body.methodNumber, REFERENCE_CHARS) }),
  };
  return { method: 'POST', path: '/VendorPayments', body: JSON.stringify(payment) };
}

// Widths of the columns as commonly known (inferred). The whole number stands in the remarks and in Tiebeam.
const REFERENCE_CHARS = 27;

function cut(text: string, chars: number): string {
  return text.slice(0, chars).replace(/[\uD800-\uDBFF]$/, '');
}

function headerOf(body: VendorPaymentBody) {
  const number = body.methodNumber === null ? '' : ` (${body.methodNumber})`;
  return {
    DocType: 'rSupplier',
    CardCode: body.vendorCode,
    DocDate: body.accountingDate,
    TaxDate: body.accountingDate,
    DocCurrency: body.currency,
    Remarks: commentsOf({ title: `Payment ${body.number}${number}.`, sourceUrl: body.sourceUrl }),
    PaymentInvoices: body.invoices.map(({ invoiceId, amount }) => ({
      DocEntry: Number(invoiceId),
      InvoiceType: 'it_PurchaseInvoice',
      SumApplied: jsonNumber(plainAmount(amount)),
    })),
    [REFERENCE_FIELD]: body.reference,
  };
}

/** Vendor, currency and what is settled. The day and the means of payment belong to whoever releases it. */
type Form = {
  readonly vendor: string;
  readonly currency: string;
  readonly invoices: readonly { readonly invoice: string; readonly amount: string }[];
};

function formOfBody({ vendorCode, currency, invoices }: VendorPaymentBody): Form {
  return {
    vendor: vendorCode,
    currency,
    invoices: invoices.map(({ invoiceId, amount }) => ({ invoice: invoiceId, amount: plainAmount(amount) })),
  };
}

function formOfEntity({ CardCode, DocCurrency, PaymentInvoices }: OwnPaymentEntity): Form {
  return {
    vendor: CardCode,
    currency: DocCurrency,
    invoices: PaymentInvoices.map(({ DocEntry, SumApplied }) => {
      return { invoice: DocEntry, amount: plainAmount(SumApplied ?? '0') };
    }),
  };
}

function formHash({ invoices, ...form }: Form): string {
  const sorted = [...invoices].sort((a, b) => Number(a.invoice) - Number(b.invoice));
  return contentHash({ ...form, invoices: sorted });
}

async function findPayment(read: Read, { reference, making }: VendorPaymentBody): Promise<ProbeResult> {
  const matches: Match[] = [];
  const filter = `${REFERENCE_FIELD} eq ${quoted(reference)}`;
  for await (const { match } of paymentsWhere(read, filter, making)) matches.push(match);
  return { kind: 'found', matches };
}

/** Drafts and payments that meet a filter. A draft is all that was meant where drafts are made. */
export async function* paymentsWhere(
  read: Read,
  filter: string,
  making: VendorPaymentBody['making'] = 'draft',
): AsyncIterable<{ readonly reference: string; readonly match: Match }> {
  const key = { name: 'DocEntry', kind: 'number' } as const;
  for (const set of ['PaymentDrafts', 'VendorPayments'] as const)
    for await (const { fields } of allRows(read, { set, filter, select: OWN_PAYMENT_FIELDS, key })) {
      const entity = readOwnPayment(fields);
      const match = set === 'PaymentDrafts' ? draftMatch(entity, making) : paymentMatch(entity);
      if (match !== null) yield { reference: entity.U_TiebeamRef, match };
    }
}

function paymentMatch(entity: OwnPaymentEntity): Match {
  const state = entity.Cancelled === 'tYES' ? 'cancelled' : 'posted';
  return { id: entity.DocEntry, number: entity.DocNum, state, hash: formHash(formOfEntity(entity)) };
}

const DECIDED: Readonly<Record<string, Match['state'] | null>> = {
  pasRejected: 'cancelled',
  pasCancelled: 'cancelled',
  // The payment that was made of it is found itself.
  pasGenerated: null,
  pasGeneratedbyAuthorizer: null,
};

function draftMatch(entity: OwnPaymentEntity, making: VendorPaymentBody['making']): Match | null {
  const waiting =
    making === 'draft' ? 'posted' : entity.AuthorizationStatus === 'pasWithout' ? 'draft' : 'pending';
  const decided = DECIDED[entity.AuthorizationStatus];
  if (decided === null) return null;
  const id = `draft-${entity.DocEntry}`;
  return {
    id,
    number: `draft ${entity.DocEntry}`,
    state: decided ?? waiting,
    hash: formHash(formOfEntity(entity)),
  };
}
