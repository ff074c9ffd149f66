import type pg from 'pg';

export interface Hook {
  tenant: string;
  connection: string;
  secretHash: Buffer;
  companyId: string;
}

/** Finds an enabled webhook address before its tenant is known. */
export async function findHook(door: pg.Pool, hookId: string): Promise<Hook | null> {
  const { rows } = await door.query<{
    tenant: string;
    connection: string;
    secret_hash: Buffer;
    company_id: string;
  }>('select tenant, connection, secret_hash, company_id from door_find_hook($1)', [hookId]);
  const row = rows[0];
  if (!row) return null;
  return {
    tenant: row.tenant,
    connection: row.connection,
    secretHash: row.secret_hash,
    companyId: row.company_id,
  };
}
