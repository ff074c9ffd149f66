import type {
  ApInvoiceBody,
  LineCoding,
  OpenOrderLine,
  PostedBase,
  PurchaseOrderLine,
} from '../documents.ts';
import type { HoldFinding } from '../payments/payment-holds.ts';
import type { ExportOrder, OrderPlanInput } from '../planning/plan-input.ts';
import type { FieldError } from '../posting/outcomes.ts';
import type { Reason } from '../reasons.ts';
import type { AccountRecord, DecimalText, PeriodRecord, SubInvoiceRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import type { OpeningBilling, PostedInvoice } from './sub-invoice-sequence.ts';
import { billedKey } from './sub-invoice-sheet.ts';

/** The two invoices that one pay application may become. */
export type InvoicePart = ApInvoiceBody['purpose'];

/** A line of the order, or of a change of it, as it stands in the ERP. */
export type PostedOrderLine = {
  /** `billedKey` of what bills it. */
  readonly billed: string;
  /** The line's key in the order. */
  readonly sourceLineId: string;
  /** Key of the line in the ERP. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly coding: LineCoding;
};

/** The order that the commitment became, with the lines of its posted changes. */
export type PostedOrder = {
  readonly id: string;
  /** The commitment's number. */
  readonly number: string;
  readonly vendorCode: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly lines: readonly PostedOrderLine[];
};

export type InvoicePolicy = {
  /** Whether the accounting approver has to export an application, or its approval is enough. */
  readonly startsOn: 'export' | 'approval';
  /** Whether more may be billed than is scheduled and ordered. */
  readonly overbilling: 'refuse' | 'allow';
  /** What becomes of less than was posted: a person decides, or it is netted within an invoice of at least zero. */
  readonly reductions: 'conflict' | 'net';
};

export const safestInvoicePolicy: InvoicePolicy = {
  startsOn: 'export',
  overbilling: 'refuse',
  reductions: 'conflict',
};

export type InvoicePlanInput = {
  readonly record: SubInvoiceRecord;
  /** The application before it, as the source shows it now. */
  readonly previous: SubInvoiceRecord | null;
  readonly exported: ExportOrder | null;
  /** The source's origin id may be our own word, of which our books know nothing since they were restored. */
  readonly originMayBeOurs: boolean;
  readonly vendorCode: string | null;
  readonly vendorBlocked: string | null;
  /** What is worth knowing of the vendor, and in nobody's way. */
  readonly vendorNotes?: readonly Reason[];
  /** Null until the order of its commitment is posted. */
  readonly order: PostedOrder | null;
  /** What of it can be billed just now; empty where the ERP does not tell. */
  readonly openLines?: readonly OpenOrderLine[];
  /** Why there is none yet, where more is known of it. */
  readonly whyNotOrdered?: Reason | null;
  /** Every invoice of ours that stands in the ERP for this commitment, of any application; cancelled ones are left out. */
  readonly posted: readonly PostedInvoice[];
  readonly opening: OpeningBilling | null;
  /** Ids of applications that a person left to the next one, which bills what they moved. */
  readonly passedOver: readonly string[];
  /** Of it only the account for retainage payable is asked: lines are coded as their order is. */
  readonly mapping: OrderPlanInput['mapping'];
  readonly targetAccount: (code: string) => AccountRecord | null;
  /** Periods of accounts payable. Where the ERP has none that are known, no date is refused here. */
  readonly periods: readonly PeriodRecord[];
  /** Characters that the ERP has for the vendor's invoice number. */
  readonly numberWidth: number;
  /** What in the ERP carries this number for this vendor already, in words; our own invoice does not count. */
  readonly numberTaken: (invoiceNumber: string) => string | null;
  /** What keeps the money back: it goes with the invoice and keeps nothing of it from being posted. */
  readonly holds: HoldFinding;
  readonly policy: InvoicePolicy;
  readonly identityOf: (part: InvoicePart) => { readonly revision: number; readonly reference: string };
  readonly preflight: (body: ApInvoiceBody) => readonly FieldError[];
  /** The date of an earlier plan of the same application: it shifts only when its period is closed. */
  readonly frozenDate: CalendarDate | null;
  readonly today: CalendarDate;
};

/** The order as it stands. A line that was never linked cannot be billed, and is left out. */
export function postedOrder({ id, body, lineKeys }: PostedBase): PostedOrder {
  const lines = body.lines.flatMap((line) => {
    const { key: sourceLineId, description, amount, coding } = line;
    const key = lineKeys[sourceLineId];
    const billed = billedLineKey(line);
    return key === undefined ? [] : [{ billed, sourceLineId, key, description, amount, coding }];
  });
  const { number, vendorCode, projectCode, currency } = body;
  return { id, number, vendorCode, projectCode, currency, lines };
}

/** What bills a line of an order: the key of a change order's line is the one that it is billed by. */
export function billedLineKey({ key, changeOrder }: Pick<PurchaseOrderLine, 'key' | 'changeOrder'>): string {
  return changeOrder === undefined ? billedKey('contract', key) : key;
}
