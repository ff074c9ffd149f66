import { move, type PostingState } from '../states.ts';
import type { Outcome } from './outcomes.ts';
import type { SettleRule } from './settle.ts';
import type { Match, ProbeResult, Write } from './writes.ts';

/**
 * The posting protocol of one write, as data: what to do next, and what an event makes of it. Nothing here
 * sends, waits or stores; the engine runs the steps against PostgreSQL, a simulation against plain maps.
 *
 * The rule that carries everything: a lost answer is never repeated blind. First the request's life must have
 * passed (a request may still take effect long after its caller gave up), then three probes must find nothing.
 */
export type Posting = {
  readonly state: PostingState;
  readonly writeKind: Write['kind'];
  readonly targetHash: string;
  readonly attempt: number;
  /** The latest intent is committed and not yet released to the wire: exactly one send may follow it. */
  readonly openIntent: boolean;
  /** A `set` has been read and compared, and may be sent once. */
  readonly probed: boolean;
  readonly guard: string | null;
  readonly targetId: string | null;
  readonly handle: string | null;
  readonly emptyProbes: number;
  readonly sentAt: Date | null;
  readonly quietUntil: Date | null;
  readonly giveUpAt: Date | null;
  readonly lineKeys: Readonly<Record<string, string>>;
  readonly reason: string | null;
};

export type PostingTask =
  | { readonly do: 'intend' }
  | { readonly do: 'send' }
  | { readonly do: 'probe' }
  | { readonly do: 'poll'; readonly handle: string }
  | { readonly do: 'wait'; readonly until: Date }
  | { readonly do: 'nothing' };

export type PostingEvent =
  /** A worker took the lane and found the posting as somebody else left it. */
  | { readonly kind: 'taken-over' }
  | { readonly kind: 'intended' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** After an answer that says posted: what the target itself shows. */
  | { readonly kind: 'read-back'; readonly id: string; readonly result: ProbeResult }
  /** `canary`: whether the probe could see a document known to exist; null when there is none yet. */
  | { readonly kind: 'probed'; readonly result: ProbeResult; readonly canary: boolean | null }
  | { readonly kind: 'probe-again' }
  /** Our own database was restored or failed over: nothing it says of the outside may be trusted. */
  | { readonly kind: 'restored' };

export const MAX_ATTEMPTS = 8;
// Each gap is as long as a search may lag. One look may come before a draft is shown and the next one after it became a
// document that is not shown yet: the third sees that.
export const EMPTY_PROBES_NEEDED = 3;
// Attempts are spent for good: a person who asks to look again grants one more, or nothing could move it any more.
const PERSON_ASKED = 'a person asked to look again';
// Marks a handle that is a draft in the target and not a job.
const DRAFT = 'draft:';
// Marks the id that the target answered with, where no look has shown it yet.
const ANSWERED = 'answered:';

export function nextTask(posting: Posting, now: Date): PostingTask {
  const waiting = posting.quietUntil !== null && posting.quietUntil > now;
  switch (posting.state) {
    case 'ready':
      return posting.writeKind === 'set' && !posting.probed ? { do: 'probe' } : { do: 'intend' };
    case 'intended':
      if (waiting) return { do: 'wait', until: posting.quietUntil! };
      if (posting.openIntent) return { do: 'send' };
      return posting.writeKind === 'set' && !posting.probed ? { do: 'probe' } : { do: 'intend' };
    case 'accepted':
      return waiting
        ? { do: 'wait', until: posting.quietUntil! }
        : { do: 'poll', handle: posting.handle ?? '' };
    case 'settling':
      return waiting ? { do: 'wait', until: posting.quietUntil! } : { do: 'probe' };
    case 'sent':
    case 'unknown':
      throw new Error(`a posting in ${posting.state} must be taken over first`);
    default:
      return { do: 'nothing' };
  }
}

export function stepPosting(posting: Posting, event: PostingEvent, rule: SettleRule, now: Date): Posting {
  switch (event.kind) {
    case 'taken-over':
      return takenOver(posting, rule, now);
    case 'intended':
      return {
        ...to(posting, 'intended'),
        attempt: posting.attempt + 1,
        openIntent: true,
        emptyProbes: 0,
        quietUntil: null,
        reason: null,
      };
    case 'sent':
      return {
        ...to(posting, 'sent'),
        openIntent: false,
        // A comparison is good for one send only: whatever comes next compares again.
        probed: false,
        sentAt: now,
        giveUpAt: posting.giveUpAt ?? later(now, rule.giveUpAfterMs),
      };
    case 'outcome':
      return outcome(posting, event.outcome, rule, now);
    case 'read-back':
      return readBack(posting, event.id, event.result, rule, now);
    case 'probed':
      return posting.state === 'ready' || posting.state === 'intended'
        ? compared(posting, event.result)
        : probed(posting, event, rule, now);
    case 'probe-again':
      return settle(
        { ...posting, giveUpAt: later(now, rule.giveUpAfterMs) },
        PERSON_ASKED,
        lifeEnd(posting, rule, now),
      );
    case 'restored':
      // What was lost of the database may have sent it a moment ago.
      return settle(
        { ...posting, sentAt: posting.sentAt ?? now },
        'the database was restored',
        later(now, rule.clientTimeoutMs + (rule.requestLifeMs ?? 0)),
      );
  }
}

/** `intended` was never released to the wire: a new intent may follow. `sent` may have had its effect. */
function takenOver(posting: Posting, rule: SettleRule, now: Date): Posting {
  if (posting.state === 'intended') {
    if (posting.openIntent && posting.attempt >= MAX_ATTEMPTS)
      return exception(posting, `the worker stopped before sending, ${posting.attempt} attempts in all`);
    return { ...posting, openIntent: false, probed: false };
  }
  if (posting.state === 'ready') return { ...posting, probed: false };
  if (posting.state !== 'sent' && posting.state !== 'unknown') return posting;
  const lastByte = later(posting.sentAt ?? now, rule.clientTimeoutMs);
  const from = lastByte > now ? lastByte : now;
  return lost(posting, 'the worker stopped before the answer was recorded', rule, from);
}

function outcome(posting: Posting, result: Outcome, rule: SettleRule, now: Date): Posting {
  switch (result.kind) {
    case 'posted':
      return { ...to(posting, 'posted'), targetId: result.id, reason: null };
    case 'accepted':
      return accepted(posting, result.handle, rule, now);
    case 'refused': {
      const words = result.errors
        .map((error) => (error.field ? `${error.field}: ${error.message}` : error.message))
        .join('; ');
      // Where uniqueness replaces the wait, this refusal may say nothing about a twin that is still running.
      if (rule.uniquenessEnforced && posting.attempt > 1)
        return exception(posting, `refused on attempt ${posting.attempt}: ${words}`);
      return { ...to(posting, 'refused'), reason: words };
    }
    case 'not-sent':
      if (posting.attempt >= MAX_ATTEMPTS)
        return exception(posting, `not sent after ${posting.attempt} attempts: ${result.why}`);
      return {
        ...to(posting, 'intended'),
        reason: result.why,
        quietUntil: later(now, result.retryAfterMs ?? waitMs(posting.attempt)),
      };
    case 'unknown':
      return lost(posting, result.why, rule, now, result.answeredAs);
  }
}

function accepted(posting: Posting, handle: string, rule: SettleRule, now: Date): Posting {
  if (posting.giveUpAt !== null && posting.giveUpAt <= now)
    return exception(posting, 'accepted, but never finished in time');
  return { ...to(posting, 'accepted'), handle, quietUntil: later(now, rule.pollEveryMs), reason: null };
}

/** A target's word that it posted counts only once the target shows it. */
function readBack(posting: Posting, id: string, result: ProbeResult, rule: SettleRule, now: Date): Posting {
  if (result.kind === 'standing') {
    if (result.standing === 'at-target') return done(posting, 'posted', result.id, result.lineKeys);
    if (result.standing === 'at-base')
      return lost(posting, 'the change was answered but is not there yet', rule, now);
    return exception(posting, result.difference ?? 'the record was changed while it was written');
  }
  if (result.matches.length === 0) return lost(posting, `answered as ${id} but not found yet`, rule, now, id);
  return judge(posting, result.matches, 'posted', rule, now);
}

/** A `set` before its first send: already as wanted, as we left it, or touched by somebody. */
function compared(posting: Posting, result: ProbeResult): Posting {
  if (result.kind !== 'standing') throw new Error('a set answers its probe with a standing');
  if (result.standing === 'at-target') return done(posting, 'adopted', result.id, result.lineKeys);
  if (result.standing === 'elsewhere')
    return exception(posting, result.difference ?? 'the record was changed by somebody else');
  return { ...posting, probed: true, guard: result.guard ?? null };
}

function probed(
  posting: Posting,
  event: Extract<PostingEvent, { kind: 'probed' }>,
  rule: SettleRule,
  now: Date,
): Posting {
  const { result } = event;
  const overdue = posting.giveUpAt !== null && posting.giveUpAt <= now;
  if (result.kind === 'standing') {
    if (result.standing === 'at-target') return done(posting, 'adopted', result.id, result.lineKeys);
    if (result.standing === 'elsewhere')
      return exception(posting, result.difference ?? 'the record was changed by somebody else');
    if (overdue) return exception(posting, 'the change did not take effect in time');
    if (isSpent(posting)) return exception(posting, `no effect after ${posting.attempt} attempts`);
    if (posting.writeKind === 'action' && rule.requestLifeMs === null && !rule.uniquenessEnforced)
      return exception(posting, 'how long a request may live here is not configured: not sent again');
    return { ...to(posting, 'intended'), probed: true, guard: result.guard ?? null, quietUntil: null };
  }
  if (result.matches.length > 0) return judge(posting, result.matches, 'adopted', rule, now);
  if (event.canary === false)
    return exception(posting, 'the probe is blind: it does not see a document known to exist');
  const emptyProbes = posting.emptyProbes + 1;
  if (emptyProbes < EMPTY_PROBES_NEEDED)
    return { ...posting, emptyProbes, quietUntil: later(now, rule.probeGapMs) };
  // Somebody rejected or removed it there: creating it again would undo a person's decision.
  if (isDraft(posting.handle)) return exception(posting, 'its draft was removed in the target');
  // It said that it posted and shows nothing: the look is blind, or somebody took it away. Never sent again.
  if (posting.handle?.startsWith(ANSWERED))
    return exception(posting, `${posting.handle.replace(':', ' as ')}, but a look does not find it`);
  if (posting.handle !== null)
    return exception(posting, `accepted as ${posting.handle}, but neither finished nor found`);
  // Without a doubtful request (all of them were refused) there is no life to wait for.
  if (posting.sentAt !== null && rule.requestLifeMs === null && !rule.uniquenessEnforced) {
    return exception(
      posting,
      'not found by any look, but how long a request may live here is not configured: not sent again',
    );
  }
  if (posting.writeKind === 'action')
    return exception(posting, 'whether the action took effect cannot be seen');
  if (isSpent(posting)) return exception(posting, `no effect after ${posting.attempt} attempts`);
  return { ...to(posting, 'intended'), emptyProbes: 0, quietUntil: null };
}

function judge(
  posting: Posting,
  matches: readonly Match[],
  as: 'posted' | 'adopted',
  rule: SettleRule,
  now: Date,
): Posting {
  const [match] = matches;
  if (matches.length !== 1 || match === undefined) {
    return exception(
      posting,
      `found ${matches.length} documents with one reference: ${matches.map((m) => m.id).join(', ')}`,
    );
  }
  if (match.state === 'cancelled')
    return { ...exception(posting, `document ${match.id} was cancelled in the target`), targetId: match.id };
  if (match.hash !== posting.targetHash) {
    return {
      ...exception(posting, `document ${match.id} stands there with other content than was approved`),
      targetId: match.id,
    };
  }
  if (match.state === 'posted') return done(posting, as, match.id, match.lineKeys);
  return accepted({ ...posting, targetId: null }, `${DRAFT}${match.id}`, rule, now);
}

function isSpent({ attempt, reason }: Posting): boolean {
  return attempt >= MAX_ATTEMPTS && reason !== PERSON_ASKED;
}

function lost(posting: Posting, why: string, rule: SettleRule, from: Date, answeredAs?: string): Posting {
  if (posting.writeKind === 'action')
    return exception(posting, `${why}; whether the action took effect cannot be seen`);
  const quietMs = rule.uniquenessEnforced ? 0 : (rule.requestLifeMs ?? rule.probeGapMs);
  // A job the target forgot says nothing any more; a draft is remembered, because its loss is a decision.
  const known = isDraft(posting.handle) || posting.handle?.startsWith(ANSWERED) ? posting.handle : null;
  const handle =
    answeredAs !== undefined && posting.writeKind === 'create' ? `${ANSWERED}${answeredAs}` : known;
  return settle({ ...posting, handle }, why, later(from, quietMs));
}

function settle(posting: Posting, why: string, quietUntil: Date): Posting {
  const viaUnknown = posting.state === 'sent' ? to(posting, 'unknown') : posting;
  // An intent of before a restore was perhaps sent: what follows the probes needs one of its own.
  return { ...to(viaUnknown, 'settling'), openIntent: false, emptyProbes: 0, quietUntil, reason: why };
}

/** When the last request can no longer take effect, or now if that is past: a person is no reason to hurry. */
function lifeEnd(posting: Posting, rule: SettleRule, now: Date): Date {
  if (posting.sentAt === null || rule.uniquenessEnforced) return now;
  const end = later(posting.sentAt, rule.clientTimeoutMs + (rule.requestLifeMs ?? 0));
  return end > now ? end : now;
}

/** A handle that is a draft in the target, which somebody there approves or removes, and not a job. */
export function isDraft(handle: string | null): boolean {
  return handle?.startsWith(DRAFT) ?? false;
}

function done(posting: Posting, as: 'posted' | 'adopted', id: string, lineKeys: Match['lineKeys']): Posting {
  return {
    ...to(posting, posting.state === 'accepted' ? 'posted' : as),
    targetId: id,
    lineKeys: lineKeys ?? {},
    quietUntil: null,
    reason: null,
  };
}

function exception(posting: Posting, reason: string): Posting {
  return { ...to(posting, 'exception'), quietUntil: null, reason };
}

function to(posting: Posting, state: PostingState): Posting {
  return { ...posting, state: move('posting', posting.state, state) };
}

/** Exponential from one second to five minutes. Without jitter: one worker serves an account at a time. */
function waitMs(attempt: number): number {
  return Math.min(300_000, 1_000 * 2 ** Math.max(0, attempt - 1));
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
