import type { Approval } from '../../src/domain/approval/approval.ts';
import type { Asked } from '../../src/domain/approval/gate.ts';
import { CHAIN_START, type ChainEntry, chainHash } from '../../src/domain/audit/audit-chain.ts';
import type { Posting } from '../../src/domain/posting/posting.ts';
import type { DocumentState, Phase, RequestItemState } from '../../src/domain/states.ts';

/** Our own tables as plain maps. Rows are never changed in place: a row is replaced, so a copy of the maps is a backup. */
export type System = 'erp' | 'hub';

export type RecordRow = {
  readonly source: string;
  readonly version: number;
  /** Coming back after it was gone is a change as well. */
  readonly returns: number;
  readonly amountMinor: number;
  readonly originId: string | null;
  readonly gone: boolean;
};

export type ItemRow = {
  readonly key: string;
  readonly source: string;
  readonly requester: string;
  readonly state: RequestItemState;
};

export type MappingUse = { readonly version: number; readonly setBy: string };

export type DocumentRow = {
  readonly id: string;
  readonly source: string;
  readonly root: string;
  readonly revision: number;
  readonly state: DocumentState;
  readonly recordVersion: number;
  readonly recordReturns: number;
  readonly amountMinor: number;
  readonly exposureMinor: number;
  readonly vendor: string;
  readonly day: number;
  readonly payloadHash: string;
  readonly mapping: MappingUse;
  readonly mappingHash: string;
  readonly requester: string | null;
  readonly item: string | null;
  readonly reference: string;
  readonly targetId: string | null;
  /** Id of the standing order that a change of it goes to. */
  readonly baseId: string | null;
  readonly baseHash: string | null;
  readonly needsApproval: boolean;
  /** The policy that it may go by itself under. */
  readonly autoUnder: number | null;
  /** What was sent of earlier plans of it without a person, and was planned over. */
  readonly spentMinor: number;
  /** What a person is asked about it. */
  readonly asked: Asked | null;
  readonly reason: string | null;
  readonly group: string | null;
};

export type PostingOperation =
  | { readonly kind: 'create'; readonly document: string }
  | { readonly kind: 'update'; readonly document: string; readonly baseId: string; readonly baseHash: string }
  | { readonly kind: 'origin'; readonly document: string; readonly source: string; readonly originId: string }
  | {
      readonly kind: 'close';
      readonly document: string | null;
      readonly item: string;
      readonly status: 'success' | 'failed';
    };

export type PostingRow = Posting & {
  readonly id: string;
  readonly seq: number;
  readonly system: System;
  readonly root: string;
  readonly document: string | null;
  readonly operation: PostingOperation;
  readonly reference: string;
  readonly epoch: number;
  readonly group: string | null;
  /** What its attempts say of its reference: whether one left, and since when one may have had its effect. */
  readonly wasSent: boolean;
  readonly doubtSince: number | null;
  readonly doubtBefore: number | null;
};

export type ApprovalRow = Approval & {
  readonly id: string;
  readonly document: string;
  readonly at: number;
  readonly consumedAt: number | null;
};

export type QuestionRow = {
  readonly subject: string;
  readonly document: string | null;
  readonly kind: 'approval' | 'exception' | 'refused' | 'conflict' | 'missing' | 'trouble' | 'vanished';
  readonly role: string;
  readonly why: string;
  readonly state: 'open' | 'approved' | 'rejected' | 'expired';
};

export type LaneRow = {
  readonly id: string;
  readonly system: System;
  readonly dueAt: number;
  /** Null when free; Infinity while a living worker renews it. */
  readonly leaseUntil: number | null;
  readonly worker: number;
  readonly fence: number;
  readonly wakes: number;
  readonly attempts: number;
};

export type AccountRow = { readonly worker: number; readonly fence: number; readonly until: number };

export type AuditRow = { readonly [key: string]: string | null };

export type Installation = {
  readonly epoch: number;
  readonly phase: Phase;
  readonly policyVersion: number;
  readonly mappingVersion: number;
  readonly mappingSetBy: string;
  readonly periodOpen: boolean;
  /** When a backup was put back: what it had forgotten may have been sent until then. */
  readonly restoredAt: number | null;
};

export const TENANT = 't1';

/** A row as it stood before this transaction touched it, and its table. */
type Undo = { readonly table: Table<unknown>; readonly key: string; readonly before: unknown };

/** The rows of one table, with what a rollback has to put back. */
export class Table<R> {
  rows = new Map<string, R>();
  private readonly log: Undo[];

  constructor(log: Undo[]) {
    this.log = log;
  }

  get(key: string): R | undefined {
    return this.rows.get(key);
  }

  put(key: string, row: R): void {
    this.log.push({ table: this, key, before: this.rows.get(key) });
    this.rows.set(key, row);
  }

  remove(key: string): void {
    const before = this.rows.get(key);
    if (before === undefined) return;
    // A row that comes back stands last: nothing here depends on the order of rows that were deleted.
    this.log.push({ table: this, key, before });
    this.rows.delete(key);
  }
}

export class Database {
  private readonly undo: Undo[] = [];
  readonly signals = new Table<'received' | 'taken'>(this.undo);
  readonly records = new Table<RecordRow>(this.undo);
  readonly items = new Table<ItemRow>(this.undo);
  readonly documents = new Table<DocumentRow>(this.undo);
  readonly postings = new Table<PostingRow>(this.undo);
  readonly approvals = new Table<ApprovalRow>(this.undo);
  readonly questions = new Table<QuestionRow>(this.undo);
  readonly lanes = new Table<LaneRow>(this.undo);
  readonly accounts = new Table<AccountRow>(this.undo);
  audit: AuditRow[] = [];
  installation: Installation;
  commits = 0;
  /** Of leases: a sequence of the database, so a restored database hands the same numbers out again. */
  private fences = 0;
  private serial = 0;

  constructor(installation: Installation) {
    this.installation = installation;
  }

  /** All of it or nothing. There is no call to the outside inside, so the whole may run twice. */
  transact<T>(run: () => T): T {
    const { undo } = this;
    undo.length = 0;
    const { installation } = this;
    const audited = this.audit.length;
    try {
      const result = run();
      this.commits += 1;
      undo.length = 0;
      return result;
    } catch (error) {
      this.rollBack(installation, audited);
      throw error;
    }
  }

  /** Runs it and takes it back, as a deadlock does. */
  runInVain(run: () => unknown): void {
    const { installation } = this;
    const audited = this.audit.length;
    this.undo.length = 0;
    try {
      run();
    } finally {
      this.rollBack(installation, audited);
    }
  }

  nextFence(): number {
    this.fences += 1;
    return this.fences;
  }

  /** For ids, which are random in the product: never the same one twice, whatever is rolled back. */
  nextSerial(): number {
    this.serial += 1;
    return this.serial;
  }

  append(body: AuditRow): void {
    this.audit.push(body);
  }

  /** The chain that these entries make. Linked only when it is judged: every link follows from what is before it. */
  chain(): ChainEntry[] {
    let seq = 0n;
    let previous = CHAIN_START;
    return this.audit.map((body) => {
      seq += 1n;
      const entry = JSON.stringify(body);
      const link = { seq, entry, previous, hash: chainHash(TENANT, seq, previous, entry) };
      previous = link.hash;
      return link;
    });
  }

  backup(): () => void {
    const tables = [
      this.signals,
      this.records,
      this.items,
      this.documents,
      this.postings,
      this.approvals,
      this.questions,
      this.lanes,
      this.accounts,
    ] as Table<unknown>[];
    const copies = tables.map((table) => new Map(table.rows));
    const audit = this.audit.slice();
    const { installation, fences } = this;
    return () => {
      tables.forEach((table, at) => {
        table.rows = new Map(copies[at]);
      });
      this.audit = audit.slice();
      this.installation = installation;
      this.fences = fences;
    };
  }

  private rollBack(installation: Installation, audited: number): void {
    for (let at = this.undo.length - 1; at >= 0; at -= 1) {
      const { table, key, before } = this.undo[at]!;
      if (before === undefined) table.rows.delete(key);
      else table.rows.set(key, before);
    }
    this.undo.length = 0;
    this.installation = installation;
    this.audit.length = audited;
  }
}
