import { z } from 'zod';
import { Stop } from '../domain/outcomes.ts';

// Covers rows that carry an earlier stamp than others but became visible later (stamps have whole seconds).
const OVERLAP_MS = 120_000;
// Ten minutes of skew between two clocks, and the overlap: what is older than this cannot appear any more.
const SETTLED_MS = 900_000;

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
});

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

export type Batch<Row> = { readonly rows: readonly Row[]; readonly cursor: string };

/**
 * One page of a cycle over changes, oldest first: lists from the cycle's lower bound, then takes the rows
 * after the place reached. An empty page ends a cycle and its cursor begins the next one.
 */
export async function nextBatch<Row extends Stamp>(
  text: string | null,
  size: number,
  now: () => Date,
  list: (range: string | null) => Promise<readonly Row[]>,
): Promise<Batch<Row>> {
  const cursor = readCursor(text);
  const { since, after } = cursor;
  if (after === 'end') return { rows: [], cursor: JSON.stringify({ since, after: null, begun: null }) };
  const begun = cursor.begun ?? now().toISOString();
  const sorted = [...(await list(rangeSince(cursor)))].sort(byStamp);
  const left = after === null ? sorted : sorted.filter((row) => byStamp(row, after) > 0);
  const rows = left.slice(0, size);
  const last = rows.at(-1);
  if (last === undefined) {
    const next = after === null ? since : nextSince(after.at, begun);
    return { rows, cursor: JSON.stringify({ since: next, after: null, begun: null }) };
  }
  const more = rows.length < left.length;
  const place = more ? { at: last.at, id: last.id } : 'end';
  return {
    rows,
    cursor: JSON.stringify({ since: more ? since : nextSince(last.at, begun), after: place, begun }),
  };
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
