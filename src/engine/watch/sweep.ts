import { Stop } from '../../domain/outcomes.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { appendAudit } from '../../store/audit.ts';
import { bindFingerprint, saveHealth, setConnectionPhase } from '../../store/connection.ts';
import { moveCursor, readCursor } from '../../store/cursor.ts';
import { allowJobCosts } from '../../store/job-cost.ts';
import { type Lane, wakeLane, wakeLanes } from '../../store/lane.ts';
import { listRecords, type StoredRecord } from '../../store/record.ts';
import { openReview } from '../../store/review.ts';
import { latestSelfTest } from '../../store/self-test.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { receiveFound } from '../intake.ts';
import { laneParts, sourceLane, sweepLane } from '../lanes.ts';
import { wakeLaterApplications } from '../plan/wake.ts';
import { step } from '../step.ts';
import { healDeliveries } from './deliveries.ts';
import { keepRecord } from './keep-record.ts';
import { pull, pullToEnd, toTheEnd } from './pull.ts';
import { dailyReferences } from './reference-sweep.ts';
import { showActuals } from './show-actuals.ts';

/** Starts the regular looks at every list of a connection. Waking them again is harmless. */
export async function startSweeps(
  engine: Engine,
  tenant: string,
  connectionIds: readonly string[],
): Promise<void> {
  for (const id of connectionIds) {
    const at = await engine.systems.get(tenant, id);
    const lists = Object.keys(at.connection.pull).map((object) => `pull:${object}`);
    if (at.hub !== null) lists.push('requests', 'deliveries', 'commitments', 'sub-invoices', 'job-costs');
    if (at.connection.list !== undefined) lists.push('references');
    const lanes = ['identity', ...lists].map((list) => sweepLane(at, list));
    await step(engine, tenant, (tx) => wakeLanes(tx, lanes));
  }
}

/** Reads every list of both systems to its end, now and here: for a first look before anything is carried. */
export async function readEverything(
  engine: Engine,
  tenant: string,
  onList: (list: string) => void,
): Promise<void> {
  for (const at of [await engine.systems.erpOf(tenant), await engine.systems.hubOf(tenant)]) {
    for (const object of Object.keys(at.connection.pull)) {
      onList(`${at.name}: ${object}`);
      await pullToEnd(engine, at, object);
    }
    if (at.hub === null) continue;
    onList(`${at.name}: commitments`);
    await toTheEnd(() => sweepProjects(engine, at, 'commitments'));
  }
}

/** Reads the pay applications of one project to the end: billing is taken over from them. */
export async function readApplications(engine: Engine, tenant: string, projectId: string): Promise<void> {
  const at = await engine.systems.hubOf(tenant);
  await toTheEnd(() => sweepProject(engine, at, 'sub-invoices', projectId));
}

/** One look at one list: what webhooks lost is found here. Returns when to look again. */
export async function sweep(engine: Engine, lane: Lane): Promise<{ afterMs: number }> {
  const { connection, rest } = laneParts(lane.id);
  const [list = ''] = rest;
  const at = await engine.systems.get(lane.tenant, connection);
  const { pace } = engine;
  if (list === 'identity') return identity(engine, at);
  if (list === 'references') return dailyReferences(engine, at);
  if (list === 'job-costs') return showActuals(engine, at);
  if (list === 'deliveries') return healDeliveries(engine, at);
  if (list === 'requests')
    return (await sweepRequests(engine, at)) ? { afterMs: 0 } : { afterMs: pace.sweepEveryMs };
  if (list === 'commitments' || list === 'sub-invoices')
    return (await sweepProjects(engine, at, list)) ? { afterMs: 0 } : { afterMs: pace.sweepEveryMs };
  const object = list.replace('pull:', '');
  return (await pull(engine, at, object)) ? { afterMs: 0 } : { afterMs: pace.pullEveryMs };
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
    for (const id of page.ids)
      await receiveFound(tx, at, {
        object: 'erp-request',
        nativeId: id,
        dedupeKey: `request:${id}`,
        hint: {},
      });
    await moveCursor(tx, at.id, 'requests', page.cursor);
  });
  engine.failPoint('after-pull-page');
  return page.ids.length > 0 && page.cursor !== cursor;
}

/** Lists that Procore keeps by project, and what is in them. */
const listed = {
  commitments: { object: 'commitment', words: 'Commitments', page: 'listCommitments' },
  'sub-invoices': { object: 'sub-invoice', words: 'Subcontractor invoices', page: 'listSubInvoices' },
} as const;
type ProjectList = keyof typeof listed;

/**
 * What changed since the last look, project by project; unchanged content wakes nobody. A project that cannot be
 * read keeps none of the others waiting.
 */
async function sweepProjects(engine: Engine, at: OpenConnection, list: ProjectList): Promise<boolean> {
  const projects = await step(engine, at.tenant, (tx) => listRecords<ProjectRecord>(tx, at.id, 'project'));
  let more = false;
  let trouble: Stop | null = null;
  for (const project of projects) {
    try {
      more = (await sweepProject(engine, at, list, project.nativeId)) || more;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      if (error.kind === 'unauthorised') await tellHidden(engine, at, list, project, error);
      else trouble ??= error;
    }
  }
  if (trouble !== null) throw trouble;
  return more;
}

/** A permission that was taken away is given back by a person: asking for it again would only slow the others. */
async function tellHidden(
  engine: Engine,
  at: OpenConnection,
  list: ProjectList,
  project: StoredRecord<ProjectRecord>,
  why: Stop,
): Promise<void> {
  const { name } = project.body;
  await step(engine, at.tenant, (tx) =>
    openReview(tx, {
      id: engine.newId(),
      kind: 'exception',
      subject: `hidden:${at.id}:project:${project.nativeId}`,
      document: null,
      title: `${at.name}: project ${name}`,
      question: `${listed[list].words} of the project ${name} cannot be read any more. ${why.message} Give the service account its permission back, or take the project out of the integration.`,
      evidence: { project: project.nativeId, reason: why.message },
      role: 'engineer',
    }),
  );
}

/** One page of one project; true when there may be more of it. */
async function sweepProject(
  engine: Engine,
  at: OpenConnection,
  list: ProjectList,
  projectId: string,
): Promise<boolean> {
  const name = `${list}:${projectId}`;
  const { object, page: read } = listed[list];
  const cursor = await step(engine, at.tenant, (tx) => readCursor(tx, at.id, name));
  const page = await at.hub![read](projectId, cursor);
  await step(engine, at.tenant, async (tx) => {
    for (const pulled of page.records) {
      const kept = await keepRecord(tx, at.id, pulled);
      if (!kept.changed) continue;
      await wakeLane(tx, sourceLane(at, object, pulled.record.id));
      await wakeLaterApplications(engine, tx, at.tenant, pulled.record);
    }
    await moveCursor(tx, at.id, name, page.cursor);
  });
  return page.records.length > 0 && page.cursor !== cursor;
}
