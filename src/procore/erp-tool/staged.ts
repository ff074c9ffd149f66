import type { Operation } from '../../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import {
  inStagingCalls,
  type StagedObject,
  type StagedRow,
  type StagedType,
  type StandingRow,
  stands,
} from '../../domain/staging/staged.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { classifyRows } from '../outcomes.ts';
import { parsed, stagedRow } from '../wire.ts';

type Stage = Extract<Operation, { kind: 'stage-records' }>;

// Ten writes of one operation.
const MAX_STAGED_CALLS = 10;

/** What Procore calls the rows that a list holds, and our word for each where there is more than one kind. */
const TYPES: Readonly<Record<StagedObject, Readonly<Record<string, StagedType | null>>>> = {
  vendor: { vendor: null },
  project: { project: null },
  'prime-contract': { prime_contract: 'prime-contract' },
  'sub-job': { sub_job: null },
  'change-order': { commitment_change_order: 'change-order' },
  commitment: { purchase_order_contract: 'purchase-order', work_order_contract: 'subcontract' },
};
const LINE = 'line_item';

/** The calls that bring Ready to Import up to date, at most 1,000 rows each. A row is found by its origin id. */
export function stagedWrites({ object, rows }: Stage, config: ProcoreConfig): Write[] {
  const calls = inStagingCalls(rows);
  if (calls.length > MAX_STAGED_CALLS)
    throw new RangeError(`${rows.length} rows are more than ten calls can carry`);
  return calls.map((part, place) => stagedWrite(object, part, place + 1, config));
}

function stagedWrite(
  object: StagedObject,
  rows: readonly StagedRow[],
  place: number,
  config: ProcoreConfig,
): Write {
  const updates = rows.map((row) => ({
    ...wireRow(row, itemTypeOf(object, row)),
    ...(row.lines === undefined ? {} : { children: row.lines.map((line) => wireRow(line, LINE)) }),
  }));
  const targetHash = contentHash(rows.map(hashed));
  return {
    name: `stage-records-${place}`,
    kind: 'set',
    answerProves: true,
    object: 'staged-record',
    reference: `staged/${object}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `${route(config)}/sync`,
      body: JSON.stringify({ updates }),
    }),
    probe: (read) => standingOf(read, object, rows, config),
    classify: (response) => classifyRows(response, rows.length, object),
  };
}

function itemTypeOf(object: StagedObject, row: StagedRow): string {
  const type = row.type ?? null;
  const found = Object.entries(TYPES[object]).find(([, word]) => word === type);
  if (found === undefined) throw new RangeError(`a list of ${object} holds no ${type}`);
  return found[0];
}

function wireRow({ originId, originCode, status, data, numbers = {} }: StagedRow, itemType: string): object {
  const asNumbers = Object.entries(numbers).map(([field, value]) => [field, jsonNumber(value)]);
  return {
    item_type: itemType,
    origin_id: originId,
    origin_code: originCode,
    status,
    data: { ...data, ...Object.fromEntries(asNumbers) },
  };
}

type Hashed = Parameters<typeof contentHash>[0];

function hashed({ data, numbers, lines, type, ...row }: StagedRow): Hashed {
  return {
    ...row,
    data: { ...data },
    ...(type === undefined ? {} : { type }),
    ...(numbers === undefined ? {} : { numbers: { ...numbers } }),
    ...(lines === undefined ? {} : { lines: lines.map(hashed) }),
  };
}

async function standingOf(
  read: Read,
  object: StagedObject,
  rows: readonly StagedRow[],
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const there = await readStaged(read, object, config);
  const reached = rows.every((row) =>
    there.some((other) => other.originId === row.originId && other.type === row.type && stands(row, other)),
  );
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id: object };
}

/** What Ready to Import holds of one kind, whatever its status, with the lines of each. */
export async function readStaged(
  read: Read,
  object: StagedObject,
  config: ProcoreConfig,
): Promise<StandingRow[]> {
  const rows = (await readList(read, { path: route(config), query: {}, pageSize: config.pageSize })).map(
    (value) => parsed(stagedRow, value, 'a staged record'),
  );
  const types = TYPES[object];
  const lines = Map.groupBy(
    rows.filter(({ item_type }) => item_type === LINE),
    ({ parent_id }) => parent_id,
  );
  return rows.flatMap(({ id, item_type, origin_id: originId, status, data }): StandingRow[] => {
    const type = types[item_type];
    if (type === undefined || originId === null) return [];
    if (type === null) return [{ originId, status, data }];
    const own = lines.get(id) ?? [];
    return [
      {
        ...{ type, originId, status, data },
        lines: own.flatMap((line) =>
          line.origin_id === null
            ? []
            : [{ type: 'line', originId: line.origin_id, status: line.status, data: line.data }],
        ),
      },
    ];
  });
}

function route({ companyId }: ProcoreConfig): string {
  return `/rest/v1.0/companies/${companyId}/staged_records`;
}
