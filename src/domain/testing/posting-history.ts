import type { Outcome } from '../outcomes.ts';
import { nextTask, type Posting, type PostingEvent, stepPosting } from '../posting.ts';
import type { SettleRule } from '../settle.ts';
import { postingDone } from '../states.ts';
import type { ProbeResult } from '../writes.ts';
import { ErpModel, type ErpTruth, RecordModel } from './erp-model.ts';
import { type Random, seeded } from './random.ts';

export const TARGET_HASH = 'v1:wanted';

export const freshPosting: Posting = {
  state: 'ready',
  writeKind: 'create',
  targetHash: TARGET_HASH,
  attempt: 0,
  openIntent: false,
  probed: false,
  guard: null,
  targetId: null,
  handle: null,
  emptyProbes: 0,
  sentAt: null,
  quietUntil: null,
  giveUpAt: null,
  lineKeys: {},
  reason: null,
};

export type Step = typeof stepPosting;

export type History = {
  readonly posting: Posting;
  readonly endedAt: number;
  readonly erp: ErpModel;
  readonly record: RecordModel;
  readonly steps: number;
  readonly lookedAgain: number;
  /** Sends of a set that no comparison since the last send had found as we left it. */
  readonly blindSets: number;
};

type Play = {
  readonly seed: number;
  readonly writeKind: 'create' | 'set';
  readonly truth: ErpTruth;
  readonly rule: SettleRule;
  /** The protocol, or a weakened one. */
  readonly step?: Step;
};

// Eight attempts of two probes with crashes stay far below this: reaching it is a loop without end.
export const MAX_STEPS = 400;
const MAX_LOOKS_OF_A_PERSON = 2;
const RESTORED = 0.005;

/** Plays one posting to its end against a modelled target, in virtual time, with a crash at any step. */
export function playHistory(play: Play): History {
  return new Player(play).run();
}

class Player {
  private posting: Posting;
  private now = 1_000_000;
  private steps = 0;
  private lookedAgain = 0;
  private blindSets = 0;
  private compared = false;
  private readonly random: Random;
  private readonly erp: ErpModel;
  private readonly record: RecordModel;
  private readonly play: Play;
  private readonly step: Step;

  constructor(play: Play) {
    this.play = play;
    this.step = play.step ?? stepPosting;
    this.random = seeded(play.seed);
    this.erp = new ErpModel(play.truth, this.random);
    this.record = new RecordModel(play.truth, this.random);
    this.posting = { ...freshPosting, writeKind: play.writeKind };
  }

  run(): History {
    while (this.steps < MAX_STEPS && this.turn()) this.steps += 1;
    const { posting, now: endedAt, erp, record, steps, lookedAgain, blindSets } = this;
    record.settle(endedAt);
    return { posting, endedAt, erp, record, steps, lookedAgain, blindSets };
  }

  private turn(): boolean {
    const { random, posting } = this;
    this.now += 1 + random.below(20);
    if (random.chance(this.play.truth.faults.humanEdit)) this.record.edit(this.now);
    if (posting.state === 'exception') return this.personLooks();
    if (postingDone.has(posting.state) || posting.state === 'refused') return false;
    if (random.chance(RESTORED)) {
      this.apply({ kind: 'restored' });
      return true;
    }
    if (posting.state === 'sent' || this.crashes()) {
      this.now += random.below(60_000);
      this.compared = false;
      this.apply({ kind: 'taken-over' });
      return true;
    }
    this.work();
    return true;
  }

  private personLooks(): boolean {
    if (this.lookedAgain >= MAX_LOOKS_OF_A_PERSON || this.random.chance(0.5)) return false;
    this.lookedAgain += 1;
    this.apply({ kind: 'probe-again' });
    return true;
  }

  private work(): void {
    const task = nextTask(this.posting, new Date(this.now));
    switch (task.do) {
      case 'intend':
        this.apply({ kind: 'intended' });
        return;
      case 'send':
        this.send();
        return;
      case 'probe':
        this.probe();
        return;
      case 'poll':
        this.poll();
        return;
      case 'wait':
        this.now = task.until.getTime();
        return;
      case 'nothing':
        throw new Error(`nothing to do in ${this.posting.state}`);
    }
  }

  /** The release is durable before the bytes leave; a crash after it leaves the posting in `sent`. */
  private send(): void {
    this.apply({ kind: 'sent' });
    if (this.crashes()) return;
    if (this.play.writeKind === 'set') {
      if (!this.compared) this.blindSets += 1;
      this.compared = false;
    }
    const answer =
      this.play.writeKind === 'create'
        ? this.erp.create(TARGET_HASH, this.now)
        : this.record.set(this.posting.guard, this.now);
    if (this.crashes()) {
      this.now += this.random.below(answer.after);
      return;
    }
    this.now += answer.after;
    this.apply(this.eventOf(answer.outcome));
  }

  /** What the engine makes of an answer: a posted id counts only with its read-back. */
  private eventOf(outcome: Outcome): PostingEvent {
    if (outcome.kind !== 'posted') return { kind: 'outcome', outcome };
    if (this.random.chance(0.05))
      return { kind: 'outcome', outcome: { kind: 'unknown', why: 'could not be read back' } };
    return { kind: 'read-back', id: outcome.id, result: this.look() };
  }

  private probe(): void {
    const result = this.look();
    this.compared = result.kind === 'standing' && result.standing === 'at-base';
    this.apply({ kind: 'probed', result, canary: this.random.chance(0.5) ? true : null });
  }

  private poll(): void {
    const { handle } = this.posting;
    if (!handle?.startsWith('draft:')) {
      this.apply(this.eventOf(this.erp.poll(this.now)));
      return;
    }
    const result = this.look();
    const gone = result.kind === 'found' && result.matches.length === 0;
    this.apply(
      gone
        ? { kind: 'outcome', outcome: { kind: 'unknown', why: 'the draft is gone' } }
        : { kind: 'read-back', id: handle, result },
    );
  }

  private look(): ProbeResult {
    return this.play.writeKind === 'create' ? this.erp.probe(this.now) : this.record.probe(this.now);
  }

  private crashes(): boolean {
    return this.random.chance(this.play.truth.faults.crash);
  }

  private apply(event: PostingEvent): void {
    this.posting = this.step(this.posting, event, this.play.rule, new Date(this.now));
  }
}
