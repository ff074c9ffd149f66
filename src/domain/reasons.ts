/** Why a document stands where it stands: one entry per cause, each with who can move it and how. */
export type Reason = {
  readonly code:
    | 'vendor-unlinked'
    | 'vendor-missing'
    | 'vendor-may-stand'
    | 'code-taken'
    | 'project-unmapped'
    | 'parent-missing'
    | 'cost-unmapped'
    | 'sub-job-unplaced'
    | 'account-not-postable'
    | 'amounts-disagree'
    | 'no-lines'
    | 'not-approved'
    | 'period-closed'
    | 'target-refuses'
    | 'read-only'
    | 'needs-approval'
    | 'no-second-person'
    | 'edited-in-target'
    | 'vendor-changed'
    | 'foreign-origin'
    | 'order-may-stand'
    | 'taken-over'
    | 'order-missing'
    | 'requisition-open'
    | 'requisition-ended'
    | 'order-line-missing'
    | 'over-commitment'
    | 'receipt-unusable'
    | 'currency-mismatch'
    | 'retainage-account-missing'
    | 'revenue-account-missing'
    | 'customer-unmapped'
    | 'contract-unlinked'
    | 'duplicate-number'
    | 'number-too-long'
    | 'number-missing'
    | 'changed-after-posting'
    | 'application-skipped'
    | 'application-out-of-order'
    | 'application-reopened'
    | 'billing-reduced'
    | 'negative-invoice'
    | 'retainage-not-held'
    | 'late-cost'
    | 'tax-id-missing'
    | 'invoice-not-posted'
    | 'invoice-not-named'
    | 'invoice-not-payable'
    | 'over-payment'
    | 'not-paid'
    | 'sent-back'
    | 'refused'
    | 'exception'
    | 'source-not-told'
    | 'waits-behind'
    | 'cancelled-in-target'
    | 'unlinked'
    | 'unsynced'
    | 'withdrawn'
    | 'company-unknown'
    | 'company-changed'
    | 'payment-held'
    | 'payment-hold-not-known'
    | 'payment-block-changed';
  readonly message: string;
  readonly remedy?: string;
  /** A role, or the system it waits for. */
  readonly owner: string;
  readonly field?: string;
};

/** What releases a waiting document: changing this key wakes its lane, and nothing else does. */
export type Wait = {
  readonly kind:
    | 'mapping'
    | 'vendor'
    | 'record'
    | 'period'
    | 'phase'
    | 'person'
    | 'source'
    | 'order'
    | 'billing'
    | 'adoption';
  readonly key: string;
};

export const waitKeys = {
  mapping: (kind: string, key: string): string => `${kind}:${key}`,
  vendor: (vendorId: string): string => vendorId,
  record: (object: string, nativeId: string): string => `${object}:${nativeId}`,
  /** The commitment whose order, or change of it, has to stand first. */
  order: (commitmentId: string): string => commitmentId,
  /** The commitment, or the root of the prime contract, of which an earlier application has to be posted first. */
  billing: (contract: string): string => contract,
  /** The commitment of which a person has to say whether an order in the ERP is its own. */
  adoption: (commitmentId: string): string => commitmentId,
} as const;
