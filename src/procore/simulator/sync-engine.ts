import type { Made } from './contracts/made-records.ts';
import { type ApiError, accessError, type Errors } from './http/errors.ts';
import type { Answer } from './http/router.ts';
import type { Origin } from './records.ts';

/** The documentation's limit for one sync call. */
export const SYNC_MAX_ROWS = 1_000;

export type SyncRow = { id?: number | undefined; origin_id?: string | null | undefined };

/** What one kind of record gives to the sync action; methods answer field errors or null. */
export type SyncTarget<Row extends SyncRow, Item extends Origin & { id: number }> = {
  byId: (id: number) => Item | undefined;
  byOriginId: (originId: string) => Item | undefined;
  create: (row: Row) => Made<Item>;
  update: (item: Item, row: Row) => Errors | null;
  view: (item: Item) => unknown;
};

/**
 * Bulk upsert: always 200 with entities and errors. A row with an id updates by id alone (and may so change its
 * origin_id), a row with only an origin_id updates its holder or creates, a row with neither creates.
 */
export function syncAnswer<Row extends SyncRow, Item extends Origin & { id: number }>(
  rows: readonly Row[],
  submitted: readonly unknown[],
  target: SyncTarget<Row, Item>,
): Answer {
  if (rows.length > SYNC_MAX_ROWS) throw tooManyRows();
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  rows.forEach((row, index) => {
    const outcome = syncRow(row, target);
    if ('item' in outcome) entities.push(target.view(outcome.item));
    else errors.push({ ...asObject(submitted[index]), errors: outcome.errors });
  });
  return { status: 200, body: { entities, errors } };
}

export function tooManyRows(): ApiError {
  return accessError(413, `A sync call takes at most ${SYNC_MAX_ROWS} rows.`);
}

function syncRow<Row extends SyncRow, Item extends Origin & { id: number }>(
  row: Row,
  target: SyncTarget<Row, Item>,
): Made<Item> {
  if (row.id !== undefined) {
    const item = target.byId(row.id);
    if (!item) return { errors: { id: ['Entity with this ID not found'] } };
    return updated(item, row, target);
  }
  const held = typeof row.origin_id === 'string' ? target.byOriginId(row.origin_id) : undefined;
  return held ? updated(held, row, target) : target.create(row);
}

function updated<Row extends SyncRow, Item extends Origin & { id: number }>(
  item: Item,
  row: Row,
  target: SyncTarget<Row, Item>,
): Made<Item> {
  const errors = target.update(item, row);
  return errors ? { errors } : { item };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
