import type { Tx } from '../database/transaction.ts';
import { payloadHash } from '../records/payload.ts';

/** What came under a hook and could not be read as events. */
export type UnreadBody = {
  readonly connection: string;
  readonly hook: string;
  readonly body: string;
  readonly reason: string;
};

/** Keeps webhook bodies that cannot be read, each once however often it comes; answers those that are new. */
export async function quarantineBodies<Unread extends UnreadBody>(
  tx: Tx,
  unread: readonly Unread[],
): Promise<readonly Unread[]> {
  const byName = new Map(unread.map((each) => [payloadHash(each.body), each]));
  const names = [...byName.keys()];
  const each = [...byName.values()];
  const bodies = each.map(({ body }) => Buffer.from(body, 'utf8'));
  await tx.query(
    `insert into payload (tenant, hash, class, body, size_bytes)
     select current_tenant(), hash, 'signal', body, octet_length(body)
     from unnest($1::text[], $2::bytea[]) as kept (hash, body)
     on conflict (tenant, hash) do nothing`,
    [names, bodies],
  );
  const { rows } = await tx.query<{ name: string }>(
    `insert into signal (tenant, connection, dedupe_key, object, native_id, hint, state, reason)
     select current_tenant(), connection, 'unreadable:' || hash, 'unreadable', '',
            jsonb_build_object('payload', hash, 'hook', hook), 'quarantined', reason
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as unread (hash, connection, hook, reason)
     on conflict (tenant, connection, dedupe_key) do nothing
     returning hint ->> 'payload' as name`,
    [
      names,
      each.map(({ connection }) => connection),
      each.map(({ hook }) => hook),
      each.map(({ reason }) => reason),
    ],
  );
  return rows.map(({ name }) => byName.get(name)!);
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
