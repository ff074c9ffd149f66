import type { Tx } from '../database/transaction.ts';
import type { Planned } from './document-lists.ts';

const PAGE = 1_000;

/**
 * Of what waits for an earlier application of a contract, page by page, that which may be billed next: the lowest
 * application above the last invoice that stands, or else the lowest, and whatever is no application at all.
 */
export async function nextToBill(tx: Tx, contract: string, after: string | null): Promise<Planned[]> {
  const { rows } = await tx.query<Planned>(
    `with waiting as (
       select d.id, d.source_connection, d.source_object, d.source_id, (r.body ->> 'application')::int as application,
         coalesce((select max((s.body ->> 'application')::int) from document s
           where s.tenant = d.tenant and s.root = d.root and s.target_connection = d.target_connection
             and s.kind in ('ap-invoice', 'ar-invoice') and s.state in ('posted', 'confirmed')), 0) as standing
       from waits_for w join document d on (d.tenant, d.id) = (w.tenant, w.document)
       left join record r on (r.tenant, r.connection, r.object, r.native_id) =
         (d.tenant, d.source_connection, d.source_object, d.source_id)
       where w.tenant = current_tenant() and w.kind = 'billing' and w.key = $1
     ), ranked as (
       select *, application is null
         or dense_rank() over (order by application is null, application <= standing, application) = 1 as is_next
       from waiting
     )
     select id as document, source_connection as connection, source_object as object, source_id as "nativeId"
     from ranked where is_next and ($2::uuid is null or id > $2) order by id limit $3`,
    [contract, after, PAGE],
  );
  return rows;
}
