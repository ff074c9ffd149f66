import type { ProjectRecord } from '../../domain/records.ts';
import type { Tx } from '../database/transaction.ts';

/** Where a project stands in the round of regular looks. Places are cursors: how far in time it was looked at. */
export type SweepPlace = {
  readonly projectId: string;
  readonly project: ProjectRecord;
  /** Time between the last look and this one; null before the first. */
  readonly everyMs: number | null;
  /** How many looks failed since the last one that did not. */
  readonly failed: number;
  /** The place as it was read: whoever moves it must not undo a wake that came meanwhile. */
  readonly seen: string;
};

const PREFIX = 'place:';

// Other cursors need not be JSON: only those of places may be read as such.
const PLACES = `with place as materialized (
  select substr(name, 1 + length($2)) as id, value as seen, value::jsonb as value from cursor
  where tenant = current_tenant() and connection = $1 and starts_with(name, $2))`;

/** Gives every project a place; a new one is due at once. */
export async function addPlaces(tx: Tx, connection: string): Promise<void> {
  await tx.query(
    `insert into cursor (tenant, connection, name, value)
     select tenant, connection, $2 || native_id, jsonb_build_object('due', now())::text from record
     where tenant = current_tenant() and connection = $1 and object = 'project' and not gone
     on conflict (tenant, connection, name) do nothing`,
    [connection, PREFIX],
  );
}

/** Places that are due, the one that waited longest first. */
export async function duePlaces(tx: Tx, connection: string, limit: number): Promise<SweepPlace[]> {
  const { rows } = await tx.query<{
    id: string;
    body: ProjectRecord;
    value: { every?: number; failed?: number };
    seen: string;
  }>(
    `${PLACES}
     select r.native_id as id, r.body, p.value, p.seen from record r join place p on p.id = r.native_id
     where r.tenant = current_tenant() and r.connection = $1 and r.object = 'project' and not r.gone
       and (p.value ->> 'due')::timestamptz <= now()
     order by (p.value ->> 'due')::timestamptz, r.native_id limit $3`,
    [connection, PREFIX, limit],
  );
  return rows.map(({ id, body, value, seen }) => ({
    projectId: id,
    project: body,
    everyMs: value.every ?? null,
    failed: value.failed ?? 0,
    seen,
  }));
}

/** Time until the next project is due; null when there is none. */
export async function nextPlaceMs(tx: Tx, connection: string): Promise<number | null> {
  const { rows } = await tx.query<{ ms: number | null }>(
    `${PLACES}
     select extract(epoch from min((p.value ->> 'due')::timestamptz) - now())::float8 * 1000 as ms
     from record r join place p on p.id = r.native_id
     where r.tenant = current_tenant() and r.connection = $1 and r.object = 'project' and not r.gone`,
    [connection, PREFIX],
  );
  const ms = rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, Math.ceil(ms));
}

/** When a project is looked at next; sooner if it was woken while it was looked at. */
export async function movePlace(
  tx: Tx,
  connection: string,
  { projectId, seen }: SweepPlace,
  next: { readonly inMs: number; readonly everyMs: number; readonly failed: number },
): Promise<void> {
  await tx.query(
    `update cursor set moved_at = now(), value = jsonb_build_object(
       'due', case when value = $7 then now() + $4 * interval '1 millisecond'
         else least((value::jsonb ->> 'due')::timestamptz, now() + $4 * interval '1 millisecond') end,
       'every', $5::float8, 'failed', $6::int)::text
     where tenant = current_tenant() and connection = $1 and name = $2 || $3`,
    [connection, PREFIX, projectId, next.inMs, next.everyMs, next.failed, seen],
  );
}

/** Something happened in these projects: they are looked at soon, and more often from now on. */
export async function wakePlaces(
  tx: Tx,
  connection: string,
  projectIds: readonly string[] | 'all',
  afterMs = 0,
): Promise<void> {
  if (projectIds.length === 0) return;
  await tx.query(
    `update cursor set value = jsonb_build_object(
       'due', least((value::jsonb ->> 'due')::timestamptz, now() + $4 * interval '1 millisecond'))::text
     where tenant = current_tenant() and connection = $1 and starts_with(name, $2)
       and ($3::text[] is null or name = any ($3))`,
    [connection, PREFIX, projectIds === 'all' ? null : projectIds.map((id) => PREFIX + id), afterMs],
  );
}
