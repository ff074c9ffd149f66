import type { JournalRecord } from './actuals/journal.ts';
import type { BudgetRecord } from './budget/budget.ts';
import type { ContextRecord } from './context-record.ts';
import type { InsuranceRecord } from './masters/insurance.ts';
import type { JobCostRecord } from './masters/job-cost-masters.ts';
import type { ProjectCodes } from './masters/project-codes.ts';
import type { GoodsReceiptRecord } from './orders/goods-receipt.ts';
import type { PrimeChangeOrderRecord, PrimeContractRecord } from './owner/prime-contract.ts';
import type { ReceiptRecord } from './owner/receipt.ts';
import type { PaymentReadinessRecord } from './payments/payment-readiness.ts';
import type { ContractPaymentRecord } from './payments/vendor-payment.ts';
import type { SubJobRef } from './planning/sub-job-place.ts';
import type { CalendarDate } from './values/calendar-date.ts';

/** Amounts inside records are decimal strings in the record's currency: records are stored as JSON. */
export type DecimalText = string;

/** An address as one side wrote it; a part that is not known is null. */
export type PostalAddress = {
  readonly street: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly zip: string | null;
  readonly country: string | null;
};

export type VendorRecord = {
  readonly object: 'vendor';
  readonly id: string;
  readonly name: string;
  /** What the other side already knows this vendor as, e.g. Procore's origin_id. */
  readonly originId: string | null;
  readonly code: string | null;
  readonly taxId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly zip: string | null;
  /** Its box on form 1099: present where the ERP reports what it is paid, for which a tax id is needed. */
  readonly form1099?: string;
  /** Present where more of it than the postcode is known. */
  readonly address?: PostalAddress;
  readonly active: boolean;
};

/** Whom invoices of our own go to, such as the owner of a project. */
export type CustomerRecord = {
  readonly object: 'customer';
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
};

export type ProjectRecord = {
  readonly object: 'project';
  readonly id: string;
  readonly name: string;
  readonly number: string | null;
  readonly originId: string | null;
  readonly active: boolean;
  /** Of an ERP that keeps cost codes by project. */
  readonly costCodes?: ProjectCodes;
};

export type AccountRecord = {
  readonly object: 'account';
  readonly id: string;
  readonly name: string;
  /** Whether documents may be posted to it: title and locked accounts may not. */
  readonly postable: boolean;
  /** Present where the ERP calls it an account of expense: what is posted to it on a project is cost. */
  readonly expense?: true;
};

export type PeriodRecord = {
  readonly object: 'period';
  readonly id: string;
  readonly name: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly open: boolean;
  /** Present where it is open for purchases and takes no invoice to a customer. */
  readonly closedForSales?: true;
};

export type CodeRef = { readonly code: string; readonly name: string };

export type CommitmentLine = {
  readonly id: string;
  readonly position: number;
  readonly description: string;
  readonly costCode: CodeRef | null;
  /** Present where its cost code is one of a part of the project. */
  readonly subJob?: SubJobRef;
  /** Present where it names a code of the budget and nobody can tell what cost code that is. */
  readonly budgetCode?: string;
  readonly costType: CodeRef | null;
  readonly amount: DecimalText;
  readonly quantity: DecimalText | null;
  readonly unitPrice: DecimalText | null;
  readonly unit: string | null;
};

export type CommitmentRecord = {
  readonly object: 'commitment';
  readonly id: string;
  readonly type: 'subcontract' | 'purchase-order';
  readonly number: string;
  readonly title: string;
  /** The source's own status word, and whether it counts as approved there. */
  readonly status: string;
  readonly approved: boolean;
  readonly deleted: boolean;
  readonly projectId: string;
  readonly vendorId: string | null;
  readonly vendorName: string | null;
  readonly currency: string;
  readonly total: DecimalText;
  readonly retainagePercent: DecimalText | null;
  readonly contractDate: CalendarDate | null;
  readonly createdByUserId: string | null;
  readonly originId: string | null;
  readonly lines: readonly CommitmentLine[];
  /** Left out where it has none. */
  readonly attachments?: readonly FileRef[];
  /** Opens the record in the source's own user interface. */
  readonly url: string;
};

/** A change of a commitment, with lines of its own; Procore calls it a change order package. */
export type ChangeOrderRecord = {
  readonly object: 'change-order';
  readonly id: string;
  readonly projectId: string;
  /** The contract that it changes. */
  readonly commitmentId: string;
  readonly number: string;
  readonly title: string;
  /** The source's own status word, and whether it counts as approved there. */
  readonly status: string;
  readonly approved: boolean;
  /** Deleted or void: it does not come back. */
  readonly deleted: boolean;
  readonly currency: string;
  /** What it adds to the contract; below zero where it takes away. */
  readonly total: DecimalText;
  readonly reviewer: string | null;
  readonly reviewedAt: string | null;
  readonly createdByUserId: string | null;
  readonly originId: string | null;
  readonly lines: readonly CommitmentLine[];
  /** Left out where it has none. */
  readonly attachments?: readonly FileRef[];
  readonly url: string;
};

/** Retainage of one kind on one line. `held` is the balance after this application. */
export type LineRetainage = {
  readonly previouslyHeld: DecimalText;
  readonly retained: DecimalText;
  readonly released: DecimalText;
  readonly held: DecimalText;
};

/** One line of a pay application in the columns of its continuation sheet (AIA G703), gross of retainage. */
export type SubInvoiceLine = {
  readonly id: string;
  /** What it bills: a line of the commitment, a detail of one (subcontractor's schedule), or a change order's line. */
  readonly bills: 'contract' | 'contract-detail' | 'change-order';
  /** The line of the commitment's schedule of values, or of the change order, that it bills. */
  readonly billedLineId: string;
  readonly position: number;
  readonly description: string;
  readonly costCode: CodeRef | null;
  readonly costType: CodeRef | null;
  /** C, scheduled value. */
  readonly scheduled: DecimalText;
  /** D, work completed in previous applications. */
  readonly previous: DecimalText;
  /** E, work completed in this period. */
  readonly thisPeriod: DecimalText;
  /** F, materials presently stored: a balance, in neither D nor E. */
  readonly stored: DecimalText;
  /** G, completed and stored to date, as the source states it. */
  readonly toDate: DecimalText;
  readonly workRetainage: LineRetainage;
  readonly storedRetainage: LineRetainage;
};

/** A subcontractor's pay application on one commitment (Procore calls it a requisition). */
export type SubInvoiceRecord = {
  readonly object: 'sub-invoice';
  readonly id: string;
  readonly projectId: string;
  readonly commitmentId: string;
  readonly commitmentType: 'subcontract' | 'purchase-order';
  /** The application before it on the same commitment. */
  readonly previousId: string | null;
  /** Its place among the applications of the commitment: 1, 2, 3. */
  readonly application: number;
  /** The vendor's own number, where one was entered. */
  readonly invoiceNumber: string | null;
  readonly vendorId: string | null;
  readonly vendorName: string | null;
  readonly status: string;
  readonly approved: boolean;
  readonly final: boolean;
  readonly deleted: boolean;
  readonly currency: string;
  readonly billingDate: CalendarDate | null;
  readonly periodStart: CalendarDate | null;
  readonly periodEnd: CalendarDate | null;
  readonly paymentDueDate: CalendarDate | null;
  /** Whether what was stored before moves into D by itself on the next application. */
  readonly movesStoredMaterials: boolean;
  /** Line 6 of the certificate (G702): earned to date less retainage. */
  readonly earnedLessRetainage: DecimalText;
  /** Line 7: what was certified before. */
  readonly previouslyCertified: DecimalText;
  /** Line 8: due now. */
  readonly currentDue: DecimalText;
  readonly retainageHeld: DecimalText;
  /** Who entered it; absent on what was read before that was kept. */
  readonly createdByUserId?: string | null;
  readonly originId: string | null;
  readonly lines: readonly SubInvoiceLine[];
  readonly attachments: readonly FileRef[];
  readonly url: string;
};

/** What any certified application has, whoever bills whom by it: forms G702 and G703 of the AIA. */
export type PayApplication = Pick<
  SubInvoiceRecord,
  | 'id'
  | 'previousId'
  | 'application'
  | 'invoiceNumber'
  | 'status'
  | 'approved'
  | 'deleted'
  | 'currency'
  | 'billingDate'
  | 'periodStart'
  | 'periodEnd'
  | 'movesStoredMaterials'
  | 'earnedLessRetainage'
  | 'previouslyCertified'
  | 'currentDue'
  | 'retainageHeld'
  | 'originId'
  | 'lines'
  | 'url'
>;

/** Our own application for payment on a prime contract: an owner invoice. */
export type OwnerInvoiceRecord = PayApplication & {
  readonly object: 'owner-invoice';
  readonly projectId: string;
  readonly contractId: string;
  readonly contractNumber: string;
  readonly contractTitle: string;
  /** The owner, or whoever else the contract is with. */
  readonly ownerName: string | null;
  readonly attachments: readonly FileRef[];
};

/** A line of a company's direct cost, which bears its project itself. */
export type DirectCostLine = CommitmentLine & { readonly projectId: string };

/** A vendor's bill that was entered at the level of the company, for one project or several, without a contract. */
export type DirectCostRecord = {
  readonly object: 'company-direct-cost';
  readonly id: string;
  /** The source's own word for what it is: a bill, an expense, a payroll. */
  readonly type: string;
  readonly vendorId: string | null;
  readonly vendorName: string | null;
  /** The vendor's own number. */
  readonly invoiceNumber: string | null;
  readonly description: string;
  readonly status: string;
  readonly approved: boolean;
  readonly currency: string;
  /** What the bill says; the lines have to add up to it. */
  readonly total: DecimalText;
  readonly billDate: CalendarDate | null;
  readonly accountingDate: CalendarDate | null;
  readonly paymentDueDate: CalendarDate | null;
  readonly originId: string | null;
  readonly lines: readonly DirectCostLine[];
  readonly attachments: readonly FileRef[];
  readonly url: string;
};

/** A file of the source: read again by its id, because the links that the source hands out expire. */
export type FileRef = { readonly id: string; readonly name: string };

/** What one payment settled of one invoice, in the payment's currency. */
export type PaymentPart = { readonly invoiceId: string; readonly amount: DecimalText };

/** Money that went to a vendor. Once cancelled it counts as never paid, and its invoices are open again. */
export type PaymentRecord = {
  readonly object: 'payment';
  readonly id: string;
  /** The number people see on it. */
  readonly number: string;
  readonly vendorId: string;
  readonly date: CalendarDate;
  readonly method: 'check' | 'transfer' | 'cash' | 'other';
  /** Number of the check, or the bank's reference of the transfer. */
  readonly methodNumber: string | null;
  readonly currency: string;
  readonly cancelled: boolean;
  /** Ours, where it was made from here; absent where somebody else made it. */
  readonly reference?: string;
  /** By invoice; a part paid on account or for something else is not in here. */
  readonly invoices: readonly PaymentPart[];
};

export type CanonicalRecord =
  | PrimeContractRecord
  | PrimeChangeOrderRecord
  | ContextRecord
  | ReceiptRecord
  | VendorRecord
  | CustomerRecord
  | ProjectRecord
  | AccountRecord
  | PeriodRecord
  | CommitmentRecord
  | ChangeOrderRecord
  | SubInvoiceRecord
  | DirectCostRecord
  | OwnerInvoiceRecord
  | JobCostRecord
  | InsuranceRecord
  | BudgetRecord
  | PaymentRecord
  | ContractPaymentRecord
  | PaymentReadinessRecord
  | JournalRecord
  | GoodsReceiptRecord;
export type RecordObject = CanonicalRecord['object'];
