import { z } from 'zod';
import { Stop } from '../../domain/posting/outcomes.ts';

// Covers rows that carry an earlier stamp than others but became visible later (stamps have whole seconds).
const OVERLAP_MS = 120_000;
// Ten minutes of skew between two clocks, and the overlap: what is older than this cannot appear any more.
const SETTLED_MS = 900_000;

/** Rows changed lately of which a list remembers that it has shown them. */
export const SHOWN_REMEMBERED = 2_000;

/** Where a row stands among the changes: when it changed last, by Procore's clock, and its id. */
export type Stamp = { readonly at: string; readonly id: string };

const schema = z.strictObject({
  /** Lower bound of the filter; stays fixed for a cycle. */
  since: z.iso.datetime().nullable(),
  /** The place reached within the cycle; `end` after its last row. */
  after: z
    .union([z.literal('end'), z.strictObject({ at: z.iso.datetime(), id: z.string().max(40) })])
    .nullable(),
  /** When the cycle began, by our clock. */
  begun: z.iso.datetime().nullable(),
  /** How often a row of the overlap was handed over with the stamp that it has. */
  shown: z.record(z.string(), z.int()).optional(),
});

// A row may change once more within the second of its stamp: only what a later look saw the same is left out.
const SEEN_ENOUGH = 2;

export type ChangeCursor = z.output<typeof schema>;

export function readCursor(text: string | null): ChangeCursor {
  if (text === null) return { since: null, after: null, begun: null };
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Stop('bug', 'Procore', 'a stored cursor cannot be read', { cause });
  }
}

/** A change time in one form, so that text order is time order; some payloads carry a local offset. */
export function changeTime(text: string | null): string {
  const at = Date.parse(text ?? '');
  return new Date(Number.isNaN(at) ? 0 : at).toISOString();
}

/**
 * The value of a date range filter. Its end lies far ahead, so that no row can leave the list by being changed
 * once more while the list is read.
 */
export function rangeSince({ since }: ChangeCursor): string | null {
  return since === null ? null : `"${since.replace(/\.\d{3}Z$/, 'Z')}...2999-12-31T00:00:00Z"`;
}

export type Batch<Row> = {
  readonly rows: readonly Row[];
  /** The place after all of them. */
  readonly cursor: string;
  /** The place after the first so many: for rows that cost a call each, which may be refused midway. */
  readonly after: (count: number) => string;
};

/**
 * One page of a cycle over changes, oldest first: lists from the cycle's lower bound, then takes the rows
 * after the place reached. An empty page ends a cycle and its cursor begins the next one. With a memory, rows
 * of the overlap that were handed over in two cycles are left out of the next ones.
 */
export async function nextBatch<Row extends Stamp>(
  text: string | null,
  size: number,
  now: () => Date,
  list: (range: string | null) => Promise<readonly Row[]>,
  memory = 0,
): Promise<Batch<Row>> {
  const cursor = readCursor(text);
  const { since, after } = cursor;
  const known = cursor.shown ?? {};
  if (after === 'end') {
    const next = written({ since, after: null, begun: null }, known, memory);
    return { rows: [], cursor: next, after: () => next };
  }
  const begun = cursor.begun ?? now().toISOString();
  const listed = [...(await list(rangeSince(cursor)))].sort(byStamp);
  const left = listed
    .filter((row) => after === null || byStamp(row, after) > 0)
    .filter((row) => (known[keyOf(row)] ?? 0) < SEEN_ENOUGH);
  const rows = left.slice(0, size);
  const newest = [listed.at(-1)?.at, after?.at]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  const upTo = (count: number): string => {
    const last = rows[count - 1];
    const shown = counted(known, rows.slice(0, count));
    if (count < left.length && last !== undefined)
      return written({ since, after: { at: last.at, id: last.id }, begun }, shown, memory);
    const next = newest === undefined ? since : nextSince(newest, begun);
    return last === undefined
      ? written({ since: next, after: null, begun: null }, shown, memory)
      : written({ since: next, after: 'end', begun }, shown, memory);
  };
  return { rows, cursor: upTo(rows.length), after: upTo };
}

function counted(known: Readonly<Record<string, number>>, rows: readonly Stamp[]): Record<string, number> {
  const shown = { ...known };
  for (const row of rows) shown[keyOf(row)] = (shown[keyOf(row)] ?? 0) + 1;
  return shown;
}

/** What is older than the lower bound will not be listed again; beyond its size the memory keeps the newest. */
function written(cursor: ChangeCursor, shown: Readonly<Record<string, number>>, memory: number): string {
  if (memory === 0) return JSON.stringify(cursor);
  const listedAgain = Object.entries(shown).filter(([key]) => cursor.since === null || key >= cursor.since);
  const kept = listedAgain.sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, memory);
  return JSON.stringify(kept.length === 0 ? cursor : { ...cursor, shown: Object.fromEntries(kept) });
}

/** Times in one form come first, so that the order of keys is the order of changes. */
function keyOf({ at, id }: Stamp): string {
  return `${at} ${id}`;
}

/**
 * Rows that cost a call each, as far as they go: what was read before the rate limit or an outage cut it short is
 * kept, so that the next look begins where this one ended.
 */
export async function asFarAsItGoes<Row, Read>(
  rows: readonly Row[],
  read: (row: Row) => Promise<Read>,
): Promise<Read[]> {
  const tried = await Promise.allSettled(rows.map(read));
  const whole: Read[] = [];
  for (const row of tried) {
    if (row.status === 'fulfilled') {
      whole.push(row.value);
      continue;
    }
    const isCutShort = row.reason instanceof Stop && row.reason.kind === 'retry-later';
    if (isCutShort && whole.length > 0) return whole;
    throw row.reason;
  }
  return whole;
}

/** Past the newest change once nothing can appear beside it any more; until then a little before it. */
function nextSince(newest: string, begun: string): string {
  const newestMs = Date.parse(newest);
  const settled = Date.parse(begun) - newestMs >= SETTLED_MS;
  return new Date(Math.max(0, settled ? newestMs + 1_000 : newestMs - OVERLAP_MS)).toISOString();
}

function byStamp(a: Stamp, b: Stamp): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  // Ids are numbers as text: the shorter one is the smaller one.
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
