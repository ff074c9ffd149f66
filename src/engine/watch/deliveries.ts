import { z } from 'zod';
import type { Deliveries, StandingHook } from '../../procore/events/deliveries.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { openHooks } from '../../store/requests/company-set-up.ts';
import { moveCursor, readCursor } from '../../store/work/cursor.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { hearListed, signalsOf } from '../intake/heard.ts';
import { step } from '../step.ts';

// Procore gives a queue up after twelve hours: an event is discarded as long after it happened, and clocks differ.
const GIVEN_UP_AFTER_MS = 14 * 3_600_000;
// How far back the first look goes.
const FIRST_LOOK_MS = 7 * 86_400_000;

const cursorSchema = z.object({
  /** When we looked last. */
  looked: z.iso.datetime(),
  /** Whether Procore ever had a hook that leads to us: one that was never there is not missed. */
  seen: z.boolean(),
});

/**
 * Asks Procore which webhooks it could not deliver and takes them as if they had come: what an outage lost is found
 * within minutes, also in a project that the regular looks seldom visit. A hook that went is asked about.
 */
export async function healDeliveries(engine: Engine, at: OpenConnection): Promise<{ afterMs: number }> {
  const later = { afterMs: engine.pace.pullEveryMs };
  const { ours, cursor } = await step(engine, at.tenant, async (tx) => ({
    ours: (await openHooks(tx, at.id)).map(({ id }) => id),
    cursor: await readCursor(tx, at.id, 'deliveries'),
  }));
  if (ours.length === 0) return later;
  const { deliveries } = at.hub!;
  const now = engine.clock.now();
  const before = cursor === null ? null : cursorSchema.parse(JSON.parse(cursor));
  const since = new Date(
    before === null ? now.getTime() - FIRST_LOOK_MS : Date.parse(before.looked) - GIVEN_UP_AFTER_MS,
  );
  const { hooks, isWhole } = await deliveries.hooks();
  const own = hooks.filter(({ destinationUrl }) => ours.some((address) => leadsTo(destinationUrl, address)));
  for (const hook of own) await takeUndelivered(engine, at, deliveries, hook, since);
  const isGone = own.length === 0 && isWhole && before?.seen === true;
  const isDisabled = own.length > 0 && own.every(({ isActive }) => !isActive);
  const next = { looked: now.toISOString(), seen: before?.seen === true || own.length > 0 };
  await step(engine, at.tenant, async (tx) => {
    if (isGone || isDisabled) await askAboutHook(engine, tx, at, isGone ? 'gone' : 'disabled');
    else if (own.length > 0) await expireSubject(tx, 'exception', hookSubject(at));
    await moveCursor(tx, at.id, 'deliveries', JSON.stringify(next));
  });
  return later;
}

/** A proxy may put something before our path, and nothing behind it. */
function leadsTo(destinationUrl: string, address: string): boolean {
  return URL.parse(destinationUrl)?.pathname.endsWith(`/webhooks/procore/${address}`) === true;
}

async function takeUndelivered(
  engine: Engine,
  at: OpenConnection,
  deliveries: Deliveries,
  hook: StandingHook,
  since: Date,
): Promise<void> {
  const signals = signalsOf(at, await deliveries.undelivered(hook, since));
  const fresh = await hearListed(engine, at, signals);
  if (fresh > 0) engine.log.info({ connection: at.id, events: fresh }, 'undelivered webhooks were taken in');
}

function hookSubject(at: OpenConnection): string {
  return `hook:${at.id}`;
}

async function askAboutHook(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  state: 'gone' | 'disabled',
): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: hookSubject(at),
    document: null,
    title: `${at.name}: the webhook is ${state}`,
    question: `The webhook that calls us is ${state} in ${at.name}. Nothing is lost, but changes are found by the regular looks only, later than they could be. Run the set-up again, or enable the webhook there.`,
    evidence: { connection: at.id, state },
    role: 'engineer',
  });
}
