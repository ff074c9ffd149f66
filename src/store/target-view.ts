import type { Tx } from './transaction.ts';

export interface TargetChoice {
  code: string;
  name: string;
}

/**
 * What a correction may choose: postable accounts, active projects and vendors as the target's own records
 * name them. Targets are the connections that documents go to, so the source's vendors are not among them.
 */
export async function listTargetChoices(
  tx: Tx,
  wish: { kind: string; q: string; limit: number },
): Promise<TargetChoice[]> {
  const { rows } = await tx.query<TargetChoice>(
    `select distinct on (code) code, name from (
       select coalesce(r.body->>'code', r.native_id) as code, coalesce(r.body->>'name', r.native_id) as name
       from record r join connection c on c.tenant = r.tenant and c.id = r.connection
       where c.system <> 'procore' and r.object = $1 and not r.gone
         and coalesce(r.body->>'active', r.body->>'postable', 'true') = 'true'
     ) choice
     where code ilike $2 or name ilike $2
     order by code limit $3`,
    [wish.kind, `%${wish.q.replace(/[\\%_]/g, '\\$&')}%`, wish.limit],
  );
  return rows;
}
