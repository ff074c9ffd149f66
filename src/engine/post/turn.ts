import { type Outcome, Stop } from '../../domain/posting/outcomes.ts';
import { permitOf } from '../../domain/posting/permit.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import type { SettleRule } from '../../domain/posting/settle.ts';
import type { Answers, Effect } from '../../domain/posting/turn.ts';
import type { ProbeResult, Write, WriteContext } from '../../domain/posting/writes.ts';
import { postingDone } from '../../domain/states.ts';
import { committedIntent, type Sent } from '../../lib/door.ts';
import { type AuditEntry, appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addAttempt, attemptSent, finishAttempt } from '../../store/documents/attempt.ts';
import { headPosting, postingsOf, type StoredPosting, savePosting } from '../../store/documents/posting.ts';
import { contentsOf } from '../../store/records/source-file.ts';
import { fenceHolds } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { seesCanary } from './canary.ts';
import { conclude } from './conclude.ts';
import { type Holding, mayIntend, mayRelease } from './may-intend.ts';

// A token may have died once between two calls; credentials that stay refused are repaired by people, and asking
// every second would lock the user out.
const UNAUTHORISED_AGAIN_MS = 60_000;

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

/** Performs what the protocol of one posting asks for, on PostgreSQL and at the target. It decides nothing. */
export class Turn {
  readonly rule: SettleRule;
  private readonly engine: Engine;
  private readonly at: OpenConnection;
  private readonly holding: Holding;
  private readonly found: StoredPosting;
  private readonly write: Write;
  private earlierIds: WriteContext['earlierIds'] | null = null;
  private leaveWrite: (() => void) | null = null;
  private leavePreparing: (() => void) | null = null;
  /** What comes after this posting in its root, as it was when this one finished. */
  next: Awaited<ReturnType<typeof headPosting>> = null;

  constructor(engine: Engine, at: OpenConnection, holding: Holding, posting: StoredPosting) {
    this.engine = engine;
    this.at = at;
    this.holding = holding;
    this.found = posting;
    const writes = at.connection.writes(posting.operation);
    const write = writes.find(({ name }) => name === posting.writeName);
    if (write === undefined)
      throw new Stop('bug', at.system, `${at.name} no longer knows the write ${posting.writeName}`);
    const rule = at.settle[posting.object];
    if (rule === undefined)
      throw new Stop('bug', at.system, `${at.name} has no settle rule for ${posting.object}`);
    this.write = write;
    this.rule = rule;
    if (writes.length === 1) this.earlierIds = {};
  }

  /** However the turn ended: what it held of the account is free for the next. */
  end(): void {
    this.leavePreparing?.();
    this.leaveWrite?.();
  }

  perform(effect: Effect): Promise<Answers[Effect['kind']]> {
    switch (effect.kind) {
      case 'intend':
        return this.intend(effect);
      case 'release':
        return this.release(effect);
      case 'send':
        return this.send(effect);
      case 'read-back':
        return this.readBack(effect);
      case 'look':
        return this.look(effect.posting);
      case 'look-for-canary':
        return seesCanary(this.engine, this.at, this.found);
      case 'poll':
        return this.poll(effect);
      case 'record':
        return this.record(effect);
    }
  }

  private async intend({ before, after }: Of<'intend'>): Promise<Answers['intend']> {
    const { engine, at, found, holding } = this;
    this.end();
    this.leaveWrite = await at.places.write();
    this.leavePreparing = await at.places.prepare();
    const now = engine.clock.now();
    const held = await step(engine, this.tenant, async (tx) => {
      const [, verdict] = await Promise.all([
        this.fence(tx),
        mayIntend(engine, tx, at, { ...found, ...before }),
      ]);
      if (!verdict.ok) return verdict;
      const saved = savePosting(tx, { ...found, ...before }, after);
      const attempt = {
        id: engine.newId(),
        posting: found.id,
        number: after.attempt,
        connection: at.id,
        laneFence: holding.lane.fence,
        accountFence: holding.accountFence,
        at: now,
        deadline: new Date(now.getTime() + this.rule.clientTimeoutMs),
      };
      await Promise.all([saved, addAttempt(tx, attempt)]);
      this.earlierIds ??= await this.idsOfEarlierWrites(tx);
      await appendAudit(tx, [this.entry('intent', after, { attempt: after.attempt })]);
      return verdict;
    });
    engine.failPoint('after-intent');
    return held;
  }

  /** A worker that slept past its lease stops here, in the transaction that would let the bytes go. */
  private async release({ before, after }: Of<'release'>): Promise<Answers['release']> {
    const { engine, at, found } = this;
    await step(engine, this.tenant, (tx) =>
      Promise.all([
        this.fence(tx),
        mayRelease(engine, tx, at, found),
        savePosting(tx, { ...found, ...before }, after),
        attemptSent(tx, found.id, after.attempt, after.sentAt!),
      ]),
    );
    engine.failPoint('after-release');
  }

  /** A connection that stops before it sends (refused sign-in, wrong scope) proves that nothing left. */
  private async send({ posting }: Of<'send'>): Promise<Answers['send']> {
    const { at, found, write } = this;
    const request = write.encode(await this.context(posting));
    this.leavePreparing?.();
    const { clock } = this.engine;
    const lastMs = posting.sentAt!.getTime() + this.rule.clientTimeoutMs;
    const intent = committedIntent(
      found.id,
      posting.attempt,
      () => lastMs - clock.now().getTime(),
      permitOf(found.operation),
    );
    let sent: Sent;
    try {
      sent = await at.connection.send(intent, request);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      sent = neverSent(error, posting.attempt);
    } finally {
      this.end();
    }
    this.engine.failPoint('after-answer');
    return outcomeOf(sent, write);
  }

  /** Only what the target shows counts as posted; what cannot be read back now is settled later. */
  private async readBack({ posting }: Of<'read-back'>): Promise<Answers['read-back']> {
    if (this.write.kind === 'action' || this.write.answerProves) return { proven: true };
    try {
      return { seen: await this.look(posting) };
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return { blind: error.message };
    }
  }

  private async look(posting: Posting): Promise<ProbeResult> {
    return this.write.probe(this.at.connection.read, await this.context(posting));
  }

  private async poll({ handle }: Of<'poll'>): Promise<Answers['poll']> {
    return this.write.poll === undefined ? null : this.write.poll(this.at.connection.read, handle);
  }

  private async record({ before, after, event, outcome }: Of<'record'>): Promise<Answers['record']> {
    const { engine, at, found } = this;
    const stored = { ...found, ...before };
    const result = event.kind === 'probed' || event.kind === 'read-back' ? event.result : null;
    await step(engine, this.tenant, async (tx) => {
      const ends = {
        before: before.state,
        foreign: result?.kind === 'standing' && result.standing === 'elsewhere',
        number: numberIn(result),
      };
      const [, , , next, entries] = await Promise.all([
        // What a target answered is kept whoever holds the lane by now: it is known only here.
        outcome === null && this.fence(tx),
        savePosting(tx, stored, after),
        outcome !== null && finishAttempt(tx, found.id, before.attempt, outcome, engine.clock.now()),
        headPosting(tx, at.id, found.root),
        conclude(engine, tx, at, { ...found, ...after }, ends),
      ]);
      // What is taken back by this end was read as the next before that.
      this.next = takesBack(found, after) ? await headPosting(tx, at.id, found.root) : next;
      // An intent that was found unsent ends here without a move of its posting, and has an outcome all the same.
      const ended = before.state !== after.state || (before.openIntent && !after.openIntent);
      const own = ended ? [this.entry('outcome', after, { event: event.kind })] : [];
      await appendAudit(tx, [...own, ...entries]);
    });
    if (outcome !== null) engine.failPoint('after-outcome');
    // The source was told: the last durable step of a document, whether its answer came or was found later.
    if (at.hub !== null && postingDone.has(after.state)) engine.failPoint('after-confirm');
  }

  private entry(
    kind: 'intent' | 'outcome',
    after: Posting,
    more: Record<string, string | number>,
  ): AuditEntry {
    const { found, at } = this;
    return {
      kind,
      actor: 'tiebeam',
      document: found.document,
      at: this.engine.clock.now(),
      body: {
        system: at.id,
        write: found.writeName,
        reference: found.reference,
        hash: found.targetHash,
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

  private async context({ guard, attempt }: Posting): Promise<WriteContext> {
    this.earlierIds ??= await step(this.engine, this.tenant, (tx) => this.idsOfEarlierWrites(tx));
    const { operation } = this.found;
    const files =
      operation.kind === 'attach-files'
        ? { files: await step(this.engine, this.tenant, (tx) => contentsOf(tx, operation.files)) }
        : {};
    const sent = attempt === 0 ? {} : { wasSent: true as const };
    return { earlierIds: this.earlierIds, ...(guard === null ? {} : { guard }), ...sent, ...files };
  }

  private async idsOfEarlierWrites(tx: Tx): Promise<WriteContext['earlierIds']> {
    const { document, operation } = this.found;
    const siblings = document === null ? [] : await postingsOf(tx, document);
    return Object.fromEntries(
      siblings
        .filter((other) => other.operation.kind === operation.kind && other.targetId !== null)
        .map((other) => [other.writeName, other.targetId!]),
    );
  }

  private get tenant(): string {
    return this.holding.lane.tenant;
  }
}

/** A refusal takes back what its document had ready behind it; a changed order, what was planned on it as it was. */
function takesBack({ operation }: StoredPosting, { state }: Posting): boolean {
  const isChange = operation.kind === 'update-order';
  return state === 'refused' || (isChange && (postingDone.has(state) || state === 'exception'));
}

function neverSent(error: Stop, attempt: number): Sent {
  const retryAfterMs =
    error.retryAfterMs ?? (error.kind === 'unauthorised' && attempt > 1 ? UNAUTHORISED_AGAIN_MS : undefined);
  return {
    kind: 'not-sent',
    why: error.message,
    cause: 'closed-by-policy',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
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

/** The number people see on the target's document, where the probe read one. */
function numberIn(result: ProbeResult | null): string | null {
  if (result === null) return null;
  return (result.kind === 'found' ? result.matches[0]?.number : result.number) ?? null;
}
