import type { Remembered } from '../../domain/audit/audit-anchor.ts';
import type { ChainPlace } from '../../domain/audit/audit-chain.ts';
import type { Tx } from '../database/transaction.ts';

export type RememberedAnchor = Remembered & { readonly place: ChainPlace };

/** The last anchor that this database knows to have left it. */
export async function lastAnchor(tx: Tx): Promise<RememberedAnchor | null> {
  const { rows } = await tx.query<{ number: string; digest: string; seq: string; head: string }>(
    'select number, digest, seq, head from audit_anchor where tenant = current_tenant() order by number desc limit 1',
  );
  const row = rows[0];
  if (row === undefined) return null;
  const place = { seq: BigInt(row.seq), hash: row.head };
  return { number: BigInt(row.number), digest: row.digest, place };
}

/** Remembers an anchor that has left the database; one that is remembered already stays as it is. */
export async function rememberAnchor(
  tx: Tx,
  anchor: RememberedAnchor & { readonly at: Date },
): Promise<void> {
  await tx.query(
    `insert into audit_anchor (tenant, number, seq, head, digest, at) values (current_tenant(), $1, $2, $3, $4, $5)
     on conflict (tenant, number) do nothing`,
    [anchor.number.toString(), anchor.place.seq.toString(), anchor.place.hash, anchor.digest, anchor.at],
  );
}
