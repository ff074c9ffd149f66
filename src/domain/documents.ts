import type { BudgetBody } from './budget/budget.ts';
import type { SyncedFigures, SyncedList, SyncedRow } from './masters/code-sync.ts';
import type { InsuranceRow } from './masters/insurance.ts';
import type { AssignedCode } from './masters/job-cost-masters.ts';
import type { CostDocumentSheet, DirectCostSheet, JobCostSheet } from './masters/job-cost-sheets.ts';
import type { NewCostCodeBody, NewSubJobBody } from './masters/new-job-cost.ts';
import type { NewProjectBody } from './masters/new-project.ts';
import type { NewVendorBody } from './masters/new-vendor.ts';
import type { LackingType } from './masters/project-codes.ts';
import type { ContractChangeBody } from './owner/prime-contract.ts';
import type { VendorPaymentBody } from './payments/vendor-payment.ts';
import type { TypedFields } from './planning/export-fields.ts';
import type { DecimalText } from './records.ts';
import type { StagedObject, StagedRow, StagingFigures } from './staging/staged.ts';
import type { CalendarDate } from './values/calendar-date.ts';

/** How a line is coded in the ERP: a general-ledger account for services, an item for stocked material. */
export type LineCoding = { readonly kind: 'account' | 'item'; readonly code: string };

export type PurchaseOrderLine = {
  /** The source line's id, for a line of a change order its `billedKey`: the key that links both sides line by line. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly coding: LineCoding;
  readonly costCode: string;
  readonly costType: string;
  /** The ERP's sub job that bears it; absent where the job itself does. */
  readonly subJob?: string;
  /** The cost code that the ERP books it by, where its project takes none but those assigned to it. */
  readonly assignedCode?: string;
  /** The change order that brought it into the order; absent on what was ordered by the contract itself. */
  readonly changeOrder?: string;
};

/** What the approver typed at the export, by the fields of the ERP that hold it. */
type HeldFields = { readonly fields?: TypedFields };

/** One intended order in the ERP, complete: everything that is posted stands here and nothing else. */
export type PurchaseOrderBody = {
  readonly kind: 'purchase-order';
  readonly reference: string;
  readonly revision: number;
  readonly number: string;
  readonly title: string;
  readonly vendorCode: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly total: DecimalText;
  readonly lines: readonly PurchaseOrderLine[];
  readonly sourceUrl: string;
  /** Of the fields those that were typed for the change order of this revision: an ERP may show them with the change. */
  readonly changeFields?: TypedFields;
} & HeldFields;

/** The ERP's code of a vendor, shown in the source as its origin id. */
export type VendorLinkBody = {
  readonly kind: 'vendor-link';
  readonly vendorId: string;
  readonly vendorName: string;
  readonly originId: string;
  readonly originCode: string;
};

/** What of an invoice's line is drawn on a goods receipt of that line of the order. */
export type ReceiptDraw = {
  readonly receipt: string;
  /** What people see on the receipt. */
  readonly number: string;
  /** Key of the receipt's line. */
  readonly line: string;
  readonly amount: DecimalText;
};

/** What an AP invoice relieves: one line of the order that its commitment became. Amount is gross, before tax. */
export type ApInvoiceOrderLine = {
  /** The source line's id. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  /** Key of the order's line in the ERP. */
  readonly orderLine: string;
  readonly coding: LineCoding;
  /** What of the amount is drawn on what came in, oldest first; the rest on the order's line itself. */
  readonly received?: readonly ReceiptDraw[];
};

/**
 * Retainage withheld (negative) or released (positive), to the account for retainage payable: no cost, no tax, and
 * never against an order line.
 */
export type ApInvoiceRetainage = {
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly account: string;
};

/**
 * What one document moves on one line of its commitment: never sent, but kept with what is sent. The moves of all
 * that was posted add up to the cumulative figures that the next application is billed from.
 */
export type BilledMove = {
  /** `contract:<line id>` or `change-order:<line id>`, by what is billed. */
  readonly line: string;
  /** Completed and stored, gross of retainage. */
  readonly gross: DecimalText;
  /** Retainage held on completed work: positive where more is held afterwards. */
  readonly workRetainage: DecimalText;
  /** Retainage held on stored materials. */
  readonly storedRetainage: DecimalText;
};

/** One vendor invoice in accounts payable, of one approved pay application, or of one release of its retainage. */
export type ApInvoiceBody = {
  readonly kind: 'ap-invoice';
  readonly reference: string;
  readonly revision: number;
  /** Progress bills work; a release pays retainage out and bears no cost. */
  readonly purpose: 'progress' | 'retainage-release';
  /** The place of its pay application among those of the commitment: 1, 2, 3. */
  readonly application: number;
  /** The vendor's own number, else contract and application: never cut to fit. */
  readonly invoiceNumber: string;
  readonly vendorCode: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate | null;
  /** The order in the ERP. */
  readonly orderId: string;
  readonly lines: readonly ApInvoiceOrderLine[];
  readonly retainage: readonly ApInvoiceRetainage[];
  /** Lines and retainage together: what becomes payable. */
  readonly total: DecimalText;
  /** Why it may not be paid yet; it is recorded all the same. */
  readonly paymentHold: string | null;
  readonly moves: readonly BilledMove[];
  readonly sourceUrl: string;
} & HeldFields;

/** A line of a bill that draws on no order: it bears its project itself, because one bill may be for several. */
export type DirectInvoiceLine = {
  /** The source line's id. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly coding: LineCoding;
  /** The project in the source: what its phase forbids is not sent. */
  readonly projectId: string;
  readonly projectCode: string;
  readonly costCode: string;
  readonly costType: string;
  /** The ERP's part of that project, where it is for one. */
  readonly subJob?: string;
};

/**
 * One vendor invoice in accounts payable that stands for no order: a cost that was entered by its bill alone. Below zero it
 * is what the vendor gives back, with the signs of its source.
 */
export type DirectInvoiceBody = {
  readonly kind: 'ap-invoice';
  readonly purpose: 'direct-cost';
  readonly reference: string;
  readonly revision: number;
  /** The vendor's own number: never cut to fit, and never made up. */
  readonly invoiceNumber: string;
  readonly title: string;
  readonly vendorCode: string;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate | null;
  readonly lines: readonly DirectInvoiceLine[];
  readonly total: DecimalText;
  readonly sourceUrl: string;
} & HeldFields;

/** What an owner invoice bills on one line of the prime contract, gross, to an account of revenue. */
export type ArInvoiceLine = {
  /** The source line's id. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly account: string;
};

/** One invoice to the owner in accounts receivable, of one certified application or of one release of its retainage. */
export type ArInvoiceBody = {
  readonly kind: 'ar-invoice';
  readonly purpose: 'progress' | 'retainage-release';
  readonly reference: string;
  readonly revision: number;
  /** The place of its application among those of the prime contract: 1, 2, 3. */
  readonly application: number;
  /** Our own number: what was entered, else contract and application. */
  readonly invoiceNumber: string;
  readonly customerCode: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly documentDate: CalendarDate;
  readonly lines: readonly ArInvoiceLine[];
  /** Withheld by the owner (negative) or released (positive), on the account for retainage receivable. */
  readonly retainage: readonly ApInvoiceRetainage[];
  readonly total: DecimalText;
  readonly moves: readonly BilledMove[];
  readonly sourceUrl: string;
} & HeldFields;

export type DocumentBody =
  | PurchaseOrderBody
  | ApInvoiceBody
  | DirectInvoiceBody
  | ArInvoiceBody
  | ContractChangeBody
  | BudgetBody
  | VendorLinkBody
  | NewVendorBody
  | NewProjectBody
  | NewCostCodeBody
  | NewSubJobBody
  | VendorPaymentBody;
export type DocumentKind = DocumentBody['kind'];

/** What already stands in the target, as it was when we last wrote or read it. */
export type PostedBase = {
  readonly id: string;
  readonly body: PurchaseOrderBody;
  readonly lineKeys: Readonly<Record<string, string>>;
};

/** What of one line of an order in the ERP is not invoiced yet. A closed line takes no invoice, whatever is left. */
export type OpenOrderLine = {
  readonly key: string;
  /** What came in on it by a receipt is not open here any more. */
  readonly open: DecimalText;
  readonly closed: boolean;
  /** What came in, oldest first, without what was taken back; absent where nothing did. */
  readonly received?: readonly ReceivedLine[];
};

/** What came in on one line of an order by one goods receipt. */
export type ReceivedLine = {
  readonly receipt: string;
  readonly number: string;
  readonly line: string;
  readonly amount: DecimalText;
  /** What no invoice has drawn yet. */
  readonly open: DecimalText;
  /** Why no invoice of ours can draw on it; null where one can. */
  readonly unusable: 'closed' | 'other-currency' | 'other-price' | null;
};

/** A file to be attached, by the SHA-256 of its content in hex: the bytes are handed over when it is sent. */
export type FileToAttach = { readonly name: string; readonly sha256: string };

/** A closing message on the source's request, shown there to the person who sent it. */
export type RequestClosing = {
  readonly requestDetailId: string;
  readonly itemId: string;
  readonly status: 'success' | 'failed';
  readonly messages: readonly string[];
};

/** What it paid: an application of a vendor, or one of ours to the owner, which no field of a payment names. */
type PaidOn =
  | { readonly commitmentId: string; readonly subInvoiceId: string }
  | { readonly primeContractId: string; readonly application: number };

/** A payment of the ERP, to be shown in the source on the contract of the invoice that it settled. */
export type PaymentNotice = PaidOn & {
  /** Names the payment and the invoice it settled: the same for ever, and written nowhere else. */
  readonly originId: string;
  readonly projectId: string;
  /** What of the payment went to this invoice. */
  readonly amount: DecimalText;
  readonly currency: string;
  readonly date: CalendarDate;
  readonly method: 'check' | 'electronic';
  /** Number of the check, or the bank's reference. */
  readonly methodNumber: string | null;
  readonly invoiceNumber: string | null;
};

/** One thing a target can be asked to do. A target answers it with the writes that do it. */
export type Operation =
  | { readonly kind: 'create-order'; readonly body: PurchaseOrderBody }
  | {
      /** What would be ordered, asked for instead: people of the ERP make the order of it. */
      readonly kind: 'create-requisition';
      readonly body: PurchaseOrderBody;
      readonly requiredDate: CalendarDate;
    }
  | { readonly kind: 'update-order'; readonly body: PurchaseOrderBody; readonly base: PostedBase }
  | {
      readonly kind: 'create-invoice';
      readonly body: ApInvoiceBody;
      /** The order's lines as they stood when this was planned: preflight tells what goes beyond them. */
      readonly orderLines?: readonly OpenOrderLine[];
    }
  | { readonly kind: 'create-direct-invoice'; readonly body: DirectInvoiceBody }
  /** Of a direct cost below zero. */
  | { readonly kind: 'create-vendor-credit'; readonly body: DirectInvoiceBody }
  | { readonly kind: 'create-ar-invoice'; readonly body: ArInvoiceBody }
  | { readonly kind: 'create-contract-change'; readonly body: ContractChangeBody }
  | { readonly kind: 'create-vendor-payment'; readonly body: VendorPaymentBody }
  | { readonly kind: 'create-budget'; readonly body: BudgetBody }
  | {
      /** Comes after the invoice and is nothing that it waits for. */
      readonly kind: 'attach-files';
      readonly reference: string;
      /** What was posted in the ERP: an invoice of a vendor, where it does not say that it is something else. */
      readonly invoiceId: string;
      readonly of?: 'ar-invoice' | 'order' | 'vendor-credit';
      readonly files: readonly FileToAttach[];
    }
  | {
      /** Has the payment of a posted invoice blocked, or lifts the block. Comes after it and is nothing that it waits for. */
      readonly kind: 'set-payment-hold';
      readonly reference: string;
      /** The posted invoice in the ERP. */
      readonly invoiceId: string;
      /** Why it may not be paid; null where nothing keeps it back any more. */
      readonly hold: string | null;
      /** What of ours was left there before; null for nothing. */
      readonly left: string | null;
    }
  | { readonly kind: 'create-vendor'; readonly body: NewVendorBody }
  | { readonly kind: 'create-project'; readonly body: NewProjectBody }
  | { readonly kind: 'create-cost-code'; readonly body: NewCostCodeBody }
  | { readonly kind: 'create-sub-job'; readonly body: NewSubJobBody }
  | {
      /** Adds cost codes to a project of the ERP; nothing is ever taken off. */
      readonly kind: 'assign-cost-codes';
      readonly reference: string;
      readonly projectCode: string;
      readonly codes: readonly AssignedCode[];
    }
  | {
      /** What a vendor or a project of the source is called in the ERP, and the request that asked for it. */
      readonly kind: 'confirm-master';
      readonly object: StagedObject;
      readonly recordId: string;
      readonly originId: string;
      readonly originCode: string;
      readonly closing: RequestClosing | null;
    }
  | {
      /** What of the ERP the source may import. */
      readonly kind: 'stage-records';
      readonly object: StagedObject;
      readonly rows: readonly StagedRow[];
      readonly figures: StagingFigures;
      /** Keys of the requests that wait for it. */
      readonly asked: readonly string[];
    }
  | {
      /** Codes of the ERP, written to a list of the source as they stand. */
      readonly kind: 'sync-codes';
      readonly list: SyncedList;
      readonly level: number;
      /** How many slices were written before it for the same request. */
      readonly slice?: number;
      readonly rows: readonly SyncedRow[];
      readonly figures: SyncedFigures;
      /** Keys of the requests that wait for it; empty where nobody asked. */
      readonly asked: readonly string[];
    }
  | {
      /** Adds types of cost to cost codes of a project of the source. */
      readonly kind: 'assign-cost-types';
      readonly projectId: string;
      readonly rows: readonly LackingType[];
    }
  | {
      /** Certificates of the ERP, written to a vendor of the source as they stand. */
      readonly kind: 'sync-insurances';
      readonly vendorId: string;
      readonly rows: readonly InsuranceRow[];
    }
  | {
      /** Takes a cost type off a cost code of the source, with the row of cost that shows both; never in the ERP. */
      readonly kind: 'remove-assignment';
      readonly assignmentId: string;
      readonly jobCostId: string | null;
      /** Key of the request item that wants it. */
      readonly asked: string;
    }
  | { readonly kind: 'link-vendor'; readonly body: VendorLinkBody }
  | {
      readonly kind: 'confirm-order';
      readonly commitmentId: string;
      /** Where it is known, one read of the commitment replaces one read per line. */
      readonly projectId?: string;
      readonly commitmentType: 'subcontract' | 'purchase-order';
      readonly originId: string;
      readonly originCode: string;
      /** source line id -> key of the line in the ERP */
      readonly lines: Readonly<Record<string, string>>;
      /** Ids of ours that it gives way to: of the requisition that the order was made of. */
      readonly replaces?: readonly string[];
      /** For people who support the integration: it goes with the ids and is never compared. */
      readonly support?: string;
      readonly closing: RequestClosing | null;
    }
  | {
      readonly kind: 'confirm-change-order';
      readonly changeOrderId: string;
      readonly projectId: string;
      readonly originId: string;
      readonly originCode: string;
      /** source line id -> origin id of the line in the order */
      readonly lines: Readonly<Record<string, string>>;
      /** The same of markups on lines: a change of a prime contract has them. */
      readonly markups?: Readonly<Record<string, string>>;
      readonly support?: string;
      readonly closing: RequestClosing | null;
    }
  | {
      readonly kind: 'confirm-invoice';
      readonly subInvoiceId: string;
      readonly projectId: string;
      /** source item id -> origin id of its line; what bills nothing now has none */
      readonly lines?: Readonly<Record<string, string>>;
      readonly originId: string;
      readonly originCode: string;
      readonly support?: string;
      readonly closing: RequestClosing | null;
    }
  | {
      /** Tells the source of a record; only an owner invoice has lines that can be told of. */
      readonly kind: 'confirm-record';
      readonly lines?: Readonly<Record<string, string>>;
      readonly support?: string;
      readonly object:
        | 'company-direct-cost'
        | 'owner-invoice'
        | 'standard-cost-code'
        | 'sub-job'
        | 'contract-payment';
      readonly recordId: string;
      /** Null for what belongs to no single project. */
      readonly projectId: string | null;
      readonly originId: string;
      readonly originCode: string;
      readonly closing: RequestClosing | null;
    }
  | {
      readonly kind: 'confirm-budget';
      readonly budgetId: string;
      readonly projectId: string;
      /** Of the original estimate in the ERP, for ever. */
      readonly originId: string;
      readonly originCode: string;
      /** By the id of what was carried: origin ids of the lines that stand for it. */
      readonly moves: Readonly<Record<string, string>>;
      readonly closing: RequestClosing | null;
    }
  | { readonly kind: 'record-payment'; readonly notice: PaymentNotice }
  /** Takes a payment back that was cancelled in the ERP; `paymentId` is its id in the source. */
  | { readonly kind: 'withdraw-payment'; readonly paymentId: string; readonly notice: PaymentNotice }
  /** What was posted in the ERP, shown in the budget of the source: nothing of it is a document of ours. */
  | { readonly kind: 'show-direct-costs'; readonly sheet: DirectCostSheet }
  | { readonly kind: 'show-cost-documents'; readonly sheet: CostDocumentSheet }
  | { readonly kind: 'show-job-costs'; readonly sheet: JobCostSheet }
  | {
      /** Takes back what was told: the record stands for nothing in the ERP any more. */
      readonly kind: 'clear-origins';
      readonly told: Extract<
        Operation,
        { kind: 'confirm-order' | 'confirm-change-order' | 'confirm-invoice' | 'confirm-record' }
      >;
      readonly closing: RequestClosing | null;
    }
  | { readonly kind: 'close-request'; readonly closing: RequestClosing }
  /** Creates what our postings need in the target once: user fields for the reference and the revision. */
  | { readonly kind: 'prepare-target' };

export type OperationKind = Operation['kind'];
