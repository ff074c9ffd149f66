import { keepPayload } from './payload.ts';
import type { Tx } from './transaction.ts';

export interface QuarantinedBody {
  connection: string;
  body: string;
  reason: string;
}

/**
 * Keeps a webhook body that cannot be read as an event, once however often it comes. It is acknowledged,
 * because refusing it would pause the sender's whole queue.
 */
export async function quarantineBody(tx: Tx, { connection, body, reason }: QuarantinedBody): Promise<void> {
  const payload = await keepPayload(tx, body, 'signal');
  await tx.query(
    `insert into signal (tenant, connection, dedupe_key, object, native_id, hint, state, reason)
     values (current_tenant(), $1, $2, 'unreadable', '', $3, 'quarantined', $4)
     on conflict (tenant, connection, dedupe_key) do nothing`,
    [connection, `unreadable:${payload}`, JSON.stringify({ payload }), reason],
  );
}
