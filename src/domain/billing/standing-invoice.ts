import type { ApInvoiceBody, ArInvoiceBody, BilledMove } from '../documents.ts';
import { AS_FOUND } from '../orders/adopted-order.ts';
import type { DecimalText, PayApplication } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import type { InvoicePart } from './plan-invoice-input.ts';

/** An invoice of the ERP that a person says is that of an application: we never wrote it. */
export type StandingInvoice = {
  readonly part: InvoicePart;
  readonly record: PayApplication;
  /** Its number in the ERP. */
  readonly invoiceNumber: string;
  /** The vendor or the customer. */
  readonly partnerCode: string;
  readonly projectCode: string;
  readonly amount: DecimalText;
  /** What of the contract counts as billed by it. */
  readonly moves: readonly BilledMove[];
  readonly today: CalendarDate;
};

/**
 * What counts of it for those after it. Which lines it has in the ERP is its own affair: none of them is written, and
 * it bears no reference of ours.
 */
function asFound({ part, record, invoiceNumber, projectCode, amount, moves, today }: StandingInvoice) {
  const { application, currency, billingDate, periodEnd, url } = record;
  const date = billingDate ?? periodEnd ?? today;
  return {
    ...{
      reference: '',
      revision: AS_FOUND,
      purpose: part,
      application,
      invoiceNumber,
      projectCode,
      currency,
    },
    ...{
      accountingDate: date,
      documentDate: date,
      lines: [],
      retainage: [],
      total: amount,
      moves,
      sourceUrl: url,
    },
  };
}

export function standingBill(invoice: StandingInvoice, orderId: string): ApInvoiceBody {
  const { partnerCode: vendorCode } = invoice;
  return { kind: 'ap-invoice', ...asFound(invoice), vendorCode, orderId, dueDate: null, paymentHold: null };
}

export function standingSale(invoice: StandingInvoice): ArInvoiceBody {
  return { kind: 'ar-invoice', ...asFound(invoice), customerCode: invoice.partnerCode };
}
