import type { CanonicalRecord } from '../../domain/records.ts';
import type { Tx } from '../database/transaction.ts';

export type RecordKey = { readonly connection: string; readonly object: string; readonly nativeId: string };
export type StoredRecord<R extends CanonicalRecord = CanonicalRecord> = RecordKey & {
  readonly version: number;
  readonly hash: string;
  readonly body: R;
  readonly rawHash: string;
  readonly gone: boolean;
};

type Row = {
  connection: string;
  object: string;
  native_id: string;
  version: number;
  hash: string;
  body: CanonicalRecord;
  raw_hash: string;
  gone: boolean;
};

const columns = 'connection, object, native_id, version, hash, body, raw_hash, gone';

/** Saves what a record looks like now; a new version only when its content changed. */
export async function saveRecord(
  tx: Tx,
  seen: RecordKey & {
    readonly hash: string;
    readonly body: CanonicalRecord;
    readonly rawHash: string;
    readonly matchKeys: readonly string[];
    /** What became of the record since an earlier state of it, in the words of the business. */
    readonly eventsSince: (before: CanonicalRecord | null) => readonly string[];
  },
): Promise<{ readonly version: number; readonly changed: boolean }> {
  const key = [seen.connection, seen.object, seen.nativeId];
  const before = await tx.query<{
    version: number;
    hash: string;
    gone: boolean;
    body: CanonicalRecord | null;
  }>(
    `select version, hash, gone, case when hash <> $4 then body end as body from record
     where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3 for update`,
    [...key, seen.hash],
  );
  const known = before.rows[0];
  if (known?.hash === seen.hash && !known.gone) return { version: known.version, changed: false };
  const version = (known?.version ?? 0) + 1;
  const events = known?.hash === seen.hash ? [] : seen.eventsSince(known?.body ?? null);
  const values = [...key, version, seen.hash, JSON.stringify(seen.body), seen.rawHash];
  await tx.query(
    `insert into record (tenant, connection, object, native_id, version, hash, body, raw_hash, match_keys)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant, connection, object, native_id) do update set version = excluded.version, hash = excluded.hash,
       body = excluded.body, raw_hash = excluded.raw_hash, match_keys = excluded.match_keys, gone = false, seen_at = now()`,
    [...values, seen.matchKeys],
  );
  await tx.query(
    `insert into record_version (tenant, connection, object, native_id, version, hash, body, raw_hash, events)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)`,
    [...values, events],
  );
  return { version, changed: true };
}

export async function findRecord<R extends CanonicalRecord>(
  tx: Tx,
  key: RecordKey,
): Promise<StoredRecord<R> | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from record where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3`,
    [key.connection, key.object, key.nativeId],
  );
  return rows[0] === undefined ? null : stored<R>(rows[0]);
}

/** Which version of a record we have, and the key of the newest request about it; null where there is none. */
export async function sourceNow(
  tx: Tx,
  key: RecordKey,
): Promise<{ readonly version: number | null; readonly newestItem: string | null }> {
  const { rows } = await tx.query<{ version: number | null; item: string | null }>(
    `select (select r.version from record r where (r.tenant, r.connection, r.object, r.native_id) = (current_tenant(), $1, $2, $3))
         as version,
       (select i.key from request_item i where (i.tenant, i.connection, i.object, i.native_id) = (current_tenant(), $1, $2, $3)
         order by length(i.request_id) desc, i.request_id desc, i.key desc limit 1) as item`,
    [key.connection, key.object, key.nativeId],
  );
  return { version: rows[0]!.version, newestItem: rows[0]!.item };
}

/** The records of these ids that are there, in no order. */
export async function findRecords<R extends CanonicalRecord>(
  tx: Tx,
  connection: string,
  object: string,
  nativeIds: readonly string[],
): Promise<StoredRecord<R>[]> {
  if (nativeIds.length === 0) return [];
  const { rows } = await tx.query<Row>(
    `select ${columns} from record where tenant = current_tenant() and connection = $1 and object = $2 and not gone
       and native_id = any($3::text[])`,
    [connection, object, nativeIds],
  );
  return rows.map((row) => stored<R>(row));
}

export type Hashes = { readonly hash: string; readonly rawHash: string };

/** What these records looked like when they were last seen, by `recordName`; not of those that are new or gone. */
export async function lastSeen(
  tx: Tx,
  connection: string,
  records: readonly { readonly object: string; readonly id: string }[],
): Promise<Map<string, Hashes>> {
  if (records.length === 0) return new Map();
  const { rows } = await tx.query<Pick<Row, 'object' | 'native_id' | 'hash' | 'raw_hash'>>(
    `select object, native_id, hash, raw_hash from record where tenant = current_tenant() and connection = $1 and not gone
       and (object, native_id) in (select * from unnest($2::text[], $3::text[]))`,
    [connection, records.map(({ object }) => object), records.map(({ id }) => id)],
  );
  return new Map(
    rows.map((row) => [
      recordName({ object: row.object, id: row.native_id }),
      { hash: row.hash, rawHash: row.raw_hash },
    ]),
  );
}

export function recordName({ object, id }: { readonly object: string; readonly id: string }): string {
  return `${object} ${id}`;
}

export async function listRecords<R extends CanonicalRecord>(
  tx: Tx,
  connection: string,
  object: string,
  limit = 10_000,
): Promise<StoredRecord<R>[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from record where tenant = current_tenant() and connection = $1 and object = $2 and not gone
     order by native_id limit $3`,
    [connection, object, limit],
  );
  return rows.map((row) => stored<R>(row));
}

/** Records of one side that share a match key with the other: the candidates a person or a rule looks at. */
/** How many records of a kind are known and still there. */
export async function countRecords(tx: Tx, connection: string, object: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from record where tenant = current_tenant() and connection = $1 and object = $2 and not gone`,
    [connection, object],
  );
  return rows[0]?.count ?? 0;
}

export async function findByMatchKeys<R extends CanonicalRecord>(
  tx: Tx,
  connection: string,
  object: string,
  keys: readonly string[],
  limit = 50,
): Promise<StoredRecord<R>[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from record where tenant = current_tenant() and connection = $1 and object = $2 and not gone
       and match_keys && $3::text[] order by native_id limit $4`,
    [connection, object, keys, limit],
  );
  return rows.map((row) => stored<R>(row));
}

export async function markGone(tx: Tx, key: RecordKey): Promise<void> {
  await tx.query(
    'update record set gone = true, seen_at = now() where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3',
    [key.connection, key.object, key.nativeId],
  );
}

/** Of a list that was read whole: what was found in the same place before and is not named any more is gone. */
export async function markUnlisted(
  tx: Tx,
  {
    connection,
    object,
    place,
    listed,
  }: Omit<RecordKey, 'nativeId'> & {
    /** The match key of all that is found there. */
    readonly place: string;
    readonly listed: readonly string[];
  },
): Promise<void> {
  await tx.query(
    `update record set gone = true, seen_at = now()
     where tenant = current_tenant() and connection = $1 and object = $2 and match_keys @> array[$3] and not gone
       and native_id <> all($4::text[])`,
    [connection, object, place, listed],
  );
}

function stored<R extends CanonicalRecord>(row: Row): StoredRecord<R> {
  return {
    connection: row.connection,
    object: row.object,
    nativeId: row.native_id,
    version: row.version,
    hash: row.hash,
    body: row.body as R,
    rawHash: row.raw_hash,
    gone: row.gone,
  };
}

/** Notes that a record we know is not shown, and says since when that is so. */
export async function noteMissed(tx: Tx, key: RecordKey, at: Date): Promise<Date> {
  const { rows } = await tx.query<{ missed_at: Date }>(
    `update record set missed_at = coalesce(missed_at, $4)
     where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3 returning missed_at`,
    [key.connection, key.object, key.nativeId, at],
  );
  return rows[0]?.missed_at ?? at;
}

export async function noteShown(tx: Tx, key: RecordKey): Promise<void> {
  await tx.query(
    `update record set missed_at = null
     where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3 and missed_at is not null`,
    [key.connection, key.object, key.nativeId],
  );
}
