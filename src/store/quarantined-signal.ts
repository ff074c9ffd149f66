import type { Tx } from './transaction.ts';

export interface QuarantinedBody {
  connection: string;
  /** SHA-256 of the body, so that a repeated delivery is one row. */
  bodyHash: string;
  body: string;
  reason: string;
}

/**
 * Keeps a webhook body that cannot be read as an event. It is acknowledged, because refusing it would pause
 * the sender's whole queue; kept as base64, because it may hold bytes that jsonb refuses.
 */
export async function insertQuarantinedSignal(tx: Tx, tenant: string, kept: QuarantinedBody): Promise<void> {
  await tx.query(
    `insert into signal (tenant, connection, dedupe_key, object, native_id, hint, state, reason)
     values ($1, $2, $3, 'unreadable', '', $4, 'quarantined', $5)
     on conflict (tenant, connection, dedupe_key) do nothing`,
    [
      tenant,
      kept.connection,
      `unreadable:${kept.bodyHash}`,
      JSON.stringify({ bodyBase64: Buffer.from(kept.body).toString('base64') }),
      kept.reason,
    ],
  );
}
