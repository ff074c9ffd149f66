import { describe, expect, it } from 'vitest';
import { freshPosting, TARGET_HASH } from '../testing/fresh-posting.ts';
import { MAX_ATTEMPTS, nextTask, type Posting, type PostingEvent, stepPosting } from './posting.ts';
import type { SettleRule } from './settle.ts';
import type { Match } from './writes.ts';

const rule: SettleRule = {
  referenceField: 'reference',
  referenceWidth: 16,
  uniquenessEnforced: false,
  requestLifeMs: 900_000,
  clientTimeoutMs: 60_000,
  probeGapMs: 2_000,
  pollEveryMs: 15_000,
  giveUpAfterMs: 86_400_000,
};
const start = new Date('2026-08-31T12:00:00Z');
const plus = (ms: number) => new Date(start.getTime() + ms);

function play(posting: Posting, events: readonly PostingEvent[], at = start, by = rule): Posting {
  return events.reduce((now, event) => stepPosting(now, event, by, at), posting);
}

const intended = play(freshPosting, [{ kind: 'intended' }]);
const sent = play(intended, [{ kind: 'sent' }]);
const lost: PostingEvent = { kind: 'outcome', outcome: { kind: 'unknown', why: 'timed out' } };
const nothingFound: PostingEvent = { kind: 'probed', result: { kind: 'found', matches: [] }, canary: true };
const unfound = [nothingFound, nothingFound, nothingFound];
const standing: Match = { id: '17', state: 'posted', hash: TARGET_HASH, lineKeys: { a: '0' } };
const found = (...matches: Match[]): PostingEvent => ({
  kind: 'probed',
  result: { kind: 'found', matches },
  canary: null,
});
const stands = (where: 'at-target' | 'at-base' | 'elsewhere', guard?: string): PostingEvent => ({
  kind: 'probed',
  result: { kind: 'standing', standing: where, id: '9', ...(guard === undefined ? {} : { guard }) },
  canary: null,
});

describe('a create that goes well', () => {
  it('is intended, sent once, and posted only when the target shows it', () => {
    expect(nextTask(freshPosting, start)).toEqual({ do: 'intend' });
    expect(nextTask(intended, start)).toEqual({ do: 'send' });
    const read: PostingEvent = {
      kind: 'read-back',
      id: '17',
      result: { kind: 'found', matches: [standing] },
    };
    expect(play(sent, [read])).toMatchObject({ state: 'posted', targetId: '17', lineKeys: { a: '0' } });
  });

  it('is not posted on the word of the target alone', () => {
    const read: PostingEvent = { kind: 'read-back', id: '17', result: { kind: 'found', matches: [] } };
    expect(play(sent, [read])).toMatchObject({ state: 'settling', targetId: null });
  });

  it.each<[string, PostingEvent]>([
    ['is not shown then', { kind: 'read-back', id: '17', result: { kind: 'found', matches: [] } }],
    [
      'cannot be read then',
      { kind: 'outcome', outcome: { kind: 'unknown', why: 'no permission', answeredAs: '17' } },
    ],
  ])(
    'that was answered with an id and %s is never sent again, even where nothing else is known',
    (_how, event) => {
      const unseen: PostingEvent = { ...nothingFound, canary: null };
      const ended = play(sent, [event, unseen, unseen, unseen]);
      expect(ended).toMatchObject({ state: 'exception' });
      expect(ended.reason).toContain('answered as 17');
      const seenLater = play(sent, [event, unseen, found(standing)]);
      expect(seenLater).toMatchObject({ state: 'adopted', targetId: '17' });
    },
  );

  it('keeps the words of a refusal with the field they are about', () => {
    const refused = play(sent, [
      { kind: 'outcome', outcome: { kind: 'refused', errors: [{ field: 'CardCode', message: 'frozen' }] } },
    ]);
    expect(refused).toMatchObject({ state: 'refused', reason: 'CardCode: frozen' });
    expect(nextTask(refused, start)).toEqual({ do: 'nothing' });
  });
});

describe('a lost answer', () => {
  const settling = play(sent, [lost]);

  it('waits for the whole life of the request before it looks', () => {
    expect(nextTask(settling, plus(899_999))).toEqual({ do: 'wait', until: plus(900_000) });
    expect(nextTask(settling, plus(900_000))).toEqual({ do: 'probe' });
  });

  it('counts that life from the end of the time-out when the worker died', () => {
    const taken = play(sent, [{ kind: 'taken-over' }], plus(1_000));
    expect(taken.quietUntil).toEqual(plus(60_000 + 900_000));
    const late = play(sent, [{ kind: 'taken-over' }], plus(3_600_000));
    expect(late.quietUntil).toEqual(plus(3_600_000 + 900_000));
  });

  it('is sent again with a new attempt only after three empty probes a gap apart', () => {
    const once = play(settling, [nothingFound], plus(900_000));
    expect(nextTask(once, plus(900_001))).toEqual({ do: 'wait', until: plus(902_000) });
    const twice = play(once, [nothingFound], plus(902_000));
    expect(nextTask(twice, plus(902_001))).toEqual({ do: 'wait', until: plus(904_000) });
    const thrice = play(twice, [nothingFound], plus(904_000));
    expect(nextTask(thrice, plus(904_000))).toEqual({ do: 'intend' });
    expect(play(thrice, [{ kind: 'intended' }])).toMatchObject({ attempt: 2, openIntent: true });
  });

  it('adopts what it finds as approved', () => {
    expect(play(settling, [found(standing)])).toMatchObject({ state: 'adopted', targetId: '17' });
  });

  it('waits for a draft that it finds', () => {
    const waiting = play(settling, [found({ ...standing, state: 'draft' })]);
    expect(waiting).toMatchObject({ state: 'accepted', handle: 'draft:17', targetId: null });
    expect(nextTask(waiting, plus(15_000))).toEqual({ do: 'poll', handle: waiting.handle });
  });

  it.each([
    ['other content', [{ ...standing, hash: 'v1:other' }], 'other content than was approved'],
    ['a cancelled document', [{ ...standing, state: 'cancelled' as const }], 'was cancelled'],
    ['two documents', [standing, { ...standing, id: '18' }], 'found 2 documents with one reference: 17, 18'],
  ])('leaves %s to a person', (_what, matches, reason) => {
    const ended = play(settling, [found(...matches)]);
    expect(ended.state).toBe('exception');
    expect(ended.reason).toContain(reason);
  });

  it('believes no probe that cannot see a document known to exist', () => {
    const blind = play(settling, [{ ...nothingFound, canary: false }]);
    expect(blind).toMatchObject({ state: 'exception' });
    expect(blind.reason).toContain('blind');
  });

  it('is never sent again where the request life is not configured', () => {
    const unset = { ...rule, requestLifeMs: null };
    const ended = play(sent, [lost, ...unfound], start, unset);
    expect(ended.state).toBe('exception');
    expect(ended.reason).toContain('not configured');
  });

  it('ends with a person after the last attempt', () => {
    const last = { ...settling, attempt: MAX_ATTEMPTS };
    expect(play(last, unfound)).toMatchObject({
      state: 'exception',
      reason: 'no effect after 8 attempts',
    });
  });

  it('of an action goes to a person at once: its effect cannot be seen', () => {
    expect(play({ ...sent, writeKind: 'action' }, [lost])).toMatchObject({ state: 'exception' });
  });
});

describe('a write that provably did not leave', () => {
  const refusedConnection: PostingEvent = {
    kind: 'outcome',
    outcome: { kind: 'not-sent', why: 'connection refused' },
  };

  it('is tried again after one second, then two, then ever later', () => {
    expect(play(sent, [refusedConnection]).quietUntil).toEqual(plus(1_000));
    expect(play({ ...sent, attempt: 2 }, [refusedConnection]).quietUntil).toEqual(plus(2_000));
    expect(play({ ...sent, attempt: 7 }, [refusedConnection]).quietUntil).toEqual(plus(64_000));
  });

  it('keeps to the time that the target named', () => {
    const limited: PostingEvent = {
      kind: 'outcome',
      outcome: { kind: 'not-sent', why: 'rate limit', retryAfterMs: 77_000 },
    };
    expect(play(sent, [limited]).quietUntil).toEqual(plus(77_000));
  });

  it('ends with a person after eight attempts', () => {
    expect(play({ ...sent, attempt: MAX_ATTEMPTS }, [refusedConnection])).toMatchObject({
      state: 'exception',
      reason: 'not sent after 8 attempts: connection refused',
    });
  });
});

describe('what the target accepted for later', () => {
  const job = play(sent, [{ kind: 'outcome', outcome: { kind: 'accepted', handle: 'job-4' } }]);

  it('is polled, and given to a person when its time is over', () => {
    expect(nextTask(job, plus(15_000))).toEqual({ do: 'poll', handle: job.handle });
    const late = play(
      job,
      [{ kind: 'outcome', outcome: { kind: 'accepted', handle: 'job-4' } }],
      plus(86_400_000),
    );
    expect(late).toMatchObject({ state: 'exception', reason: 'accepted, but never finished in time' });
  });

  it('waits for the request life when the target forgot the job, for it may still be running', () => {
    const forgotten = play(job, [lost], plus(15_000));
    expect(forgotten).toMatchObject({ state: 'settling', handle: null, quietUntil: plus(915_000) });
  });

  it('is not created again when its draft was removed by somebody', () => {
    const draft = play(sent, [{ kind: 'outcome', outcome: { kind: 'accepted', handle: 'draft:5' } }]);
    const gone = play(draft, [lost, ...unfound], plus(15_000));
    expect(gone).toMatchObject({ state: 'exception', reason: 'its draft was removed in the target' });
  });

  it('is not sent again because a person lost patience with a job that may still run', () => {
    const late = play(
      job,
      [{ kind: 'outcome', outcome: { kind: 'accepted', handle: 'job-4' } }, { kind: 'probe-again' }],
      plus(86_400_000),
    );
    const ended = play(late, unfound, plus(86_410_000));
    expect(ended).toMatchObject({ state: 'exception' });
    expect(ended.reason).toContain('accepted as job-4');
  });
});

describe('a set', () => {
  const set: Posting = { ...freshPosting, writeKind: 'set' };

  it('is compared before it is sent, and carries the guard it was compared under', () => {
    expect(nextTask(set, start)).toEqual({ do: 'probe' });
    const compared = play(set, [stands('at-base', 'W/"3"')]);
    expect(compared).toMatchObject({ state: 'ready', guard: 'W/"3"' });
    expect(nextTask(compared, start)).toEqual({ do: 'intend' });
  });

  it('is not sent when it already stands as wanted', () => {
    expect(play(set, [stands('at-target')])).toMatchObject({ state: 'adopted', attempt: 0, targetId: '9' });
  });

  it('is not sent over what somebody else entered', () => {
    expect(play(set, [stands('elsewhere')])).toMatchObject({ state: 'exception', attempt: 0 });
  });

  it.each([
    ['before it was sent', [{ kind: 'intended' }, { kind: 'taken-over' }]],
    [
      'when it could not be sent',
      [{ kind: 'intended' }, { kind: 'sent' }, { kind: 'outcome', outcome: { kind: 'not-sent', why: 'x' } }],
    ],
  ] satisfies [string, PostingEvent[]][])('is compared afresh after a stop %s', (_when, events) => {
    const stopped = play(play(set, [stands('at-base')]), events);
    expect(nextTask(stopped, plus(400_000))).toEqual({ do: 'probe' });
    expect(play(stopped, [stands('elsewhere')], plus(400_000)).state).toBe('exception');
    expect(play(stopped, [stands('at-target')], plus(400_000)).state).toBe('adopted');
    expect(nextTask(play(stopped, [stands('at-base')], plus(400_000)), plus(400_000))).toEqual({
      do: 'intend',
    });
  });

  it('is compared afresh when a worker finds it ready but does not know for how long', () => {
    const held = play(set, [stands('at-base'), { kind: 'taken-over' }]);
    expect(nextTask(held, start)).toEqual({ do: 'probe' });
  });

  it('ends with a person after eight attempts without effect', () => {
    const last: Posting = { ...set, state: 'settling', attempt: MAX_ATTEMPTS };
    expect(play(last, [stands('at-base')])).toMatchObject({ state: 'exception' });
  });
});

describe('a worker that takes over', () => {
  it('makes a new intent for one that was never released', () => {
    const taken = play(intended, [{ kind: 'taken-over' }]);
    expect(nextTask(taken, start)).toEqual({ do: 'intend' });
  });

  it('stops making intents after eight crashes before the send', () => {
    const dying = { ...intended, attempt: MAX_ATTEMPTS };
    expect(play(dying, [{ kind: 'taken-over' }])).toMatchObject({ state: 'exception' });
  });

  it('must take over a posting that was sent before it may do anything with it', () => {
    expect(() => nextTask(sent, start)).toThrow('taken over first');
  });
});

describe('an exception that a person looks into again', () => {
  it('waits until the last request can no longer take effect', () => {
    const unset = { ...rule, requestLifeMs: null };
    const ended = play(sent, [lost, ...unfound], plus(1_000), unset);
    const again = play(ended, [{ kind: 'probe-again' }], plus(5_000));
    expect(nextTask(again, plus(5_000))).toEqual({ do: 'wait', until: plus(960_000) });
  });

  it('is looked at once more at once when that time is past', () => {
    const ended = play(sent, [lost, { ...nothingFound, canary: false }]);
    const again = play(ended, [{ kind: 'probe-again' }], plus(2_000_000));
    expect(nextTask(again, plus(2_000_000))).toEqual({ do: 'probe' });
  });
});

describe('attempts that are used up', () => {
  const unreached: PostingEvent = { kind: 'outcome', outcome: { kind: 'not-sent', why: 'nobody answers' } };
  const spent = play({ ...sent, attempt: MAX_ATTEMPTS }, [unreached]);

  it('allow one more each time a person asks, after the target was looked at', () => {
    expect(spent.state).toBe('exception');
    const again = play(spent, [{ kind: 'probe-again' }, ...unfound]);
    expect(nextTask(again, start)).toEqual({ do: 'intend' });
    expect(play(again, [{ kind: 'intended' }, { kind: 'sent' }, unreached]).state).toBe('exception');
  });

  it('allow none where nobody asked', () => {
    const settling = play({ ...sent, attempt: MAX_ATTEMPTS }, [lost, ...unfound]);
    expect(settling).toMatchObject({ state: 'exception', reason: 'no effect after 8 attempts' });
  });
});

describe('after our own database was restored', () => {
  it.each(['ready', 'intended', 'sent', 'accepted', 'settling'] as const)(
    'a posting in %s looks at the target first, after the life of a request nobody remembers',
    (state) => {
      const restored = play({ ...freshPosting, state }, [{ kind: 'restored' }]);
      expect(restored).toMatchObject({ state: 'settling', quietUntil: plus(960_000), emptyProbes: 0 });
    },
  );

  it('an intent that was not yet sent then is made again, past the gate as it is now', () => {
    const settling = play(intended, [{ kind: 'restored' }]);
    const unseen = play(settling, unfound, plus(960_000));
    expect(nextTask(unseen, plus(960_000))).toEqual({ do: 'intend' });
  });
});

describe('where the target enforces uniqueness', () => {
  const unique = { ...rule, uniquenessEnforced: true, requestLifeMs: null };

  it('looks at once and may send again without a known request life', () => {
    const settling = play(sent, [lost], start, unique);
    expect(nextTask(settling, start)).toEqual({ do: 'probe' });
    const unseen = play(settling, unfound, start, unique);
    expect(nextTask(unseen, start)).toEqual({ do: 'intend' });
  });

  it('does not take the refusal of a repeat as proof that the first had no effect', () => {
    const refused: PostingEvent = {
      kind: 'outcome',
      outcome: { kind: 'refused', errors: [{ field: '', message: 'locked' }] },
    };
    expect(play({ ...sent, attempt: 2 }, [refused], start, unique)).toMatchObject({
      state: 'exception',
      reason: 'refused on attempt 2: locked',
    });
    expect(play(sent, [refused], start, unique).state).toBe('refused');
  });
});
