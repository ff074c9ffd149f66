import type { Pulled } from '../../connectors/connector.ts';
import { type EventAct, erpEvent } from '../../procore/erp-tool/erp-events.ts';
import type { ErpRequest, Hub, RequestItem, RequestSubject } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { type Signal, takeSignals, waitingHints } from '../../store/intake/signal.ts';
import { keepPayload } from '../../store/records/payload.ts';
import { getItem, receiveItem } from '../../store/requests/request-item.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import { moveCursor, readCursor } from '../../store/work/cursor.ts';
import { type Lane, type LaneKey, wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { hubOf, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { decline, tellUnclaimed } from './decline.ts';

const FIRST = 0;

/** A request is a command with items: each is written down once and answered once, many of them in several turns. */
export async function takeRequest(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  const hub = hubOf(at);
  const place = `erp-request:${id}`;
  const { hints, from, counts } = await step(engine, lane.tenant, async (tx) => ({
    hints: await waitingHints(tx, at.id, 'erp-request', id),
    from: Number((await readCursor(tx, at.id, place)) ?? FIRST),
    // Where the export may be an approval, it counts who wrote the record too.
    counts: (await currentPolicy(tx)).acceptance?.approverCounts === true,
  }));
  const request = await hub.fetchRequest(id, from);
  if (request === null) return notThere(engine, lane, at, 'erp-request', id);
  const requester = await requesterOf(hub, hints);
  const isAsked = requester === null || counts;
  const authors = isAsked ? await authorsOf(hub, request) : new Map<string, string>();
  engine.failPoint('after-fetch');
  await step(engine, lane.tenant, async (tx) => {
    await keepPayload(tx, request.raw, 'request');
    // What told of it is taken with its last items: until then it says who sent them.
    if (request.next === null) await takeSignals(tx, at.id, 'erp-request', id);
    else await wakeLane(tx, sourceLane(at, 'erp-request', id));
    if (request.next !== null || from > FIRST)
      await moveCursor(tx, at.id, place, String(request.next ?? FIRST));
    const key = { connection: at.id, object: 'erp-request', nativeId: id };
    await expireSubject(tx, 'quarantined', missingSubject(key));
    if (request.unclaimed !== undefined) await tellUnclaimed(engine, tx, at, request, request.unclaimed);
    for (const item of request.items) {
      const author = authors.get(item.key) ?? null;
      await takeItem(engine, tx, at, request, item, { requester, author });
    }
  });
}

async function takeItem(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  request: ErpRequest,
  item: RequestItem,
  who: { readonly requester: string | null; readonly author: string | null },
): Promise<void> {
  const { key, event, subject, detailId, erpCode, accountingDate, typed, content = null } = item;
  const { requester: by, author } = who;
  const fresh = await receiveItem(tx, {
    connection: at.id,
    key,
    requestId: request.id,
    event,
    object: filedUnder(item),
    nativeId: subject?.id ?? request.id,
    detailId,
    projectId: subject?.projectId ?? null,
    type: subject?.type ?? null,
    parentId: subject?.parentId ?? null,
    originId: subject?.originId ?? null,
    erpCode,
    accountingDate,
    ...(typed === undefined ? {} : { typed }),
    ...(by === null ? {} : { acceptance: { by, author, content } }),
    ...who,
  });
  const lane = laneFor(at, item);
  if (lane !== null) return wakeLane(tx, lane);
  const stored = fresh ? await getItem(tx, at.id, key) : null;
  if (stored !== null) await decline(engine, tx, at, stored, whyDeclined(item));
}

function whyDeclined({ event }: RequestItem): string {
  const { act, object } = erpEvent(event) ?? { act: null, object: '' };
  const isWorked = act !== null && (act !== 'export' || isCarried(object));
  return isWorked
    ? 'It does not name the record that it is about, or where that is found, so nothing could be done.'
    : 'This integration does not carry it yet.';
}

/** Exports are found by their record, of which the newest counts; what asks for something else is none of them. */
function filedUnder({ event, subject }: RequestItem): string {
  if (subject === null) return 'unknown';
  return erpEvent(event)?.act === 'export' ? subject.object : 'request';
}

/** What is carried to the ERP when it is exported, and whether it is found only within its project or its list. */
const CARRIED: Readonly<Record<string, 'in-project' | 'in-company' | 'in-list'>> = {
  vendor: 'in-company',
  project: 'in-company',
  'sub-job': 'in-project',
  // A batch of them is read and planned together.
  'standard-cost-code': 'in-list',
  commitment: 'in-project',
  'change-order': 'in-project',
  'sub-invoice': 'in-project',
  'company-direct-cost': 'in-company',
  'contract-payment': 'in-company',
  budget: 'in-project',
  'prime-change-order': 'in-project',
  // Its export names no project.
  'owner-invoice': 'in-company',
};

/** Whether records of a kind are carried to the ERP when they are exported. */
export function isCarried(object: string): boolean {
  return CARRIED[object] !== undefined;
}

/** What means nothing without its record; a notice is a reason to look, whatever it names. */
const NAMING: ReadonlySet<EventAct> = new Set(['export', 'unlink', 'forget', 'removed']);

/** An export wakes the record that is sent; anything else is worked as an item of its own. */
function laneFor(at: OpenConnection, { key, event, subject }: RequestItem): LaneKey | null {
  const act = erpEvent(event)?.act ?? null;
  if (act === null || (subject === null && NAMING.has(act))) return null;
  if (subject === null || act !== 'export') return sourceLane(at, 'request-item', key);
  const where = CARRIED[subject.object];
  if (where === undefined) return null;
  if (where === 'in-project' && subject.projectId === null) return null;
  if (where === 'in-list')
    return subject.parentId === null ? null : sourceLane(at, `${subject.object}-list`, subject.parentId);
  return sourceLane(at, subject.object, subject.id);
}

/** Who pressed the button, as the delivery says; only used to keep the requester from approving. */
async function requesterOf(hub: Hub, hints: readonly Signal['hint'][]): Promise<string | null> {
  const userId = hints.map((hint) => hint.userId ?? null).find((value) => value !== null) ?? null;
  return userId === null ? null : hub.userEmail(userId);
}

/** A request that only a sweep found does not say who sent it: then whoever wrote the record stands for the sender. */
async function authorsOf(hub: Hub, { items }: ErpRequest): Promise<ReadonlyMap<string, string>> {
  const authors = new Map<string, string>();
  for (const { key, subject, enteredBy } of items) {
    const record = subject === null || enteredBy ? null : ((await pulledFor(hub, subject))?.record ?? null);
    const userId = record !== null && 'createdByUserId' in record ? record.createdByUserId : enteredBy;
    const email = userId ? await hub.userEmail(userId) : null;
    if (email !== null) authors.set(key, email);
  }
  return authors;
}

async function pulledFor(hub: Hub, { object, id, projectId, type }: RequestSubject): Promise<Pulled | null> {
  if (projectId === null) return null;
  if (object === 'change-order') return hub.fetchChangeOrder({ id, projectId });
  if (object === 'sub-invoice') return hub.fetchSubInvoice({ id, projectId });
  if (object === 'prime-change-order') return hub.fetchPrimeChangeOrder({ id, projectId });
  return object === 'commitment' && type !== null ? hub.fetchCommitment({ id, projectId, type }) : null;
}
