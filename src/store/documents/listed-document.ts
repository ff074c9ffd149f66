import type { Finding, Loss } from '../../domain/masters/reference-findings.ts';
import type { Match } from '../../domain/posting/writes.ts';
import type { Tx } from '../database/transaction.ts';

export type Listed = Match & { readonly reference: string };

/** The database's time, as it was when a sweep began. */
export async function sweepStart(tx: Tx): Promise<string> {
  const { rows } = await tx.query<{ at: string }>('select now()::text as at');
  return rows[0]!.at;
}

/** Keeps what an ERP listed; the same document listed twice in one go counts once. */
export async function keepListed(
  tx: Tx,
  connection: string,
  startedAt: string,
  rows: readonly Listed[],
): Promise<void> {
  const once = [...new Map(rows.map((row) => [`${row.reference} ${row.id}`, row])).values()];
  await tx.query(
    `insert into listed_document (tenant, connection, reference, target_id, number, state, hash, listed_at)
     select current_tenant(), $1, reference, target_id, number, state, hash, $2::timestamptz
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as l (reference, target_id, number, state, hash)
     on conflict (tenant, connection, reference, target_id) do update
       set number = excluded.number, state = excluded.state, hash = excluded.hash,
         -- Two sweeps may run at once: what the later one saw must not look forgotten to it.
         listed_at = greatest(listed_document.listed_at, excluded.listed_at)`,
    [
      connection,
      startedAt,
      once.map(({ reference }) => reference),
      once.map(({ id }) => id),
      once.map(({ number }) => number ?? null),
      once.map(({ state }) => state),
      once.map(({ hash }) => hash),
    ],
  );
}

/**
 * Drops what the sweep did not see again: everything after a whole listing, after a shorter one what was sent in
 * its time and so had to be in it.
 */
export async function forgetUnlisted(
  tx: Tx,
  connection: string,
  startedAt: string,
  sentSince: string | null,
): Promise<void> {
  await tx.query(
    `delete from listed_document l where l.tenant = current_tenant() and l.connection = $1 and l.listed_at < $2::timestamptz
       and ($3::date is null or exists (select 1 from posting p where p.tenant = l.tenant and p.connection = l.connection
         and p.reference = l.reference and p.sent_at >= $3::date))`,
    [connection, startedAt, sentSince],
  );
}

/** What is written about a document and changes nothing of what was approved. */
const BESIDE = "'attachment', 'payment-block'";

type FindingRow = {
  reference: string;
  ids: string[];
  numbers: string[];
  document: string | null;
  document_number: string | null;
  mark: string;
};

/** Two documents that stand there under one reference. */
export async function findDuplicates(tx: Tx, connection: string, limit: number): Promise<Finding[]> {
  const { rows } = await tx.query<FindingRow>(
    `select f.reference, f.ids, f.numbers, d.id as document, d.number as document_number, '' as mark
     from (select l.reference, array_agg(l.target_id order by l.target_id) as ids,
             array_agg(coalesce(l.number, l.target_id) order by l.target_id) as numbers
           from listed_document l where l.tenant = current_tenant() and l.connection = $1 and l.state <> 'cancelled'
           group by l.reference having count(*) > 1 order by l.reference limit $2) f
     left join posting p on p.tenant = current_tenant() and p.connection = $1 and p.reference = f.reference
       and p.write_kind = 'create' and p.state <> 'cancelled'
     left join document d on d.tenant = current_tenant() and d.id = p.document
     order by f.reference limit $2`,
    [connection, limit],
  );
  return rows.map((row) => findingOf('duplicate', row));
}

/** Documents that stand there although nothing of ours that was sent made them. */
export async function findOrphans(tx: Tx, connection: string, limit: number): Promise<Finding[]> {
  const { rows } = await tx.query<FindingRow>(
    `select l.reference, array[l.target_id] as ids, array[coalesce(l.number, l.target_id)] as numbers,
       null as document, null as document_number, '' as mark
     from listed_document l where l.tenant = current_tenant() and l.connection = $1 and l.state <> 'cancelled'
       and not exists (select 1 from posting p where p.tenant = l.tenant and p.connection = l.connection and p.reference = l.reference
         and p.state not in ('refused', 'cancelled') and (p.sent_at is not null or p.state not in ('ready', 'intended')))
       and not exists (select 1 from self_test t where t.tenant = l.tenant and t.connection = l.connection
         and l.reference = any(t.test_references))
     order by l.reference, l.target_id limit $2`,
    [connection, limit],
  );
  return rows.map((row) => findingOf('orphan', row));
}

/**
 * What was posted well before the sweep began and is not listed: a list may lag behind by some time. Changes are
 * documents of their own only in some ERPs.
 */
export async function findMissing(
  tx: Tx,
  connection: string,
  wish: {
    readonly startedAt: string;
    readonly lagMs: number;
    readonly changesAreDocuments: boolean;
    readonly limit: number;
  },
): Promise<Finding[]> {
  const { rows } = await tx.query<FindingRow>(
    `select p.reference, array[coalesce(p.target_id, '')] as ids, array[coalesce(d.target_number, p.target_id, '')] as numbers,
       d.id as document, d.number as document_number, '' as mark
     from posting p join document d on d.tenant = p.tenant and d.id = p.document
     where p.tenant = current_tenant() and p.connection = $1 and p.state in ('posted', 'adopted')
       and d.kind in ('purchase-order', 'ap-invoice', 'ar-invoice', 'contract-change', 'budget', 'vendor-payment')
       and p.object not in (${BESIDE}) and d.state <> 'detached'
       and (p.write_kind = 'create' or $2)
       and p.updated_at < $3::timestamptz - $5::int * interval '1 ms'
       and not exists (select 1 from listed_document l where l.tenant = p.tenant and l.connection = p.connection
         and l.reference = p.reference)
     order by p.seq limit $4`,
    [connection, wish.changesAreDocuments, wish.startedAt, wish.limit, wish.lagMs],
  );
  return rows.map((row) => findingOf('missing', row));
}

/** How much is missing of all that was posted, and of what was posted last: a restored backup loses the newest. */
export async function countMissing(
  tx: Tx,
  connection: string,
  startedAt: string,
  lagMs: number,
): Promise<Loss[]> {
  const { rows } = await tx.query<{
    posted: string;
    missing: string;
    new_posted: string;
    new_missing: string;
  }>(
    `select count(*) as posted, count(*) filter (where gone) as missing,
       count(*) filter (where newest) as new_posted, count(*) filter (where gone and newest) as new_missing
     from (select p.updated_at > $2::timestamptz - interval '7 days' as newest,
             not exists (select 1 from listed_document l where l.tenant = p.tenant and l.connection = p.connection
               and l.reference = p.reference) as gone
           from posting p join document d on d.tenant = p.tenant and d.id = p.document
           where p.tenant = current_tenant() and p.connection = $1 and p.state in ('posted', 'adopted') and d.state <> 'detached'
             and d.kind in ('purchase-order', 'ap-invoice', 'ar-invoice', 'contract-change', 'budget', 'vendor-payment')
             and p.write_kind = 'create'
             and p.updated_at < $2::timestamptz - $3::int * interval '1 ms') each`,
    [connection, startedAt, lagMs],
  );
  const [row] = rows;
  return [
    { posted: Number(row!.posted), missing: Number(row!.missing) },
    { posted: Number(row!.new_posted), missing: Number(row!.new_missing) },
  ];
}

/**
 * Documents of ours that say something else than the write that last settled them, with nothing on its way. Orders
 * and invoices are numbered apart in some ERPs: which of them is meant, the reference tells.
 */
export async function findDrift(
  tx: Tx,
  connection: string,
  wish: { readonly changesAreDocuments: boolean; readonly lagMs: number; readonly limit: number },
): Promise<Finding[]> {
  const { rows } = await tx.query<FindingRow>(
    `select distinct on (l.target_id, made.kind) l.reference, array[l.target_id] as ids,
       array[coalesce(l.number, l.target_id)] as numbers, d.id as document, d.number as document_number,
       case when l.state = 'cancelled' then 'cancelled' else left(l.hash, 12) end as mark
     from listed_document l
     join posting c on c.tenant = l.tenant and c.connection = l.connection and c.reference = l.reference
       and c.write_kind = 'create' and c.state <> 'cancelled'
     join document made on made.tenant = c.tenant and made.id = c.document
     join lateral (select p.* from posting p join document o on o.tenant = p.tenant and o.id = p.document
         where p.tenant = l.tenant and p.connection = l.connection and p.target_id = l.target_id
           and o.kind = made.kind and p.object not in (${BESIDE})
           and p.state in ('posted', 'adopted') and (p.reference = l.reference or not $2)
         order by p.seq desc limit 1) p on true
     join document d on d.tenant = p.tenant and d.id = p.document
     where l.tenant = current_tenant() and l.connection = $1 and p.updated_at < l.listed_at - $4::int * interval '1 ms' and d.state <> 'detached'
       and (l.state = 'cancelled' or l.hash <> p.target_hash)
       and not exists (select 1 from posting other where other.tenant = p.tenant and other.connection = p.connection
         and other.root = p.root and other.state in ('intended', 'sent', 'accepted', 'unknown', 'settling', 'exception'))
     order by l.target_id, made.kind, p.seq desc limit $3`,
    [connection, wish.changesAreDocuments, wish.limit, wish.lagMs],
  );
  return rows.map((row) => findingOf('drift', row));
}

export async function countListed(tx: Tx, connection: string): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(
    'select count(*) as count from listed_document where tenant = current_tenant() and connection = $1',
    [connection],
  );
  return Number(rows[0]!.count);
}

function findingOf(kind: Finding['kind'], row: FindingRow): Finding {
  return {
    kind,
    reference: row.reference,
    targets: row.ids.map((id, index) => ({ id, number: row.numbers[index] ?? id })),
    document: row.document === null ? null : { id: row.document, number: row.document_number ?? '' },
    mark: row.mark,
  };
}
