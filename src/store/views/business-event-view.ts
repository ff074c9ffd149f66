import type { Tx } from '../database/transaction.ts';

/** The place of a version among all, newest first: when it was seen, then its key. */
export type EventPlace = readonly [
  seenAt: string,
  connection: string,
  object: string,
  nativeId: string,
  version: number,
];

export type BusinessEventRow = {
  readonly connection: string;
  readonly object: string;
  readonly native_id: string;
  readonly version: number;
  /** In the precision of the database, so that a place can be found again. */
  readonly seen_at: string;
  readonly events: readonly string[];
  readonly project: string | null;
  readonly number: string | null;
  readonly title: string | null;
  readonly status: string | null;
};

const SEEN_AT = `to_char(seen_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const COLUMNS = `connection, object, native_id, version, ${SEEN_AT} as seen_at, events, body ->> 'projectId' as project,
  body ->> 'number' as number, coalesce(body ->> 'title', body ->> 'name') as title, body ->> 'status' as status`;

/** One page of what happened in a project or everywhere, newest first, below a place. */
export async function listBusinessEvents(
  tx: Tx,
  filter: { readonly project: string | null; readonly below: EventPlace | null; readonly limit: number },
): Promise<BusinessEventRow[]> {
  const [seenAt, connection, object, nativeId, version] = filter.below ?? [null, null, null, null, null];
  const { rows } = await tx.query<BusinessEventRow>(
    `select ${COLUMNS} from record_version
     where tenant = current_tenant() and events <> '{}' and ($1::text is null or body ->> 'projectId' = $1)
       and ($2::timestamptz is null or (seen_at, connection, object, native_id, version) < ($2, $3, $4, $5, $6))
     order by record_version.seen_at desc, connection desc, object desc, native_id desc, version desc limit $7`,
    [filter.project, seenAt, connection, object, nativeId, version, filter.limit],
  );
  return rows;
}

/** The versions of a record that we saw, newest first. */
export async function listVersions(
  tx: Tx,
  record: { readonly object: string; readonly nativeId: string; readonly connection: string | null },
  limit: number,
): Promise<BusinessEventRow[]> {
  const { rows } = await tx.query<BusinessEventRow>(
    `select ${COLUMNS} from record_version
     where tenant = current_tenant() and object = $1 and native_id = $2 and ($3::text is null or connection = $3)
     order by record_version.seen_at desc, connection, version desc limit $4`,
    [record.object, record.nativeId, record.connection, limit],
  );
  return rows;
}
