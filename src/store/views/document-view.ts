import type { Tx } from '../database/transaction.ts';

/** A document as lists and record pages show it, joined with what names its project and systems. */
export interface DocumentViewRow {
  id: string;
  seq: string;
  kind: string;
  number: string;
  title: string;
  revision: number;
  state: string;
  project_id: string | null;
  project_name: string | null;
  vendor_name: string | null;
  amount_minor: string | null;
  currency: string | null;
  accounting_date: string | null;
  source_connection: string;
  source_system: string;
  source_object: string;
  source_id: string;
  target_connection: string;
  target_system: string;
  /** Name of the ERP company, where there are several. */
  target_company: string | null;
  target_id: string | null;
  target_number: string | null;
  reasons: unknown;
  updated_at: Date;
  source_url: string | null;
}

export interface DocumentDetailRow extends DocumentViewRow {
  record_version: number;
  body: unknown;
  mappings: unknown;
  payload_hash: string | null;
  line_keys: unknown;
  requester: string | null;
  planned_at: Date;
  posted_at: Date | null;
  confirmed_at: Date | null;
  source_body: unknown;
  /** What the approver typed besides, by the keys of the fields. */
  typed: unknown;
  /** Names the payload that the source sent. */
  raw_hash: string | null;
}

export interface DocumentFilter {
  states: readonly string[];
  everyRevision: boolean;
  project?: string | undefined;
  kind?: string | undefined;
  owner?: string | undefined;
  q?: string | undefined;
}

// Asked once for a whole list: it is about no document.
const ERPS = "select count(*) from connection where tenant = current_tenant() and system <> 'procore'";

const COLUMNS = `d.id, d.seq, d.kind, d.number, d.title, d.revision, d.state, d.project_id,
  p.body->>'name' as project_name, d.vendor_name, d.amount_minor, d.currency, d.accounting_date,
  d.source_connection, coalesce(sc.system, d.source_connection) as source_system, d.source_object, d.source_id,
  d.target_connection, coalesce(tc.system, d.target_connection) as target_system,
  case when tc.system <> 'procore' and (${ERPS}) > 1 then tc.name end as target_company, d.target_id, d.target_number,
  d.reasons, d.updated_at, d.body->>'sourceUrl' as source_url`;

/** The project of a document is Procore's, also where the document came from the ERP. */
export const PROJECT = `left join record p on p.tenant = d.tenant and p.object = 'project' and p.native_id = d.project_id
  and p.connection = case when tc.system = 'procore' then d.target_connection else d.source_connection end`;

const FROM = `from document d
  left join connection sc on sc.tenant = d.tenant and sc.id = d.source_connection
  left join connection tc on tc.tenant = d.tenant and tc.id = d.target_connection
  ${PROJECT}`;

/**
 * Leaves out a posted revision that a later posted one replaced: both name the same order in the target, and
 * its amount must count once. Lists and sums use the same words, so that a number opens what it counted.
 */
export const STANDING = 'not d.replaced';

// Every condition is written out and switched off by null, so that the statement stays one fixed text.
const WHERE = `where (cardinality($1::text[]) = 0 or d.state = any($1))
  and ($2::text is null or d.project_id = $2)
  and ($3::text is null or d.kind = $3)
  and ($4::text is null or d.reasons->0->>'owner' = $4)
  and ($5::text is null or d.number ilike $5 or d.title ilike $5 or d.vendor_name ilike $5
    or d.target_number ilike $5 or d.source_id = $6 or d.target_id = $6)
  and ($7 or ${STANDING})`;

/** One page of documents, newest first, below the cursor. */
export async function listDocuments(
  tx: Tx,
  filter: DocumentFilter,
  page: { before: string | null; limit: number },
): Promise<DocumentViewRow[]> {
  const { rows } = await tx.query<DocumentViewRow>(
    `select ${COLUMNS} ${FROM} ${WHERE} and ($8::bigint is null or d.seq < $8) order by d.seq desc limit $9`,
    [...parameters(filter), page.before, page.limit],
  );
  return rows;
}

export async function countDocuments(tx: Tx, filter: DocumentFilter): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from document d ${WHERE}`,
    parameters(filter),
  );
  return rows[0]?.count ?? 0;
}

export async function findDocument(tx: Tx, id: string): Promise<DocumentDetailRow | null> {
  const { rows } = await tx.query<DocumentDetailRow>(
    `select ${COLUMNS}, d.record_version, d.body, d.mappings, d.payload_hash, d.line_keys, d.requester,
       d.planned_at, d.posted_at, d.confirmed_at, v.body as source_body, v.raw_hash, i.content -> 'typed' as typed
     ${FROM}
     left join request_item i on i.tenant = d.tenant and i.connection = d.source_connection and i.key = d.request_key
     left join record_version v on v.tenant = d.tenant and v.connection = d.source_connection
       and v.object = d.source_object and v.native_id = d.source_id and v.version = d.record_version
     where d.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

function parameters(filter: DocumentFilter): unknown[] {
  const { q } = filter;
  return [
    filter.states,
    filter.project ?? null,
    filter.kind ?? null,
    filter.owner ?? null,
    q === undefined ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`,
    q ?? null,
    filter.everyRevision,
  ];
}
