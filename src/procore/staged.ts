import { contentHash } from '../domain/canonical.ts';
import type { Operation } from '../domain/documents.ts';
import { ROWS_PER_CALL } from '../domain/job-cost-sheets.ts';
import type { StagedObject, StagedRow, StandingRow } from '../domain/staged.ts';
import type { ProbeResult, Read, Write } from '../domain/writes.ts';
import type { ProcoreConfig } from './config.ts';
import { classifyRows } from './outcomes.ts';
import { readList } from './paging.ts';
import { parsed, stagedRow } from './wire.ts';

type Stage = Extract<Operation, { kind: 'stage-records' }>;

// Ten writes of one operation; what is more follows with the next Refresh.
export const MAX_STAGED = 10 * ROWS_PER_CALL;

/** The calls that bring Ready to Import up to date, at most 1,000 rows each. A row is found by its origin id. */
export function stagedWrites({ object, rows }: Stage, config: ProcoreConfig): Write[] {
  if (rows.length > MAX_STAGED) throw new RangeError(`${rows.length} rows are more than ten calls can carry`);
  const parts: (readonly StagedRow[])[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_CALL)
    parts.push(rows.slice(start, start + ROWS_PER_CALL));
  return parts.map((part, place) => stagedWrite(object, part, place + 1, config));
}

function stagedWrite(
  object: StagedObject,
  rows: readonly StagedRow[],
  place: number,
  config: ProcoreConfig,
): Write {
  const targetHash = contentHash(rows.map(({ data, ...row }) => ({ ...row, data: { ...data } })));
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
      body: JSON.stringify({
        updates: rows.map(({ originId, originCode, status, data }) => ({
          item_type: object,
          origin_id: originId,
          origin_code: originCode,
          status,
          data,
        })),
      }),
    }),
    probe: (read) => standingOf(read, object, rows, config),
    classify: (response) => classifyRows(response, rows.length, object),
  };
}

async function standingOf(
  read: Read,
  object: StagedObject,
  rows: readonly StagedRow[],
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const there = new Map((await readStaged(read, object, config)).map((row) => [row.originId, row]));
  const reached = rows.every(({ originId, status, data }) => {
    const row = there.get(originId);
    return (
      row?.status === status && Object.entries(data).every(([field, value]) => row.data[field] === value)
    );
  });
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id: object };
}

/** What Ready to Import holds of one kind, whatever its status. */
export async function readStaged(
  read: Read,
  object: StagedObject,
  config: ProcoreConfig,
): Promise<StandingRow[]> {
  const rows = await readList(read, { path: route(config), query: {}, pageSize: config.pageSize });
  return rows.flatMap((value): StandingRow[] => {
    const row = parsed(stagedRow, value, 'a staged record');
    if (row.item_type !== object || row.origin_id === null) return [];
    return [{ originId: row.origin_id, status: row.status, data: row.data }];
  });
}

function route({ companyId }: ProcoreConfig): string {
  return `/rest/v1.0/companies/${companyId}/staged_records`;
}
