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

/** One event to be written down, with the lane that it wakes. */
export type HeardSignal = {
  readonly key: string;
  readonly object: string;
  readonly native_id: string;
  readonly hint: Readonly<Record<string, string | null>>;
  readonly stage: string | null;
  readonly lane: string | null;
  readonly account: string | null;
};

/** What came under one hook, which proved itself by the secret of this hash. */
export type HeardGroup = {
  readonly hook: string;
  /** SHA-256, hex. */
  readonly secret: string;
  /** What nobody understood is kept whole; of everything else the ids are enough. */
  readonly bodies: readonly string[];
  readonly signals: readonly HeardSignal[];
};

/**
 * Writes the deliveries of many tenants down in one statement, which is one transaction. Answers for each group
 * whether its hook still stood with this secret at that moment; of one that did not, nothing was kept.
 */
export async function receiveGroups(door: pg.Pool, groups: readonly HeardGroup[]): Promise<boolean[]> {
  const { rows } = await door.query<{ admitted: number[] }>(
    'select array(select door_receive($1)) as admitted',
    [JSON.stringify(groups)],
  );
  const admitted = new Set(rows[0]?.admitted);
  return groups.map((_group, index) => admitted.has(index + 1));
}
