import type { Tx } from '../database/transaction.ts';

/** How far a connection was read. Moved only in the transaction that keeps what was read. */
export async function readCursor(tx: Tx, connection: string, name: string): Promise<string | null> {
  const { rows } = await tx.query<{ value: string }>(
    'select value from cursor where tenant = current_tenant() and connection = $1 and name = $2',
    [connection, name],
  );
  return rows[0]?.value ?? null;
}

export async function moveCursor(tx: Tx, connection: string, name: string, value: string): Promise<void> {
  await tx.query(
    `insert into cursor (tenant, connection, name, value) values (current_tenant(), $1, $2, $3)
     on conflict (tenant, connection, name) do update set value = excluded.value, moved_at = now()`,
    [connection, name, value],
  );
}

/** Time since a place was last moved; null when there is none. */
export async function cursorAgeMs(tx: Tx, connection: string, name: string): Promise<number | null> {
  const { rows } = await tx.query<{ ms: number }>(
    `select extract(epoch from now() - moved_at)::float8 * 1000 as ms from cursor
     where tenant = current_tenant() and connection = $1 and name = $2`,
    [connection, name],
  );
  return rows[0]?.ms ?? null;
}
