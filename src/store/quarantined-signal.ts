import { keepPayload } from './payload.ts';
import type { Tx } from './transaction.ts';

/** What came under a hook and could not be read as events. */
export type UnreadBody = {
  readonly connection: string;
  readonly hook: string;
  readonly body: string;
  readonly reason: string;
};

/** Keeps a webhook body that cannot be read, once however often it comes; false when it was here before. */
export async function quarantineBody(tx: Tx, unread: UnreadBody): Promise<boolean> {
  const payload = await keepPayload(tx, unread.body, 'signal');
  const { rowCount } = await tx.query(
    `insert into signal (tenant, connection, dedupe_key, object, native_id, hint, state, reason)
     values (current_tenant(), $1, $2, 'unreadable', '', $3, 'quarantined', $4)
     on conflict (tenant, connection, dedupe_key) do nothing`,
    [
      unread.connection,
      `unreadable:${payload}`,
      JSON.stringify({ payload, hook: unread.hook }),
      unread.reason,
    ],
  );
  return rowCount === 1;
}

export type QuarantinedSignal = {
  readonly id: string;
  readonly connection: string;
  /** Absent in rows of the time before hooks were noted. */
  readonly hook: string | null;
  /** Names the body among the payloads. */
  readonly payload: string;
  readonly reason: string;
  readonly receivedAt: Date;
};

/** Bodies that wait to be read, oldest first, after the given one. */
export async function quarantinedSignals(
  tx: Tx,
  after: string | null,
  limit: number,
): Promise<QuarantinedSignal[]> {
  const { rows } = await tx.query<QuarantinedSignal>(
    `select id, connection, hint ->> 'hook' as hook, hint ->> 'payload' as payload, reason, received_at as "receivedAt"
     from signal where tenant = current_tenant() and state = 'quarantined' and id > $1 order by id limit $2`,
    [after ?? '0', limit],
  );
  return rows;
}

/** A body that was read after all: its events are signals now. False when somebody else was quicker. */
export async function releaseQuarantined(tx: Tx, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update signal set state = 'received' where tenant = current_tenant() and id = $1 and state = 'quarantined'`,
    [id],
  );
  await tx.query(
    `update signal set state = 'taken', taken_at = now()
     where tenant = current_tenant() and id = $1 and state = 'received'`,
    [id],
  );
  return rowCount === 1;
}
