import type { PostedBase } from '../../domain/documents.ts';
import { type Outcome, Stop } from '../../domain/posting/outcomes.ts';
import type { SeenCapability } from '../../domain/posting/settle.ts';
import type { Match, Write, WriteContext } from '../../domain/posting/writes.ts';
import { uniquenessOf } from '../../domain/self-test.ts';
import { committedIntent } from '../../lib/door.ts';
import { type AuditEntry, appendAudit } from '../../store/audit/audit.ts';
import { saveHealth, setConnectionPhase, setLookedThrough } from '../../store/settings/connection.ts';
import { finishSelfTest, type SelfTestFinding, startSelfTest } from '../../store/settings/self-test.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import { BEGINNING } from './reference-sweep.ts';
import { findingsOf, type Seen } from './self-test-findings.ts';
import type { SelfTestPlan } from './self-test-plan.ts';

// An index that needs longer than this is of no use to settle anything by.
const SEEN_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

export type SelfTestResult = {
  readonly seen: SeenCapability;
  readonly findings: readonly SelfTestFinding[];
};

type Trial = {
  readonly engine: Engine;
  readonly plan: SelfTestPlan;
  readonly maxLooks: number;
  /** Counts the requests of this test: each has an intent of its own. */
  sends: number;
};

/**
 * Posts one marked order several times under one reference, looks what the ERP makes of it, and takes back what
 * stands. Two sends leave together, because a check that comes before the insert lets both of them through.
 */
export async function runSelfTest(
  engine: Engine,
  plan: SelfTestPlan,
  by: string,
  seenWithinMs = SEEN_WITHIN_MS,
): Promise<SelfTestResult> {
  const { at, order } = plan;
  await step(engine, at.tenant, async (tx) => {
    const references = [order.reference, ...plan.takeBackReferences];
    await startSelfTest(tx, { ...plan, connection: at.id, startedBy: by, references });
    await appendAudit(tx, [entry(engine, by, 'self-test-started', { connection: at.id, test: plan.id })]);
  });
  const trial: Trial = { engine, plan, maxLooks: Math.ceil(seenWithinMs / LOOK_EVERY_MS), sends: 0 };
  const seen = await whatItDoes(trial);
  const left = await takeAllBack(trial, seen.bases);
  const findings = findingsOf({ ...seen, left }, plan);
  const capability: SeenCapability = {
    uniquenessEnforced: seen.uniquenessEnforced,
    searchLagMs: seen.searchLagMs,
    readable: seen.readable,
  };
  await step(engine, at.tenant, async (tx) => {
    await finishSelfTest(tx, plan.id, { seen: { 'purchase-order': capability }, findings });
    const body = { connection: at.id, test: plan.id, findings: findings.map(({ message }) => message) };
    const entries = [entry(engine, by, 'self-test-finished', body)];
    if (!seen.readable) {
      const message = 'What is created cannot be read back: the connection was set to read-only.';
      await setConnectionPhase(tx, at.id, 'read-only');
      await setLookedThrough(tx, at.id, false);
      await saveHealth(tx, at.id, { ok: false, message });
      entries.push(entry(engine, by, 'connection-stopped', { connection: at.id, reason: message }));
    }
    await appendAudit(tx, entries);
  });
  at.learn({ 'purchase-order': capability });
  if (!seen.readable) at.allowWrites(false);
  return { seen: capability, findings };
}

async function whatItDoes(
  trial: Trial,
): Promise<Omit<Seen, 'left'> & { readonly bases: readonly PostedBase[] }> {
  const { engine, plan } = trial;
  const [write] = plan.at.connection.writes({ kind: 'create-order', body: plan.order });
  if (write === undefined) throw new Stop('bug', plan.at.system, 'an order has no write');
  const together = [send(trial, write, { earlierIds: {} }), send(trial, write, { earlierIds: {} })];
  const results = await Promise.all(together);
  const answeredAt = engine.clock.now().getTime();
  const first = await lookUntilSeen(trial, write);
  const searchLagMs = first === null ? null : engine.clock.now().getTime() - answeredAt;
  results.push(await send(trial, write, { earlierIds: {} }));
  // As long as the first took to be seen, and once more: the last may take as long as the first.
  await engine.clock.sleep(2 * (searchLagMs ?? 0) + LOOK_EVERY_MS);
  const matches = first === null ? [] : await look(trial, write);
  const standing = matches.filter(({ state }) => state !== 'cancelled');
  const answered = results.filter(
    ({ outcome }) => outcome.kind !== 'not-sent' && outcome.kind !== 'lost',
  ).length;
  const posted = results.flatMap(({ outcome }) => (outcome.kind === 'posted' ? [outcome.id] : []));
  const drafts = standing.filter(({ state }) => state !== 'posted').map(({ id }) => id);
  return {
    outcomes: results.map(({ outcome }) => outcome.kind),
    said: results.flatMap(({ outcome }) => wordsIn(outcome)),
    uniquenessEnforced: uniquenessOf({ sent: results.length, answered, standing: standing.length }),
    standing: standing.length,
    searchLagMs,
    readable: standing.length > 0 || posted.length === 0,
    sameContent: standing.length === 0 ? null : standing.every(({ hash }) => hash === write.targetHash),
    isListed: await isListed(trial),
    drafts,
    bases: basesOf(plan, posted, standing).filter(({ id }) => !drafts.includes(id)),
  };
}

/** An answer that never came: neither an effect nor a refusal is known. */
type Sent = { readonly outcome: Outcome | { readonly kind: 'lost'; readonly why: string } };

/** One request with its own intent before it and its outcome after it, as every write of the house. */
async function send(trial: Trial, write: Write, context: WriteContext): Promise<Sent> {
  const { engine, plan } = trial;
  trial.sends += 1;
  const number = trial.sends;
  const note = (kind: string, more: Readonly<Record<string, string>>) =>
    step(engine, plan.at.tenant, (tx) =>
      appendAudit(tx, [
        entry(engine, 'tiebeam', kind, {
          system: plan.at.id,
          write: write.name,
          reference: write.reference,
          hash: write.targetHash,
          attempt: String(number),
          selfTest: plan.id,
          ...more,
        }),
      ]),
    );
  await note('intent', {});
  const outcome = await exchange(trial, write, context, number);
  await note('outcome', { state: outcome.kind, ...('why' in outcome ? { reason: outcome.why } : {}) });
  return { outcome };
}

async function exchange(
  { engine, plan, maxLooks }: Trial,
  write: Write,
  context: WriteContext,
  number: number,
): Promise<Sent['outcome']> {
  const { connection } = plan.at;
  try {
    const sent = await connection.send(committedIntent(plan.id, number), write.encode(context));
    if (sent.kind === 'not-sent') return { kind: 'not-sent', why: sent.why };
    if (sent.kind === 'unknown') return { kind: 'lost', why: sent.why };
    let outcome = write.classify(sent.response);
    for (let polls = 0; outcome.kind === 'accepted' && write.poll && polls < maxLooks; polls += 1) {
      await engine.clock.sleep(LOOK_EVERY_MS);
      outcome = await write.poll(connection.read, outcome.handle);
    }
    return outcome;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { kind: 'lost', why: error.message };
  }
}

async function lookUntilSeen(trial: Trial, write: Write): Promise<readonly Match[] | null> {
  for (let looks = 0; looks < trial.maxLooks; looks += 1) {
    const matches = await look(trial, write);
    if (matches.length > 0) return matches;
    await trial.engine.clock.sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** What the probe sees; a refused read sees nothing, which is what a blind probe is. */
async function look({ plan }: Trial, write: Write): Promise<readonly Match[]> {
  try {
    const result = await write.probe(plan.at.connection.read, { earlierIds: {} });
    return result.kind === 'found' ? result.matches : [];
  } catch (error) {
    if (error instanceof Stop && error.kind === 'unauthorised') return [];
    throw error;
  }
}

async function isListed({ plan }: Trial): Promise<boolean | null> {
  const { list } = plan.at.connection;
  if (list === undefined) return null;
  // Nothing else starts with a whole reference, so that one look reads no other document.
  for await (const { reference } of list(plan.order.reference, BEGINNING))
    if (reference === plan.order.reference) return true;
  return false;
}

/** What the answers named and what was found: an order that cannot be read may still be cancelled by its id. */
function basesOf(
  { order: body }: SelfTestPlan,
  posted: readonly string[],
  standing: readonly Match[],
): PostedBase[] {
  const found = new Map(standing.map(({ id, lineKeys }) => [id, lineKeys ?? {}]));
  const ids = [...new Set([...posted, ...found.keys()])];
  return ids.map((id) => ({ id, body, lineKeys: found.get(id) ?? {} }));
}

/** Takes each order back; returns the ids that still stand and need a person. */
async function takeAllBack(trial: Trial, bases: readonly PostedBase[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const [index, base] of bases.entries()) {
    const gone = await takeBackOne(trial, base, trial.plan.takeBackReferences[index]).catch(
      (error: unknown) => {
        if (error instanceof Stop) return false;
        throw error;
      },
    );
    if (!gone) left.push(base.id);
  }
  return left;
}

async function takeBackOne(trial: Trial, base: PostedBase, reference: string | undefined): Promise<boolean> {
  if (reference === undefined) return false;
  const { at, takeBack } = trial.plan;
  const { read } = at.connection;
  const write = takeBack(base, reference);
  const before = await write.probe(read, { earlierIds: {} });
  if (before.kind !== 'standing') return false;
  await send(trial, write, {
    earlierIds: {},
    ...(before.guard === undefined ? {} : { guard: before.guard }),
  });
  const after = await write.probe(read, { earlierIds: {} });
  return after.kind === 'standing' && after.standing === 'at-target';
}

function wordsIn(outcome: Sent['outcome']): string[] {
  if (outcome.kind === 'refused') return outcome.errors.map(({ message }) => message);
  return 'why' in outcome ? [outcome.why] : [];
}

function entry(engine: Engine, actor: string, kind: string, body: AuditEntry['body']): AuditEntry {
  return { kind, actor, at: engine.clock.now(), body };
}
