import { Stop } from '../domain/outcomes.ts';

// Covers rows that were saved with an earlier stamp but became visible later (stamps carry whole seconds).
const OVERLAP_MS = 120_000;

/** Where a row stands among the changes: when it changed last, by Procore's clock, and its id. */
export type Stamp = { readonly at: string; readonly id: string };

/** `since` stays fixed for a cycle; `after` is the place reached within it, null at the start of one. */
export type ChangeCursor = { readonly since: string | null; readonly after: Stamp | null };

const FORM = /^([0-9TZ:.-]*)~([0-9TZ:.-]*)~([0-9A-Za-z-]*)$/;

export function readCursor(text: string | null): ChangeCursor {
  if (text === null) return { since: null, after: null };
  const match = FORM.exec(text);
  if (!match) throw new Stop('bug', 'Procore', 'a stored cursor cannot be read');
  const [, since = '', at = '', id = ''] = match;
  return { since: since === '' ? null : since, after: at === '' ? null : { at, id } };
}

function writeCursor({ since, after }: ChangeCursor): string {
  return `${since ?? ''}~${after?.at ?? ''}~${after?.id ?? ''}`;
}

/**
 * The value of a date range filter from the cycle's lower bound, a little earlier for late rows. The end lies
 * far ahead, so that no row can leave the list by being changed once more while it is read.
 */
export function rangeSince(cursor: ChangeCursor): string | null {
  if (cursor.since === null) return null;
  const from = new Date(Date.parse(cursor.since) - OVERLAP_MS).toISOString().replace(/\.\d{3}Z$/, 'Z');
  return `"${from}...2999-12-31T00:00:00Z"`;
}

/**
 * The next rows after the cursor, oldest change first. When they are the last of the cycle, the cursor names
 * the newest change seen as the next cycle's lower bound: a cycle without news brings the same cursor back.
 */
export function nextRows<Row extends Stamp>(
  rows: readonly Row[],
  cursor: ChangeCursor,
  size: number,
): { readonly rows: readonly Row[]; readonly cursor: string } {
  const sorted = [...rows].sort(byStamp);
  const { after } = cursor;
  const left = after === null ? sorted : sorted.filter((row) => byStamp(row, after) > 0);
  const taken = left.slice(0, size);
  const last = taken.at(-1);
  if (last !== undefined && taken.length < left.length)
    return { rows: taken, cursor: writeCursor({ since: cursor.since, after: { at: last.at, id: last.id } }) };
  const newest = [sorted.at(-1)?.at, cursor.since, after?.at].filter((at) => at !== undefined && at !== null);
  const since = newest.sort((a, b) => (a < b ? 1 : -1))[0] ?? null;
  return { rows: taken, cursor: writeCursor({ since, after: null }) };
}

function byStamp(a: Stamp, b: Stamp): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  // Ids are numbers as text: the shorter one is the smaller one.
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
