import type { ApInvoiceBody } from '../documents.ts';
import type { DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';

/** A payment of a commitment that was entered in the source, not in the ERP. */
export type ContractPaymentRecord = {
  readonly object: 'contract-payment';
  readonly id: string;
  readonly projectId: string;
  /** The commitment that it is paid on. */
  readonly contractId: string;
  /** The pay application that it settles, where one was named. */
  readonly subInvoiceId: string | null;
  readonly vendorId: string | null;
  readonly vendorName: string | null;
  /** What people call it: its number, or its id with whoever paid. */
  readonly number: string;
  readonly status: string | null;
  readonly amount: DecimalText;
  readonly currency: string;
  /** What of the amount pays retainage out. */
  readonly retainageReleased: DecimalText;
  readonly date: CalendarDate | null;
  readonly method: string | null;
  /** Number of the check, or the id of the transfer. */
  readonly methodNumber: string | null;
  readonly originId: string | null;
  readonly url: string;
};

/** What is made of a payment in the ERP: a draft that a person releases there, or the payment itself. */
export type PaymentMaking = 'draft' | 'post';

/** What a payment settles of one invoice in the ERP. */
export type SettledInvoice = {
  readonly invoiceId: string;
  readonly invoiceNumber: string;
  readonly purpose: ApInvoiceBody['purpose'];
  readonly amount: DecimalText;
};

/** One payment to a vendor in the ERP, against invoices that were posted from here. It bears no bank account of anybody. */
export type VendorPaymentBody = {
  readonly kind: 'vendor-payment';
  readonly making: PaymentMaking;
  readonly reference: string;
  readonly revision: number;
  readonly number: string;
  readonly vendorCode: string;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly method: 'check' | 'transfer';
  readonly methodNumber: string | null;
  readonly invoices: readonly SettledInvoice[];
  readonly total: DecimalText;
  readonly sourceUrl: string;
};

/** An invoice as the ERP shows it just before it is paid. */
export type PayableInvoice = {
  readonly vendorCode: string;
  readonly currency: string;
  /** What of it is not paid yet. */
  readonly open: DecimalText;
  /** Why the ERP would not let it be paid now, in words; null where nothing speaks against it. */
  readonly blocked: string | null;
};

/**
 * Under which id the source knows a payment that was sent from it: the same before a draft of it is released and
 * afterwards, and no id of a payment that began in the ERP.
 */
export function sentOrigin(connectionCode: string, reference: string): string {
  return `${connectionCode}-PAY-SENT-${reference}`;
}
