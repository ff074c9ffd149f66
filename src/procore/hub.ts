import type { CommittedDocument, Connection, Pulled, PullPage, SignalHint } from '../connectors/connector.ts';
import type { Grain } from '../domain/actuals/job-cost-rows.ts';
import type { BudgetChange } from '../domain/budget/budget-changes.ts';
import type { ContextObject } from '../domain/context-record.ts';
import type { StandingCode, SyncedList } from '../domain/masters/code-sync.ts';
import type { ShownInsurance } from '../domain/masters/insurance.ts';
import type { ProjectCodesRecord, SubJobRecord } from '../domain/masters/job-cost-masters.ts';
import type { ProjectCodeRule } from '../domain/masters/project-codes.ts';
import type { OrderRule } from '../domain/orders/order-offer.ts';
import type { ReadinessAspect } from '../domain/payments/payment-readiness.ts';
import type { ExportField, TypedFields } from '../domain/planning/export-fields.ts';
import type { StagedObject, StandingRow } from '../domain/staging/staged.ts';
import type { CalendarDate } from '../domain/values/calendar-date.ts';
import type { NamedCoding } from './costs/cost-assignments.ts';
import type { CostCodings } from './costs/cost-codings.ts';
import type { ShownCost } from './costs/job-costs.ts';
import type { Deliveries } from './events/deliveries.ts';
import type { RateWindow } from './http/rate-window.ts';
import type { CompanySetUp } from './set-up/set-up.ts';

/** One thing a Procore user asked the integration to do. A request carries one or many, each closed once. */
export type RequestItem = {
  /** Stable within the request: the request id and the item's place in it. */
  readonly key: string;
  readonly event: string;
  /** The record it is about; null where it is about a list, or names nothing that can be found. */
  readonly subject: RequestSubject | null;
  /** Procore's request detail to close; absent in some payloads, then found by the item's id. */
  readonly detailId: string | null;
  /** What the approver typed at export. */
  readonly erpCode: string | null;
  readonly accountingDate: CalendarDate | null;
  /** Present where something was typed into fields besides. */
  readonly typed?: TypedFields;
  /** What the approver accepted, as one hash, where the request carries it. */
  readonly content?: string;
  /** Who entered the record, where the request itself says so and no read of it would. */
  readonly enteredBy?: string;
};

/** A record as a request names it. */
export type RequestSubject = {
  /** Our word for its kind, as in the catalogue of events. */
  readonly object: string;
  readonly id: string;
  readonly projectId: string | null;
  /** Of a commitment, or of the commitment that a change order changes. */
  readonly type: CommitmentRef['type'] | null;
  /** What it belongs to: the contract of a change order, the vendor that a merged one became. */
  readonly parentId: string | null;
  /** Its id in the ERP as Procore had it then. */
  readonly originId: string | null;
};

/** A page of evidence; of a list that each look reads whole also the ids of all that stands in it. */
export type ContextPage = PullPage & { readonly listed?: readonly string[] };

export type CommitmentRef = {
  readonly id: string;
  readonly projectId: string;
  readonly type: 'subcontract' | 'purchase-order';
};

/** A change order of a commitment; Procore calls it a change order package. */
export type ChangeOrderRef = { readonly id: string; readonly projectId: string };

/** What an approved change order adds to its commitment. */
export type ApprovedChange = {
  readonly id: string;
  readonly commitmentId: string;
  readonly number: string;
  readonly title: string;
  readonly currency: string;
  readonly amount: string;
};

/** A subcontractor's pay application; Procore calls it a requisition. */
export type SubInvoiceRef = { readonly id: string; readonly projectId: string };

/** A pay application with what decides about its payment: its contract, its vendor and the application before. */
export type PaymentReadinessRef = SubInvoiceRef & {
  readonly previousId: string | null;
  readonly commitmentId: string;
  readonly commitmentType: CommitmentRef['type'];
  readonly vendorId: string | null;
};

/** A company's direct cost, by the request that exports it: nothing else shows it. */
export type DirectCostRef = { readonly id: string; readonly requestId: string };

/** A prime contract: that with the owner. */
export type PrimeContractRef = { readonly id: string; readonly projectId: string };

/** An owner invoice; Procore calls it a payment application. */
export type OwnerInvoiceRef = { readonly id: string; readonly projectId: string };

/** Something that is read as evidence; the project is empty where it belongs to the company. */
export type ContextRef = {
  readonly object: ContextObject;
  readonly id: string;
  readonly projectId: string;
};

/** The budget of a project: its original lines, and what is approved beside them. */
export type ProjectBudget = {
  readonly currency: string;
  readonly lines: readonly { readonly label: string; readonly amount: string }[];
  readonly changes: readonly {
    readonly id: string;
    /** What people call it. */
    readonly name: string;
    readonly title: string;
    readonly amount: string;
    /** Whether Procore says that an ERP has it. */
    readonly synced: boolean;
  }[];
};

/** The budget of a project, by the request that exports it. */
export type BudgetRef = { readonly id: string; readonly projectId: string; readonly requestId: string };

/** A payment of a commitment, with the request that exports it: nothing else says whom it went to. */
export type ContractPaymentRef = { readonly id: string; readonly requestId: string };

export type SourceFile = { readonly name: string; readonly bytes: Buffer };

export type ErpRequest = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  /** As many as one turn of work takes. */
  readonly items: readonly RequestItem[];
  /** Place of the item that comes after them; null where these are the last. */
  readonly next: number | null;
  /** Open details of which it does not say what they are about: nothing that is done answers them. */
  readonly unclaimed?: readonly string[];
  readonly raw: string;
};

/** Procore: the one hub. Concrete, because there is only one; it offers the engine what a target offers too. */
export type Hub = Connection & {
  /** What Procore names as the source of our own writes: their echo in a webhook is no news. */
  readonly applicationId: string;
  /** What its last answers said of the limits of calls. */
  readonly rateWindows: RateWindow['known'];
  /** What the company needs before the first record travels. */
  readonly setUp: CompanySetUp;
  /** Longest time between two regular looks at a project where nothing happens. */
  readonly quietMs: number;
  /** Which orders begin in the ERP, by the settings of this connection. */
  readonly ordersFromErp: OrderRule;
  /** Which side says what cost codes a project works with, by the settings of this connection. */
  readonly projectCodeRule: ProjectCodeRule;
  /** Whether posted cost is shown by month or entry by entry, and when it is read and shown. */
  readonly jobCosts: { readonly grain: Grain; readonly hours: string };
  /** Files of commitments and change orders, and which of them go to their order. */
  readonly orderFiles: {
    readonly isCarried: (name: string) => boolean;
    readonly ofCommitment: (ref: CommitmentRef, fileId: string) => Promise<SourceFile | null>;
    readonly ofChangeOrder: (ref: ChangeOrderRef, fileId: string) => Promise<SourceFile | null>;
  };
  /** What approvers are asked for besides. */
  readonly exportFields: readonly ExportField[];
  /** The service account as events name it; null until the company was seen. */
  readonly ownUserId: string | null;
  /** What of a project is read as evidence besides its documents, by the connection's choice. */
  readonly context: readonly ContextObject[];
  readonly fetchContext: (ref: ContextRef) => Promise<Pulled | null>;
  readonly listContext: (
    object: ContextObject,
    projectId: string,
    cursor: string | null,
  ) => Promise<ContextPage>;
  /** What Procore could not deliver by webhook. */
  readonly deliveries: Deliveries;
  /** A request with its items from a place on, the first unless another is named. */
  readonly fetchRequest: (id: string, from?: number) => Promise<ErpRequest | null>;
  /** Request ids created since the cursor, oldest first, bounded; heals what webhooks lost. */
  readonly listRequests: (
    cursor: string | null,
  ) => Promise<{ readonly ids: readonly string[]; readonly cursor: string }>;
  readonly fetchCommitment: (ref: CommitmentRef) => Promise<Pulled | null>;
  /** Ids in the ERP that the lines of a commitment bear, by their own; null where Procore does not show it. */
  readonly lineOrigins: (ref: CommitmentRef) => Promise<ReadonlyMap<string, string> | null>;
  /** Commitments of a project changed since the cursor, for the sweep. */
  readonly listCommitments: (projectId: string, cursor: string | null) => Promise<PullPage>;
  /** The same of a change order. */
  readonly changeLineOrigins: (ref: ChangeOrderRef) => Promise<ReadonlyMap<string, string> | null>;
  readonly fetchChangeOrder: (ref: ChangeOrderRef) => Promise<Pulled | null>;
  /** Change orders of a project changed since the cursor, for the sweep. */
  readonly listChangeOrders: (projectId: string, cursor: string | null) => Promise<PullPage>;
  /** Approved change orders of a project as Procore counts them now, for the tie-out. */
  readonly approvedChangesIn: (projectId: string) => Promise<readonly ApprovedChange[]>;
  readonly fetchSubInvoice: (ref: SubInvoiceRef) => Promise<Pulled | null>;
  /** Pay applications of a project changed since the cursor: the sweep is all that notices them. */
  readonly listSubInvoices: (projectId: string, cursor: string | null) => Promise<PullPage>;
  /** An attachment of a pay application by the id in its record; null when it is gone. */
  readonly fetchSubInvoiceFile: (ref: SubInvoiceRef, fileId: string) => Promise<SourceFile | null>;
  /** Whether a pay application may be paid, as far as it is asked and Procore shows it. */
  readonly fetchPaymentReadiness: (
    ref: PaymentReadinessRef,
    aspects: readonly ReadinessAspect[],
  ) => Promise<Pulled>;
  /** The certificates of a vendor in the company's directory; null where Procore does not show them. */
  readonly shownInsurances: (vendorId: string) => Promise<readonly ShownInsurance[] | null>;
  /** A company's direct cost as its export states it. */
  readonly fetchDirectCost: (ref: DirectCostRef) => Promise<Pulled | null>;
  readonly fetchDirectCostFile: (ref: DirectCostRef, fileId: string) => Promise<SourceFile | null>;
  /** The budget of a project as it stands now, for its comparison. */
  readonly budgetIn: (projectId: string) => Promise<ProjectBudget>;
  /** A budget as its export states it. */
  readonly fetchBudget: (ref: BudgetRef) => Promise<Pulled | null>;
  /** What changes the budget of a project beside its lines; null where Procore does not show it. */
  readonly budgetChangesIn: (projectId: string) => Promise<readonly BudgetChange[] | null>;
  readonly fetchPrimeContract: (ref: PrimeContractRef) => Promise<Pulled | null>;
  /** Prime contracts of a project changed since the cursor, for the sweep. */
  readonly listPrimeContracts: (projectId: string, cursor: string | null) => Promise<PullPage>;
  /** A change order of a prime contract, which its export names. */
  readonly fetchPrimeChangeOrder: (ref: ChangeOrderRef) => Promise<Pulled | null>;
  readonly fetchContractPayment: (ref: ContractPaymentRef) => Promise<Pulled | null>;
  readonly fetchOwnerInvoice: (ref: OwnerInvoiceRef) => Promise<Pulled | null>;
  readonly fetchOwnerInvoiceFile: (ref: OwnerInvoiceRef, fileId: string) => Promise<SourceFile | null>;
  /** Owner invoices of a project changed since the cursor: the sweep is all that notices them. */
  readonly listOwnerInvoices: (projectId: string, cursor: string | null) => Promise<PullPage>;
  /** Approved committed cost of a project as Procore states it now, for the tie-out. */
  readonly committedIn: (
    projectId: string,
  ) => AsyncIterable<CommittedDocument & { readonly type: CommitmentRef['type'] }>;
  /** Ids of the cost codes of a project and of the cost types, by their codes. */
  readonly costCodings: (projectId: string) => Promise<CostCodings>;
  /** The list of standard cost codes that the ERP fills; null before the ERP tool was connected. */
  readonly erpCodeList: () => Promise<string | null>;
  readonly standardCostCodes: (listId: string) => Promise<readonly Pulled[]>;
  readonly subJobs: (projectId: string) => Promise<readonly (Pulled & { readonly record: SubJobRecord })[]>;
  readonly projectCodes: (projectId: string) => Promise<Pulled & { readonly record: ProjectCodesRecord }>;
  /** A list of codes as it stands now, for the comparison with the ERP's. */
  readonly shownCodes: (list: SyncedList) => Promise<readonly StandingCode[]>;
  /** What a project calls a cost code and a cost type that are named by ids of the ERP. */
  readonly codingNamed: (named: NamedCoding & { readonly projectId: string }) => Promise<NamedCoding>;
  /** Lines of direct costs with an origin id, as they stand now: for the comparison of cost. */
  readonly shownCosts: (projectId: string) => Promise<readonly ShownCost[]>;
  /** What people may import from the ERP, whatever became of it. */
  readonly stagedRecords: (object: StagedObject) => Promise<readonly StandingRow[]>;
  /** E-mail of a Procore user, to tell the requester from the approver. */
  readonly userEmail: (userId: string) => Promise<string | null>;
};

/** What a webhook says, reduced to ids. `companyId` is compared with configuration before anything else. */
export type WebhookEvent = SignalHint & {
  readonly companyId: string;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly sourceApplicationId: string | null;
};
