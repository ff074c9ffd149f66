import { randomBytes } from 'node:crypto';
import type { Outcome } from '../../domain/posting/outcomes.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { committedIntent } from '../../lib/door.ts';
import { hashHookSecret } from '../../procore/events/webhooks.ts';
import { type Destination, missingTriggers, type SetUpWrite } from '../../procore/set-up/set-up.ts';
import { type AuditEntry, appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { closeHook, openHooks, saveToldLimits } from '../../store/requests/company-set-up.ts';
import { saveHook } from '../../store/settings/connection.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import {
  hookUrl,
  isActive,
  type OwnHook,
  ownHook,
  type SetUpPlan,
  type SetUpStep,
  triggerWords,
} from './plan.ts';

/** What became of one step: done, proved to have done nothing, or not known, which the next run finds out. */
export type SetUpDone = {
  readonly what: string;
  readonly outcome: 'done' | 'not-done' | 'unknown';
  readonly message: string;
};

type Run = { readonly engine: Engine; readonly plan: SetUpPlan; readonly id: string; sends: number };
type Fate = Omit<SetUpDone, 'what'>;
const done = (message: string): Fate => ({ outcome: 'done', message });

/**
 * Does what a person consented to, step by step, each write with its intent before it and its outcome after it. The
 * first step that is not done ends the run: a second run begins with what is missing then.
 */
export async function runSetUp(engine: Engine, plan: SetUpPlan, by: string): Promise<readonly SetUpDone[]> {
  const { hub, steps } = plan;
  const run: Run = { engine, plan, id: engine.newId(), sends: 0 };
  const results: SetUpDone[] = [];
  if (steps.length === 0) return results;
  const started = {
    connection: hub.id,
    setUp: run.id,
    plan: plan.digest,
    steps: steps.map(({ what }) => what),
  };
  await note(run, [entry(run, by, 'set-up-started', started)]);
  hub.allowWrites(true, 'set-up');
  try {
    for (const each of steps) {
      const fate = await perform(run, each);
      results.push({ what: each.what, ...fate });
      if (fate.outcome !== 'done') break;
    }
  } finally {
    hub.allowWrites(false, 'set-up');
  }
  return results;
}

function perform(run: Run, each: SetUpStep): Promise<Fate> {
  const { setUp } = run.plan.hub.hub;
  switch (each.kind) {
    case 'erp-connection':
      return createErpConnection(run);
    case 'metadata':
      return tellMetadata(run);
    case 'create-hook':
      return deliverTo(run, (destination) => setUp.createHook(destination));
    case 'redirect-hook':
      return deliverTo(run, (destination) => setUp.redirectHook(each.hookId, destination));
    case 'enable-hook':
      return enableHook(run, each.hookId);
    case 'triggers':
      return addTriggers(run);
    case 'close-addresses':
      return closeAddresses(run, each.addresses);
  }
}

async function createErpConnection(run: Run): Promise<Fate> {
  const { hub, address, metadata } = run.plan;
  const outcome = await send(run, hub.hub.setUp.createErpConnection(address, metadata.document));
  // A company has one: where it stands already, it is only told what is new.
  if (outcome.kind === 'refused') return tellMetadata(run);
  return metadataTold(run, outcome, 'The ERP connection was created.');
}

async function tellMetadata(run: Run): Promise<Fate> {
  const { hub, metadata } = run.plan;
  const outcome = await send(run, hub.hub.setUp.updateMetadata(metadata.document));
  return metadataTold(run, outcome, 'The metadata was replaced.');
}

async function metadataTold(run: Run, outcome: Sent, message: string): Promise<Fate> {
  if (outcome.kind !== 'posted') return failed(outcome);
  const { hub, metadata } = run.plan;
  await step(run.engine, hub.tenant, (tx) => saveToldLimits(tx, hub.id, metadata.hash));
  return done(message);
}

/** The address is open before Procore hears of it, and closed again where it is proved that it never did. */
async function deliverTo(run: Run, writeTo: (destination: Destination) => SetUpWrite): Promise<Fate> {
  const { hub, address } = run.plan;
  const { setUp } = hub.hub;
  const id = `tiebeam-${randomBytes(12).toString('base64url')}`;
  const secret = randomBytes(32).toString('base64url');
  const secretHash = Buffer.from(hashHookSecret(secret), 'hex');
  const url = hookUrl(address, id);
  const outcome = await send(run, writeTo({ url, secret }), {
    before: (tx) => saveHook(tx, { id, connection: hub.id, companyId: setUp.companyId, secretHash }),
    after: async (tx, { kind }) => {
      if (kind === 'refused' || kind === 'not-sent') await closeHook(tx, id);
    },
  });
  if (outcome.kind === 'refused' || outcome.kind === 'not-sent') return failed(outcome);
  const standing = (await setUp.hooks()).some(({ destinationUrl }) => destinationUrl === url);
  return standing ? done(`Procore delivers to ${url}.`) : failed({ kind: 'lost', why: wordsOf(outcome) });
}

async function enableHook(run: Run, hookId: string): Promise<Fate> {
  const { hub } = run.plan.hub;
  const outcome = await send(run, hub.setUp.enableHook(hookId));
  if (outcome.kind === 'refused' || outcome.kind === 'not-sent') return failed(outcome);
  if (await isActive(hub, hookId)) return done('It delivers again.');
  return failed({ kind: 'lost', why: 'Procore still calls it disabled' });
}

/** Read back, because the answer to many triggers may be a success of some. */
async function addTriggers(run: Run): Promise<Fate> {
  const before = await hookNow(run);
  if (before === null) return failed({ kind: 'lost', why: 'the webhook is not listed' });
  const { setUp } = run.plan.hub.hub;
  const outcome = await send(
    run,
    setUp.addTriggers(before.seen.id, missingTriggers(before.seen, setUp.triggers)),
  );
  if (outcome.kind === 'refused' || outcome.kind === 'not-sent') return failed(outcome);
  const after = await hookNow(run);
  const missing = after === null ? setUp.triggers : missingTriggers(after.seen, setUp.triggers);
  if (missing.length === 0) return done('All triggers stand.');
  return failed({ kind: 'lost', why: `Procore does not list ${triggerWords(missing)}` });
}

async function hookNow({ engine, plan: { hub } }: Run): Promise<OwnHook | null> {
  const addresses = await step(engine, hub.tenant, (tx) => openHooks(tx, hub.id));
  return ownHook(await hub.hub.setUp.hooks(), addresses);
}

async function closeAddresses(run: Run, addresses: readonly string[]): Promise<Fate> {
  await step(run.engine, run.plan.hub.tenant, async (tx) => {
    for (const id of addresses) await closeHook(tx, id);
    await appendAudit(tx, [entry(run, 'tiebeam', 'hook-closed', { setUp: run.id, addresses })]);
  });
  return done('Closed.');
}

type Sent = Outcome | { readonly kind: 'lost'; readonly why: string };
type Around = {
  readonly before?: (tx: Tx) => Promise<void>;
  readonly after?: (tx: Tx, outcome: Sent) => Promise<void>;
};

async function send(run: Run, write: SetUpWrite, { before, after }: Around = {}): Promise<Sent> {
  run.sends += 1;
  const attempt = run.sends;
  const facts = {
    system: run.plan.hub.id,
    write: write.name,
    hash: write.hash,
    attempt: String(attempt),
    setUp: run.id,
  };
  const { tenant } = run.plan.hub;
  await step(run.engine, tenant, async (tx) => {
    await before?.(tx);
    await appendAudit(tx, [entry(run, 'tiebeam', 'intent', facts)]);
  });
  const outcome = await exchange(run, write, attempt);
  await step(run.engine, tenant, async (tx) => {
    await after?.(tx, outcome);
    const said = outcome.kind === 'posted' ? {} : { reason: wordsOf(outcome) };
    await appendAudit(tx, [entry(run, 'tiebeam', 'outcome', { ...facts, state: outcome.kind, ...said })]);
  });
  return outcome;
}

async function exchange({ plan, id }: Run, write: SetUpWrite, attempt: number): Promise<Sent> {
  try {
    const sent = await plan.hub.connection.send(
      committedIntent(id, attempt, undefined, 'set-up'),
      write.request,
    );
    if (sent.kind === 'answered') return write.classify(sent.response);
    return sent.kind === 'not-sent' ? { kind: 'not-sent', why: sent.why } : { kind: 'lost', why: sent.why };
  } catch (error) {
    // Wrong scope or refused credentials: nothing left.
    if (error instanceof Stop) return { kind: 'not-sent', why: error.message };
    throw error;
  }
}

function failed(outcome: Sent): Fate {
  if (outcome.kind === 'refused' || outcome.kind === 'not-sent')
    return { outcome: 'not-done', message: `Nothing was changed: ${wordsOf(outcome)}` };
  return {
    outcome: 'unknown',
    message: `It is not known yet whether this stands: ${wordsOf(outcome)}. Run it again.`,
  };
}

function wordsOf(outcome: Sent): string {
  if (outcome.kind === 'refused') return outcome.errors.map(({ message }) => message).join('; ');
  return 'why' in outcome ? outcome.why : 'it is not listed yet';
}

function note({ engine, plan }: Run, entries: readonly AuditEntry[]): Promise<void> {
  return step(engine, plan.hub.tenant, (tx) => appendAudit(tx, entries));
}

function entry({ engine }: Run, actor: string, kind: string, body: AuditEntry['body']): AuditEntry {
  return { kind, actor, at: engine.clock.now(), body };
}
