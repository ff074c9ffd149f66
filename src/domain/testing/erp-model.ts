import type { Outcome } from '../outcomes.ts';
import type { ProbeResult } from '../writes.ts';
import type { Random } from './random.ts';

/** What one history may suffer. Each seed draws its own mix, so that rare combinations are reached. */
export type Faults = {
  readonly lostReply: number;
  readonly neverArrives: number;
  readonly notSent: number;
  readonly refused: number;
  readonly draft: number;
  readonly job: number;
  readonly otherContent: number;
  readonly cancelled: number;
  readonly crash: number;
  readonly humanEdit: number;
};

/** What the ERP truly does, whatever the settle rule believes about it. */
export type ErpTruth = {
  readonly lifeMs: number;
  readonly clientTimeoutMs: number;
  readonly searchLagMs: number;
  readonly unique: boolean;
  readonly faults: Faults;
};

type Effect = {
  readonly id: string;
  readonly at: number;
  readonly postedAt: number;
  readonly gone: boolean;
  readonly hash: string;
};
export type Answer = { readonly after: number; readonly outcome: Outcome };

/**
 * The ground truth of a target without uniqueness: a request may take effect long after its caller gave up, a
 * search may not see yet what is there. `effects` counts what a bookkeeper would find.
 */
export class ErpModel {
  readonly effects: Effect[] = [];
  readonly sends: number[] = [];
  private readonly truth: ErpTruth;
  private readonly random: Random;

  constructor(truth: ErpTruth, random: Random) {
    this.truth = truth;
    this.random = random;
  }

  create(hash: string, now: number): Answer {
    const { faults, clientTimeoutMs, lifeMs, unique } = this.truth;
    const { random } = this;
    const quick = 1 + random.below(200);
    if (random.chance(faults.notSent))
      return { after: quick, outcome: { kind: 'not-sent', why: 'connection refused' } };
    this.sends.push(now);
    if (random.chance(faults.refused))
      return {
        after: quick,
        outcome: { kind: 'refused', errors: [{ field: 'account', message: 'closed' }] },
      };
    if (random.chance(faults.neverArrives))
      return { after: random.chance(0.5) ? quick : clientTimeoutMs, outcome: unknown('reset') };
    const lost = random.chance(faults.lostReply);
    const takes = lost ? 1 + random.below(lifeMs) : quick;
    // A target that enforces uniqueness refuses the second at its commit, not when it is received.
    if (unique && this.effects.length > 0) return { after: quick, outcome: unknown('duplicate reference') };
    const draft = random.chance(faults.draft);
    const job = !lost && random.chance(faults.job);
    const at = now + takes;
    const effect = {
      id: `D${this.effects.length + 1}`,
      at,
      postedAt: draft || job ? at + random.below(lifeMs) : at,
      gone: random.chance(faults.cancelled),
      hash: random.chance(faults.otherContent) ? `${hash}-other` : hash,
    };
    this.effects.push(job ? { ...effect, at: effect.postedAt } : effect);
    if (lost) return { after: random.chance(0.5) ? quick : clientTimeoutMs, outcome: unknown('timed out') };
    if (job) return { after: quick, outcome: { kind: 'accepted', handle: 'job-1' } };
    if (draft) return { after: quick, outcome: { kind: 'accepted', handle: `draft:${effect.id}` } };
    return { after: quick, outcome: { kind: 'posted', id: effect.id } };
  }

  /** What a search finds at this moment: only what was there before the index lag. */
  probe(now: number): ProbeResult {
    const seen = this.effects.filter(({ at }) => at + this.truth.searchLagMs <= now);
    return {
      kind: 'found',
      matches: seen.map(({ id, postedAt, gone, hash }) => ({
        id,
        hash,
        state: gone ? 'cancelled' : postedAt <= now ? 'posted' : 'draft',
      })),
    };
  }

  poll(now: number): Outcome {
    if (this.random.chance(0.1)) return unknown('no such job');
    const done = this.effects.find(({ postedAt }) => postedAt <= now);
    return done === undefined ? { kind: 'accepted', handle: 'job-1' } : { kind: 'posted', id: done.id };
  }
}

/** One record that people edit too: a version per write, and the content as a hash. */
export class RecordModel {
  content = 'base';
  version = 1;
  /** Writes of ours that landed on content that was neither ours nor the base. */
  overwrites = 0;
  readonly sends: { readonly at: number; readonly content: string }[] = [];
  private readonly pending: { readonly at: number; readonly guard: string | null }[] = [];
  private readonly truth: ErpTruth;
  private readonly random: Random;

  constructor(truth: ErpTruth, random: Random) {
    this.truth = truth;
    this.random = random;
  }

  set(guard: string | null, now: number): Answer {
    const { faults, clientTimeoutMs, lifeMs } = this.truth;
    const { random } = this;
    const quick = 1 + random.below(200);
    if (random.chance(faults.notSent))
      return { after: quick, outcome: { kind: 'not-sent', why: 'connection refused' } };
    this.sends.push({ at: now, content: this.content });
    if (random.chance(faults.neverArrives)) return { after: quick, outcome: unknown('reset') };
    const lost = random.chance(faults.lostReply);
    this.pending.push({ at: now + (lost ? 1 + random.below(lifeMs) : quick), guard });
    return lost
      ? { after: clientTimeoutMs, outcome: unknown('timed out') }
      : { after: quick, outcome: { kind: 'posted', id: 'R1' } };
  }

  settle(now: number): void {
    const due = this.pending.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const write of due) {
      this.pending.splice(this.pending.indexOf(write), 1);
      if (write.guard !== String(this.version)) continue;
      if (this.content === 'human') this.overwrites += 1;
      this.content = 'target';
      this.version += 1;
    }
  }

  edit(now: number): void {
    this.settle(now);
    this.content = 'human';
    this.version += 1;
  }

  probe(now: number): ProbeResult {
    this.settle(now);
    const standing =
      this.content === 'target' ? 'at-target' : this.content === 'base' ? 'at-base' : 'elsewhere';
    return { kind: 'standing', standing, id: 'R1', guard: String(this.version) };
  }
}

function unknown(why: string): Outcome {
  return { kind: 'unknown', why };
}
