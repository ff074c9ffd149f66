import type { Approver } from '../../src/domain/approval/approval.ts';
import type { Policy } from '../../src/domain/approval/gate.ts';
import { postingReference } from '../../src/domain/posting/reference.ts';
import type { SettleRule } from '../../src/domain/posting/settle.ts';
import { procoreRows } from '../../src/domain/posting/settle-rows/procore.ts';
import { type Random, seeded } from '../../src/domain/testing/random.ts';
import { Agenda } from './agenda.ts';
import { Books } from './books.ts';
import { Database, type LaneRow, type System, TENANT } from './database.ts';
import { Erp } from './erp/erp.ts';
import { erpKinds } from './erp/kinds.ts';
import { ruleOf } from './erp/rule-of.ts';
import { type FaultCounts, Faults } from './faults.ts';
import { Hub } from './hub.ts';
import { erpWire, hubWire, Trouble, Wire } from './wire.ts';

export const START_MS = Date.UTC(2026, 7, 3, 6);
export const CONNECTION = 'erp';
const THRESHOLD_MINOR = 5_000_000;
export const CURRENCY = 'USD';

export const users: readonly Approver[] = [
  { email: 'accountant@a.example', roles: ['accountant'] },
  { email: 'carla@a.example', roles: ['controller', 'accountant'] },
  { email: 'chris@a.example', roles: ['controller'] },
  { email: 'engineer@a.example', roles: ['engineer'] },
  { email: 'agent@a.example', roles: ['controller'], agent: true },
];

export type PhaseChange = { readonly phase: 'read-only' | 'one-way'; readonly at: number };

/** One tenant, its two systems, its clock and the swarm of faults that it lives under. */
export class World {
  readonly agenda = new Agenda(START_MS);
  readonly random: Random;
  readonly faults: Faults;
  readonly db: Database;
  readonly erp: Erp;
  readonly hub: Hub;
  readonly lifeMs: number;
  readonly erpRule: SettleRule;
  readonly hubRules: { readonly origin: SettleRule; readonly close: SettleRule };
  readonly books = new Books();
  readonly policies: Policy[];
  readonly left = new Set<string>();
  readonly phases: PhaseChange[] = [{ phase: 'one-way', at: START_MS }];
  crashes = 0;
  /** Called for a lane whenever it may have become due. */
  claim: (lane: string) => void = () => {};
  readonly trace: string[] | null;
  private date = new Date(START_MS);
  private backupAt = -1;
  private backupTakenAt = 0;
  private backup: (() => void) | null = null;

  constructor(
    seed: number,
    counts: FaultCounts,
    trace: string[] | null,
    believed: (rule: SettleRule) => SettleRule,
  ) {
    const random = seeded(seed);
    this.random = random;
    this.trace = trace;
    this.faults = new Faults(random, counts);
    const kind = erpKinds[random.below(erpKinds.length)]!;
    this.lifeMs = [5_000, 60_000, 300_000, 900_000][random.below(4)]!;
    const rule = kind.rule(this.lifeMs);
    // One connection in eight has never told how long its requests live.
    this.erpRule = believed(random.chance(0.125) ? { ...rule, requestLifeMs: null } : rule);
    this.hubRules = {
      origin: ruleOf(procoreRows, 'external-data', this.lifeMs),
      close: ruleOf(procoreRows, 'request-detail', this.lifeMs),
    };
    this.policies = [policyAt(0, THRESHOLD_MINOR)];
    this.db = new Database({
      epoch: 1,
      phase: 'one-way',
      policyVersion: 0,
      mappingVersion: 1,
      mappingSetBy: 'setup@a.example',
      periodOpen: true,
      restoredAt: null,
    });
    const { agenda, faults, lifeMs } = this;
    const jobMs = kind.accepts === 'as-job' ? Math.min(lifeMs / 2, 60_000) : 0;
    // The life of a request ends with its effect: what is accepted late still waits for its job.
    const erpDoor = new Wire(agenda, random, faults, erpWire, lifeMs - jobMs);
    const conditions = { searchLagMs: rule.probeGapMs, jobMs };
    this.erp = new Erp(kind, erpDoor, { agenda, random, faults, conditions });
    this.hub = new Hub(agenda, faults, new Wire(agenda, random, faults, hubWire, lifeMs));
    if (faults.has('D2')) this.backupAt = random.below(40);
  }

  get now(): number {
    return this.agenda.now;
  }

  readonly clock = (): Date => {
    if (this.date.getTime() !== this.agenda.now) this.date = new Date(this.agenda.now);
    return this.date;
  };

  /** One transaction of ours, with everything that can happen to a transaction. */
  commit<T>(run: () => T): T {
    const { db, faults } = this;
    const isUnknown = faults.strikes('D1');
    if (isUnknown && this.random.chance(0.3)) throw new Trouble('the connection was lost before the commit');
    if (faults.strikes('D3')) {
      faults.reached('D3');
      this.books.open();
      db.runInVain(run);
    }
    this.books.open();
    const result = db.transact(run);
    this.books.keep();
    if (db.commits === this.backupAt) {
      this.backup = db.backup();
      this.backupTakenAt = this.now;
    }
    if (isUnknown) {
      faults.reached('D1');
      throw new Trouble('the connection was lost during the commit');
    }
    return result;
  }

  /** Puts the backup back, and says so to everything that was not finished. False where there is none. */
  restore(): boolean {
    const { db } = this;
    if (this.backup === null) return false;
    const { epoch, phase } = db.installation;
    this.backup();
    this.backup = null;
    // Its start tests what the account may see, and nothing is sent while that is too little.
    this.erp.isBlind = false;
    this.books.lost(this.now, this.backupTakenAt);
    db.installation = { ...db.installation, epoch: epoch + 1, phase, restoredAt: this.now };
    return true;
  }

  /** Makes a lane due, now or later; part of the transaction that has a reason for it. */
  wake(system: System, lane: string, afterMs = 0): void {
    const { lanes } = this.db;
    const dueAt = this.now + afterMs;
    const there = lanes.get(lane);
    const row: LaneRow = there ?? {
      id: lane,
      system,
      dueAt,
      leaseUntil: null,
      worker: -1,
      fence: 0,
      wakes: 0,
      attempts: 0,
    };
    lanes.put(lane, { ...row, dueAt: Math.min(row.dueAt, dueAt), wakes: row.wakes + 1 });
    this.agenda.at(dueAt, () => this.claim(lane));
  }

  /** A history is shorter than a day: whatever was restored was restored today. */
  isDayForgotten(): boolean {
    return this.db.installation.restoredAt !== null;
  }

  policy(): Policy {
    return this.policies[this.db.installation.policyVersion]!;
  }

  reference(source: string, revision: number): string {
    return referenceOf(source, revision);
  }

  note(what: () => string): void {
    if (this.trace !== null) this.trace.push(`${String(this.now - START_MS).padStart(9)} ${what()}`);
  }
}

// Records have the same few names in every history, and a reference is made of nothing but names.
const references = new Map<string, string>();

function referenceOf(source: string, revision: number): string {
  const key = `${source} ${revision}`;
  const known = references.get(key);
  if (known !== undefined) return known;
  const reference = postingReference('ER', {
    tenant: TENANT,
    connection: CONNECTION,
    sourceObject: 'commitment',
    sourceId: source,
    kind: 'purchase-order',
    part: '',
    revision,
  });
  references.set(key, reference);
  return reference;
}

export function policyAt(version: number, thresholdMinor: number): Policy {
  const threshold = `${Math.trunc(thresholdMinor / 100)}.${String(thresholdMinor % 100).padStart(2, '0')}`;
  return {
    version,
    approvals: [{ kind: 'purchase-order', threshold, currency: CURRENCY, role: 'controller' }],
  };
}

export function sourceLane(source: string): string {
  return `source|${source}`;
}

export function postLane(system: System, root: string): string {
  return `${system}|${root}`;
}
