import { type ContextObject, isContextObject } from '../../domain/context-record.ts';
import { NotServed, Stop } from '../../domain/posting/outcomes.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { CONTEXT } from '../../procore/context/context-objects.ts';
import type { ContextPage, Hub } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { takeUnroomed } from '../../store/intake/signal.ts';
import { listRecords, markUnlisted } from '../../store/records/record.ts';
import { moveCursor, readCursor } from '../../store/work/cursor.ts';
import { wakeLane } from '../../store/work/lane.ts';
import {
  addPlaces,
  duePlaces,
  movePlace,
  nextPlaceMs,
  type SweepPlace,
  wakePlaces,
} from '../../store/work/sweep-place.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { DIRECTORY, roomsOf } from '../intake/heard.ts';
import { sourceLane } from '../lanes.ts';
import { wakeLaterApplications } from '../plan/wake.ts';
import { step } from '../step.ts';
import { keepRecords, listedIn } from './keep-record.ts';
import { toTheEnd } from './pull.ts';

// What one round costs at most, counted in lists read and records shown: then other tenants of the account go on.
const MOST_IN_A_ROUND = 120;
// Two projects in a row that cannot be read are an outage, which more calls would not end.
const OUTAGE = 2;
// With doubling pauses a project that fails this often has failed for hours.
const TOLD_AT = 6;

/** Lists that Procore keeps by project, and what is in them. */
const LISTED = {
  commitments: { object: 'commitment', words: 'Commitments', read: 'listCommitments' },
  'change-orders': { object: 'change-order', words: 'Change orders', read: 'listChangeOrders' },
  'sub-invoices': { object: 'sub-invoice', words: 'Subcontractor invoices', read: 'listSubInvoices' },
  'prime-contracts': { object: 'prime-contract', words: 'Prime contracts', read: 'listPrimeContracts' },
  'owner-invoices': { object: 'owner-invoice', words: 'Owner invoices', read: 'listOwnerInvoices' },
} as const;
type DocumentList = keyof typeof LISTED;
type ProjectList = DocumentList | ContextObject;
const LISTS = Object.keys(LISTED) as readonly DocumentList[];

/** The documents first: what is read as evidence waits for none of them. */
function listsOf(hub: Hub): readonly ProjectList[] {
  return [...LISTS, ...hub.context];
}

function wordsOf(list: ProjectList): string {
  return isContextObject(list) ? CONTEXT[list].words : LISTED[list].words;
}

function pageOf(hub: Hub, list: ProjectList, projectId: string, cursor: string | null): Promise<ContextPage> {
  if (isContextObject(list)) return hub.listContext(list, projectId, cursor);
  return hub[LISTED[list].read](projectId, cursor);
}

type Page = { readonly found: number; readonly changed: boolean; readonly more: boolean };

/**
 * One round: the projects that waited longest, until they are read or the round has cost enough. A project where
 * nothing happens is looked at less and less often, but at least once in the time that its connection states; any
 * webhook of it brings it back.
 */
export async function sweepProjects(engine: Engine, at: OpenConnection): Promise<{ afterMs: number }> {
  const { sweepEveryMs } = engine.pace;
  const due = await step(engine, at.tenant, async (tx) => {
    await addPlaces(tx, at.id);
    // Events of one project come by the dozen: they are gathered before it is looked at.
    const projects = await takeUnroomed(tx, at.id, roomsOf(at), DIRECTORY);
    await wakePlaces(tx, at.id, projects, sweepEveryMs / 6);
    return duePlaces(tx, at.id, MOST_IN_A_ROUND);
  });
  let [cost, troubles] = [0, 0];
  for (const place of due) {
    if (cost >= MOST_IN_A_ROUND) return { afterMs: 0 };
    const look = await lookAt(engine, at, place);
    cost += look.cost;
    const waitMs = look.trouble?.retryAfterMs;
    if (waitMs !== undefined) return await putOff(engine, at, place, Math.max(50, waitMs));
    troubles = look.trouble === null ? 0 : troubles + 1;
    await step(engine, at.tenant, (tx) => settle(engine, tx, at, place, look));
    if (troubles >= OUTAGE && look.trouble?.kind === 'retry-later') throw look.trouble;
  }
  const nextMs = await step(engine, at.tenant, (tx) => nextPlaceMs(tx, at.id));
  return { afterMs: Math.min(nextMs ?? sweepEveryMs, sweepEveryMs) };
}

/** Nobody may call before then. The other places stay due, so that the longest waiting come first again. */
async function putOff(
  engine: Engine,
  at: OpenConnection,
  place: SweepPlace,
  afterMs: number,
): Promise<{ afterMs: number }> {
  const { everyMs, failed } = place;
  const next = { inMs: afterMs, everyMs: everyMs ?? engine.pace.sweepEveryMs, failed };
  await step(engine, at.tenant, (tx) => movePlace(tx, at.id, place, next));
  return { afterMs };
}

type Look = {
  readonly cost: number;
  readonly changed: boolean;
  readonly more: boolean;
  readonly trouble: Stop | null;
  readonly list: ProjectList | null;
};

// The second page of most lists is empty, costs nothing and ends their cycle.
const PAGES_IN_A_LOOK = 2;

/** A few pages of each of its lists; one that cannot be read keeps none of the others waiting. */
async function lookAt(engine: Engine, at: OpenConnection, { projectId }: SweepPlace): Promise<Look> {
  let look: Look = { cost: 0, changed: false, more: false, trouble: null, list: null };
  for (const list of listsOf(at.hub!)) {
    try {
      let page: Page = { found: 0, changed: false, more: true };
      for (let pages = 0; page.more && pages < PAGES_IN_A_LOOK; pages += 1) {
        page = await readPage(engine, at, list, projectId);
        look = { ...look, cost: look.cost + 1 + page.found, changed: look.changed || page.changed };
      }
      look = { ...look, more: look.more || page.more };
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      look = { ...look, cost: look.cost + 1, trouble: look.trouble ?? error, list: look.list ?? list };
      if (error.kind === 'retry-later') return look;
    }
  }
  return look;
}

/** When the project is looked at again, and whether somebody has to know that it cannot be. */
async function settle(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  place: SweepPlace,
  { changed, more, trouble, list }: Look,
): Promise<void> {
  const { projectId, everyMs, failed, project } = place;
  const { sweepEveryMs } = engine.pace;
  const quietMs = Math.max(sweepEveryMs, at.hub!.quietMs);
  const subject = `hidden:${at.id}:project:${projectId}`;
  // Taken out of the connection, which is no trouble.
  if (trouble !== null && list !== null && !(trouble instanceof NotServed)) {
    const isHidden = trouble.kind === 'unauthorised';
    if (isHidden || trouble.kind === 'bug' || failed + 1 >= TOLD_AT)
      await tellHidden(engine, tx, at, { subject, project, list, why: trouble });
  } else if (failed > 0) await expireSubject(tx, 'exception', subject);
  const doubled = everyMs === null ? sweepEveryMs : everyMs * 2;
  // A finished project starts where a quiet one ends.
  const calm = project.active ? Math.min(quietMs, doubled) : quietMs;
  const next = changed || more ? sweepEveryMs : calm;
  // Projects that were read together do not stay together.
  const inMs = more ? 0 : next * (0.9 + engine.random() / 10);
  await movePlace(tx, at.id, place, { inMs, everyMs: next, failed: trouble === null ? 0 : failed + 1 });
}

/** A permission that was taken away is given back by a person; the others go on meanwhile. */
async function tellHidden(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  what: {
    readonly subject: string;
    readonly project: ProjectRecord;
    readonly list: ProjectList;
    readonly why: Stop;
  },
): Promise<void> {
  const { subject, project, list, why } = what;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject,
    document: null,
    title: `${at.name}: project ${project.name}`,
    question: `${wordsOf(list)} of the project ${project.name} cannot be read any more. ${why.message} Give the service account its permission back, or take the project out of the integration.`,
    evidence: { project: project.id, reason: why.message },
    role: 'engineer',
  });
}

/** One page of one list of a project. */
async function readPage(
  engine: Engine,
  at: OpenConnection,
  list: ProjectList,
  projectId: string,
): Promise<Page> {
  const name = `${list}:${projectId}`;
  const cursor = await step(engine, at.tenant, (tx) => readCursor(tx, at.id, name));
  const page = await pageOf(at.hub!, list, projectId, cursor);
  const changed = await step(engine, at.tenant, async (tx) => {
    const news = await keepRecords(tx, at.id, page.records);
    if (page.listed !== undefined && isContextObject(list))
      await markUnlisted(tx, {
        connection: at.id,
        object: list,
        place: listedIn(list, projectId),
        listed: page.listed,
      });
    for (const { record } of news) {
      if (isContextObject(list)) break;
      await wakeLane(tx, sourceLane(at, LISTED[list].object, record.id));
      await wakeLaterApplications(engine, tx, at.tenant, record);
    }
    await moveCursor(tx, at.id, name, page.cursor);
    return news.length > 0;
  });
  engine.failPoint('after-pull-page');
  const found = page.records.length;
  return { found, changed, more: found > 0 && page.cursor !== cursor };
}

/** Reads one list of every project to its end, now and here. */
export async function readProjects(engine: Engine, at: OpenConnection, list: ProjectList): Promise<void> {
  const projects = await step(engine, at.tenant, (tx) => listRecords<ProjectRecord>(tx, at.id, 'project'));
  let trouble: Stop | null = null;
  for (const project of projects) {
    try {
      await readProject(engine, at, list, project.nativeId);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      if (error.kind === 'unauthorised') {
        const subject = `hidden:${at.id}:project:${project.nativeId}`;
        const what = { subject, project: project.body, list, why: error };
        await step(engine, at.tenant, (tx) => tellHidden(engine, tx, at, what));
      } else trouble ??= error;
    }
  }
  if (trouble !== null) throw trouble;
}

export async function readProject(
  engine: Engine,
  at: OpenConnection,
  list: ProjectList,
  projectId: string,
): Promise<void> {
  await toTheEnd(async () => (await readPage(engine, at, list, projectId)).more);
}
