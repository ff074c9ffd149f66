import type { Operation } from '../../domain/documents.ts';
import {
  codeSyncWords,
  type ErpCode,
  type LeftFigures,
  planCodeSync,
  type StandingCode,
  type SyncedFigures,
  type SyncedList,
  type SyncedObject,
} from '../../domain/masters/code-sync.ts';
import { ROWS_PER_CALL } from '../../domain/masters/job-cost-sheets.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import { postingDone } from '../../domain/states.ts';
import { MAX_SYNCED } from '../../procore/masters/synced-codes.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addPostings, type StoredPosting } from '../../store/documents/posting.ts';
import { listRecords } from '../../store/records/record.ts';
import { type CodeCall, codeCalls, sentCodes } from '../../store/requests/code-sync.ts';
import { getItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { expireRefusedCalls } from '../../store/requests/staging.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane, sourceLane } from '../lanes.ts';
import { failRequest, succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { projectOf, syncProjectCodes } from './sync-project-codes.ts';

/** What a Refresh writes to Procore besides reading it anew. Of tax codes no event speaks: their sweep does. */
const SYNCED: Readonly<Record<string, SyncedObject>> = {
  sync_standard_cost_codes: 'cost-code',
  sync_standard_categories: 'cost-type',
};

const WORDS: Readonly<Record<SyncedObject, string>> = {
  'cost-code': 'cost codes',
  'cost-type': 'cost types',
  'tax-code': 'tax codes',
  'project-cost-code': 'cost codes of a project',
};

export function isSynced(event: string): boolean {
  return SYNCED[event] !== undefined;
}

// More than any company has: a list that is longer is refused as a whole, and never cut.
const MAX_RECORDS = 100_000;

/**
 * Brings a list of Procore in line with the ERP's, one level of codes at a time, because what stands below needs the id
 * of what stands above, and as many of them as one turn takes. Looked at again whenever its calls ended; with nothing
 * left to write, who asked is answered.
 */
export async function syncCodes(engine: Engine, hub: OpenConnection, key: string): Promise<void> {
  const item = await step(engine, hub.tenant, (tx) => getItem(tx, hub.id, key));
  if (item !== null && item.state !== 'working') return;
  if (item === null && projectOf(key) !== null) return syncProjectCodes(engine, hub, key);
  const object = item === null ? (key as SyncedObject) : SYNCED[item.event];
  if (object === undefined) return;
  const list = await listOf(engine, hub, object);
  if (list === null)
    return failAsked(
      engine,
      hub,
      item,
      'Procore has no list of cost codes for the ERP. Run `tiebeam set-up procore`.',
    );
  const standing = await hub.hub!.shownCodes(list);
  engine.failPoint('after-fetch');
  const erp = await engine.systems.homeOf(hub.tenant);
  const records = await step(engine, hub.tenant, (tx) =>
    listRecords<ErpCode>(tx, erp.id, object as Exclude<SyncedObject, 'project-cost-code'>, MAX_RECORDS + 1),
  );
  if (records.length > MAX_RECORDS)
    return failAsked(
      engine,
      hub,
      item,
      `${erp.name} has more than ${MAX_RECORDS} ${WORDS[object]}, so none were written.`,
    );
  await step(engine, hub.tenant, async (tx) => {
    const asked = item === null ? [] : [item.key];
    const slice = await nextSlice(engine, tx, hub, {
      list,
      asked,
      erp: records.map(({ body }) => body),
      standing,
    });
    if (slice === null || slice.isWritten || item === null) return;
    const { calls, left } = slice;
    const { written, refused } = totalOf(calls);
    const done = written.made + written.changed + written.linked - refused;
    const seen = {
      ...left,
      same: Math.max(0, left.same - done),
      unwritten: Math.max(0, left.unwritten - refused),
    };
    await succeedRequest(
      engine,
      tx,
      hub,
      item,
      codeSyncWords(WORDS[object], erp.name, written, seen, refused),
    );
  });
  engine.failPoint('after-plan');
}

type Slice = { readonly calls: readonly CodeCall[]; readonly left: LeftFigures; readonly isWritten: boolean };

/** Writes the next rows down; null while calls of before are under way, whose end looks here again. */
export async function nextSlice(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  of: {
    readonly list: SyncedList;
    readonly asked: readonly string[];
    readonly erp: readonly ErpCode[];
    readonly standing: readonly StandingCode[];
  },
): Promise<Slice | null> {
  const { list, asked } = of;
  const root = rootOf(list);
  const calls = await codeCalls(tx, hub.id, root, asked);
  if (calls.some(({ state }) => !hasEnded(state))) return null;
  const sent = await sentCodes(tx, hub.id, root, asked);
  const { level, rows, figures, left } = planCodeSync(of.erp, of.standing, sent, MAX_SYNCED);
  if (calls.length === 0) await expireRefusedCalls(tx, hub.id, root);
  if (rows.length === 0) return { calls, left, isWritten: false };
  const slice = 1 + Math.max(-1, ...calls.map((call) => call.slice));
  const operation: Operation = { kind: 'sync-codes', list, level, slice, rows, figures, asked };
  const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
  await wakeLane(tx, postLane(hub, root));
  return { calls, left, isWritten: true };
}

async function failAsked(
  engine: Engine,
  hub: OpenConnection,
  item: StoredRequestItem | null,
  why: string,
): Promise<void> {
  if (item !== null) await step(engine, hub.tenant, (tx) => failRequest(engine, tx, hub, item, [why]));
  else engine.log.info({ why }, 'codes are not written');
}

async function listOf(engine: Engine, hub: OpenConnection, object: SyncedObject): Promise<SyncedList | null> {
  const nothing = { object, listId: null, projectId: null };
  if (object === 'cost-code') {
    const listId = await hub.hub!.erpCodeList();
    return listId === null ? null : { ...nothing, listId };
  }
  if (object === 'tax-code') return nothing;
  const [project] = await step(engine, hub.tenant, (tx) => listRecords(tx, hub.id, 'project', 1));
  return { ...nothing, projectId: project?.nativeId ?? null };
}

/** A call ended. Who asked is answered by the look that finds nothing left; refused alone is no reason for another. */
export async function concludeCodeSync(
  tx: Tx,
  hub: OpenConnection,
  { operation, state }: StoredPosting & Posting,
): Promise<void> {
  if (operation.kind !== 'sync-codes') return;
  const [asked] = operation.asked;
  if (asked === undefined && !postingDone.has(state)) return;
  if (hasEnded(state)) await wakeLane(tx, syncLane(hub, asked ?? operation.list.object));
}

/** Where a list is compared: for a request, by its key; else by what the list holds. */
export function syncLane(hub: OpenConnection, key: StoredRequestItem['key'] | SyncedObject) {
  return sourceLane(hub, 'code-sync', key);
}

function totalOf(calls: readonly CodeCall[]): { readonly written: SyncedFigures; readonly refused: number } {
  const written = { made: 0, changed: 0, linked: 0 };
  let refused = 0;
  for (const { place, figures, state, rowsRefused, rowsOfSlice } of calls) {
    // All calls of a slice bear its figures.
    if (place === 0)
      for (const name of ['made', 'changed', 'linked'] as const) written[name] += figures[name];
    if (postingDone.has(state)) continue;
    const rows = Math.min(ROWS_PER_CALL, rowsOfSlice - place * ROWS_PER_CALL);
    refused += rowsRefused === 'all' ? rows : rowsRefused;
  }
  return { written, refused };
}

function hasEnded(state: StoredPosting['state']): boolean {
  return postingDone.has(state) || state === 'refused' || state === 'exception' || state === 'cancelled';
}

function rootOf({ object, projectId }: SyncedList): string {
  return object === 'project-cost-code' ? `code-sync:${object}:${projectId}` : `code-sync:${object}`;
}
