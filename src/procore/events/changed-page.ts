import type { Pulled, PullPage } from '../../connectors/connector.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { PROCORE } from '../http/errors.ts';
import { asFarAsItGoes, nextBatch, SHOWN_REMEMBERED, type Stamp } from './change-cursor.ts';

/** How records that changed are found, and how each is read. */
type Changed<Row extends Stamp> = {
  /** So many at most: each costs calls of its own. */
  readonly size: number;
  readonly list: (range: string | null) => Promise<readonly Row[]>;
  readonly read: (row: Row) => Promise<Pulled>;
  readonly memory?: number;
};

/** One page of records in the order of their last change, so that the cursor never skips one. */
export async function changedPage<Row extends Stamp>(
  now: () => Date,
  cursor: string | null,
  { size, list, read, memory = SHOWN_REMEMBERED }: Changed<Row>,
): Promise<PullPage> {
  const batch = await nextBatch(cursor, size, now, list, memory);
  const records = await asFarAsItGoes(batch.rows, read);
  return { records, cursor: batch.after(records.length) };
}

/** The filter of a list that knows one. */
export function changedSince(range: string | null): Record<string, string> {
  return range === null ? {} : { 'filters[updated_at]': range };
}

/** Listed and gone a moment later: the next pass finds it in neither place, and an empty page would end a cycle. */
export function stillShown(pulled: Pulled | null, what: string): Pulled {
  if (pulled === null) throw new Stop('retry-later', PROCORE, `${what} went while it was read`);
  return pulled;
}
