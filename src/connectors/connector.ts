import type { z } from 'zod';
import type { OpenOrderLine, Operation, OperationKind, PostedBase } from '../domain/documents.ts';
import type { StandingOrder, StandingRequisition } from '../domain/orders/standing-order.ts';
import type { PayableInvoice, PaymentMaking } from '../domain/payments/vendor-payment.ts';
import type { DocumentField } from '../domain/planning/document-fields.ts';
import type { FieldError } from '../domain/posting/outcomes.ts';
import type { SeenCapabilities, SettleTable } from '../domain/posting/settle.ts';
import type { Match, Read, WireRequest, Write } from '../domain/posting/writes.ts';
import type { CanonicalRecord } from '../domain/records.ts';
import type { CalendarDate } from '../domain/values/calendar-date.ts';
import type { Door, Intent, Sent } from '../lib/door.ts';

/** A record as it was read, with the payload it was read from. */
export type Pulled = { readonly record: CanonicalRecord; readonly raw: string };

export type PullPage = { readonly records: readonly Pulled[]; readonly cursor: string };

/** A hint from outside: only its ids are trusted. */
export type SignalHint = { readonly object: string; readonly nativeId: string; readonly dedupeKey: string };

/** One finding of `tiebeam check`: what was tried, whether it held, and what to do if not. */
export type CheckFinding = {
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy?: string;
  /** Only a write would show it: it is listed, and not claimed. */
  readonly unproven?: true;
};

/** Committed cost of one document in the ERP, for the tie-out. */
export type CommittedDocument = {
  readonly id: string;
  readonly number: string;
  readonly reference: string | null;
  readonly projectCode: string;
  readonly vendorCode: string;
  readonly currency: string;
  readonly amount: string;
  /** What one unit of its currency is worth by the ERP's books; present where it is not that of the books. */
  readonly rate?: string;
  readonly state: Match['state'];
};

/** What adds to the budget of a project in the ERP: its original estimate, or a change of it. */
export type BudgetEntry = {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly reference: string | null;
  readonly currency: string;
  readonly amount: string;
};

/** An invoice that bears a vendor's number, whoever entered it. */
export type NumberedInvoice = {
  readonly id: string;
  /** What people see on it. */
  readonly number: string;
  readonly reference: string | null;
  readonly state: Match['state'];
  readonly currency: string;
  /** What becomes payable by it, before tax: its lines less the retainage that is kept back; below zero of a credit. */
  readonly amount: string;
};

/** A limit of the target as data: drives preflight, messages and the metadata shown to Procore users. */
export type Constraint = {
  readonly object: string;
  readonly field: string;
  readonly rule: 'max-length' | 'max-decimals' | 'required';
  readonly limit?: number;
  /** Where the rule was read; `inferred` marks what no vendor page states. */
  readonly source: string;
};

export type RatePolicy =
  | { readonly kind: 'concurrency'; readonly inFlight: number }
  | { readonly kind: 'window'; readonly inFlight: number }
  | { readonly kind: 'queue' };

/** A live connection to one company of an ERP (or to Procore, which gives the engine the same shape). */
export type Connection = {
  /** Names the company behind the credentials; a changed value means that somebody re-pointed it. */
  readonly fingerprint: () => Promise<string>;
  readonly check: () => AsyncIterable<CheckFinding>;
  /** Reads one page of changes after the cursor. The lower bound stays fixed for a cycle. */
  readonly pull: Readonly<Partial<Record<string, (cursor: string | null) => Promise<PullPage>>>>;
  /** The writes that do an operation, at most 10, named, pure. Absent kinds are not supported. */
  readonly writes: (operation: Operation) => readonly Write[];
  /** With `create-requisition` commitments become requisitions here, and no order is created of them. */
  readonly supports: ReadonlySet<OperationKind>;
  /** Fields of its documents in which what approvers type is kept; absent where it has none. */
  readonly documentFields?: readonly DocumentField[];
  /** What becomes of cost of a sub job where the ERP keeps none: absent where nobody decided, so that it is asked about. */
  readonly costOfSubJobs?: 'to-their-job';
  /** What the target would refuse, from the constraint table: pure, asked before anything is approved. */
  readonly preflight: (operation: Operation) => readonly FieldError[];
  /**
   * Documents that carry our reference prefix and were made or touched since a day, cancelled ones and drafts
   * included: for the daily sweep. Streamed, so that a company of any size fits.
   */
  readonly list?: (
    referencePrefix: string,
    since: CalendarDate,
  ) => AsyncIterable<Match & { readonly reference: string }>;
  /** What the self-test of a company needs; absent where a test document could not be taken back. */
  readonly selfTest?: {
    /** The currency that an order of the company itself is in. */
    readonly currency: () => Promise<string>;
    /** Takes a test document back the way the vendor offers: cancels, closes or empties it, never deletes. */
    readonly takeBack: (base: PostedBase, reference: string) => Write;
  };
  /** What of each line of an order can still be invoiced, asked before an invoice is planned; null: it is gone. */
  readonly openOrderLines?: (orderId: string) => Promise<readonly OpenOrderLine[] | null>;
  /** How payments to vendors are made; absent where the ERP takes none from outside. */
  readonly payments?: {
    /** As the connection is set: none, a draft that a person releases there, or the payment itself. */
    readonly making: PaymentMaking | 'off';
    /** An invoice just before it is paid; null where there is none. */
    readonly payable: (invoiceId: string) => Promise<PayableInvoice | null>;
  };
  /** Invoices of a vendor with this number, asked before an invoice is planned: many ERPs take a second one. */
  readonly invoicesNumbered?: (vendorCode: string, number: string) => Promise<readonly NumberedInvoice[]>;
  /** The same of what a vendor gave back; absent where the ERP keeps no credit memos. */
  readonly creditsNumbered?: (vendorCode: string, number: string) => Promise<readonly NumberedInvoice[]>;
  /** The same of invoices to a customer. */
  readonly arInvoicesNumbered?: (customerCode: string, number: string) => Promise<readonly NumberedInvoice[]>;
  /** Every order of a project with its lines, whoever wrote it, for a project that ran before: cancelled ones are left out. */
  readonly standingOrders?: (projectCode: string) => AsyncIterable<StandingOrder>;
  /** A requisition of ours by its id, null where it is gone; orders that draw on one are among the standing ones. */
  readonly requisition?: (id: string) => Promise<StandingRequisition | null>;
  readonly committed?: (projectCode: string) => AsyncIterable<CommittedDocument>;
  /** The budget of a project, entry by entry, whoever wrote them; absent where the ERP keeps none by project. */
  readonly budgetOf?: (projectCode: string) => AsyncIterable<BudgetEntry>;
  readonly read: Read;
  /** The one way out for a write. Signs in first where needed; never repeats what may have taken effect. */
  readonly send: (intent: Intent, request: WireRequest) => Promise<Sent>;
  readonly close: () => Promise<void>;
};

export type ConnectDeps = {
  readonly door: Door;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
};

/** An ERP as Tiebeam sees it. Adding one is one folder, one line in registry.ts and a green conformance suite. */
export type Connector<Config = unknown> = {
  readonly id: string;
  readonly title: string;
  readonly config: z.ZodType<Config>;
  /** Names of config fields that are encrypted at rest and never shown again. */
  readonly secrets: readonly string[];
  /** Base URL and TLS trust of the door that the connection goes through. */
  readonly doorOptions: (config: Config) => {
    readonly baseUrl: string;
    readonly ca?: string;
    readonly readPosts: readonly RegExp[];
  };
  /** Names the account (base URL, company, user) that one worker serves at a time. */
  readonly account: (config: Config) => string;
  readonly rate: (config: Config) => RatePolicy;
  readonly constraints: readonly Constraint[];
  /** From the rows of `domain/settle-rows`, what was configured, and what a self-test saw on this company. */
  readonly settle: (config: Config, seen?: SeenCapabilities) => SettleTable;
  /** How a changed document is written: over the same one, or as a new document that carries the change. */
  readonly updateStrategy: 'patch' | 'change-document';
  readonly connect: (config: Config, deps: ConnectDeps) => Connection;
  readonly deepLink?: (config: Config, object: string, id: string) => string | null;
};
