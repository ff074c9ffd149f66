import type { SubJobRecord } from '../masters/job-cost-masters.ts';
import { ROWS_PER_CALL } from '../masters/job-cost-sheets.ts';
import type { DecimalText, ProjectRecord, VendorRecord } from '../records.ts';
import { parseDecimal, rescale } from '../values/decimal.ts';

/** What is offered for import in the source, by what the ERP calls it. */
export type StagedObject =
  | 'vendor'
  | 'project'
  | 'sub-job'
  | 'commitment'
  | 'change-order'
  | 'prime-contract';

/** What a row becomes there, where its list holds more than one kind. */
export type StagedType = 'purchase-order' | 'subcontract' | 'change-order' | 'prime-contract' | 'line';

/** One record of the ERP in the source's list of what can be imported. */
export type StagedRow = {
  readonly type?: StagedType;
  readonly originId: string;
  readonly originCode: string;
  readonly status: 'staged' | 'archived';
  readonly data: Readonly<Record<string, string>>;
  /** Fields that the source wants as numbers. */
  readonly numbers?: Readonly<Record<string, DecimalText>>;
  readonly lines?: readonly StagedRow[];
};

/** The same as it stands in the source. */
export type StandingRow = {
  readonly type?: StagedType;
  readonly originId: string;
  readonly status: 'staged' | 'archived' | 'imported' | 'invalid';
  /** Numbers as their text. */
  readonly data: Readonly<Record<string, string>>;
  readonly lines?: readonly StandingRow[];
};

type OfferedRecord = VendorRecord | ProjectRecord | SubJobRecord;

/** What a record of the ERP is to the source. */
export type Offered = {
  readonly record: OfferedRecord;
  /** `known`: it is linked or surely matched. `doubtful`: a person has to say whether it is known. */
  readonly is: 'new' | 'known' | 'doubtful';
};

export type StagingPlan = {
  /** The rows that have to be written; all others stand as they should. */
  readonly rows: readonly StagedRow[];
  readonly figures: StagingFigures;
};

export type StagingFigures = {
  readonly read: number;
  readonly staged: number;
  readonly changed: number;
  readonly archived: number;
  readonly known: number;
  readonly doubtful: number;
  /** Why some of them cannot be offered yet, one sentence each. */
  readonly waits?: readonly string[];
};

/** Rows in the calls that carry them: lines count like rows of their own. */
export function inStagingCalls(rows: readonly StagedRow[]): StagedRow[][] {
  const calls: StagedRow[][] = [];
  let room = 0;
  for (const row of rows) {
    const size = 1 + (row.lines?.length ?? 0);
    if (size > room) {
      calls.push([]);
      room = ROWS_PER_CALL;
    }
    calls.at(-1)!.push(row);
    room -= size;
  }
  return calls;
}

/**
 * Compares what the source may import with what it offers to import. Imported rows are the source's own: they are
 * never written again. What is known or closed by now is taken off the list, never deleted from it.
 */
export function planStaging(offered: readonly Offered[], standing: readonly StandingRow[]): StagingPlan {
  const there = new Map(standing.map((row) => [row.originId, row]));
  const rows: StagedRow[] = [];
  const counted = { staged: 0, changed: 0, archived: 0 };
  for (const { record, is } of offered) {
    const before = there.get(record.id) ?? null;
    if (before?.status === 'imported') continue;
    if (is !== 'new' || !record.active) {
      if (before === null || before.status === 'archived') continue;
      rows.push({ ...rowOf(record), status: 'archived' });
      counted.archived += 1;
      continue;
    }
    const row = rowOf(record);
    if (before !== null && stands(row, before)) continue;
    rows.push(row);
    counted[before?.status === 'staged' ? 'changed' : 'staged'] += 1;
  }
  const count = (kind: Offered['is']) => offered.filter(({ is }) => is === kind).length;
  const figures = { read: offered.length, ...counted, known: count('known'), doubtful: count('doubtful') };
  return { rows, figures };
}

function rowOf(record: OfferedRecord): StagedRow {
  const said = Object.entries(dataOf(record)).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    originId: record.id,
    originCode: record.id,
    status: 'staged',
    data: Object.fromEntries(said),
  };
}

function dataOf(record: OfferedRecord): Readonly<Record<string, string | null>> {
  if (record.object === 'sub-job')
    return { name: record.name, code: record.code, project_origin_id: record.projectId };
  return record.object === 'vendor'
    ? {
        name: record.name,
        email_address: record.email,
        business_phone: record.phone,
        address: record.address?.street ?? null,
        city: record.address?.city ?? null,
        state_code: record.address?.state ?? null,
        zip: record.zip,
        country_code: record.address?.country ?? null,
      }
    : { name: record.name, project_number: record.number };
}

/** A row as it is to stand there: an imported one as well, which is never written as such. */
type Wanted = Omit<StagedRow, 'status' | 'lines'> & {
  readonly status: StandingRow['status'];
  readonly lines?: readonly Wanted[];
};

/** Whether a row stands as it is wanted. Only what we say is compared: the source may add fields of its own. */
export function stands(wanted: Wanted, there: StandingRow): boolean {
  const { data, numbers = {}, lines = [] } = wanted;
  return (
    there.status === wanted.status &&
    Object.entries(data).every(([field, value]) => there.data[field] === value) &&
    Object.entries(numbers).every(([field, value]) => sameNumber(value, there.data[field])) &&
    lines.every((line) =>
      there.lines?.some((other) => other.originId === line.originId && stands(line, other)),
    )
  );
}

function sameNumber(wanted: DecimalText, there: string | undefined): boolean {
  if (there === undefined) return false;
  const [a, b] = [parseDecimal(wanted), parseDecimal(there)];
  const scale = Math.max(a.scale, b.scale);
  return rescale(a, scale, 'down') === rescale(b, scale, 'down');
}

/** The answer to whoever pressed Refresh. */
export function stagingWords(
  object: StagedObject,
  erp: string,
  { read, staged, changed, archived, known, doubtful, waits = [] }: StagingFigures,
  refused: number,
): string[] {
  const what =
    object === 'commitment' || object === 'change-order' ? 'orders' : `${object.replace('-', ' ')}s`;
  return [
    `Read anew: ${read} ${what} of ${erp}. ${staged} are new in Ready to Import, ${changed} were brought up to date there, ${archived} taken off, ${known} are known already.`,
    ...waits,
    ...(doubtful === 0 ? [] : [`${doubtful} may be known already: somebody has to say so in Tiebeam first.`]),
    ...(refused === 0 ? [] : [`${refused} were refused by Procore and stand in front of an engineer.`]),
  ];
}
