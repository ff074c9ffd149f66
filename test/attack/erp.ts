import type { ErpTarget } from '../scenarios/erp-target.ts';
import type { Draw } from './draw.ts';
import type { Simulator } from './simulators.ts';
import type { Rule } from './system-faults.ts';

/** What something in an ERP stands for in Procore, told by the address that stands in it. */
export type SourceOf = {
  readonly object: 'commitment' | 'sub-invoice' | 'owner-invoice';
  readonly id: string;
  /** Empty for an order; an application may end in two invoices. */
  readonly part: '' | 'progress' | 'retainage-release';
};

/** An order or an invoice as it really stands in an ERP: an order with all changes in it. */
export type ErpDocument = {
  /** Unlike any other's there, whatever it is: orders and invoices are counted apart. */
  readonly id: string;
  /** What the ERP calls it. */
  readonly key: string;
  /** Our reference; null on what people keyed. */
  readonly reference: string | null;
  readonly source: SourceOf | null;
  readonly partner: string | null;
  /** Null where only its order says for which project it is. */
  readonly project: string | null;
  readonly totalCents: bigint;
  readonly lines: readonly ErpLine[];
};

const WORDS = { commitment: 'order', 'sub-invoice': 'bill', 'owner-invoice': 'invoice' } as const;

export function idOf(object: SourceOf['object'], key: string): string {
  return `${WORDS[object]} ${key}`;
}

/** What a line is on: an account, a line of an order, or an account of retainage. */
export type ErpLine = { readonly on: string; readonly cents: bigint };

export const onAccount = (code: string) => `account ${code}`;
export const onOrderLine = (order: string, line: string) => `line ${line} of order ${order}`;
export const onRetainage = (account: string) => `retainage ${account}`;
/** The accounts of the simulated companies on which nothing but retainage is booked. */
export const RETAINAGE = { payable: '2050', receivable: '1250' } as const;

/** A write of a document that reached the ERP, whether it took effect or not. */
export type ErpWrite = {
  readonly at: number;
  readonly kind: 'create' | 'set';
  readonly committed: boolean;
  /** Null where the traffic does not show it. */
  readonly reference: string | null;
  readonly source: SourceOf | null;
  readonly revision: string;
};

/** How many requests but plain reads reached it; logins and questions that need a body are exempt. */
export type Sent = { readonly writes: number; readonly exempt: number };

/** What the books of an ERP hold. */
export type Books = Awaited<ReturnType<AttackedErp['books']>>;

/** A simulated ERP as the attack knows it, whichever it is. */
export type AttackedErp = {
  readonly simulator: Simulator;
  readonly connection: ErpTarget['connection'];
  /** It refuses a second document with one reference, and a self-test has shown so. */
  readonly isUnique: boolean;
  readonly books: () => Promise<{
    readonly documents: readonly ErpDocument[];
    readonly writes: readonly ErpWrite[];
    readonly sent: Sent;
  }>;
  /** What may go wrong there. */
  readonly rules: readonly Rule[];
  /** How this company is set up, drawn anew for each batch. */
  readonly drawSettings: (draw: Draw) => Promise<void>;
  /** Makes the account of one cost code one that the ERP refuses when an order names it. */
  readonly closeOverhead: () => Promise<void>;
  /** What people do there. */
  readonly editLine: (order: string, amount: string) => Promise<void>;
  readonly closeLine: (order: string) => Promise<void>;
  readonly approveDrafts: () => Promise<void>;
};
