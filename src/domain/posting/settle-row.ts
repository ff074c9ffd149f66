/** The objects that are or will be written, in the words of the trade. */
export type SettleObject =
  | 'vendor'
  | 'project'
  | 'cost-code'
  | 'sub-job'
  | 'code-list'
  | 'insurance'
  | 'cost-assignment'
  | 'project-codes'
  | 'purchase-order'
  | 'purchase-requisition'
  | 'change-order'
  | 'ap-invoice'
  | 'retainage-release'
  | 'vendor-credit'
  | 'attachment'
  | 'payment-block'
  | 'payment'
  | 'journal'
  | 'budget'
  | 'owner-invoice'
  | 'contract-change'
  | 'vendor-link'
  | 'staged-record'
  | 'external-data'
  | 'direct-cost'
  | 'job-cost'
  | 'request-detail'
  | 'user-field';

export type SettleSystem =
  | 'sap-business-one'
  | 'sap-s4hana'
  | 'oracle-fusion'
  | 'netsuite'
  | 'procore'
  | 'demo-erp';

/**
 * What is known of one object at one kind of target: everything that decides how a lost answer is settled, and
 * how well it is known. Read by the connectors (which make their live rules of it), by the simulation and by the
 * page that says what we assume about vendors.
 */
export type SettleRow = {
  readonly system: SettleSystem;
  readonly object: SettleObject;
  readonly write: 'create' | 'set' | 'action';
  /** Field that carries our reference; for a `set`, what names the record that is compared. */
  readonly referenceField: string;
  /** In characters; null where the vendor publishes none. Below 16 our reference does not fit whole. */
  readonly referenceWidth: number | null;
  /**
   * Whether the target refuses a second document with one reference. `configurable`: a setting of the company
   * decides. `unknown`: no page says. Both count as none until a self-test saw it.
   */
  readonly uniqueness: 'enforced' | 'configurable' | 'none' | 'unknown';
  /** How long a lost request may still take effect, where a vendor states a number. */
  readonly requestLife: { readonly ms: number; readonly source: string } | null;
  /** For targets that accept first and post later. */
  readonly acceptance: {
    readonly handle: string;
    readonly poll: string;
    readonly posted: readonly string[];
    readonly refused: readonly string[];
    /** How the document is found when the handle is lost. */
    readonly lostHandle: string;
  } | null;
  /** How a document is found again by our reference, or how a record's state is read. */
  readonly probe: string;
  /** Whether that look-up may lag behind the commit (an index), or reads what is committed. */
  readonly searchLags: 'no' | 'yes' | 'unknown';
  /** What an empty look-up is checked against: a document known to stand there. */
  readonly canary: 'our-last-posted' | 'the-record-itself' | 'none';
  /** A repeated write replaces what stands there, with whatever a person edited since. */
  readonly overwrites: boolean;
  readonly clientTimeoutMs: number;
  readonly probeGapMs: number;
  readonly pollEveryMs: number;
  readonly giveUpAfterMs: number;
  readonly source: string;
  /** When a self-test on a company of a real customer confirmed the row; null: never, or only on our simulator. */
  readonly verifiedOn: string | null;
  readonly note?: string;
};

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** What rows share unless they say otherwise. Every default is the careful one. */
export const carefulRow = {
  write: 'create',
  uniqueness: 'unknown',
  requestLife: null,
  acceptance: null,
  searchLags: 'unknown',
  canary: 'our-last-posted',
  overwrites: false,
  clientTimeoutMs: 60 * SECOND_MS,
  probeGapMs: 30 * SECOND_MS,
  pollEveryMs: 15 * SECOND_MS,
  giveUpAfterMs: DAY_MS,
  verifiedOn: null,
} as const satisfies Partial<SettleRow>;
