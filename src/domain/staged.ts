import type { ProjectRecord, VendorRecord } from './records.ts';

/** What is offered for import in the source, by what the ERP calls it. */
export type StagedObject = 'vendor' | 'project';

/** One record of the ERP in the source's list of what can be imported. */
export type StagedRow = {
  readonly originId: string;
  readonly originCode: string;
  readonly status: 'staged' | 'archived';
  readonly data: Readonly<Record<string, string>>;
};

/** The same as it stands in the source. */
export type StandingRow = {
  readonly originId: string;
  readonly status: 'staged' | 'archived' | 'imported' | 'invalid';
  readonly data: Readonly<Record<string, string>>;
};

/** What a record of the ERP is to the source. */
export type Offered = {
  readonly record: VendorRecord | ProjectRecord;
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
};

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
    if (before?.status === 'staged' && isSame(row.data, before.data)) continue;
    rows.push(row);
    counted[before?.status === 'staged' ? 'changed' : 'staged'] += 1;
  }
  const count = (kind: Offered['is']) => offered.filter(({ is }) => is === kind).length;
  const figures = { read: offered.length, ...counted, known: count('known'), doubtful: count('doubtful') };
  return { rows, figures };
}

function rowOf(record: VendorRecord | ProjectRecord): StagedRow {
  const data =
    record.object === 'vendor'
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
  const said = Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    originId: record.id,
    originCode: record.id,
    status: 'staged',
    data: Object.fromEntries(said),
  };
}

/** Only what we say is compared: the source may add fields of its own. */
function isSame(wanted: StagedRow['data'], there: StandingRow['data']): boolean {
  return Object.entries(wanted).every(([field, value]) => there[field] === value);
}

/** The answer to whoever pressed Refresh. */
export function stagingWords(
  object: StagedObject,
  erp: string,
  { read, staged, changed, archived, known, doubtful }: StagingFigures,
  refused: number,
): string[] {
  const what = `${object}s`;
  return [
    `Read anew: ${read} ${what} of ${erp}. ${staged} are new in Ready to Import, ${changed} were brought up to date there, ${archived} taken off, ${known} are known already.`,
    ...(doubtful === 0 ? [] : [`${doubtful} may be known already: somebody has to say so in Tiebeam first.`]),
    ...(refused === 0 ? [] : [`${refused} were refused by Procore and stand in front of an engineer.`]),
  ];
}
