import type { Outcome } from './outcomes.ts';
import { isDraft, nextTask, type Posting, type PostingEvent, stepPosting } from './posting.ts';
import type { SettleRule } from './settle.ts';
import type { ProbeResult } from './writes.ts';

/**
 * What working one posting asks of the world, one at a time and in this order. `intend`, `release` and `record`
 * are one transaction each, which compares `before` with what is stored; the others talk to the target. Whoever
 * performs them may die between any two: the posting then goes on from what the last transaction stored.
 */
export type Effect =
  /** Fence, last gate, the intent with its attempt and its audit entry. Not one byte has left yet. */
  | { readonly kind: 'intend'; readonly before: Posting; readonly after: Posting }
  /** The last look at the fence: once it is committed the bytes may leave, and must be assumed to have left. */
  | { readonly kind: 'release'; readonly before: Posting; readonly after: Posting }
  | { readonly kind: 'send'; readonly posting: Posting }
  /** What the target shows after it answered that it posted. */
  | { readonly kind: 'read-back'; readonly posting: Posting; readonly id: string }
  | { readonly kind: 'look'; readonly posting: Posting }
  /** Whether the probe that found nothing can see a document known to be there. */
  | { readonly kind: 'look-for-canary'; readonly posting: Posting }
  | { readonly kind: 'poll'; readonly posting: Posting; readonly handle: string }
  /**
   * The new state with its consequences and its audit entry. `outcome` is the answer of an attempt: a fact that is
   * kept whoever holds the lane by now. Without one the fence must hold.
   */
  | {
      readonly kind: 'record';
      readonly before: Posting;
      readonly after: Posting;
      readonly event: PostingEvent;
      readonly outcome: Outcome | null;
    };

export type Answers = {
  intend: { readonly ok: true } | { readonly ok: false; readonly afterMs: number | null };
  release: undefined;
  send: Outcome;
  /** `proven`: the answer itself stated what stands there, or nothing could show it. */
  'read-back': { readonly seen: ProbeResult } | { readonly proven: true } | { readonly blind: string };
  look: ProbeResult;
  /** Null where no document is known yet. */
  'look-for-canary': boolean | null;
  /** Null where this target has no jobs to ask about. */
  poll: Outcome | null;
  record: undefined;
};

/** How a turn ended: the posting is finished, is looked at again after so many ms, or (null) needs a person. */
export type TurnEnd = 'finished' | number | null;

// Far more than eight attempts of three probes each take: reaching it gives the lane to others and goes on later.
const MAX_TASKS = 50;

/**
 * Works one posting as far as it goes now. Pure: it yields each effect and is given its answer, so that the engine
 * runs it on PostgreSQL and HTTP and a simulation on plain maps in virtual time, both this very protocol.
 */
export function* workPosting(
  found: Posting,
  restored: boolean,
  rule: SettleRule,
  now: () => Date,
): Generator<Effect, TurnEnd, unknown> {
  let stored = yield* takeOver(found, restored, rule, now);
  // What is stored, and perhaps a comparison that is saved only with the intent that follows it.
  let posting = stored;
  for (let tasks = 0; tasks < MAX_TASKS; tasks += 1) {
    if (isFinished(stored)) return 'finished';
    const task = nextTask(posting, now());
    switch (task.do) {
      case 'nothing':
        return null;
      case 'wait':
        return Math.max(1, task.until.getTime() - now().getTime());
      case 'intend': {
        const after = stepPosting(posting, { kind: 'intended' }, rule, now());
        const held = yield* ask({ kind: 'intend', before: stored, after });
        if (!held.ok) return held.afterMs;
        stored = after;
        break;
      }
      case 'send':
        stored = yield* send(stored, rule, now);
        break;
      case 'probe': {
        const event = yield* probe(posting);
        const after = stepPosting(posting, event, rule, now());
        if (after.state !== 'ready') stored = yield* record(stored, after, event, null);
        posting = after;
        continue;
      }
      case 'poll':
        stored = yield* poll(stored, task.handle, rule, now);
        break;
    }
    posting = stored;
  }
  return 0;
}

function isFinished({ state }: Posting): boolean {
  return state === 'posted' || state === 'adopted' || state === 'refused' || state === 'cancelled';
}

/** What somebody else left, or a restored database remembers, is doubted before anything else is done. */
function* takeOver(
  found: Posting,
  restored: boolean,
  rule: SettleRule,
  now: () => Date,
): Generator<Effect, Posting, unknown> {
  const { state, probed } = found;
  const leftOpen =
    state === 'intended' || state === 'sent' || state === 'unknown' || (state === 'ready' && probed);
  const event: PostingEvent | null =
    restored && state !== 'exception' ? { kind: 'restored' } : leftOpen ? { kind: 'taken-over' } : null;
  if (event === null || isFinished(found)) return found;
  return yield* record(found, stepPosting(found, event, rule, now()), event, null);
}

function* send(posting: Posting, rule: SettleRule, now: () => Date): Generator<Effect, Posting, unknown> {
  const sent = stepPosting(posting, { kind: 'sent' }, rule, now());
  yield* ask({ kind: 'release', before: posting, after: sent });
  // Whoever takes over counts from here: a worker that slept that long must not wake up and send.
  const isLate = now().getTime() - sent.sentAt!.getTime() >= rule.clientTimeoutMs;
  const outcome: Outcome = isLate
    ? { kind: 'not-sent', why: 'the worker was asleep when it should have been sent' }
    : yield* ask({ kind: 'send', posting: sent });
  return yield* answered(sent, outcome, rule, now);
}

/** A target's word that it posted is taken together with what it shows then. */
function* answered(
  posting: Posting,
  outcome: Outcome,
  rule: SettleRule,
  now: () => Date,
): Generator<Effect, Posting, unknown> {
  const event: PostingEvent =
    outcome.kind === 'posted' ? yield* readBack(posting, outcome.id) : { kind: 'outcome', outcome };
  return yield* record(posting, stepPosting(posting, event, rule, now()), event, outcome);
}

function* readBack(posting: Posting, id: string): Generator<Effect, PostingEvent, unknown> {
  const shown = yield* ask({ kind: 'read-back', posting, id });
  if ('seen' in shown) return { kind: 'read-back', id, result: shown.seen };
  if ('proven' in shown) return { kind: 'outcome', outcome: { kind: 'posted', id } };
  const why = `answered as ${id}, but it could not be read back: ${shown.blind}`;
  return { kind: 'outcome', outcome: { kind: 'unknown', why, answeredAs: id } };
}

/** An empty answer is believed only from a probe that can see a document known to be there. */
function* probe(posting: Posting): Generator<Effect, PostingEvent, unknown> {
  const result = yield* ask({ kind: 'look', posting });
  const canary =
    posting.writeKind === 'create' && isEmpty(result)
      ? yield* ask({ kind: 'look-for-canary', posting })
      : null;
  return { kind: 'probed', result, canary };
}

function* poll(
  posting: Posting,
  handle: string,
  rule: SettleRule,
  now: () => Date,
): Generator<Effect, Posting, unknown> {
  const outcome = isDraft(handle) ? null : yield* ask({ kind: 'poll', posting, handle });
  if (outcome !== null) return yield* answered(posting, outcome, rule, now);
  const result = yield* ask({ kind: 'look', posting });
  const event: PostingEvent = isEmpty(result)
    ? { kind: 'outcome', outcome: { kind: 'unknown', why: 'the draft is gone' } }
    : { kind: 'read-back', id: handle, result };
  return yield* record(posting, stepPosting(posting, event, rule, now()), event, null);
}

function* record(
  before: Posting,
  after: Posting,
  event: PostingEvent,
  outcome: Outcome | null,
): Generator<Effect, Posting, unknown> {
  yield* ask({ kind: 'record', before, after, event, outcome });
  return after;
}

function* ask<K extends Effect['kind']>(
  effect: Extract<Effect, { kind: K }>,
): Generator<Effect, Answers[K], unknown> {
  return (yield effect) as Answers[K];
}

function isEmpty(result: ProbeResult): boolean {
  return result.kind === 'found' && result.matches.length === 0;
}
