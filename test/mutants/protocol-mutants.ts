import type { Killer, Mutant } from './mutant.ts';

const POSTING = 'src/domain/posting/posting.ts';
const TURN = 'src/domain/posting/turn.ts';
const GROUP = 'src/domain/posting/group.ts';

const inHistories: Killer = { by: 'simulation', histories: 5_000 };
// These need several rare things in one history; one that hides longer is a finding about the simulation.
const inManyHistories: Killer = { by: 'simulation', histories: 100_000 };
const inPostingTests: Killer = { by: 'tests', file: 'src/domain/posting/posting.test.ts' };

/** Faults of the protocol itself: sending, losing, looking, sending again. */
export const protocolMutants: readonly Mutant[] = [
  {
    id: 'skip-intent',
    says: 'a write is released without a committed intent',
    file: TURN,
    find: `        const held = yield* ask({ kind: 'intend', before: stored, after });
        if (!held.ok) return held.afterMs;
        stored = after;`,
    replace: `        yield* record(stored, after, { kind: 'intended' }, null);
        stored = after;`,
    killedBy: inHistories,
  },
  {
    id: 'send-before-release',
    says: 'the bytes leave before it is committed that they may have left',
    file: TURN,
    find: `  yield* ask({ kind: 'release', before: posting, after: sent });`,
    replace: '',
    and: [
      {
        file: TURN,
        find: `    : yield* ask({ kind: 'send', posting: sent });
  return yield* answered(sent, outcome, rule, now);`,
        replace: `    : yield* ask({ kind: 'send', posting: sent });
  yield* ask({ kind: 'release', before: posting, after: sent });
  return yield* answered(sent, outcome, rule, now);`,
      },
    ],
    killedBy: inHistories,
  },
  {
    id: 'sleeper-sends',
    says: 'a worker that slept longer than others wait for it still sends',
    file: TURN,
    find: 'now().getTime() - sent.sentAt!.getTime() >= rule.clientTimeoutMs',
    replace: 'now().getTime() < sent.sentAt!.getTime()',
    killedBy: { by: 'tests', file: 'src/domain/posting/turn.test.ts' },
  },
  {
    id: 'word-of-the-target',
    says: 'an answer that says posted is believed without reading it back',
    file: TURN,
    find: `outcome.kind === 'posted' ? yield* readBack(posting, outcome.id) : { kind: 'outcome', outcome };`,
    replace: `{ kind: 'outcome', outcome };`,
    killedBy: inHistories,
  },
  {
    id: 'blind-read-back-believed',
    says: 'a read-back that failed counts as posted',
    file: TURN,
    find: `  return { kind: 'outcome', outcome: { kind: 'unknown', why`,
    replace: `  if (why !== '') return { kind: 'outcome', outcome: { kind: 'posted', id } };
  return { kind: 'outcome', outcome: { kind: 'unknown', why`,
    killedBy: inManyHistories,
  },
  {
    id: 'restored-epoch-ignored',
    says: 'after our database was restored, postings go on as if nothing had happened',
    file: TURN,
    find: `restored && state !== 'exception' ?`,
    replace: `restored && state === 'cancelled' ?`,
    // Three looks and a person on the day of a restore hide it well.
    killedBy: { by: 'simulation', histories: 20_000 },
  },
  {
    id: 'take-over-without-doubt',
    says: 'a posting that another worker left is taken as it stands',
    file: TURN,
    find: `state === 'intended' || state === 'sent' || state === 'unknown' || (state === 'ready' && probed);`,
    replace: `probed && state === 'cancelled';`,
    killedBy: inHistories,
  },
  {
    id: 'canary-not-asked',
    says: 'an empty probe is believed without asking whether it can see anything',
    file: TURN,
    find: `posting.writeKind === 'create' && isEmpty(result)
      ?`,
    replace: `posting.writeKind === 'create' && isEmpty(result) && posting.attempt < 0
      ?`,
    killedBy: inHistories,
  },
  {
    id: 'canary-ignored',
    says: 'a probe that does not see what is known to be there is believed',
    file: POSTING,
    find: 'if (event.canary === false)',
    replace: `if (event.canary === false && posting.state === 'ready')`,
    killedBy: inHistories,
  },
  {
    id: 'no-quiet-time',
    says: 'a lost answer is looked for at once, while its request may still take effect',
    file: POSTING,
    find: 'const quietMs = rule.uniquenessEnforced ? 0 : (rule.requestLifeMs ?? rule.probeGapMs);',
    replace: 'const quietMs = 0;',
    killedBy: inHistories,
  },
  {
    id: 'half-the-quiet-time',
    says: 'only half of the life of a request is waited for',
    file: POSTING,
    find: '(rule.requestLifeMs ?? rule.probeGapMs);',
    replace: '(rule.requestLifeMs ?? rule.probeGapMs) / 2;',
    killedBy: inHistories,
  },
  {
    id: 'quiet-time-from-the-sending',
    says: 'the quiet time of a request that another worker left counts from before its last byte',
    file: POSTING,
    find: 'const lastByte = later(posting.sentAt ?? now, rule.clientTimeoutMs);',
    replace: 'const lastByte = later(posting.sentAt ?? now, -(rule.requestLifeMs ?? 0));',
    and: [
      {
        file: POSTING,
        find: 'const from = lastByte > now ? lastByte : now;',
        replace: 'const from = lastByte;',
      },
    ],
    killedBy: inHistories,
  },
  {
    id: 'first-empty-probe',
    says: 'one empty probe is enough to send again',
    file: POSTING,
    find: 'export const EMPTY_PROBES_NEEDED = 3;',
    replace: 'export const EMPTY_PROBES_NEEDED = 1;',
    killedBy: inManyHistories,
  },
  {
    id: 'second-empty-probe',
    says: 'two empty probes are enough to send again',
    file: POSTING,
    find: 'export const EMPTY_PROBES_NEEDED = 3;',
    replace: 'export const EMPTY_PROBES_NEEDED = 2;',
    killedBy: inPostingTests,
  },
  {
    id: 'no-gap-between-probes',
    says: 'the second probe follows the first at once, within the lag of the search',
    file: POSTING,
    find: 'return { ...posting, emptyProbes, quietUntil: later(now, rule.probeGapMs) };',
    replace: 'return { ...posting, emptyProbes, quietUntil: now };',
    killedBy: inManyHistories,
  },
  {
    id: 'unknown-as-not-sent',
    says: 'a lost answer counts as a request that never left',
    file: POSTING,
    find: `    case 'unknown':
      return lost(`,
    replace: `    case 'unknown':
      if (result.why !== '')
        return { ...to(posting, 'intended'), reason: result.why, quietUntil: later(now, 1_000) };
      return lost(`,
    killedBy: inHistories,
  },
  {
    id: 'unknown-as-refused',
    says: 'a lost answer counts as a refusal',
    file: POSTING,
    find: `    case 'unknown':
      return lost(`,
    replace: `    case 'unknown':
      if (result.why !== '') return { ...to(posting, 'refused'), reason: result.why };
      return lost(`,
    killedBy: inHistories,
  },
  {
    id: 'refused-as-unknown',
    says: 'a proven refusal is looked for and sent again',
    file: POSTING,
    find: `return { ...to(posting, 'refused'), reason: words };`,
    replace: 'return lost(posting, words, rule, now);',
    killedBy: inPostingTests,
  },
  {
    id: 'not-sent-as-unknown',
    says: 'a request that never left is waited for as if it had',
    file: POSTING,
    find: `      return {
        ...to(posting, 'intended'),
        reason: result.why,
        quietUntil: later(now, result.retryAfterMs ?? waitMs(posting.attempt)),
      };`,
    replace: '      return lost(posting, result.why, rule, now);',
    killedBy: inPostingTests,
  },
  {
    id: 'refusal-of-a-repeat-believed',
    says: 'where uniqueness replaces the wait, the refusal of a repeat is taken as proof about the first',
    file: POSTING,
    find: 'if (rule.uniquenessEnforced && posting.attempt > 1)',
    replace: 'if (rule.uniquenessEnforced && posting.attempt > 99)',
    killedBy: inManyHistories,
  },
  {
    id: 'sent-as-intended',
    says: 'what a worker left as sent is sent again as if it had never left',
    file: POSTING,
    find: `  const lastByte = later(posting.sentAt ?? now, rule.clientTimeoutMs);`,
    replace: `  if (posting.state === 'sent') return { ...to(posting, 'intended'), openIntent: false };
  const lastByte = later(posting.sentAt ?? now, rule.clientTimeoutMs);`,
    killedBy: inHistories,
  },
  {
    id: 'old-intent-sent-by-another',
    says: 'an intent that a dead worker left is sent by the next one without an intent of its own',
    file: POSTING,
    find: 'return { ...posting, openIntent: false, probed: false };',
    replace: 'return { ...posting, probed: false };',
    killedBy: inPostingTests,
  },
  {
    id: 'lost-job-sent-again',
    says: 'a job that was accepted and then forgotten is sent again',
    file: POSTING,
    find: `  if (posting.handle !== null)
    return exception(posting, \`accepted as`,
    replace: `  if (posting.handle === '')
    return exception(posting, \`accepted as`,
    killedBy: inPostingTests,
  },
  {
    id: 'removed-draft-sent-again',
    says: 'a draft that a person removed is created again',
    file: POSTING,
    find: `if (isDraft(posting.handle)) return exception(posting, 'its draft was removed in the target');`,
    replace: '',
    and: [
      {
        file: POSTING,
        find: `  if (posting.handle !== null)
    return exception(posting, \`accepted as`,
        replace: `  if (posting.handle !== null && !isDraft(posting.handle))
    return exception(posting, \`accepted as`,
      },
    ],
    killedBy: inPostingTests,
  },
  {
    id: 'unbounded-attempts',
    says: 'a write is tried without an end',
    file: POSTING,
    find: 'return attempt >= MAX_ATTEMPTS && reason !== PERSON_ASKED;',
    replace: 'return attempt >= 1_000 && reason !== PERSON_ASKED;',
    and: [
      {
        file: POSTING,
        find: `    case 'not-sent':
      if (posting.attempt >= MAX_ATTEMPTS)`,
        replace: `    case 'not-sent':
      if (posting.attempt >= 1_000)`,
      },
    ],
    killedBy: inHistories,
  },
  {
    id: 'hash-not-compared',
    says: 'whatever carries our reference is taken for what was approved',
    file: POSTING,
    find: 'if (match.hash !== posting.targetHash) {',
    replace: `if (match.hash === '') {`,
    killedBy: inHistories,
  },
  {
    id: 'cancelled-adopted',
    says: 'a document that a person cancelled is adopted as posted',
    file: POSTING,
    find: `if (match.state === 'cancelled')`,
    replace: `if (match.state === 'cancelled' && match.id === '')`,
    and: [
      {
        file: POSTING,
        find: `if (match.state === 'posted') return done(`,
        replace: `if (match.state === 'posted' || match.state === 'cancelled') return done(`,
      },
    ],
    killedBy: inPostingTests,
  },
  {
    id: 'draft-taken-for-posted',
    says: 'a draft that waits for approval there is taken for posted',
    file: POSTING,
    find: `if (match.state === 'posted') return done(`,
    replace: `if (match.state === 'posted' || match.state === 'draft') return done(`,
    killedBy: inHistories,
  },
  {
    id: 'two-matches-first-taken',
    says: 'of two documents with one reference the first is taken',
    file: POSTING,
    find: 'if (matches.length !== 1 || match === undefined) {',
    replace: 'if (match === undefined) {',
    killedBy: inPostingTests,
  },
  {
    id: 'action-repeated',
    says: 'an action whose effect cannot be seen is sent again after its answer was lost',
    file: POSTING,
    find: `  if (posting.writeKind === 'action')
    return exception(posting, \`\${why}; whether`,
    replace: `  if (posting.writeKind === 'action' && why === '')
    return exception(posting, \`\${why}; whether`,
    killedBy: inPostingTests,
  },
  {
    id: 'set-sent-without-comparison',
    says: 'a change is sent without reading first what it changes',
    file: POSTING,
    find: `    case 'ready':
      return posting.writeKind === 'set' && !posting.probed ?`,
    replace: `    case 'ready':
      return posting.writeKind === 'set' && posting.attempt > 99 ?`,
    killedBy: inHistories,
  },
  {
    id: 'set-repeated-without-comparison',
    says: 'a change whose answer was lost is sent again without reading first',
    file: POSTING,
    find: `  const quietMs = rule.uniquenessEnforced`,
    replace: `  if (posting.writeKind === 'set' && posting.state === 'sent')
    return { ...to(posting, 'intended'), probed: true, reason: why };
  const quietMs = rule.uniquenessEnforced`,
    killedBy: inHistories,
  },
  {
    id: 'comparison-survives-a-crash',
    says: 'the comparison of a worker that died is used by the next one',
    file: POSTING,
    find: 'return { ...posting, openIntent: false, probed: false };',
    replace: 'return { ...posting, openIntent: false };',
    killedBy: inPostingTests,
  },
  {
    id: 'guard-dropped',
    says: 'a change is sent without the guard that its comparison gave',
    file: POSTING,
    find: 'return { ...posting, probed: true, guard: result.guard ?? null };',
    replace: 'return { ...posting, probed: true, guard: null };',
    killedBy: inManyHistories,
  },
  {
    id: 'person-overruled',
    says: 'a record that somebody changed meanwhile is changed all the same',
    file: POSTING,
    find: `  if (result.standing === 'elsewhere')
    return exception(posting, result.difference ?? 'the record was changed by somebody else');
  return { ...posting, probed: true`,
    replace: `  return { ...posting, probed: true`,
    killedBy: inHistories,
  },
  {
    id: 'restored-intent-kept',
    says: 'an intent of before a restore is sent after the probes, past the gate as it is by then',
    file: POSTING,
    find: `'settling'), openIntent: false, emptyProbes: 0,`,
    replace: `'settling'), emptyProbes: 0,`,
    killedBy: inPostingTests,
  },
  {
    id: 'hurried-by-a-person',
    says: 'a person who asks to look again shortens the life of a request',
    file: POSTING,
    find: 'return end > now ? end : now;',
    replace: 'return end > now ? now : now;',
    killedBy: inPostingTests,
  },
  {
    id: 'unknown-life-sent-again',
    says: 'where nobody knows how long a request lives, three empty probes are enough to send again',
    file: POSTING,
    find: 'if (posting.sentAt !== null && rule.requestLifeMs === null && !rule.uniquenessEnforced) {',
    replace: 'if (posting.sentAt !== null && rule.requestLifeMs === null && posting.attempt > 99) {',
    killedBy: inPostingTests,
  },
  {
    id: 'group-member-lost',
    says: 'a member that the answer does not mention counts as refused',
    file: GROUP,
    find: `return [reference, own ?? unknown('the answer does not speak of it')];`,
    replace: `return [reference, own ?? { kind: 'refused', errors: [{ field: '', message: 'not mentioned' }] }];`,
    killedBy: inManyHistories,
  },
  {
    id: 'group-member-not-sent',
    says: 'a member that the answer does not mention counts as never sent',
    file: GROUP,
    find: `return [reference, own ?? unknown('the answer does not speak of it')];`,
    replace: `return [reference, own ?? { kind: 'not-sent', why: 'not mentioned' }];`,
    killedBy: inManyHistories,
  },
  {
    id: 'group-dragged-down',
    says: 'one refused member of an atomic group has the others refused as well, for good',
    file: GROUP,
    find: `      return [
        reference,
        { kind: 'not-sent', why: \`the group was refused as a whole: \${wordsOf(told, refusals)}\` },
      ];`,
    replace: `      const errors = refusals.flatMap((refused) => errorsOf(told.get(refused)));
      return [reference, { kind: 'refused', errors }];`,
    killedBy: { by: 'tests', file: 'src/domain/posting/group.test.ts' },
  },
];
