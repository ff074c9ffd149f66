import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, stepPosting } from './posting.ts';
import type { SettleRule } from './settle.ts';
import type { ErpTruth } from './testing/erp-model.ts';
import { type History, MAX_STEPS, playHistory, type Step } from './testing/posting-history.ts';
import { seeded } from './testing/random.ts';

const HISTORIES = 10_000;
const LIFE_MS = 120_000;

/** Each seed draws which faults exist in its world and how often they strike. */
function worldOf(seed: number): ErpTruth {
  const random = seeded(seed ^ 0x5eed);
  const some = (most: number) => (random.chance(0.5) ? random.next() * most : 0);
  return {
    lifeMs: LIFE_MS,
    clientTimeoutMs: 10_000,
    searchLagMs: random.below(2_000),
    unique: false,
    faults: {
      lostReply: some(0.8),
      neverArrives: some(0.5),
      notSent: some(0.6),
      refused: some(0.2),
      draft: some(0.5),
      job: some(0.5),
      otherContent: some(0.2),
      cancelled: some(0.2),
      crash: some(0.3),
      humanEdit: some(0.1),
    },
  };
}

function ruleFor(seed: number, change: Partial<SettleRule> = {}): SettleRule {
  return {
    referenceField: 'reference',
    referenceWidth: 16,
    uniquenessEnforced: false,
    requestLifeMs: LIFE_MS,
    clientTimeoutMs: 10_000,
    probeGapMs: 2_500,
    pollEveryMs: 1_000,
    giveUpAfterMs: seed % 3 === 0 ? 30_000 : 3_600_000,
    ...change,
  };
}

type Change = {
  readonly rule?: Partial<SettleRule>;
  readonly truth?: Partial<ErpTruth>;
  readonly step?: Step;
  readonly writeKind?: 'create' | 'set';
};

/** Plays every seed and lists the ones whose history breaks the promise, each with what happened. */
function broken(change: Change, promise: (history: History) => string | null, count = HISTORIES): string[] {
  const found: string[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const history = playHistory({
      seed,
      writeKind: change.writeKind ?? 'create',
      truth: { ...worldOf(seed), ...change.truth },
      rule: ruleFor(seed, change.rule),
      ...(change.step === undefined ? {} : { step: change.step }),
    });
    const what = promise(history);
    if (what !== null)
      found.push(`seed ${seed}: ${what} (${history.posting.state}: ${history.posting.reason})`);
  }
  return found;
}

function atMostOne({ erp }: History): string | null {
  return erp.effects.length <= 1 ? null : `${erp.effects.length} documents with one reference`;
}

function endsHonestly({ posting, erp, endedAt, steps }: History): string | null {
  if (steps >= MAX_STEPS) return 'it never ends';
  const [effect] = erp.effects;
  switch (posting.state) {
    case 'posted':
    case 'adopted':
      if (effect === undefined || effect.at > endedAt) return 'called posted, but nothing is there';
      if (effect.gone || effect.hash !== posting.targetHash) return 'called posted, but not as approved';
      if (effect.postedAt > endedAt) return 'called posted, but only a draft';
      return posting.targetId === effect.id ? null : 'posted under another id';
    case 'refused':
      return effect === undefined ? null : 'called refused, but it is there';
    case 'exception':
      return posting.reason ? null : 'an exception without a reason';
    default:
      return 'left in the middle';
  }
}

function sentAgainTooEarly(lifeMs: number): (history: History) => string | null {
  return ({ erp }) => {
    const early = erp.sends.find((at, index) => index > 0 && at < erp.sends[index - 1]! + lifeMs);
    return early === undefined ? null : `sent again at ${early}, after ${erp.sends.join(', ')}`;
  };
}

/** One more attempt for each time that a person asked to look again, and no more. */
function bounded({ posting, lookedAgain }: History): string | null {
  return posting.attempt <= MAX_ATTEMPTS + lookedAgain ? null : `${posting.attempt} attempts`;
}

describe('a create against a target that takes the same reference twice', () => {
  it('never becomes two documents', () => {
    expect(broken({}, atMostOne)).toEqual([]);
  });

  it('is never lost: it ends posted as approved, refused with nothing there, or with a person and a reason', () => {
    expect(broken({}, endsHonestly)).toEqual([]);
  });

  it('is not sent again before an earlier request can no longer take effect', () => {
    expect(broken({}, sentAgainTooEarly(LIFE_MS))).toEqual([]);
  });

  it('makes a bounded number of attempts, however often the worker dies', () => {
    expect(broken({}, bounded)).toEqual([]);
    const dying = { ...worldOf(1), faults: { ...worldOf(1).faults, crash: 0.7 } };
    expect(broken({ truth: { faults: dying.faults } }, bounded, 1_000)).toEqual([]);
  });

  it('is sent once and never again where the request life is unknown', () => {
    const once = ({ erp }: History) => (erp.sends.length <= 1 ? null : `${erp.sends.length} sends`);
    const unknownLife = { rule: { requestLifeMs: null } };
    expect(broken(unknownLife, once)).toEqual([]);
    expect(broken(unknownLife, endsHonestly)).toEqual([]);
  });

  it('needs no wait where the target itself enforces uniqueness', () => {
    const unique = { rule: { uniquenessEnforced: true, requestLifeMs: null }, truth: { unique: true } };
    expect(broken(unique, atMostOne)).toEqual([]);
    expect(broken(unique, endsHonestly)).toEqual([]);
  });

  it('mostly gets through: the promises above are not kept by giving up', () => {
    const failed = broken({}, ({ posting }) => (posting.state === 'exception' ? 'with a person' : null));
    expect(failed.length).toBeLessThan(HISTORIES * 0.4);
    const resent = broken({}, ({ erp }) => (erp.sends.length > 1 ? 'sent again' : null));
    expect(resent.length).toBeGreaterThan(HISTORIES * 0.05);
  });
});

describe('a weakened protocol, which proves that the histories above can fail', () => {
  const takenAsFinal: Step = (posting, event, rule, now) =>
    stepPosting(event.kind === 'probed' ? { ...posting, emptyProbes: 1 } : posting, event, rule, now);
  const hurried: Step = (posting, event, rule, now) => {
    const after = stepPosting(posting, event, rule, now);
    return event.kind === 'taken-over' && after.state === 'settling' ? { ...after, quietUntil: now } : after;
  };
  const blind: Step = (posting, event, rule, now) => {
    const after = stepPosting(posting, event, rule, now);
    return after.state === 'settling' ? { ...after, state: 'intended', quietUntil: null } : after;
  };
  const weakened: readonly [string, Change][] = [
    ['a request life configured too low', { rule: { requestLifeMs: LIFE_MS / 10 } }],
    ['no life at all', { rule: { requestLifeMs: 0 } }],
    ['one probe instead of two', { step: takenAsFinal }],
    ['a gap shorter than the search lag', { rule: { probeGapMs: 1 }, truth: { searchLagMs: 30_000 } }],
    ['no wait after a take-over', { step: hurried }],
    ['a repeat without a probe', { step: blind }],
    ['uniqueness believed where there is none', { rule: { uniquenessEnforced: true } }],
  ];

  it.each(weakened)('makes duplicates with %s', (_name, change) => {
    expect(broken(change, atMostOne, 3_000).length).toBeGreaterThan(0);
  });
});

describe('a set on a record that people edit too', () => {
  const set = { writeKind: 'set' } as const;

  it('is never sent without a comparison of its own', () => {
    expect(broken(set, ({ blindSets }) => (blindSets === 0 ? null : `${blindSets} blind sends`))).toEqual([]);
  });

  it('never overwrites what a person entered', () => {
    expect(broken(set, ({ record }) => (record.overwrites === 0 ? null : 'overwritten'))).toEqual([]);
  });

  it('ends done where the content is as wanted, or with a person and a reason', () => {
    const ends = ({ posting, steps }: History) => {
      if (steps >= MAX_STEPS) return 'it never ends';
      if (posting.state === 'exception') return posting.reason ? null : 'no reason';
      return posting.state === 'posted' || posting.state === 'adopted' ? null : 'left in the middle';
    };
    expect(broken(set, ends)).toEqual([]);
    expect(broken(set, bounded)).toEqual([]);
  });
});
