import { TENANT } from '../line/set-up.ts';
import type { BenchServer } from '../measure/server.ts';

/**
 * Fills the database with documents of the past until it holds so many: copies of a document that stands there, each
 * confirmed and with its posting, attempt and record version.
 */
export async function fillTo({ owner }: BenchServer, documents: number): Promise<void> {
  const { rows } = await owner.query<{ count: number }>('select count(*)::int as count from document');
  const missing = documents - rows[0]!.count;
  if (missing <= 0) return;
  await owner.query(
    `create temporary table if not exists sample as select * from document where source_id not like 'past-%' limit 1`,
  );
  const columns = await copied(owner, 'document', ['id', 'seq', 'source_id', 'root', 'state', 'number']);
  const start = rows[0]!.count;
  await owner.query(
    `insert into document (id, source_id, root, state, number, ${columns})
     select gen_random_uuid(), 'past-' || i, 'commitment:past-' || i, 'confirmed', 'PAST-' || i, ${columns}
     from sample, generate_series($1::int, $2::int) as i`,
    [start, start + missing - 1],
  );
  await owner.query(
    `insert into posting (tenant, id, document, connection, root, operation, write_name, write_kind, object, reference,
       target_hash, state, attempt, target_id)
     select tenant, gen_random_uuid(), id, target_connection, root, operation, 'order', 'create', 'purchase-order',
       'P' || right(md5(id::text), 15), payload_hash, 'posted', 1, 'past' from document d
     where d.source_id like 'past-%' and not exists (select 1 from posting p where (p.tenant, p.document) = (d.tenant, d.id))`,
  );
  await owner.query(
    `insert into record_version (tenant, connection, object, native_id, version, hash, body, raw_hash)
     select tenant, source_connection, source_object, source_id, 1, md5(id::text), body, md5(id::text) from document d
     where tenant = $1 and source_id like 'past-%' on conflict do nothing`,
    [TENANT],
  );
  await owner.query('vacuum analyze');
}

/** Every column but those that make the copy another document, and those that the database makes. */
async function copied(
  owner: BenchServer['owner'],
  table: string,
  without: readonly string[],
): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `select quote_ident(column_name) as name from information_schema.columns
     where table_schema = 'public' and table_name = $1 and column_name <> all ($2) order by ordinal_position`,
    [table, without],
  );
  return rows.map(({ name }) => name).join(', ');
}
