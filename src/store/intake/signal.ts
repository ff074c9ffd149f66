import type { Tx } from '../database/transaction.ts';

export type Signal = {
  readonly connection: string;
  readonly dedupeKey: string;
  readonly object: string;
  readonly nativeId: string;
  readonly hint: Readonly<Record<string, string | null>>;
};

/** Writes a signal down once; false when the same one was seen before. */
export async function receiveSignal(tx: Tx, signal: Signal): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into signal (tenant, connection, dedupe_key, object, native_id, hint)
     values (current_tenant(), $1, $2, $3, $4, $5) on conflict (tenant, connection, dedupe_key) do nothing`,
    [signal.connection, signal.dedupeKey, signal.object, signal.nativeId, JSON.stringify(signal.hint)],
  );
  return rowCount === 1;
}

/** The same of many records that a look found, in one statement; says which of them are new. */
export async function receiveFoundSignals(
  tx: Tx,
  connection: string,
  object: string,
  found: readonly { readonly nativeId: string; readonly dedupeKey: string }[],
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into signal (tenant, connection, dedupe_key, object, native_id, hint)
     select current_tenant(), $1, key, $2, id, '{}' from unnest($3::text[], $4::text[]) as found (id, key) order by key
     on conflict (tenant, connection, dedupe_key) do nothing returning native_id as id`,
    [connection, object, found.map(({ nativeId }) => nativeId), found.map(({ dedupeKey }) => dedupeKey)],
  );
  return rows.map(({ id }) => id);
}

/** Which of these were seen before. */
export async function knownSignals(
  tx: Tx,
  connection: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ dedupe_key: string }>(
    `select dedupe_key from signal
     where tenant = current_tenant() and connection = $1 and dedupe_key = any($2::text[])`,
    [connection, keys],
  );
  return new Set(rows.map((row) => row.dedupe_key));
}

/** Takes all waiting signals of a record at once: the record is fetched once, however many there were. */
export async function takeSignals(
  tx: Tx,
  connection: string,
  object: string,
  nativeId: string,
): Promise<Signal['hint'][]> {
  const { rows } = await tx.query<{ hint: Signal['hint'] }>(
    `update signal set state = 'taken', taken_at = now()
     where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3 and state = 'received'
     returning hint`,
    [connection, object, nativeId],
  );
  return rows.map(({ hint }) => hint);
}

export async function waitingHints(
  tx: Tx,
  connection: string,
  object: string,
  nativeId: string,
): Promise<Signal['hint'][]> {
  const { rows } = await tx.query<{ hint: Signal['hint'] }>(
    `select hint from signal where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3
       and state = 'received' order by id limit 100`,
    [connection, object, nativeId],
  );
  return rows.map(({ hint }) => hint);
}

/**
 * Takes the signals that no room works, and says which projects they were about: a look at a project finds what they
 * may mean, unless they are of objects that no project has of its own.
 */
export async function takeUnroomed(
  tx: Tx,
  connection: string,
  rooms: readonly string[],
  ofNoProject: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ project: string | null }>(
    `with taken as (
       update signal set state = 'taken', taken_at = now()
       where tenant = current_tenant() and connection = $1 and state = 'received' and object <> all ($2)
       returning object, hint ->> 'projectId' as project
     ) select distinct project from taken where project is not null and object <> all ($3)`,
    [connection, rooms, ofNoProject],
  );
  return rows.flatMap(({ project }) => project ?? []);
}
