import type { CalendarDate } from './calendar-date.ts';

/** Amounts inside records are decimal strings in the record's currency: records are stored as JSON. */
export type DecimalText = string;

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
  readonly active: boolean;
};

export type ProjectRecord = {
  readonly object: 'project';
  readonly id: string;
  readonly name: string;
  readonly number: string | null;
  readonly originId: string | null;
  readonly active: boolean;
};

export type AccountRecord = {
  readonly object: 'account';
  readonly id: string;
  readonly name: string;
  /** Whether documents may be posted to it: title and locked accounts may not. */
  readonly postable: boolean;
};

export type PeriodRecord = {
  readonly object: 'period';
  readonly id: string;
  readonly name: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly open: boolean;
};

export type CodeRef = { readonly code: string; readonly name: string };

export type CommitmentLine = {
  readonly id: string;
  readonly position: number;
  readonly description: string;
  readonly costCode: CodeRef | null;
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
  /** Opens the record in the source's own user interface. */
  readonly url: string;
};

export type CanonicalRecord = VendorRecord | ProjectRecord | AccountRecord | PeriodRecord | CommitmentRecord;
export type RecordObject = CanonicalRecord['object'];
