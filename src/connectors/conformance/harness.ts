import type { ApInvoiceBody, Operation, PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import type { VendorPaymentBody } from '../../domain/payments/vendor-payment.ts';
import type { RecordObject } from '../../domain/records.ts';
import type { Connector } from '../connector.ts';

export type ConformanceFault =
  | 'lost-reply'
  | 'late-commit'
  | 'unavailable'
  | 'rate-limited'
  | 'truncated-body';

/** What a connector brings to the promises: its simulator, seeded, and documents that fit it. */
export type Harness<Config> = {
  readonly connector: Connector<Config>;
  readonly start: () => Promise<Target<Config>>;
};

export type Target<Config> = {
  readonly config: Config;
  readonly wrongCredentials: Config;
  readonly unreachable: Config;
  /** Brings the simulator back to its seed, with no faults and an empty log. */
  readonly reset: () => Promise<void>;
  /** Lets one fault happen to the next read or the next write of a document, sign-in excluded. */
  readonly fault: (kind: ConformanceFault, on: 'read' | 'write') => Promise<void>;
  /** How often that fault hit what it is meant to hit since it was set. */
  readonly faultReached: (kind: ConformanceFault) => Promise<number>;
  /** Lets the simulator's time pass. */
  readonly elapse: (ms: number) => Promise<void>;
  /** How many documents stand under a reference, changes included: the simulator's own truth. */
  readonly documents: (reference: string) => Promise<number>;
  /** How many files stand there, wherever they hang. */
  readonly files: () => Promise<number>;
  /** How many writes arrived, whatever became of them. */
  readonly writesArrived: () => Promise<number>;
  /** Gives the first line of the document another amount, as a person in the ERP does. */
  readonly editByHand: (id: string) => Promise<void>;
  /** Cancels a document, as a person in the ERP does. */
  readonly cancelByHand: (id: string) => Promise<void>;
  /** Has a person in the ERP type this order there, without any reference. */
  readonly typeOrder: (body: PurchaseOrderBody) => Promise<void>;
  /** Cancels an invoice, the same way. */
  readonly cancelInvoiceByHand: (id: string) => Promise<void>;
  /** Only where the ERP takes requisitions: how it is set to, and what people there do with them. */
  readonly requisitions?: {
    readonly config: Config;
    /** Makes one order of all of it. */
    readonly buyByHand: (id: string) => Promise<void>;
    readonly cancelByHand: (id: string) => Promise<void>;
  };
  /** Gives any vendor another name, as a person in the ERP does. */
  readonly renameVendor: (name: string) => Promise<void>;
  /** Open sessions, for an ERP that has them. */
  readonly sessions?: () => Promise<number>;
  readonly samples: Samples;
  /** How many records the seed holds; at least one list must be longer than a page. */
  readonly seeded: Readonly<Partial<Record<RecordObject, number>>>;
  readonly stop: () => Promise<void>;
};

export type Samples = {
  readonly create: PurchaseOrderBody;
  /** The next revision: a changed amount, a new line and a line that is gone. */
  readonly updated: PurchaseOrderBody;
  /** Refused by the ERP for one reason only, and the field that the refusal must name. */
  readonly invalid: { readonly body: PurchaseOrderBody; readonly field: RegExp };
  /** The sample with a text of this length in a constraint's field; null where the text is not ours to choose. */
  readonly stretched: (field: string, length: number) => PurchaseOrderBody | null;
  /** Only what the ERP takes of new masters: each under a typed code. */
  readonly masters?: Readonly<Partial<Record<MasterOperation['kind'], MasterOperation>>>;
  /** Only where the ERP takes invoices. */
  readonly invoices?: InvoiceSamples;
  /** A payment of a part of the progress invoice, only where the ERP takes payments. */
  readonly payment?: (invoiceId: string) => VendorPaymentBody;
};

export type MasterOperation = Extract<
  Operation,
  { kind: 'create-vendor' | 'create-project' | 'create-cost-code' | 'create-sub-job' }
>;

/** Invoices on the posted sample order. */
export type InvoiceSamples = {
  /** Draws a part of at least one line of the order, and withholds retainage of it. */
  readonly progress: (order: PostedBase) => ApInvoiceBody;
  /** Pays out what the progress invoice withheld. */
  readonly release: (order: PostedBase) => ApInvoiceBody;
  /** Refused by the ERP for one reason only, and the field that the refusal must name. */
  readonly invalid: { readonly body: (order: PostedBase) => ApInvoiceBody; readonly field: RegExp };
};
