import type { Acceptance } from '../../domain/approval/acceptance.ts';
import type { TypedFields } from '../../domain/planning/export-fields.ts';
import type { RequestItemState } from '../../domain/states.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../database/transaction.ts';

/** What a Procore user asked for: a command, kept until it is closed once. */
export type StoredRequestItem = {
  readonly connection: string;
  readonly key: string;
  readonly requestId: string;
  readonly event: string;
  readonly object: string;
  readonly nativeId: string;
  readonly detailId: string | null;
  readonly projectId: string | null;
  readonly type: 'subcontract' | 'purchase-order' | null;
  /** What the record belongs to, such as the contract of a change order. */
  readonly parentId: string | null;
  /** Its id in the ERP as the source had it then. */
  readonly originId: string | null;
  readonly erpCode: string | null;
  readonly accountingDate: CalendarDate | null;
  /** What the approver typed besides. */
  readonly typed?: TypedFields;
  readonly requester: string | null;
  /** Who exported it, what was accepted by that, and who wrote it, where all of that was told. */
  readonly acceptance?: Acceptance;
  readonly state: RequestItemState;
};

type Content = Pick<
  StoredRequestItem,
  'projectId' | 'type' | 'parentId' | 'originId' | 'erpCode' | 'accountingDate' | 'typed' | 'acceptance'
>;
type Row = {
  connection: string;
  key: string;
  request_id: string;
  event: string;
  object: string;
  native_id: string;
  detail_id: string | null;
  content: Content;
  requester: string | null;
  state: RequestItemState;
};

const columns = 'connection, key, request_id, event, object, native_id, detail_id, content, requester, state';

export type NewItem = Omit<StoredRequestItem, 'state'> & {
  /** Stands for the requester until the source says who asked. */
  readonly author: string | null;
};

export async function receiveItem(tx: Tx, item: NewItem): Promise<boolean> {
  const content: Content = {
    projectId: item.projectId,
    type: item.type,
    parentId: item.parentId,
    originId: item.originId,
    erpCode: item.erpCode,
    accountingDate: item.accountingDate,
    ...(item.typed === undefined ? {} : { typed: item.typed }),
    ...(item.acceptance === undefined ? {} : { acceptance: item.acceptance }),
  };
  // A sweep that came before the webhook did not know who asked.
  const { rows } = await tx.query<{ fresh: boolean }>(
    `insert into request_item (tenant, connection, key, request_id, event, object, native_id, detail_id, content, requester)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, $10)) on conflict (tenant, connection, key)
       do update set requester = coalesce($9, request_item.requester)
     returning xmax = 0 as fresh`,
    [
      item.connection,
      item.key,
      item.requestId,
      item.event,
      item.object,
      item.nativeId,
      item.detailId,
      JSON.stringify(content),
      item.requester,
      item.author,
    ],
  );
  return rows[0]?.fresh ?? false;
}

/**
 * The newest request about a record: it is the one whose date, code and closing count. Procore numbers requests in
 * the order they were made; the order in which they arrive here says nothing.
 */
export async function newestItem(
  tx: Tx,
  connection: string,
  object: string,
  nativeId: string,
): Promise<StoredRequestItem | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from request_item where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3
     order by length(request_id) desc, request_id desc, key desc limit 1`,
    [connection, object, nativeId],
  );
  return rows[0] === undefined ? null : stored(rows[0]);
}

/**
 * Open requests about a record that are older than this one. Never a newer one: it may have arrived since this one
 * was found to be the newest.
 */
export async function olderItems(tx: Tx, newest: StoredRequestItem): Promise<StoredRequestItem[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from request_item where tenant = current_tenant() and connection = $1 and object = $2 and native_id = $3
       and state in ('received', 'working') and (length(request_id), request_id, key) < (length($4), $4, $5)
     order by length(request_id), request_id, key`,
    [newest.connection, newest.object, newest.nativeId, newest.requestId, newest.key],
  );
  return rows.map(stored);
}

/** Exports that nobody answered yet, of the records that belong to one parent. */
export async function openExports(
  tx: Tx,
  connection: string,
  object: string,
  parentId: string,
): Promise<StoredRequestItem[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from request_item where tenant = current_tenant() and connection = $1 and object = $2
       and state in ('received', 'working') and content ->> 'parentId' = $3 order by key`,
    [connection, object, parentId],
  );
  return rows.map(stored);
}

/** Exports that nobody answered yet, of a project and of the records that belong to it. */
export async function exportsOfProject(
  tx: Tx,
  connection: string,
  projectId: string,
): Promise<StoredRequestItem[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from request_item i where tenant = current_tenant() and connection = $1
       and state in ('received', 'working') and (content ->> 'projectId' = $2 or (object = 'project' and native_id = $2)
         or exists (select from record r where (r.tenant, r.connection, r.object, r.native_id)
             = (i.tenant, i.connection, i.object, i.native_id)
           and (r.body ->> 'projectId' = $2
             or r.body -> 'lines' @> jsonb_build_array(jsonb_build_object('projectId', $2::text)))))
     order by key`,
    [connection, projectId],
  );
  return rows.map(stored);
}

export async function getItem(tx: Tx, connection: string, key: string): Promise<StoredRequestItem | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from request_item where tenant = current_tenant() and connection = $1 and key = $2`,
    [connection, key],
  );
  return rows[0] === undefined ? null : stored(rows[0]);
}

/**
 * Requests to read anew that wait for the end of a list, by the name of their event: those that were told nothing yet, or
 * those that were told of one list and wait for the next.
 */
export async function waitingRefreshes(
  tx: Tx,
  connection: string,
  event: string,
  toldOfOne: boolean,
): Promise<StoredRequestItem[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from request_item where tenant = current_tenant() and connection = $1 and state = 'working'
       and event = $2 and (cardinality(messages) > 0) = $3 order by key`,
    [connection, event, toldOfOne],
  );
  return rows.map(stored);
}

export async function moveItem(
  tx: Tx,
  item: Pick<StoredRequestItem, 'connection' | 'key'>,
  state: RequestItemState,
  messages: readonly string[] = [],
): Promise<void> {
  await tx.query(
    `update request_item set state = $3, messages = $4,
       closed_at = case when $3 in ('succeeded', 'failed', 'stale') then now() else null end
     where tenant = current_tenant() and connection = $1 and key = $2 and state not in ('succeeded', 'failed', 'stale')`,
    [item.connection, item.key, state, messages],
  );
}

function stored(row: Row): StoredRequestItem {
  return {
    connection: row.connection,
    key: row.key,
    requestId: row.request_id,
    event: row.event,
    object: row.object,
    nativeId: row.native_id,
    detailId: row.detail_id,
    // Items of earlier versions say nothing of these.
    ...{ parentId: null, originId: null },
    ...row.content,
    requester: row.requester,
    state: row.state,
  };
}
