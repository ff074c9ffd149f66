import { type GroupAnswer, groupOutcomes } from '../../src/domain/posting/group.ts';
import type { Outcome } from '../../src/domain/posting/outcomes.ts';
import type { Posting } from '../../src/domain/posting/posting.ts';
import { type Effect, type TurnEnd, workPosting } from '../../src/domain/posting/turn.ts';
import type { LaneRow, PostingRow, System } from './database.ts';
import { ask, takeSource } from './planner.ts';
import { type Holding, headPosting, Poster, ruleFor, unfinished } from './poster.ts';
import { Trouble } from './wire.ts';
import { sourceLane, type World } from './world.ts';

const LEASE_MS = 30_000;
const WORKERS = 2;
const MAX_WRITES = 20;
const MOST_TOGETHER = 2;
const GROUP_WAITS_MS = 200;
const TROUBLE_TOLD_AT = 8;
// A record announced and not shown is looked for this often; one that was there must be gone twice.
const MAX_LOOKS = 8;

type Worker = { life: number; downUntil: number; asleepUntil: number };
type Work = Generator<Effect, TurnEnd, unknown>;
type Member = { readonly poster: Poster; readonly work: Work };

/** The workers of one installation: they claim lanes, renew what they hold while they live, and die at any step. */
export class Workers {
  private readonly world: World;
  private readonly workers: Worker[] = [];
  private readonly tries = new Set<string>();

  constructor(world: World) {
    this.world = world;
    for (let id = 0; id < WORKERS; id += 1) this.workers.push({ life: 0, downUntil: 0, asleepUntil: 0 });
    world.claim = (lane) => this.claim(lane);
  }

  /** Every process stops and starts again, as when a backup is put back. */
  restart(): void {
    for (const worker of this.workers) {
      worker.life += 1;
      worker.asleepUntil = 0;
      worker.downUntil = this.world.now;
    }
    const { db, agenda } = this.world;
    for (const account of db.accounts.rows.keys())
      db.accounts.rows.set(account, { ...db.accounts.rows.get(account)!, until: this.world.now });
    for (const lane of [...db.lanes.rows.values()]) {
      db.lanes.rows.set(lane.id, { ...lane, leaseUntil: null });
      agenda.at(lane.dueAt, () => this.claim(lane.id));
    }
  }

  claim(id: string): void {
    const { db, now, random } = this.world;
    const lane = db.lanes.get(id);
    if (lane === undefined) return;
    if (lane.leaseUntil !== null && lane.leaseUntil > now) {
      if (lane.leaseUntil !== Number.POSITIVE_INFINITY) this.claimLater(id, lane.leaseUntil);
      return;
    }
    // Its own due time is on the agenda already.
    if (lane.dueAt > now) return;
    const account = db.accounts.get(lane.system);
    let by = account?.worker ?? -1;
    const isHeld = account !== undefined && account.until > now;
    if (!isHeld) {
      by = random.below(WORKERS);
      if (!this.isAwake(by)) by = WORKERS - 1 - by;
    }
    if (!this.isAwake(by)) {
      const ends = isHeld && account.until !== Number.POSITIVE_INFINITY ? account.until : this.nextAwake();
      this.claimLater(id, Math.max(ends, now + 1));
      return;
    }
    if (lane.leaseUntil !== null) this.world.faults.reached('Q2');
    const accountFence = isHeld ? account.fence : db.nextFence();
    const fence = db.nextFence();
    db.transact(() => {
      if (!isHeld)
        db.accounts.put(lane.system, { worker: by, fence: accountFence, until: Number.POSITIVE_INFINITY });
      db.lanes.put(id, { ...lane, leaseUntil: Number.POSITIVE_INFINITY, worker: by, fence });
    });
    this.start(
      { ...lane, fence, worker: by },
      {
        lane: id,
        worker: by,
        life: this.workers[by]!.life,
        fence,
        accountFence,
      },
    );
  }

  /** One more try is enough, however many reasons there are for it. */
  private claimLater(id: string, at: number): void {
    if (this.tries.has(id)) return;
    this.tries.add(id);
    this.world.agenda.at(at, () => {
      this.tries.delete(id);
      this.claim(id);
    });
  }

  private nextAwake(): number {
    return Math.min(...this.workers.map(({ downUntil, asleepUntil }) => Math.max(downUntil, asleepUntil)));
  }

  private isAwake(by: number): boolean {
    const worker = this.workers[by]!;
    return worker.downUntil <= this.world.now && worker.asleepUntil <= this.world.now;
  }

  private start(lane: LaneRow, holding: Holding): void {
    const run = new LaneRun(this.world, this, lane, holding);
    this.soon(holding, () => run.begin(), run);
  }

  /** Goes on with a piece of work after a moment, unless its worker dies or sleeps meanwhile. */
  soon(holding: Holding, act: () => void, run: LaneRun, takesMs = 0): void {
    const { agenda, random } = this.world;
    agenda.after(takesMs + 1 + random.below(4), () => this.resume(holding, act, run));
  }

  private resume(holding: Holding, act: () => void, run: LaneRun): void {
    const { world } = this;
    const { faults, agenda, random } = world;
    const worker = this.workers[holding.worker]!;
    if (worker.life !== holding.life) return;
    if (worker.asleepUntil > world.now) {
      agenda.at(worker.asleepUntil, () => this.resume(holding, act, run));
      return;
    }
    if (faults.strikes('D5')) {
      this.kill(holding.worker);
      return;
    }
    if (faults.strikes('D6')) {
      this.sleep(holding.worker);
      agenda.at(worker.asleepUntil, () => this.resume(holding, act, run));
      return;
    }
    if (faults.strikes('Q3')) this.losesLane(holding);
    else if (random.chance(0.3)) this.renew(holding);
    run.guarded(act);
  }

  private kill(by: number): void {
    const { world } = this;
    const worker = this.workers[by]!;
    worker.life += 1;
    // One that is gone for good leaves its lanes to the other, at the end of its lease.
    const isGone = world.faults.applies('Q2', 0.3);
    worker.downUntil = world.now + 500 + world.random.below(isGone ? 3_600_000 : 60_000);
    world.crashes += 1;
    world.faults.reached('D5');
    world.note(() => `worker ${by} is killed`);
    this.lapse(by);
  }

  private sleep(by: number): void {
    const { world } = this;
    const worker = this.workers[by]!;
    worker.asleepUntil =
      world.now + 1_000 + world.random.below(world.random.chance(0.5) ? 120_000 : 1_200_000);
    world.note(() => `worker ${by} sleeps until ${worker.asleepUntil - world.now} ms from now`);
    this.lapse(by);
  }

  /** Nobody renews what this worker held: its leases end within a lease. */
  private lapse(by: number): void {
    const { db, now, random, agenda } = this.world;
    const until = now + LEASE_MS - random.below(LEASE_MS / 3);
    for (const [id, account] of db.accounts.rows)
      if (account.worker === by && account.until > until) db.accounts.rows.set(id, { ...account, until });
    for (const lane of db.lanes.rows.values()) {
      if (lane.worker !== by || lane.leaseUntil === null || lane.leaseUntil <= until) continue;
      db.lanes.rows.set(lane.id, { ...lane, leaseUntil: until });
      agenda.at(until, () => this.claim(lane.id));
    }
  }

  /** The renewal did not come through, and the lane is given away under a worker that still works. */
  private losesLane({ lane, fence }: Holding): void {
    const { db, now, agenda, faults } = this.world;
    const row = db.lanes.get(lane);
    if (row === undefined || row.fence !== fence) return;
    faults.reached('Q3');
    db.lanes.rows.set(lane, { ...row, leaseUntil: now - 1, dueAt: Math.min(row.dueAt, now) });
    agenda.at(now, () => this.claim(lane));
  }

  /** A worker that is awake again renews what nobody took meanwhile. */
  private renew({ lane, fence, accountFence }: Holding): void {
    const { db } = this.world;
    const row = db.lanes.get(lane);
    if (row === undefined || row.fence !== fence || row.leaseUntil === null) return;
    if (row.leaseUntil !== Number.POSITIVE_INFINITY)
      db.lanes.rows.set(lane, { ...row, leaseUntil: Number.POSITIVE_INFINITY });
    const account = db.accounts.get(row.system);
    if (account?.fence === accountFence && account.until !== Number.POSITIVE_INFINITY)
      db.accounts.rows.set(row.system, { ...account, until: Number.POSITIVE_INFINITY });
  }

  /** Gives a lane back: gone when nothing is left to do, due again when it asked for it or was woken meanwhile. */
  release(lane: LaneRow, afterMs: number | null, failed: boolean): void {
    const { db, now, agenda } = this.world;
    const row = db.lanes.get(lane.id);
    if (row === undefined || row.fence !== lane.fence) return;
    if (afterMs === null && row.wakes === lane.wakes) {
      db.transact(() => db.lanes.remove(lane.id));
      return;
    }
    const dueAt = row.wakes !== lane.wakes && !failed ? now : now + (afterMs ?? 0);
    const attempts = failed ? row.attempts + 1 : 0;
    db.transact(() => db.lanes.put(lane.id, { ...row, leaseUntil: null, dueAt, attempts }));
    agenda.at(dueAt, () => this.claim(lane.id));
  }
}

/** One worker's run of one lane, from its claim to its release. */
class LaneRun {
  private readonly world: World;
  private readonly workers: Workers;
  private readonly lane: LaneRow;
  private readonly holding: Holding;
  private writes = 0;

  constructor(world: World, workers: Workers, lane: LaneRow, holding: Holding) {
    this.world = world;
    this.workers = workers;
    this.lane = lane;
    this.holding = holding;
  }

  begin(): void {
    const { id, system } = this.lane;
    const name = id.slice(id.indexOf('|') + 1);
    if (id === sourceLane(name)) this.resolve(name);
    else this.nextPosting(system, name);
  }

  /** Trouble gives the lane back for later, and whatever was stored by then stands. */
  guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.fail(error);
    }
  }

  private fail(trouble: Trouble): void {
    const { world, lane } = this;
    world.note(() => `${lane.id}: ${trouble.message}`);
    if (lane.attempts + 1 === TROUBLE_TOLD_AT)
      world.db.transact(() =>
        ask(world, {
          subject: `trouble:${lane.id}`,
          document: null,
          kind: 'trouble',
          role: 'engineer',
          why: trouble.message,
        }),
      );
    const pause = Math.min(60_000, 250 * 2 ** lane.attempts);
    this.workers.release(lane, pause, true);
  }

  private soon(act: () => void, takesMs = 0): void {
    this.workers.soon(this.holding, act, this, takesMs);
  }

  private resolve(source: string): void {
    const { world, lane } = this;
    const { commitment, items, takesMs } = world.hub.fetch(source);
    if (world.faults.strikes('Q1')) {
      world.faults.reached('Q1');
      throw new Trouble('this record always fails');
    }
    const known = world.db.records.get(source);
    if (commitment === null) {
      if (lane.attempts < (known === undefined ? MAX_LOOKS : 1)) throw new Trouble('not visible');
      if (known !== undefined) {
        const gone = { ...world.hub.commitments.get(source)!, ...known, gone: true };
        this.soon(() => {
          world.commit(() => takeSource(world, gone, items));
          this.workers.release(lane, null, false);
        });
        return;
      }
      this.soon(() => {
        world.commit(() =>
          ask(world, {
            subject: `missing:${source}`,
            document: null,
            kind: 'missing',
            role: 'engineer',
            why: 'it is announced but not shown',
          }),
        );
        this.workers.release(lane, null, false);
      });
      return;
    }
    const seen = { ...commitment };
    this.soon(() => {
      world.commit(() => takeSource(world, seen, items));
      world.note(() => `${source} is planned at v${seen.version}`);
      this.workers.release(lane, null, false);
    }, takesMs);
  }

  private nextPosting(system: System, root: string): void {
    const { world, lane } = this;
    this.writes += 1;
    const head = this.writes > MAX_WRITES ? null : headPosting(world, system, root);
    if (head === null) {
      this.workers.release(lane, this.writes > MAX_WRITES ? 0 : null, false);
      return;
    }
    const again = () => this.nextPosting(system, root);
    // Where one of them waits for a person, none that has not left yet goes along.
    const isGrouped = head.group !== null && !this.someoneWaits(head);
    const members = isGrouped ? this.together(head) : [head];
    if (isGrouped && head.attempt === 0 && members.length < MOST_TOGETHER && this.waitsForOthers()) {
      this.workers.release(lane, GROUP_WAITS_MS, false);
      return;
    }
    if (members.length === 1) {
      const one = this.open(head);
      this.step(one, one.work.next(), (end) => this.ended(end, again, head));
    } else this.workGroup(members, again);
  }

  private ended(end: TurnEnd, again: () => void, head?: PostingRow): void {
    // Others of its group that left with it are settled although this one waits for a person.
    const next = end === null && head?.group != null ? headPosting(this.world, head.system, head.root) : null;
    if (end === 'finished' || (next !== null && next.id !== head!.id && next.state !== 'exception'))
      this.soon(again);
    else this.workers.release(this.lane, end, false);
  }

  private open(posting: PostingRow): Member {
    const { world, holding } = this;
    const restored = posting.epoch < world.db.installation.epoch;
    if (restored) world.faults.reached('D2');
    const work = workPosting(posting, restored, ruleFor(world, posting), world.clock);
    return { poster: new Poster(world, holding, posting), work };
  }

  /** Works one effect after the other; `onSend` takes the moment of sending away from a member of a group. */
  private step(
    member: Member,
    asked: IteratorResult<Effect, TurnEnd>,
    onEnd: (end: TurnEnd) => void,
    onSend?: (posting: Posting) => void,
  ): void {
    if (asked.done) {
      onEnd(asked.value);
      return;
    }
    const effect = asked.value;
    if (effect.kind === 'send' && onSend !== undefined) {
      onSend(effect.posting);
      return;
    }
    this.soon(() => {
      // A transaction goes on where it stands; what comes from outside finds its worker as it is by then.
      let isAtOnce = true;
      member.poster.perform(effect, (value, takesMs) => {
        const goOn = () => this.step(member, member.work.next(value), onEnd, onSend);
        if (isAtOnce && takesMs === 0) goOn();
        else this.soon(goOn, takesMs);
      });
      isAtOnce = false;
    });
  }

  private someoneWaits(head: PostingRow): boolean {
    for (const { group, state } of unfinished(this.world, head.system, head.root))
      if (group === head.group && state === 'exception') return true;
    return false;
  }

  /** Those of a group that are being planned just now go along, if a moment is given to them. */
  private waitsForOthers(): boolean {
    const { faults, random } = this.world;
    return !faults.isOver && random.chance(0.7);
  }

  /**
   * The members that can go with this one now; the others of its group are settled one by one. What stands behind
   * another write of the root waits for that one, as it would alone.
   */
  private together(head: PostingRow): PostingRow[] {
    const open = [...unfinished(this.world, head.system, head.root)];
    const bound = Math.min(...open.filter(({ group }) => group !== head.group).map(({ seq }) => seq));
    const members = open.filter(
      ({ group, seq, state, quietUntil }) =>
        group === head.group &&
        seq < bound &&
        (state === 'ready' || (state === 'intended' && (quietUntil?.getTime() ?? 0) <= this.world.now)),
    );
    return members.includes(head) ? members : [head];
  }

  /** Each member has its own intent, release and outcome; only the request is shared. */
  private workGroup(postings: readonly PostingRow[], again: () => void): void {
    const members = postings.map((posting) => this.open(posting));
    const sending: { readonly member: Member; readonly posting: Posting }[] = [];
    let soonest: TurnEnd = null;
    // The one that comes back first decides; what waits for a person holds back none of the others.
    const end = (value: TurnEnd) => {
      if (typeof value === 'number') soonest = typeof soonest === 'number' ? Math.min(soonest, value) : value;
      else if (value === 'finished' && soonest === null) soonest = value;
    };
    const next = (at: number): void => {
      const member = members[at];
      if (member === undefined) {
        this.sendGroup(sending, end, () => this.ended(soonest, again, postings[0]!));
        return;
      }
      this.step(
        member,
        member.work.next(),
        (value) => {
          end(value);
          next(at + 1);
        },
        (posting) => {
          sending.push({ member, posting });
          next(at + 1);
        },
      );
    };
    next(0);
  }

  private sendGroup(
    sending: readonly { readonly member: Member; readonly posting: Posting }[],
    end: (value: TurnEnd) => void,
    done: () => void,
  ): void {
    const { world } = this;
    if (sending.length === 0) {
      done();
      return;
    }
    const finish = (outcomes: ReadonlyMap<string, Outcome>) => {
      const next = (at: number): void => {
        const one = sending[at];
        if (one === undefined) {
          done();
          return;
        }
        const { member } = one;
        const outcome = outcomes.get(member.poster.found.reference);
        this.step(member, member.work.next(outcome), (value) => {
          end(value);
          next(at + 1);
        });
      };
      next(0);
    };
    // The earliest release decides: whoever takes over counts from there for each of them.
    const until =
      Math.min(...sending.map(({ posting }) => posting.sentAt!.getTime())) + world.erpRule.clientTimeoutMs;
    const references = sending.map(({ member }) => member.poster.found.reference);
    world.note(() => `group of ${references.length} is sent`);
    this.soon(() =>
      world.erp.createGroup(
        sending.map(({ member, posting }) => member.poster.createRequest(posting)),
        until,
        (outcome, told) => {
          const answer: GroupAnswer =
            outcome.kind === 'unknown' || outcome.kind === 'not-sent'
              ? { kind: 'whole', outcome }
              : {
                  kind: 'members',
                  answers: [...told].map(([reference, own]) => ({ reference, outcome: own })),
                };
          this.soon(() => finish(groupOutcomes(references, answer, true)));
        },
      ),
    );
  }
}
