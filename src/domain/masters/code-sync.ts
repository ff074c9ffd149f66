import type { DecimalText } from '../records.ts';
import { parseDecimal, rescale } from '../values/decimal.ts';
import {
  type CostCodeRecord,
  type CostTypeRecord,
  isSameName,
  type TaxCodeRecord,
} from './job-cost-masters.ts';

/** Lists of the ERP that are written to the source as they stand, without anybody importing them one by one. */
export type SyncedObject = 'cost-code' | 'cost-type' | 'tax-code' | 'project-cost-code';

/** Where such a list is found in the source. */
export type SyncedList = {
  readonly object: SyncedObject;
  /** Of cost codes: a company has several lists. */
  readonly listId: string | null;
  /** The project of its cost codes; of cost types any, because their address wants one. */
  readonly projectId: string | null;
  /** What the ERP calls that project: ids of its codes begin with it, because a company has each id once. */
  readonly projectCode?: string;
};

export type ErpCode = CostCodeRecord | CostTypeRecord | TaxCodeRecord;

/** A code as the source has it. */
export type StandingCode = {
  readonly id: string;
  readonly originId: string | null;
  /** Its own part of the full code; the same where nothing stands below anything. */
  readonly code: string;
  readonly fullCode: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly rate: DecimalText | null;
  readonly archived: boolean;
  /** Ids of the types of cost that it has: of codes of a project. */
  readonly costTypes?: readonly string[];
};

/** A code as it is written to the source: found there by its id, else by its origin id, else made. */
export type SyncedRow = {
  readonly id: string | null;
  readonly originId: string;
  readonly code: string;
  readonly name: string;
  /** Id of its parent in the source. */
  readonly parentId: string | null;
  readonly rate: DecimalText | null;
  readonly archived: boolean;
};

/** What rows are to the source. */
export type SyncedFigures = { readonly made: number; readonly changed: number; readonly linked: number };

/** What is not written, and why. */
export type LeftFigures = {
  readonly read: number;
  readonly same: number;
  /** The source has the code for what may be something else. */
  readonly doubtful: number;
  /** Closed in the ERP, and the source has no way to close it. */
  readonly closed: number;
  /** Below a code that the source does not have. */
  readonly hanging: number;
  /** Sent before, and not as it should be: refused, or shown otherwise. */
  readonly unwritten: number;
};

export type CodeSyncPlan = {
  /** How deep these rows stand; what is deeper follows once they have an id in the source. */
  readonly level: number;
  readonly rows: readonly SyncedRow[];
  readonly figures: SyncedFigures;
  readonly left: LeftFigures;
};

// What stands deeper than this goes round in circles.
const MAX_LEVEL = 20;

type Fate = SyncedRow | 'unseen' | Exclude<keyof LeftFigures, 'read' | 'unwritten'>;

/**
 * Compares a list of the ERP with what the source has and gives rows of the first level of which something differs, as
 * many as one turn takes and none that was sent before. The ERP owns names and places; it is never guessed that two
 * codes are the same.
 */
export function planCodeSync(
  erp: readonly ErpCode[],
  standing: readonly StandingCode[],
  sent: ReadonlySet<string> = new Set(),
  maxRows = Number.POSITIVE_INFINITY,
): CodeSyncPlan {
  const facts = factsOf(erp, standing);
  const left = { read: erp.length, same: 0, doubtful: 0, closed: 0, hanging: 0, unwritten: 0 };
  const levels = new Map<number, SyncedRow[]>();
  for (const record of erp) {
    const fate = fateOf(record, facts);
    if (fate === 'unseen') continue;
    if (typeof fate === 'string') {
      left[fate] += 1;
      continue;
    }
    if (sent.has(record.id)) left.unwritten += 1;
    else {
      const level = levelOf(record, facts.erp);
      const at = levels.get(level);
      if (at === undefined) levels.set(level, [fate]);
      else at.push(fate);
    }
  }
  const level = Math.min(MAX_LEVEL, ...levels.keys());
  const rows = (levels.get(level) ?? []).slice(0, maxRows);
  const count = (kind: keyof SyncedFigures) => rows.filter((row) => kindOf(row, facts) === kind).length;
  const figures = { made: count('made'), changed: count('changed'), linked: count('linked') };
  return { level, rows, figures, left };
}

function kindOf({ id, originId }: SyncedRow, { byOrigin }: Facts): keyof SyncedFigures {
  if (id === null) return 'made';
  return byOrigin.has(originId) ? 'changed' : 'linked';
}

type Facts = {
  readonly erp: ReadonlyMap<string, ErpCode>;
  readonly byOrigin: ReadonlyMap<string, StandingCode>;
  /** Those that bear no id yet. */
  readonly byCode: ReadonlyMap<string, readonly StandingCode[]>;
};

function factsOf(erp: readonly ErpCode[], standing: readonly StandingCode[]): Facts {
  return {
    erp: new Map(erp.map((record) => [record.id, record])),
    byOrigin: new Map(standing.flatMap((code) => (code.originId === null ? [] : [[code.originId, code]]))),
    byCode: Map.groupBy(standing, ({ fullCode }) => fullCode),
  };
}

function fateOf(record: ErpCode, { byOrigin, byCode, erp }: Facts): Fate {
  const there = byOrigin.get(record.id);
  if (!record.active && (there === undefined || record.object !== 'tax-code'))
    return there === undefined ? 'unseen' : 'closed';
  const parent = parentOf(record);
  const above = parent === null ? null : byOrigin.get(parent);
  if (above === undefined || (parent !== null && !erp.has(parent))) return 'hanging';
  const row = rowOf(record, there?.id ?? null, above?.id ?? null);
  if (there !== undefined) return isAsWanted(row, there) ? 'same' : row;
  const [twin, ...more] = byCode.get(record.id) ?? [];
  if (twin === undefined) return row;
  const isOurs = more.length === 0 && twin.originId === null && isSameName(twin.name, record.name);
  return isOurs && sameRate(row.rate, twin.rate) ? { ...row, id: twin.id } : 'doubtful';
}

function rowOf(record: ErpCode, id: string | null, parentId: string | null): SyncedRow {
  const parent = parentOf(record);
  const isBelow = parent !== null && record.id.startsWith(`${parent}${DELIMITER}`);
  return {
    id,
    originId: record.id,
    code: isBelow ? record.id.slice(parent.length + DELIMITER.length) : record.id,
    name: record.name,
    parentId,
    rate: record.object === 'tax-code' ? record.rate : null,
    archived: !record.active,
  };
}

// What stands between the parts of a full code in the source, unless its metadata says otherwise.
const DELIMITER = '-';

function parentOf(record: ErpCode): string | null {
  return record.object === 'cost-code' ? record.parentId : null;
}

function levelOf(record: ErpCode, erp: Facts['erp']): number {
  let level = 0;
  for (let above = parentOf(record); above !== null && level < MAX_LEVEL; level += 1) {
    const parent = erp.get(above);
    above = parent === undefined ? null : parentOf(parent);
  }
  return level;
}

/** Whether the source shows a row as it is wanted. */
export function isAsWanted(row: SyncedRow, there: StandingCode): boolean {
  return (
    there.originId === row.originId &&
    there.code === row.code &&
    there.name === row.name &&
    there.parentId === row.parentId &&
    there.archived === row.archived &&
    sameRate(row.rate, there.rate)
  );
}

function sameRate(wanted: DecimalText | null, there: DecimalText | null): boolean {
  if (wanted === null || there === null) return wanted === there;
  const [a, b] = [parseDecimal(wanted), parseDecimal(there)];
  const scale = Math.max(a.scale, b.scale);
  return rescale(a, scale, 'down') === rescale(b, scale, 'down');
}

/** The answer to whoever pressed Refresh. */
export function codeSyncWords(
  what: string,
  erp: string,
  written: SyncedFigures,
  { read, same, doubtful, closed, hanging, unwritten }: LeftFigures,
  refused: number,
): string[] {
  const { made, changed, linked } = written;
  return [
    `Read anew: ${read} ${what} of ${erp}. ${made} are new in Procore, ${changed} were brought up to date, ${linked} were linked by their code and name, ${same} stood as they should.`,
    ...(doubtful === 0
      ? []
      : [
          `${doubtful} stand in Procore under the same code with another name or id: give both one name, then press Refresh again.`,
        ]),
    ...(closed === 0
      ? []
      : [`${closed} are closed in ${erp} and stay in Procore, which offers no way to close them.`]),
    ...(hanging === 0 ? [] : [`${hanging} hang below a code that Procore does not have.`]),
    ...(unwritten === 0
      ? []
      : [`${unwritten} were taken by Procore and do not show there as they were sent: look at them there.`]),
    ...(refused === 0 ? [] : [`${refused} were refused by Procore and stand in front of an engineer.`]),
  ];
}
