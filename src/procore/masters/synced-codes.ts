import type { Operation } from '../../domain/documents.ts';
import {
  isAsWanted,
  type SyncedList,
  type SyncedObject,
  type SyncedRow,
} from '../../domain/masters/code-sync.ts';
import { ROWS_PER_CALL } from '../../domain/masters/job-cost-sheets.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { classifyRows } from '../outcomes.ts';
import { shownCodes, shownOrigin } from './code-lists.ts';

type Sync = Extract<Operation, { kind: 'sync-codes' }>;

const ROUTES: Readonly<Record<SyncedObject, string>> = {
  'cost-code': '/rest/v1.0/standard_cost_codes/sync',
  'cost-type': '/rest/v1.0/line_item_types/sync',
  'tax-code': '/rest/v1.0/tax_codes/sync',
  'project-cost-code': '/rest/v1.0/cost_codes/sync',
};

// Ten writes of one operation; what is more follows when these have ended.
const MAX_CALLS = 10;
export const MAX_SYNCED = MAX_CALLS * ROWS_PER_CALL;

/**
 * The calls that bring a list of codes in line with the ERP's, at most 1,000 rows each. Procore finds a row by its id,
 * else by its origin id, so that one that is sent twice makes nothing twice.
 */
export function syncedCodeWrites(operation: Sync, config: ProcoreConfig): Write[] {
  const { rows } = operation;
  if (rows.length > MAX_SYNCED)
    throw new RangeError(`${rows.length} codes are more than ten calls can carry`);
  const parts: (readonly SyncedRow[])[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_CALL)
    parts.push(rows.slice(start, start + ROWS_PER_CALL));
  return parts.map((part, place) => syncWrite(operation, part, place + 1, config));
}

function syncWrite(
  { list, level, slice = 0 }: Sync,
  rows: readonly SyncedRow[],
  place: number,
  config: ProcoreConfig,
): Write {
  const { object } = list;
  const targetHash = contentHash(rows.map((row) => ({ ...row })));
  return {
    name: `sync-${object}s-${level}${slice === 0 ? '' : `-slice-${slice}`}-${place}`,
    kind: 'set',
    answerProves: true,
    object: 'code-list',
    reference: `codes/${object}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      ...placeOf(list, config, (place) => ({ ...place, updates: rows.map((row) => wireRow(list, row)) })),
    }),
    probe: (read) => standingOf(read, list, rows, config),
    classify: (response) => classifyRows(response, rows.length, object),
  };
}

/** Codes of a project are named in the address, all others in the body. */
function placeOf(
  { object, listId, projectId }: SyncedList,
  { companyId }: ProcoreConfig,
  body: (place: object) => object,
): { readonly path: string; readonly body: string } {
  if (object === 'project-cost-code')
    return {
      path: `${ROUTES[object]}?${new URLSearchParams({ project_id: projectId ?? '' })}`,
      body: JSON.stringify(body({})),
    };
  const list = listId === null ? {} : { standard_cost_code_list_id: jsonNumber(listId) };
  return { path: ROUTES[object], body: JSON.stringify(body({ company_id: jsonNumber(companyId), ...list })) };
}

function wireRow(list: SyncedList, row: SyncedRow): object {
  const { object } = list;
  const key = {
    ...(row.id === null ? {} : { id: jsonNumber(row.id) }),
    origin_id: shownOrigin(list, row.originId),
  };
  if (object === 'cost-code' || object === 'project-cost-code') {
    const place = row.parentId === null ? {} : { parent_id: jsonNumber(row.parentId) };
    return { ...key, code: row.code, name: row.name, ...place };
  }
  // What answers call the code of a cost type bears another name in requests.
  if (object === 'cost-type') return { ...key, csv_import_code: row.code, name: row.name };
  return {
    ...key,
    code: row.code,
    description: row.name,
    ...(row.rate === null ? {} : { rate1: jsonNumber(row.rate) }),
    archived: row.archived,
  };
}

async function standingOf(
  read: Read,
  list: SyncedList,
  rows: readonly SyncedRow[],
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const there = await shownCodes(read, list, config);
  const byOrigin = new Map(there.map((code) => [code.originId, code]));
  const reached = rows.every((row) => {
    const code = byOrigin.get(row.originId);
    return code !== undefined && isAsWanted(row, code);
  });
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id: list.object };
}
