import type { Tx } from '../database/transaction.ts';

export interface TargetChoice {
  code: string;
  name: string;
}

// The fourth argument is where the answer counts.
const COMPANY = `coalesce(
  (select c.id from connection c where c.system <> 'procore' and c.id = $4),
  (select m.value ->> 'code' from mapping m where m.kind = 'company' and m.key = $4 and m.current),
  (select c.id from connection c where c.system <> 'procore' order by c.created_at, c.id limit 1))`;

const LIKE = /[\\%_]/g;

/**
 * What a correction may choose: postable accounts, active projects and vendors as the records of the ERP company name
 * them in which the answer counts. The scope of a question says which that is: a company, or a project that belongs to
 * one; without any it is the one that was connected first.
 */
export async function listTargetChoices(
  tx: Tx,
  wish: { kind: string; q: string; scope: string; limit: number },
): Promise<TargetChoice[]> {
  const { rows } = await tx.query<TargetChoice>(
    `select distinct on (code) code, name from (
       select coalesce(r.body->>'code', r.native_id) as code, coalesce(r.body->>'name', r.native_id) as name
       from record r
       where r.connection = ${COMPANY} and r.object = $1 and not r.gone
         and coalesce(r.body->>'active', r.body->>'postable', 'true') = 'true'
     ) choice
     where code ilike $2 or name ilike $2
     order by code limit $3`,
    [wish.kind, `%${wish.q.replace(LIKE, '\\$&')}%`, wish.limit, wish.scope],
  );
  return rows;
}

/** The ERP companies of a tenant, as the answer to where a project belongs. */
export async function listCompanies(tx: Tx): Promise<TargetChoice[]> {
  const { rows } = await tx.query<TargetChoice>(
    `select id as code, name from connection where system <> 'procore' order by created_at, id limit 100`,
  );
  return rows;
}
