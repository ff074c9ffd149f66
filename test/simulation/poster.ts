import type { Outcome } from '../../src/domain/posting/outcomes.ts';
import type { Posting } from '../../src/domain/posting/posting.ts';
import type { SettleRule } from '../../src/domain/posting/settle.ts';
import type { Answers, Effect } from '../../src/domain/posting/turn.ts';
import type { ProbeResult } from '../../src/domain/posting/writes.ts';
import { type Phase, postingDone } from '../../src/domain/states.ts';
import type { OutcomeResult } from './books.ts';
import { conclude } from './conclude.ts';
import type { PostingRow } from './database.ts';
import type { CreateRequest } from './erp/erp.ts';
import { mayIntend } from './may-intend.ts';
import { intentId, keyOf } from './names.ts';
import { type SentRequest, Trouble } from './wire.ts';
import type { World } from './world.ts';

/** What proves that a worker may act: its lane and its account, each under a fence. */
export type Holding = {
  readonly lane: string;
  readonly worker: number;
  /** Which life of that worker: what it had in memory dies with it. */
  readonly life: number;
  readonly fence: number;
  readonly accountFence: number;
};

export function ruleFor(world: World, { operation }: PostingRow): SettleRule {
  if (operation.kind === 'origin') return world.hubRules.origin;
  if (operation.kind === 'close') return world.hubRules.close;
  return world.erpRule;
}

/**
 * The first posting of a root that is not finished: what stands before it blocks what comes after. Members of one group
 * were sent together: those that left already are settled beside one that waits for a person, and no other leaves.
 */
export function headPosting(world: World, system: string, root: string): PostingRow | null {
  const open = [...unfinished(world, system, root)].sort((a, b) => a.seq - b.seq);
  const [head = null] = open;
  if (head?.group == null || head.state !== 'exception') return head;
  const isLeft = ({ group, attempt, state }: PostingRow) =>
    group === head.group && attempt > 0 && state !== 'exception';
  return open.find(isLeft) ?? head;
}

export function* unfinished({ db }: World, system: string, root: string): Generator<PostingRow> {
  for (const posting of db.postings.rows.values()) {
    if (posting.system !== system || posting.root !== root) continue;
    if (postingDone.has(posting.state) || posting.state === 'cancelled' || posting.state === 'refused')
      continue;
    yield posting;
  }
}

/** Performs what the protocol asks for on the maps and at the models, and answers when it is done. */
export class Poster {
  private readonly world: World;
  private readonly holding: Holding;
  readonly found: PostingRow;
  private releasedIn: Phase | null = null;

  constructor(world: World, holding: Holding, found: PostingRow) {
    this.world = world;
    this.holding = holding;
    this.found = found;
  }

  perform(effect: Effect, answer: (value: Answers[Effect['kind']], takesMs: number) => void): void {
    switch (effect.kind) {
      case 'intend':
        answer(this.intend(effect.before, effect.after), 0);
        return;
      case 'release':
        this.release(effect);
        answer(undefined, 0);
        return;
      case 'send':
        this.send(effect.posting, (outcome) => answer(outcome, 0));
        return;
      case 'read-back':
        this.readBack(effect.posting, answer);
        return;
      case 'look':
        this.look(effect.posting, answer);
        return;
      case 'look-for-canary':
        this.lookForCanary(answer);
        return;
      case 'poll':
        answer(this.poll(effect.handle), 20);
        return;
      case 'record':
        this.record(effect);
        answer(undefined, 0);
        return;
    }
  }

  private intend(before: Posting, after: Posting): Answers['intend'] {
    const { world, found } = this;
    return this.commitFenced(() => {
      const verdict = mayIntend(world, stepped(found, before, found.epoch));
      if (!verdict.ok) return verdict;
      this.save(before, after);
      this.audit('intent', after, String(after.attempt));
      world.books.intended(world, found, after.attempt);
      return verdict;
    });
  }

  private release({ before, after }: Extract<Effect, { kind: 'release' }>): void {
    const { world, found } = this;
    this.commitFenced(() => {
      const { phase } = world.db.installation;
      if (phase === 'read-only') throw new Trouble('the phase was set to read-only before it was sent');
      this.releasedIn = phase;
      const { doubtSince } = world.db.postings.get(found.id)!;
      this.save(before, after, { wasSent: true, doubtSince: world.now, doubtBefore: doubtSince });
    });
  }

  private record({ before, after, event, outcome }: Extract<Effect, { kind: 'record' }>): void {
    const { world, found } = this;
    const result = event.kind === 'probed' || event.kind === 'read-back' ? event.result : null;
    const foreign = result?.kind === 'standing' && result.standing === 'elsewhere';
    const run = () => {
      const proven = outcome?.kind === 'refused' || outcome?.kind === 'not-sent';
      this.save(before, after, proven ? { doubtSince: world.db.postings.get(found.id)!.doubtBefore } : null);
      conclude(world, stepped(found, before, found.epoch), after, foreign);
      // An intent that was never released ends here as well, although its posting stays where it is.
      if (before.state === after.state && !(before.openIntent && !after.openIntent)) return;
      const told = resultOf(before, after, outcome);
      this.audit('outcome', after, told);
      world.books.ended(world, found, before.attempt, told);
    };
    // What a target answered is kept whoever holds the lane by now: it is known only here.
    if (outcome === null) this.commitFenced(run);
    else world.commit(run);
    world.note(
      () => `${found.id} ${found.operation.kind}: ${before.state} -> ${after.state} ${after.reason ?? ''}`,
    );
  }

  /** Compare and set: two holders of one lane cannot both take a step. */
  private save(before: Posting, after: Posting, attempts: Doubt | null = null): void {
    const { db } = this.world;
    const stored = db.postings.get(this.found.id);
    if (stored === undefined || stored.state !== before.state || stored.attempt !== before.attempt)
      throw new Trouble('somebody else moved the posting');
    const moved = stepped(stored, after, db.installation.epoch);
    db.postings.put(stored.id, attempts === null ? moved : { ...moved, ...attempts });
  }

  private commitFenced<T>(run: () => T): T {
    return this.world.commit(() => {
      this.fence();
      return run();
    });
  }

  private fence(): void {
    const { world, holding } = this;
    const lane = world.db.lanes.get(holding.lane);
    const account = world.db.accounts.get(lane?.system ?? '');
    const holds =
      lane !== undefined &&
      account !== undefined &&
      lane.fence === holding.fence &&
      (lane.leaseUntil ?? 0) > world.now &&
      account.fence === holding.accountFence &&
      account.until > world.now;
    if (holds) return;
    world.faults.reached('D6');
    throw new Trouble('another worker took this lane');
  }

  private audit(kind: 'intent' | 'outcome', after: Posting, what: string): void {
    const { world, found } = this;
    world.db.append({
      kind,
      posting: found.id,
      reference: found.reference,
      hash: found.targetHash,
      attempt: String(after.attempt),
      state: after.state,
      what,
    });
  }

  private send(posting: Posting, answer: (outcome: Outcome) => void): void {
    const { world, found } = this;
    const { operation, reference } = found;
    const until = posting.sentAt!.getTime() + ruleFor(world, found).clientTimeoutMs;
    world.note(() => `${found.id} ${operation.kind}: sends attempt ${posting.attempt}`);
    const sent = this.sentRequest(posting);
    if (operation.kind === 'origin') world.hub.setOrigin({ ...operation, sent }, until, answer);
    else if (operation.kind === 'close')
      world.hub.close({ key: operation.item, result: operation.status, sent }, until, answer);
    else if (operation.kind === 'create') world.erp.create(this.createRequest(posting), until, answer);
    else {
      const { amountMinor } = world.db.documents.get(operation.document)!;
      const { guard } = posting;
      const { baseId: id } = operation;
      world.erp.update({ reference, id, hash: found.targetHash, amountMinor, guard, sent }, until, answer);
    }
  }

  createRequest(posting: Posting): CreateRequest {
    const { found, world } = this;
    const document = world.db.documents.get(found.document!)!;
    const { amountMinor } = document;
    const sent = this.sentRequest(posting);
    return { reference: found.reference, key: keyOf(document), hash: found.targetHash, amountMinor, sent };
  }

  private sentRequest({ writeKind, attempt }: Posting): SentRequest {
    const { found, world } = this;
    const document = found.system === 'erp' ? world.db.documents.get(found.document!) : undefined;
    return {
      system: found.system,
      connection: found.system,
      kind: writeKind === 'create' ? 'create' : 'set',
      reference: found.reference,
      key: document === undefined ? null : keyOf(document),
      intent: intentId(world, found, attempt),
      at: world.now,
      committed: null,
      changed: true,
      overwrote: null,
      ...(this.releasedIn === null ? {} : { phase: this.releasedIn }),
    };
  }

  private readBack(posting: Posting, answer: (value: Answers['read-back'], takesMs: number) => void): void {
    // A closing is proven by its own answer; everything else counts only when the target shows it.
    if (this.found.operation.kind === 'close') {
      answer({ proven: true }, 0);
      return;
    }
    try {
      this.look(posting, (seen, takesMs) => answer({ seen }, takesMs));
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      answer({ blind: error.message }, 5);
    }
  }

  private look(_posting: Posting, answer: (value: ProbeResult, takesMs: number) => void): void {
    const { world, found } = this;
    const { operation } = found;
    const { erp, hub } = world;
    if (operation.kind === 'create') {
      const { matches, takesMs } = erp.find(found.reference);
      world.note(
        () =>
          `${found.id} looks: ${matches.map(({ id, state }) => `${id} ${state}`).join(', ') || 'nothing'}`,
      );
      answer({ kind: 'found', matches }, takesMs);
    } else if (operation.kind === 'update')
      answer(erp.standing(operation.baseId, operation.baseHash, found.targetHash), erp.wire.read());
    else if (operation.kind === 'origin')
      answer(hub.originStanding(operation.source, operation.originId), hub.readMs());
    else answer(hub.itemStanding(operation.item, operation.status), hub.readMs());
  }

  private lookForCanary(answer: (value: boolean | null, takesMs: number) => void): void {
    const { world, found } = this;
    let canary: PostingRow | null = null;
    for (const other of world.db.postings.rows.values())
      if (
        other.operation.kind === 'create' &&
        postingDone.has(other.state) &&
        other.reference !== found.reference &&
        (canary === null || other.seq > canary.seq)
      )
        canary = other;
    if (canary === null) {
      answer(null, 0);
      return;
    }
    const { matches, takesMs } = world.erp.find(canary.reference);
    if (matches.length === 0) world.faults.reached('E22');
    answer(matches.length > 0, takesMs);
  }

  private poll(handle: string): Outcome | null {
    const { erp } = this.world;
    return erp.kind.accepts === 'as-job' && this.found.system === 'erp' ? erp.poll(handle) : null;
  }
}

type Doubt = Partial<Pick<PostingRow, 'wasSent' | 'doubtSince' | 'doubtBefore'>>;

/** A row with the state of its posting replaced. Field by field: a second spread is three times as slow. */
export function stepped(row: PostingRow, after: Posting, epoch: number): PostingRow {
  return {
    ...row,
    state: after.state,
    attempt: after.attempt,
    openIntent: after.openIntent,
    probed: after.probed,
    guard: after.guard,
    targetId: after.targetId,
    handle: after.handle,
    emptyProbes: after.emptyProbes,
    sentAt: after.sentAt,
    quietUntil: after.quietUntil,
    giveUpAt: after.giveUpAt,
    lineKeys: after.lineKeys,
    reason: after.reason,
    epoch,
  };
}

function resultOf(before: Posting, { state }: Posting, outcome: Outcome | null): OutcomeResult {
  if (outcome?.kind === 'not-sent' || (before.state === 'intended' && state === 'intended'))
    return 'not-sent';
  switch (state) {
    case 'posted':
      return 'ok';
    case 'adopted':
      return 'found';
    case 'refused':
      return 'rejected';
    case 'accepted':
      return 'accepted';
    case 'exception':
      return 'exception';
    case 'intended':
      return 'absent';
    default:
      return 'unknown';
  }
}
