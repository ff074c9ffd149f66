import { z } from 'zod';
import { dueBecause, type LastLook, lookHours } from '../../domain/actuals/look-hours.ts';
import type { PeriodRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { listRecords } from '../../store/records/record.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import { moveCursor, readCursor } from '../../store/work/cursor.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sweepLane } from '../lanes.ts';
import { step } from '../step.ts';
import { pull } from './pull.ts';
import { showActuals } from './show-actuals.ts';

const LIST = 'job-costs';

/** How the last look went: when it was, which periods were closed, whether something was left, whether somebody asked for another. */
const placeSchema = z.strictObject({
  at: z.iso.datetime().nullable(),
  closed: z.array(z.string()),
  left: z.boolean(),
  asked: z.boolean(),
});
type Place = z.infer<typeof placeSchema>;
const START: Place = { at: null, closed: [], left: false, asked: false };

// As long as a few calls take.
const AGAIN_MS = 5_000;
// An hour that was set is kept to the minute.
const CLOCK_MS = 60_000;

/** The ledger is read and shown at the hours that the company wants, and whenever somebody asks for it. */
export async function showActualsInTime(engine: Engine, hub: OpenConnection): Promise<{ afterMs: number }> {
  const { pullEveryMs } = engine.pace;
  const { place, why, closed } = await step(engine, hub.tenant, (tx) => dueNow(engine, tx, hub));
  const isRegular = hub.hub!.jobCosts.hours === 'always';
  if (why === null && !place.left) return { afterMs: Math.min(CLOCK_MS, pullEveryMs) };
  const readsFirst = place.asked || (why !== null && !isRegular);
  if (readsFirst && (await readLedgers(engine, hub.tenant))) return { afterMs: 0 };
  const left = await showActuals(engine, hub);
  if (!isRegular || place.asked) {
    const at = readsFirst ? engine.clock.now().toISOString() : place.at;
    await step(engine, hub.tenant, async (tx) => {
      // Somebody may have asked while this look was on its way.
      const asked = !place.asked && (await placeOf(tx, hub)).asked;
      const next: Place = { at, closed: [...closed], left: left !== 'nothing', asked };
      await moveCursor(tx, hub.id, LIST, JSON.stringify(next));
    });
  }
  return { afterMs: left === 'between' ? Math.min(AGAIN_MS, pullEveryMs) : pullEveryMs };
}

/** Whether the regular look at a ledger is left to the hours that the company wants. */
export async function waitsForHours(engine: Engine, tenant: string): Promise<boolean> {
  return (await engine.systems.hubOf(tenant)).hub!.jobCosts.hours !== 'always';
}

/** Has the ledger read and its cost shown now, by whoever runs the service; what may be shown stays as it is. */
export async function askForActuals(engine: Engine, tenant: string): Promise<void> {
  const hub = await engine.systems.hubOf(tenant);
  await step(engine, tenant, async (tx) => {
    const place = await placeOf(tx, hub);
    await moveCursor(tx, hub.id, LIST, JSON.stringify({ ...place, asked: true }));
    await wakeLane(tx, sweepLane(hub, LIST));
  });
}

type Due = { readonly place: Place; readonly why: string | null; readonly closed: readonly string[] };

async function dueNow(engine: Engine, tx: Tx, hub: OpenConnection): Promise<Due> {
  const place = await placeOf(tx, hub);
  const periods: (Pick<PeriodRecord, 'id' | 'name' | 'open'> & { readonly id: string })[] = [];
  for (const erp of await engine.systems.erpsOf(hub.tenant))
    for (const { nativeId, body } of await listRecords<PeriodRecord>(tx, erp.id, 'period'))
      periods.push({ id: `${erp.id}/${nativeId}`, name: `${body.name} of ${erp.name}`, open: body.open });
  const { timeZone } = await currentPolicy(tx);
  const last: LastLook | null = place.at === null ? null : { at: new Date(place.at), closed: place.closed };
  const hours = lookHours(hub.hub!.jobCosts.hours);
  const why = dueBecause(hours, last, periods, { now: engine.clock.now(), timeZone: timeZone ?? 'UTC' });
  return {
    place,
    why: place.asked ? 'somebody asked' : why,
    closed: periods.filter(({ open }) => !open).map(({ id }) => id),
  };
}

async function placeOf(tx: Tx, hub: OpenConnection): Promise<Place> {
  const text = await readCursor(tx, hub.id, LIST);
  return text === null ? START : placeSchema.parse(JSON.parse(text));
}

/** True where a ledger has more than one turn may read: the rest follows in the next turn. */
async function readLedgers(engine: Engine, tenant: string): Promise<boolean> {
  for (const erp of await engine.systems.erpsOf(tenant))
    if (erp.connection.pull.journal !== undefined && (await pull(engine, erp, 'journal'))) return true;
  return false;
}
