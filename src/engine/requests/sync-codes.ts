import {
  codeSyncWords,
  type ErpCode,
  planCodeSync,
  type SyncedFigures,
  type SyncedList,
  type SyncedObject,
} from '../../domain/code-sync.ts';
import type { Operation } from '../../domain/documents.ts';
import { ROWS_PER_CALL } from '../../domain/job-cost-sheets.ts';
import type { Posting } from '../../domain/posting.ts';
import { postingDone } from '../../domain/states.ts';
import { MAX_SYNCED } from '../../procore/synced-codes.ts';
import { type CodeCall, codeCalls } from '../../store/code-sync.ts';
import { wakeLane } from '../../store/lane.ts';
import { addPostings, type StoredPosting } from '../../store/posting.ts';
import { listRecords } from '../../store/record.ts';
import { getItem, type StoredRequestItem } from '../../store/request-item.ts';
import { expireRefusedCalls } from '../../store/staging.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane, sourceLane } from '../lanes.ts';
import { failRequest, succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';

/** What a Refresh writes to Procore besides reading it anew. Of tax codes no event speaks: their sweep does. */
const SYNCED: Readonly<Record<string, SyncedObject>> = {
  sync_standard_cost_codes: 'cost-code',
  sync_standard_categories: 'cost-type',
};

const WORDS: Readonly<Record<SyncedObject, string>> = {
  'cost-code': 'cost codes',
  'cost-type': 'cost types',
  'tax-code': 'tax codes',
};

export function isSynced(event: string): boolean {
  return SYNCED[event] !== undefined;
}

// More than any company has; what is beyond is not written and no figure claims it.
const MAX_RECORDS = 100_000;

/**
 * Brings a list of Procore in line with the ERP's, one level of codes at a time, because what stands below needs the id
 * of what stands above. Looked at again whenever its calls ended; with nothing left to write, who asked is answered.
 */
export async function syncCodes(engine: Engine, hub: OpenConnection, key: string): Promise<void> {
  const item = await step(engine, hub.tenant, (tx) => getItem(tx, hub.id, key));
  if (item !== null && item.state !== 'working') return;
  const object = item === null ? (key as SyncedObject) : SYNCED[item.event];
  if (object === undefined) return;
  const list = await listOf(engine, hub, object);
  if (list === null) {
    const why = 'Procore has no list of cost codes for the ERP. Run `tiebeam set-up procore`.';
    if (item !== null) await step(engine, hub.tenant, (tx) => failRequest(engine, tx, hub, item, [why]));
    return;
  }
  const standing = await hub.hub!.shownCodes(list);
  engine.failPoint('after-fetch');
  const erp = await engine.systems.homeOf(hub.tenant);
  await step(engine, hub.tenant, async (tx) => {
    const asked = item === null ? [] : [item.key];
    const root = rootOf(object);
    const calls = await codeCalls(tx, hub.id, root, asked);
    // Their end looks here again.
    if (calls.some(({ state }) => !hasEnded(state))) return;
    const fromLevel = Math.max(-1, ...calls.map(({ level }) => level)) + 1;
    const records = await listRecords<ErpCode>(tx, erp.id, object, MAX_RECORDS);
    const plan = planCodeSync(
      records.map(({ body }) => body),
      standing,
      fromLevel,
      MAX_SYNCED,
    );
    if (calls.length === 0) await expireRefusedCalls(tx, hub.id, root);
    if (plan.rows.length === 0) {
      if (item === null) return;
      const { written, refused } = totalOf(calls);
      const done = written.made + written.changed + written.linked - refused;
      const { same, unwritten } = plan.left;
      const left = {
        ...plan.left,
        same: Math.max(0, same - done),
        unwritten: Math.max(0, unwritten - refused),
      };
      return succeedRequest(
        engine,
        tx,
        hub,
        item,
        codeSyncWords(WORDS[object], erp.name, written, left, refused),
      );
    }
    const { level, rows, figures } = plan;
    const operation: Operation = { kind: 'sync-codes', list, level, rows, figures, asked };
    const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
    await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
    await wakeLane(tx, postLane(hub, root));
  });
  engine.failPoint('after-plan');
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
  for (const { place, figures, state, rowsRefused, rowsOfLevel } of calls) {
    // All calls of a level bear its figures.
    if (place === 0)
      for (const name of ['made', 'changed', 'linked'] as const) written[name] += figures[name];
    if (postingDone.has(state)) continue;
    const rows = Math.min(ROWS_PER_CALL, rowsOfLevel - place * ROWS_PER_CALL);
    refused += rowsRefused === 'all' ? rows : rowsRefused;
  }
  return { written, refused };
}

function hasEnded(state: StoredPosting['state']): boolean {
  return postingDone.has(state) || state === 'refused' || state === 'exception' || state === 'cancelled';
}

function rootOf(object: SyncedObject): string {
  return `code-sync:${object}`;
}
