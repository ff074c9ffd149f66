import { type Outcome, Stop } from '../domain/outcomes.ts';
import { nextTask, type Posting, type PostingEvent, stepPosting } from '../domain/posting.ts';
import type { SettleRule } from '../domain/settle.ts';
import { postingDone } from '../domain/states.ts';
import type { ProbeResult, Write, WriteContext } from '../domain/writes.ts';
import { committedIntent, type Sent } from '../lib/door.ts';
import { addAttempt, attemptSent, finishAttempt } from '../store/attempt.ts';
import { type AuditEntry, appendAudit } from '../store/audit.ts';
import { fenceHolds } from '../store/lane.ts';
import { canaryReference, postingsOf, type StoredPosting, savePosting } from '../store/posting.ts';
import type { Tx } from '../store/transaction.ts';
import { conclude } from './conclude.ts';
import type { Engine, OpenConnection } from './engine.ts';
import { type Holding, mayIntend } from './may-intend.ts';
import { step } from './step.ts';

// A token may have died once between two calls; credentials that stay refused are repaired by people, and asking
// every second would lock the user out.
const UNAUTHORISED_AGAIN_MS = 60_000;

/**
 * One posting while a worker has it. It is read once and then carried from step to step; every step compares with
 * what is stored, so that a second worker that believes it has the same posting stops there.
 */
export class Turn {
  private readonly engine: Engine;
  private readonly at: OpenConnection;
  private readonly holding: Holding;
  /** The posting as it goes on: what is stored, and perhaps a comparison that is saved with its intent. */
  private posting: StoredPosting;
  private stored: StoredPosting;
  private readonly write: Write;
  private readonly rule: SettleRule;

  constructor(engine: Engine, at: OpenConnection, holding: Holding, posting: StoredPosting) {
    this.engine = engine;
    this.at = at;
    this.holding = holding;
    this.posting = posting;
    this.stored = posting;
    const write = at.connection.writes(posting.operation).find(({ name }) => name === posting.writeName);
    if (write === undefined)
      throw new Stop('bug', at.system, `${at.name} no longer knows the write ${posting.writeName}`);
    const rule = at.settle[posting.object];
    if (rule === undefined)
      throw new Stop('bug', at.system, `${at.name} has no settle rule for ${posting.object}`);
    this.write = write;
    this.rule = rule;
  }

  get isFinished(): boolean {
    return ['posted', 'adopted', 'refused', 'cancelled'].includes(this.stored.state);
  }

  /** 'next' when the next step may follow at once; a time to come back; null when nobody but a person can move it. */
  async take(): Promise<'next' | number | null> {
    const now = this.engine.clock.now();
    const task = nextTask(this.posting, now);
    switch (task.do) {
      case 'nothing':
        return null;
      case 'wait':
        return Math.max(1, task.until.getTime() - now.getTime());
      case 'intend':
        return this.intend();
      case 'send':
        await this.send();
        return 'next';
      case 'probe':
        await this.probe();
        return 'next';
      case 'poll':
        await this.poll();
        return 'next';
    }
  }

  private async intend(): Promise<'next' | number | null> {
    const { engine, at, posting, holding } = this;
    const now = engine.clock.now();
    const after = stepPosting(posting, { kind: 'intended' }, this.rule, now);
    const held = await step(engine, holding.lane.tenant, async (tx) => {
      await this.fence(tx);
      const verdict = await mayIntend(engine, tx, at, posting);
      if (!verdict.ok) return verdict;
      await savePosting(tx, this.stored, after);
      await addAttempt(tx, {
        id: engine.newId(),
        posting: posting.id,
        number: after.attempt,
        connection: at.id,
        laneFence: holding.lane.fence,
        accountFence: holding.accountFence,
        at: now,
        deadline: new Date(now.getTime() + this.rule.clientTimeoutMs),
      });
      await appendAudit(tx, [this.entry('intent', after, { attempt: after.attempt })]);
      return verdict;
    });
    engine.failPoint('after-intent');
    if (!held.ok) return held.afterMs;
    this.goOn(after);
    return 'next';
  }

  private async send(): Promise<void> {
    const { engine, posting, rule } = this;
    const sentAt = engine.clock.now();
    // The last look at the fence is the same statement that lets the bytes go: a worker that slept past its
    // lease stops here.
    const sent = stepPosting(posting, { kind: 'sent' }, rule, sentAt);
    const context = await step(engine, this.tenant, async (tx) => {
      await this.fence(tx);
      await savePosting(tx, this.stored, sent);
      await attemptSent(tx, posting.id, posting.attempt, sentAt);
      return this.context(tx, sent);
    });
    this.goOn(sent);
    engine.failPoint('after-release');
    const answer = await this.exchange(context);
    engine.failPoint('after-answer');
    const outcome = outcomeOf(answer, this.write);
    const event =
      outcome.kind === 'posted'
        ? await this.readBack(outcome.id, context)
        : ({ kind: 'outcome', outcome } as const);
    await this.record(event, outcome);
  }

  /** A connection that stops before it sends (refused sign-in, wrong scope) proves that nothing left. */
  private async exchange(context: WriteContext): Promise<Sent> {
    const { at, posting } = this;
    try {
      return await at.connection.send(
        committedIntent(posting.id, posting.attempt),
        this.write.encode(context),
      );
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      const retryAfterMs =
        error.retryAfterMs ??
        (error.kind === 'unauthorised' && posting.attempt > 1 ? UNAUTHORISED_AGAIN_MS : undefined);
      return {
        kind: 'not-sent',
        why: error.message,
        cause: 'closed-by-policy',
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      };
    }
  }

  /** Only what the target shows counts as posted; what cannot be read back now is settled later. */
  private async readBack(id: string, context: WriteContext): Promise<PostingEvent> {
    if (this.write.kind === 'action' || this.write.answerProves)
      return { kind: 'outcome', outcome: { kind: 'posted', id } };
    try {
      const result = await this.write.probe(this.at.connection.read, context);
      return { kind: 'read-back', id, result };
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return {
        kind: 'outcome',
        outcome: {
          kind: 'unknown',
          why: `answered as ${id}, but it could not be read back: ${error.message}`,
        },
      };
    }
  }

  private async probe(): Promise<void> {
    const { at, posting } = this;
    const { context, canary } = await step(this.engine, this.tenant, async (tx) => ({
      context: await this.context(tx, posting),
      canary:
        posting.writeKind === 'create'
          ? await canaryReference(tx, at.id, posting.object, posting.reference)
          : null,
    }));
    const result = await this.write.probe(at.connection.read, context);
    const seen = isEmpty(result) && canary !== null ? await this.seesCanary(canary) : null;
    const event = { kind: 'probed', result, canary: seen } as const;
    const after = stepPosting(posting, event, this.rule, this.engine.clock.now());
    // A comparison that lets the write go is saved together with the intent that follows it at once.
    if (after.state === 'ready') this.posting = { ...posting, ...after };
    else await this.save(event);
  }

  /** An empty answer is believed only from a probe that can see a document known to be there. */
  private async seesCanary(reference: string): Promise<boolean> {
    const known = this.at.connection
      .writes(withReference(this.posting, reference))
      .find(({ name }) => name === this.posting.writeName);
    if (known === undefined) return false;
    const result = await known.probe(this.at.connection.read, { earlierIds: {} });
    return !isEmpty(result);
  }

  private async poll(): Promise<void> {
    const { posting, at } = this;
    const handle = posting.handle ?? '';
    const context = await step(this.engine, this.tenant, (tx) => this.context(tx, posting));
    if (this.write.poll !== undefined && !handle.startsWith('draft:')) {
      const outcome = await this.write.poll(at.connection.read, handle);
      const event =
        outcome.kind === 'posted'
          ? await this.readBack(outcome.id, context)
          : ({ kind: 'outcome', outcome } as const);
      return this.record(event, outcome);
    }
    const result = await this.write.probe(at.connection.read, context);
    await this.save(
      isEmpty(result)
        ? { kind: 'outcome', outcome: { kind: 'unknown', why: 'the draft is gone' } }
        : { kind: 'read-back', id: handle, result },
    );
  }

  /** Saves an answered attempt with its outcome, its consequences and, last, its audit entry. */
  private async record(event: PostingEvent, outcome: Outcome): Promise<void> {
    const before = this.stored;
    const now = this.engine.clock.now();
    const after = stepPosting(before, event, this.rule, now);
    await step(this.engine, this.tenant, async (tx) => {
      await savePosting(tx, before, after);
      await finishAttempt(tx, before.id, before.attempt, outcome, now);
      await this.finish(tx, before, after, event);
    });
    this.goOn(after);
    this.engine.failPoint('after-outcome');
    this.passConfirmed(after);
  }

  async save(event: PostingEvent): Promise<void> {
    const before = this.stored;
    const after = stepPosting(this.posting, event, this.rule, this.engine.clock.now());
    await step(this.engine, this.tenant, async (tx) => {
      await this.fence(tx);
      await savePosting(tx, before, after);
      await this.finish(tx, before, after, event);
    });
    this.goOn(after);
    this.passConfirmed(after);
  }

  private goOn(after: Posting): void {
    this.stored = { ...this.stored, ...after };
    this.posting = this.stored;
  }

  /** The source was told: the last durable step of a document, whether its answer came or was found later. */
  private passConfirmed(after: Posting): void {
    if (this.at.hub !== null && postingDone.has(after.state)) this.engine.failPoint('after-confirm');
  }

  private async finish(tx: Tx, before: StoredPosting, after: Posting, event: PostingEvent): Promise<void> {
    const result = event.kind === 'probed' || event.kind === 'read-back' ? event.result : null;
    const foreign = result?.kind === 'standing' && result.standing === 'elsewhere';
    const entries = await conclude(
      this.engine,
      tx,
      this.at,
      { ...before, ...after },
      { before: before.state, foreign, number: numberIn(result) },
    );
    const own = before.state === after.state ? [] : [this.entry('outcome', after, { event: event.kind })];
    await appendAudit(tx, [...own, ...entries]);
  }

  private entry(
    kind: 'intent' | 'outcome',
    after: Posting,
    more: Record<string, string | number>,
  ): AuditEntry {
    const { posting, at } = this;
    return {
      kind,
      actor: 'tiebeam',
      document: posting.document,
      at: this.engine.clock.now(),
      body: {
        system: at.id,
        write: posting.writeName,
        reference: posting.reference,
        hash: posting.targetHash,
        state: after.state,
        target: after.targetId,
        reason: after.reason,
        ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, String(value)])),
      },
    };
  }

  private async fence(tx: Tx): Promise<void> {
    if (await fenceHolds(tx, this.holding.lane, this.holding.accountFence)) return;
    throw new Stop('conflict', 'tiebeam', 'another worker took this lane');
  }

  private async context(tx: Tx, posting: Posting): Promise<WriteContext> {
    const siblings = this.posting.document === null ? [] : await postingsOf(tx, this.posting.document);
    const earlier = siblings.filter(
      (other) => other.operation.kind === this.posting.operation.kind && other.targetId !== null,
    );
    return {
      earlierIds: Object.fromEntries(earlier.map((other) => [other.writeName, other.targetId!])),
      ...(posting.guard === null ? {} : { guard: posting.guard }),
    };
  }

  private get tenant(): string {
    return this.holding.lane.tenant;
  }
}

function outcomeOf(sent: Sent, write: Write): Outcome {
  if (sent.kind === 'answered') return write.classify(sent.response);
  if (sent.kind === 'unknown') return { kind: 'unknown', why: sent.why };
  return {
    kind: 'not-sent',
    why: sent.why,
    ...(sent.retryAfterMs === undefined ? {} : { retryAfterMs: sent.retryAfterMs }),
  };
}

function isEmpty(result: ProbeResult): boolean {
  return result.kind === 'found' && result.matches.length === 0;
}

/** The number people see on the target's document, where the probe read one. */
function numberIn(result: ProbeResult | null): string | null {
  if (result === null) return null;
  return (result.kind === 'found' ? result.matches[0]?.number : result.number) ?? null;
}

function withReference(posting: StoredPosting, reference: string): StoredPosting['operation'] {
  const { operation } = posting;
  return operation.kind === 'create-order'
    ? { ...operation, body: { ...operation.body, reference } }
    : operation;
}
