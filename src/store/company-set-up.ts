import type { Tx } from './transaction.ts';

// The same connection may be pointed at another company, which was told nothing.
const COMPANY = `concat_ws(' ', config ->> 'apiUrl', config ->> 'companyId')`;

/** An address that Procore may deliver to, and the hash of what it has to present there. */
export type HookAddress = {
  readonly id: string;
  readonly companyId: string;
  readonly secretHash: Buffer;
  readonly createdAt: Date;
};

/** The addresses that are open for a connection, the newest first. */
export async function openHooks(tx: Tx, connection: string): Promise<HookAddress[]> {
  const { rows } = await tx.query<HookAddress>(
    `select id, company_id as "companyId", secret_hash as "secretHash", created_at as "createdAt" from hook
     where tenant = current_tenant() and connection = $1 and disabled_at is null order by created_at desc, id limit 100`,
    [connection],
  );
  return rows;
}

/** Nothing is taken in there any more; the row stays. */
export async function closeHook(tx: Tx, id: string): Promise<void> {
  await tx.query(
    'update hook set disabled_at = now() where tenant = current_tenant() and id = $1 and disabled_at is null',
    [id],
  );
}

/** Hash of the metadata that this very company was last told; null where nobody told it any. */
export async function toldMetadata(tx: Tx, connection: string): Promise<string | null> {
  const { rows } = await tx.query<{ hash: string | null }>(
    `select case when health -> 'metadata' ->> 'company' = ${COMPANY} then health -> 'metadata' ->> 'hash' end as hash
     from connection where tenant = current_tenant() and id = $1`,
    [connection],
  );
  return rows[0]?.hash ?? null;
}

export async function saveToldMetadata(tx: Tx, connection: string, hash: string): Promise<void> {
  await tx.query(
    `update connection set health = health || jsonb_build_object('metadata',
       jsonb_build_object('hash', $2::text, 'company', ${COMPANY}, 'at', now()))
     where tenant = current_tenant() and id = $1`,
    [connection, hash],
  );
}
