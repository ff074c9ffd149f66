import type { StoredFile } from '../attachments.ts';
import type { Row } from '../documents/rows.ts';
import type { FaultBook } from '../faults.ts';
import { emptyFaultBook } from '../faults.ts';
import { defaultSettings, type Settings } from '../masters/settings.ts';
import { type FieldTables, freshFieldTables } from '../odata/fields.ts';

export interface Company {
  db: string;
  name: string;
  currency: string;
  totalsPlaces: number;
  pricePlaces: number;
}

export interface Session {
  id: string;
  user: string;
  lastUsedMs: number;
  openedMs: number;
}

export interface WriteLogEntry {
  seq: number;
  at: string;
  method: string;
  path: string;
  body: unknown;
  status: number;
  committed: boolean;
  user: string | null;
  session: string | null;
  fault: string | null;
  created: { set: string; key: string | number } | null;
}

export interface PendingCommit {
  dueMs: number;
  run: () => void;
}

/** Everything one simulated company and its server know. Nothing lives at module level. */
export interface SimState {
  company: Company | null;
  users: Map<string, string>;
  settings: Settings;
  fieldTables: FieldTables;
  purchaseRequests: Map<number, Row>;
  orders: Map<number, Row>;
  /** What came in against orders. */
  goodsReceipts: Map<number, Row>;
  drafts: Map<number, Row>;
  invoices: Map<number, Row>;
  /** What vendors give back. */
  creditNotes: Map<number, Row>;
  /** A/R invoices: to customers. */
  salesInvoices: Map<number, Row>;
  payments: Map<number, Row>;
  receipts: Map<number, Row>;
  paymentDrafts: Map<number, Row>;
  journals: Map<number, Row>;
  attachments: Map<number, Row>;
  /** What the attachments hold, by the same key. */
  files: Map<number, StoredFile[]>;
  partners: Map<string, Row>;
  projects: Map<string, Row>;
  accounts: Map<string, Row>;
  items: Map<string, Row>;
  currencies: Map<string, Row>;
  distributionRules: Map<string, Row>;
  taxCodes: Map<string, Row>;
  vatGroups: Map<string, Row>;
  userFields: Map<string, Row>;
  periods: Row[];
  nextEntry: {
    purchaseRequest: number;
    order: number;
    goodsReceipt: number;
    draft: number;
    invoice: number;
    creditNote: number;
    salesInvoice: number;
    payment: number;
    receipt: number;
    paymentDraft: number;
    journal: number;
    attachment: number;
  };
  nextDocNum: {
    purchaseRequest: number;
    order: number;
    goodsReceipt: number;
    invoice: number;
    creditNote: number;
    salesInvoice: number;
    payment: number;
    receipt: number;
  };
  sessions: Map<string, Session>;
  loginCount: number;
  mostSessionsAtOnce: number;
  writeLog: WriteLogEntry[];
  writeLogDropped: number;
  pendingCommits: Set<PendingCommit>;
  faults: FaultBook;
  clockOffsetMs: number;
  readonly clock: () => number;
}

/** The one document series there is. Any other number is refused as belonging elsewhere. */
export const SERIES = 15;

// Draft keys start far above order keys: the vendor answers 404 when an order is read by its draft's key,
// and a shared number range would sometimes find somebody else's order instead.
const FIRST_DRAFT_ENTRY = 900_001;

type Held = Omit<SimState, 'clock'>;

function blank(): Held {
  return {
    ...blankMasters(),
    company: null,
    settings: defaultSettings(),
    purchaseRequests: new Map(),
    orders: new Map(),
    goodsReceipts: new Map(),
    drafts: new Map(),
    invoices: new Map(),
    creditNotes: new Map(),
    salesInvoices: new Map(),
    payments: new Map(),
    receipts: new Map(),
    paymentDrafts: new Map(),
    journals: new Map(),
    attachments: new Map(),
    files: new Map(),
    nextEntry: {
      purchaseRequest: 1,
      order: 1,
      goodsReceipt: 1,
      draft: FIRST_DRAFT_ENTRY,
      invoice: 1,
      creditNote: 1,
      salesInvoice: 1,
      payment: 1,
      receipt: 1,
      paymentDraft: FIRST_DRAFT_ENTRY,
      journal: 1,
      attachment: 1,
    },
    nextDocNum: {
      purchaseRequest: 2001,
      order: 1001,
      goodsReceipt: 7001,
      invoice: 5001,
      creditNote: 6001,
      salesInvoice: 3001,
      payment: 8001,
      receipt: 9001,
    },
    sessions: new Map(),
    loginCount: 0,
    mostSessionsAtOnce: 0,
    writeLog: [],
    writeLogDropped: 0,
    pendingCommits: new Set(),
    faults: emptyFaultBook(),
    clockOffsetMs: 0,
  };
}

function blankMasters() {
  return {
    users: new Map<string, string>(),
    fieldTables: freshFieldTables(),
    partners: new Map<string, Row>(),
    projects: new Map<string, Row>(),
    accounts: new Map<string, Row>(),
    items: new Map<string, Row>(),
    currencies: new Map<string, Row>(),
    distributionRules: new Map<string, Row>(),
    taxCodes: new Map<string, Row>(),
    vatGroups: new Map<string, Row>(),
    userFields: new Map<string, Row>(),
    periods: [] as Row[],
  };
}

export function createState(clock: () => number): SimState {
  return { clock, ...blank() };
}

/** Forgets everything, late commits included. */
export function resetState(state: SimState): void {
  Object.assign(state, blank());
}

export function nowMs(state: SimState): number {
  return state.clock() + state.clockOffsetMs;
}

export function today(state: SimState): string {
  return new Date(nowMs(state)).toISOString().slice(0, 10);
}

export function timeOfDay(state: SimState): string {
  return new Date(nowMs(state)).toISOString().slice(11, 19);
}

const MAX_LOG_ENTRIES = 200_000;

export function logWrite(state: SimState, entry: Omit<WriteLogEntry, 'seq' | 'at'>): void {
  const seq = state.writeLog.length + state.writeLogDropped + 1;
  state.writeLog.push({ seq, at: new Date(nowMs(state)).toISOString(), ...entry });
  if (state.writeLog.length > MAX_LOG_ENTRIES) {
    state.writeLog.shift();
    state.writeLogDropped += 1;
  }
}
