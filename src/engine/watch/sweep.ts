import { appendAudit } from '../../store/audit/audit.ts';
import { allowJobCosts } from '../../store/records/job-cost.ts';
import { bindFingerprint, saveHealth, setConnectionPhase } from '../../store/settings/connection.ts';
import { latestSelfTest } from '../../store/settings/self-test.ts';
import { cursorAgeMs, moveCursor, readCursor } from '../../store/work/cursor.ts';
import { type Lane, wakeLanes } from '../../store/work/lane.ts';
import { wakePlaces } from '../../store/work/sweep-place.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { receiveFound } from '../intake/intake.ts';
import { laneParts, sweepLane } from '../lanes.ts';
import { step } from '../step.ts';
import { sweepRequisitions } from './bought-orders.ts';
import { showActualsInTime, waitsForHours } from './cost-hours.ts';
import { healDeliveries } from './deliveries.ts';
import { pull, pullToEnd } from './pull.ts';
import { dailyReferences } from './reference-sweep.ts';
import { sendMails } from './send-mail.ts';
import { sweepPaymentHolds } from './sweep-payment-holds.ts';
import { readProject, readProjects, sweepProjects } from './sweep-projects.ts';

/** Starts the regular looks at every list of a connection. Waking them again is harmless. */
export async function startSweeps(
  engine: Engine,
  tenant: string,
  connectionIds: readonly string[],
): Promise<void> {
  for (const id of connectionIds) {
    const at = await engine.systems.get(tenant, id);
    const lists = Object.keys(at.connection.pull).map((object) => `pull:${object}`);
    if (at.hub !== null) lists.push('requests', 'deliveries', 'projects', 'job-costs', 'payment-holds');
    if (at.hub !== null && engine.mail !== undefined) lists.push('mail');
    if (at.connection.list !== undefined) lists.push('references');
    if (at.connection.requisition !== undefined) lists.push('requisitions');
    const lanes = ['identity', ...lists].map((list) => sweepLane(at, list));
    await step(engine, tenant, async (tx) => {
      await wakePlaces(tx, id, 'all');
      await wakeLanes(tx, lanes);
    });
  }
}

/** Reads every list of both systems to its end, now and here: for a first look before anything is carried. */
export async function readEverything(
  engine: Engine,
  tenant: string,
  onList: (list: string) => void,
): Promise<void> {
  for (const at of [...(await engine.systems.erpsOf(tenant)), await engine.systems.hubOf(tenant)]) {
    for (const object of Object.keys(at.connection.pull)) {
      onList(`${at.name}: ${object}`);
      await pullToEnd(engine, at, object);
    }
    if (at.hub === null) continue;
    onList(`${at.name}: commitments`);
    await readProjects(engine, at, 'commitments');
  }
}

/** Reads the pay applications of one project to the end: billing is taken over from them. */
export async function readApplications(engine: Engine, tenant: string, projectId: string): Promise<void> {
  const at = await engine.systems.hubOf(tenant);
  await readProject(engine, at, 'sub-invoices', projectId);
}

/** One look at one list: what webhooks lost is found here. Returns when to look again. */
export async function sweep(engine: Engine, lane: Lane): Promise<{ afterMs: number | null }> {
  const { connection, rest } = laneParts(lane.id);
  const [list = ''] = rest;
  const at = await engine.systems.get(lane.tenant, connection);
  const { pace } = engine;
  if (list === 'identity') return identity(engine, at);
  if (list === 'references') return dailyReferences(engine, at);
  if (list === 'requisitions') return sweepRequisitions(engine, at);
  if (list === 'job-costs') return showActualsInTime(engine, at);
  if (list === 'payment-holds') return sweepPaymentHolds(engine, at);
  if (list === 'mail') return sendMails(engine, at);
  if (list === 'deliveries') return healDeliveries(engine, at);
  if (list === 'requests')
    return (await sweepRequests(engine, at)) ? { afterMs: 0 } : { afterMs: pace.sweepEveryMs };
  if (list === 'projects') return sweepProjects(engine, at);
  // Lanes of a time when each of these lists was read for all projects at once.
  if (list === 'commitments' || list === 'sub-invoices') return { afterMs: null };
  const object = list.replace('pull:', '');
  if (object === 'journal' && (await waitsForHours(engine, at.tenant))) return { afterMs: pace.pullEveryMs };
  const waitMs = at.hub === null ? 0 : await gatheringMs(engine, at, list);
  if (waitMs > 0) return { afterMs: waitMs };
  return (await pull(engine, at, object)) ? { afterMs: 0 } : { afterMs: pace.pullEveryMs };
}

// An edit in the directory tells of up to 2,000 records, one webhook each: one look finds what they tell.
const GATHERED_WITHIN_MS = 10_000;

/** How long a list that was read a moment ago waits for more of the same storm. */
async function gatheringMs(engine: Engine, at: OpenConnection, list: string): Promise<number> {
  const gapMs = Math.min(GATHERED_WITHIN_MS, engine.pace.pullEveryMs / 10);
  const ageMs = await step(engine, at.tenant, (tx) => cursorAgeMs(tx, at.id, list));
  return ageMs === null ? 0 : Math.max(0, Math.ceil(gapMs - ageMs));
}

/** The company behind the credentials must stay the one that was bound: else nothing is written any more. */
async function identity(engine: Engine, at: OpenConnection): Promise<{ afterMs: number }> {
  const fingerprint = await at.connection.fingerprint();
  const tested = await step(engine, at.tenant, (tx) => latestSelfTest(tx, at.id));
  // Another process may have run it, or another company may be bound by now.
  at.learn(tested?.seen ?? {});
  await step(engine, at.tenant, async (tx) => {
    if (await bindFingerprint(tx, at.id, fingerprint))
      return saveHealth(tx, at.id, {
        ok: true,
        message: 'Reached.',
        checkedAt: engine.clock.now().toISOString(),
      });
    await setConnectionPhase(tx, at.id, 'read-only');
    await allowJobCosts(tx, at.id, false);
    await saveHealth(tx, at.id, {
      ok: false,
      message: 'Another company answers at this address: the connection was set to read-only.',
    });
    await appendAudit(tx, [
      {
        kind: 'connection-identity-changed',
        actor: 'tiebeam',
        at: engine.clock.now(),
        body: { connection: at.id, fingerprint },
      },
    ]);
  });
  return { afterMs: engine.pace.pullEveryMs };
}

async function sweepRequests(engine: Engine, at: OpenConnection): Promise<boolean> {
  const cursor = await step(engine, at.tenant, (tx) => readCursor(tx, at.id, 'requests'));
  const page = await at.hub!.listRequests(cursor);
  await step(engine, at.tenant, async (tx) => {
    await receiveFound(tx, at, page.ids);
    await moveCursor(tx, at.id, 'requests', page.cursor);
  });
  engine.failPoint('after-pull-page');
  return page.ids.length > 0 && page.cursor !== cursor;
}
