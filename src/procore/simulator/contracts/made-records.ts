import type { Errors } from '../http/errors.ts';
import type { Origin } from '../records.ts';

/** What comes of a row that is to make a record: the record, or what is wrong with the row. */
export type Made<T> = { item: T } | { errors: Errors };

/** Of what the ERP knows nothing. */
export const NO_ORIGIN: Origin = { origin_id: null, origin_code: null, origin_data: null };

/** Keeps what was made of a row, unless the row had errors. */
export function kept<T extends { id: number }>(map: Map<number, T>, item: T, errors: Errors | null): Made<T> {
  if (errors) return { errors };
  map.set(item.id, item);
  return { item };
}
