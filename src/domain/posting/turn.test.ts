import { describe, expect, test } from 'vitest';
import { freshPosting } from '../testing/fresh-posting.ts';
import type { Posting } from './posting.ts';
import type { SettleRule } from './settle.ts';
import { type Answers, type Effect, type TurnEnd, workPosting } from './turn.ts';

const rule: SettleRule = {
  referenceField: 'Reference',
  referenceWidth: 16,
  uniquenessEnforced: false,
  requestLifeMs: 5_000,
  clientTimeoutMs: 1_000,
  probeGapMs: 500,
  pollEveryMs: 15_000,
  giveUpAfterMs: 86_400_000,
};
const start = new Date('2026-03-02T08:00:00Z');
const ready: Posting = { ...freshPosting, targetHash: 'v1:wanted' };
const nothing = { kind: 'found', matches: [] } as const;
const itself = { kind: 'found', matches: [{ id: '7', state: 'posted', hash: 'v1:wanted' }] } as const;

type Script = { readonly [K in Effect['kind']]?: Answers[K] };

/** Answers each effect from the script and keeps what was asked. */
function play(posting: Posting, script: Script, restored = false, now = start) {
  const work = workPosting(posting, restored, rule, () => now);
  const asked: Effect[] = [];
  let next = work.next();
  while (!next.done) {
    asked.push(next.value);
    next = work.next(script[next.value.kind]);
  }
  const end: TurnEnd = next.value;
  const last = asked.findLast((effect) => effect.kind === 'record');
  return {
    kinds: asked.map(({ kind }) => kind),
    asked,
    end,
    last: last?.kind === 'record' ? last.after : null,
  };
}

describe('a create', () => {
  test('is intended, released, sent and read back, in this order', () => {
    const { kinds, end, last } = play(ready, {
      intend: { ok: true },
      send: { kind: 'posted', id: '7' },
      'read-back': { seen: itself },
    });
    expect(kinds).toEqual(['intend', 'release', 'send', 'read-back', 'record']);
    expect(end).toBe('finished');
    expect(last).toMatchObject({ state: 'posted', targetId: '7' });
  });

  test('is not sent when the last gate holds it', () => {
    const { kinds, end } = play(ready, { intend: { ok: false, afterMs: 60_000 } });
    expect(kinds).toEqual(['intend']);
    expect(end).toBe(60_000);
  });

  test('whose answer cannot be read back is settled later and not believed', () => {
    const { last, end } = play(ready, {
      intend: { ok: true },
      send: { kind: 'posted', id: '7' },
      'read-back': { blind: 'no answer' },
    });
    expect(last?.state).toBe('settling');
    expect(end).toBe(rule.requestLifeMs);
  });

  test('is not sent by a worker that slept through the time it had for it', () => {
    let asleepMs = 0;
    const work = workPosting(ready, false, rule, () => new Date(start.getTime() + asleepMs));
    expect(work.next().value).toMatchObject({ kind: 'intend' });
    expect(work.next({ ok: true }).value).toMatchObject({ kind: 'release' });
    asleepMs = rule.clientTimeoutMs;
    expect(work.next().value).toMatchObject({ kind: 'record', outcome: { kind: 'not-sent' } });
  });

  test('that another worker left in the middle is doubted before anything is asked of the target', () => {
    const sent: Posting = { ...ready, state: 'sent', attempt: 1, sentAt: start };
    const { kinds, end } = play(sent, {});
    expect(kinds).toEqual(['record']);
    expect(end).toBe(rule.clientTimeoutMs + rule.requestLifeMs!);
  });

  test('of a restored database is looked for, although nothing seemed to be sent', () => {
    const { kinds, last } = play(ready, {}, true);
    expect(kinds).toEqual(['record']);
    expect(last?.state).toBe('settling');
  });
});

describe('a look that finds nothing', () => {
  const settling: Posting = { ...ready, state: 'settling', attempt: 1, sentAt: start, emptyProbes: 1 };

  test('asks for a document that must be seen', () => {
    const { kinds, last, end } = play(settling, { look: nothing, 'look-for-canary': false });
    expect(kinds).toEqual(['look', 'look-for-canary', 'record']);
    expect(last).toMatchObject({ state: 'exception' });
    expect(end).toBeNull();
  });

  test('does not ask when the document itself was found', () => {
    const { kinds, end } = play(settling, { look: itself });
    expect(kinds).toEqual(['look', 'record']);
    expect(end).toBe('finished');
  });
});

describe('a set', () => {
  const change: Posting = { ...ready, writeKind: 'set' };

  test('is compared first, and the comparison is saved with its intent', () => {
    const { kinds, asked } = play(change, {
      look: { kind: 'standing', standing: 'at-base', id: '7', guard: 'v3' },
      intend: { ok: true },
      send: { kind: 'posted', id: '7' },
      'read-back': { proven: true },
    });
    expect(kinds).toEqual(['look', 'intend', 'release', 'send', 'read-back', 'record']);
    expect(asked[1]).toMatchObject({ before: { probed: false }, after: { guard: 'v3', probed: true } });
  });

  test('that already stands as wanted is never sent', () => {
    const { kinds, last } = play(change, { look: { kind: 'standing', standing: 'at-target', id: '7' } });
    expect(kinds).toEqual(['look', 'record']);
    expect(last?.state).toBe('adopted');
  });
});

describe('an accepted write', () => {
  test('that is a draft is looked at and never asked for as a job', () => {
    const draft: Posting = { ...ready, state: 'accepted', attempt: 1, handle: 'draft:7' };
    expect(play(draft, { look: itself }).kinds).toEqual(['look', 'record']);
  });

  test('that is a job is asked for', () => {
    const job: Posting = { ...ready, state: 'accepted', attempt: 1, handle: 'job-1' };
    const { kinds, end } = play(job, { poll: { kind: 'accepted', handle: 'job-1' } });
    expect(kinds).toEqual(['poll', 'record']);
    expect(end).toBe(rule.pollEveryMs);
  });
});
