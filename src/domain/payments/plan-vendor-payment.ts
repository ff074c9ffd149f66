import { accountingDateOf } from '../billing/plan-invoice-date.ts';
import type { InvoicePlanInput } from '../billing/plan-invoice-input.ts';
import type { ApInvoiceBody } from '../documents.ts';
import { vendorFor } from '../planning/plan-coding.ts';
import { type Findings, type Found, openFindings } from '../planning/plan-findings.ts';
import type { ExportOrder, OrderPlanInput } from '../planning/plan-input.ts';
import type { FieldError } from '../posting/outcomes.ts';
import { type Reason, waitKeys } from '../reasons.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { formatMoney, type Money, moneyWords, parseMoney, subtract } from '../values/money.ts';
import type {
  ContractPaymentRecord,
  PayableInvoice,
  PaymentMaking,
  SettledInvoice,
  VendorPaymentBody,
} from './vendor-payment.ts';

/** An invoice that the pay application became in the ERP. */
export type PostedInvoice = { readonly id: string; readonly body: ApInvoiceBody };

export type VendorPaymentInput = Pick<OrderPlanInput, 'vendorCode' | 'vendorBlocked'> &
  Pick<InvoicePlanInput, 'periods' | 'frozenDate' | 'today'> & {
    readonly record: ContractPaymentRecord;
    /** Null once nobody asks for it any more: without an export nothing new is ever planned. */
    readonly exported: ExportOrder | null;
    /** The source's origin id may be our own word, of which our books know nothing since they were restored. */
    readonly originMayBeOurs: boolean;
    readonly making: PaymentMaking;
    readonly invoices: readonly PostedInvoice[];
    /** What the ERP says of an invoice just now; null where it has none under that id. */
    readonly payable: (invoiceId: string) => PayableInvoice | null;
    /** What other payments of ours are to take of an invoice that the ERP does not count as paid yet. */
    readonly promised: (invoiceId: string) => Money;
    /** The payment of ours that stands in the ERP for it. */
    readonly posted: VendorPaymentBody | null;
    readonly identity: { readonly revision: number; readonly reference: string };
    readonly preflight: (body: VendorPaymentBody) => readonly FieldError[];
  };

export type VendorPaymentDocument = Found & {
  readonly revision: number;
  readonly body: VendorPaymentBody | null;
  readonly amount: Money;
  readonly exposure: Money;
  readonly accountingDate: CalendarDate;
  readonly conflict: boolean;
};

export type VendorPaymentPlan =
  | { readonly kind: 'nothing'; readonly why: 'not-exported' | 'unchanged' }
  | { readonly kind: 'document'; readonly document: VendorPaymentDocument };

/** What people in the source see on a payment that was made; no list of these words is published. */
const PAID = 'paid';

/** Decides which payment a payment of the source should become in the ERP. Pure: same input, same bytes. */
export function planVendorPayment(input: VendorPaymentInput): VendorPaymentPlan {
  const { record, exported, posted } = input;
  if (exported === null) return { kind: 'nothing', why: 'not-exported' };
  const amount = parseMoney(record.amount, record.currency);
  if (posted !== null && parseMoney(posted.total, posted.currency).minor === amount.minor)
    return { kind: 'nothing', why: 'unchanged' };
  return { kind: 'document', document: documentOf(input, amount) };
}

function documentOf(input: VendorPaymentInput, amount: Money): VendorPaymentDocument {
  const { record, posted, identity } = input;
  const found = openFindings();
  checkRecord(input, amount, found);
  if (posted !== null)
    found.reason({
      code: 'changed-after-posting',
      owner: 'accountant',
      message: `It is in the ERP with ${posted.total} ${posted.currency}, and Procore shows ${formatMoney(amount)} now.`,
      remedy: 'Put the payment back as it was, or cancel it in the ERP and have the link cleared in Procore.',
    });
  const vendorCode = vendorFor(input, found);
  const { date } = accountingDateOf(dateFacts(input), found);
  const invoices = posted === null ? settledBy(input, amount, found) : null;
  for (const settled of invoices ?? []) {
    const objection = objectionTo(input, settled, vendorCode);
    if (objection !== null) wait(found, record, objection);
  }
  const isSound = found.reasons.length === 0 && invoices !== null && vendorCode !== null;
  const body = isSound ? bodyOf(input, { vendorCode, invoices, amount, date }) : null;
  found.targetRefuses(record.id, body === null ? [] : input.preflight(body));
  return {
    revision: identity.revision,
    body,
    amount,
    exposure: amount,
    accountingDate: date,
    ...found.all(),
    conflict: found.reasons.some(({ code }) => code === 'changed-after-posting'),
  };
}

function checkRecord(
  { record, posted, originMayBeOurs }: VendorPaymentInput,
  amount: Money,
  found: Findings,
): void {
  if (record.status !== null && record.status.toLowerCase() !== PAID)
    wait(found, record, {
      code: 'not-paid',
      message: `The payment is "${record.status}" in Procore, not paid.`,
      remedy: 'Export it again once it is paid.',
    });
  if (amount.minor <= 0n)
    wait(found, record, {
      code: 'amounts-disagree',
      message: `A payment of ${moneyWords(amount)} pays nothing.`,
      remedy: 'Correct the amount in Procore, or enter what was paid back in the ERP by hand.',
    });
  if (record.originId !== null && posted === null && !originMayBeOurs)
    wait(found, record, {
      code: 'foreign-origin',
      message: `Procore says that it is synced already, as "${record.originId}", which was not posted from here.`,
      remedy:
        'Restore the database that posted it. If nothing stands in the ERP, have the link cleared in Procore and send it again.',
    });
}

/** Which invoice takes how much: what pays retainage out goes to its release, the rest to the invoice of the work. */
function settledBy(
  { record, invoices }: VendorPaymentInput,
  amount: Money,
  found: Findings,
): readonly SettledInvoice[] | null {
  const { subInvoiceId, contractId, currency } = record;
  if (subInvoiceId === null) {
    wait(found, record, {
      code: 'invoice-not-named',
      message: 'It names no subcontractor invoice, so nobody can say which bill it pays.',
      remedy: 'Choose the invoice in Procore and send it again, or enter the payment in the ERP by hand.',
    });
    return null;
  }
  const work = invoices.find(({ body }) => body.purpose === 'progress');
  const release = invoices.find(({ body }) => body.purpose === 'retainage-release');
  const stated = parseMoney(record.retainageReleased, currency);
  if (stated.minor < 0n || stated.minor > amount.minor) {
    wait(found, record, {
      code: 'amounts-disagree',
      message: `Of ${moneyWords(amount)} it cannot pay ${moneyWords(stated)} of retainage out.`,
      remedy: 'Correct the payment in Procore.',
    });
    return null;
  }
  const released = stated.minor === 0n && work === undefined && release !== undefined ? amount : stated;
  const parts = [
    { invoice: work, amount: subtract(amount, released), of: 'invoice' },
    { invoice: release, amount: released, of: 'release of retainage' },
  ].filter((part) => part.amount.minor !== 0n);
  const missing = parts.find(({ invoice }) => invoice === undefined);
  if (missing !== undefined) {
    found.wait('billing', waitKeys.billing(contractId), {
      code: 'invoice-not-posted',
      owner: 'accountant',
      message: `The ${missing.of} that it pays does not stand in the ERP yet.`,
      remedy: 'Export the subcontractor invoice; the payment follows by itself.',
    });
    return null;
  }
  return parts.flatMap(({ invoice, amount: part }) =>
    invoice === undefined
      ? []
      : [
          {
            invoiceId: invoice.id,
            invoiceNumber: invoice.body.invoiceNumber,
            purpose: invoice.body.purpose,
            amount: formatMoney(part),
          },
        ],
  );
}

type Objection = Omit<Reason, 'owner'>;

/** Never more than is open, to nobody else, in no other currency, and not what is held. */
function objectionTo(
  { record, payable, promised }: VendorPaymentInput,
  { invoiceId, invoiceNumber: number, amount }: SettledInvoice,
  vendorCode: string | null,
): Objection | null {
  const { currency } = record;
  const invoice = payable(invoiceId);
  if (invoice === null)
    return {
      code: 'invoice-not-payable',
      message: `Invoice ${number} is not in the ERP any more.`,
      remedy: 'See what became of it there; then plan the payment again.',
    };
  if (invoice.currency !== currency)
    return {
      code: 'currency-mismatch',
      message: `It is in ${currency}, and invoice ${number} is in ${invoice.currency}.`,
      remedy: 'Enter the payment in the ERP by hand, with its rate.',
    };
  if (vendorCode !== null && invoice.vendorCode !== vendorCode)
    return {
      code: 'vendor-changed',
      message: `It goes to vendor ${vendorCode}, and invoice ${number} is of vendor ${invoice.vendorCode}.`,
      remedy: 'Correct the link of the vendor, or enter the payment in the ERP by hand.',
    };
  if (invoice.blocked !== null)
    return {
      code: 'invoice-not-payable',
      message: `Invoice ${number} cannot be paid now: ${invoice.blocked}`,
      remedy: 'End what holds it there; then plan the payment again.',
    };
  const [open, taken] = [parseMoney(invoice.open, currency), promised(invoiceId)];
  const paid = parseMoney(amount, currency);
  if (paid.minor <= subtract(open, taken).minor) return null;
  const besides =
    taken.minor === 0n ? '' : `, of which ${moneyWords(taken)} go to payments that were sent before`;
  return {
    code: 'over-payment',
    message: `It pays ${moneyWords(paid)} of invoice ${number}, which has ${moneyWords(open)} open${besides}.`,
    remedy:
      'See in the ERP whether it was paid there already. If so, reject this one; else correct the amount.',
  };
}

type Known = {
  readonly vendorCode: string;
  readonly invoices: readonly SettledInvoice[];
  readonly amount: Money;
  readonly date: CalendarDate;
};

function bodyOf(
  { record, making, identity }: VendorPaymentInput,
  { vendorCode, invoices, amount, date }: Known,
): VendorPaymentBody {
  return {
    kind: 'vendor-payment',
    making,
    ...identity,
    number: record.number,
    vendorCode,
    currency: record.currency,
    accountingDate: date,
    method: record.method === 'check' ? 'check' : 'transfer',
    methodNumber: record.methodNumber,
    invoices,
    total: formatMoney(amount),
    sourceUrl: record.url,
  };
}

/** The day it was paid is a fact that was entered: it is never moved. */
function dateFacts({ record, exported, frozenDate, periods, today }: VendorPaymentInput) {
  return {
    record: { periodEnd: null, billingDate: record.date },
    exported: {
      erpCode: exported?.erpCode ?? null,
      accountingDate: exported?.accountingDate ?? record.date,
    },
    frozenDate,
    periods,
    today,
  };
}

function wait(found: Findings, { id }: ContractPaymentRecord, objection: Objection): void {
  found.wait('source', id, { owner: 'accountant', ...objection });
}
