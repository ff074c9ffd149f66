import type { Tx } from '../database/transaction.ts';

// Names the company behind a connection as it is configured now.
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

/** Hash of the limits that this very company was last told; null where nobody told it any. */
export async function toldLimits(tx: Tx, connection: string): Promise<string | null> {
  const { rows } = await tx.query<{ told: string | null }>(
    `select case when told_company = ${COMPANY} then told_limits end as told
     from connection where tenant = current_tenant() and id = $1`,
    [connection],
  );
  return rows[0]?.told ?? null;
}

export async function saveToldLimits(tx: Tx, connection: string, hash: string): Promise<void> {
  await tx.query(
    `update connection set told_limits = $2, told_company = ${COMPANY}
     where tenant = current_tenant() and id = $1`,
    [connection, hash],
  );
}

/**
 * Of records that bear an origin id, the places of those which no link of ours and no record of the ERP accounts for:
 * some other integration marked them.
 */
export async function foreignOrigins(
  tx: Tx,
  { hub, erps }: { readonly hub: string; readonly erps: readonly string[] },
  seen: readonly { readonly object: string; readonly id: string; readonly originId: string }[],
): Promise<ReadonlySet<number>> {
  const { rows } = await tx.query<{ place: string }>(
    `select g.place - 1 as place
     from unnest($3::text[], $4::text[], $5::text[]) with ordinality as g (object, id, origin_id, place)
     where not exists (select from link l where l.tenant = current_tenant() and l.source_connection = $1
         and l.source_object = g.object and l.source_id = g.id and l.state = 'linked')
       and not exists (select from record r where r.tenant = current_tenant() and r.connection = any($2)
         and r.object = g.object and r.native_id = g.origin_id)`,
    [
      hub,
      erps,
      seen.map(({ object }) => object),
      seen.map(({ id }) => id),
      seen.map(({ originId }) => originId),
    ],
  );
  return new Set(rows.map(({ place }) => Number(place)));
}

/** Of which kinds anything of these ERPs was read yet. */
export async function objectsRead(tx: Tx, connections: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ object: string }>(
    `select object from unnest(array['vendor', 'project']) as k (object)
     where exists (select from record r where r.tenant = current_tenant() and r.connection = any($1) and r.object = k.object)`,
    [connections],
  );
  return new Set(rows.map(({ object }) => object));
}
