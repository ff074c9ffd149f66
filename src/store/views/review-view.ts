import type { Tx } from '../database/transaction.ts';
import { PROJECT } from './document-view.ts';

/** A review item with what its document says about it. */
export interface ReviewViewRow {
  id: string;
  kind: string;
  subject: string;
  title: string;
  question: string;
  role: string;
  state: string;
  evidence: unknown;
  document: string | null;
  decided_by: string | null;
  decided_at: Date | null;
  opened_at: Date;
  amount_minor: string | null;
  currency: string | null;
  project_name: string | null;
  requester: string | null;
  mappings: unknown;
  payload_hash: string | null;
  body: unknown;
}

// A question that many documents wait for belongs to none of them; its evidence names the first.
const DOCUMENT = `coalesce(r.document, case when r.evidence->>'document' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  then (r.evidence->>'document')::uuid end)`;

const SELECT = `select r.id, r.kind, r.subject, r.title, r.question, r.role, r.state, r.evidence, ${DOCUMENT} as document,
    r.decided_by, r.decided_at, r.opened_at, d.amount_minor, d.currency,
    coalesce(p.body->>'name', d.project_id) as project_name, d.requester, d.mappings, d.payload_hash, d.body
  from review_item r
  left join document d on d.tenant = r.tenant and d.id = ${DOCUMENT}
  left join connection tc on tc.tenant = d.tenant and tc.id = d.target_connection
  ${PROJECT}`;

/** Review items of a state, oldest first: whoever waits longest is served first. */
export async function listReview(tx: Tx, state: string, limit: number): Promise<ReviewViewRow[]> {
  const { rows } = await tx.query<ReviewViewRow>(`${SELECT} where r.state = $1 order by r.seq limit $2`, [
    state,
    limit,
  ]);
  return rows;
}

/** Items about the document and open questions that it waits for together with others. */
export async function listReviewOf(tx: Tx, documentId: string): Promise<ReviewViewRow[]> {
  const { rows } = await tx.query<ReviewViewRow>(
    `${SELECT} where r.document = $1 or (r.state = 'open' and r.subject in (
       select w.kind || ':' || w.key from waits_for w where w.document = $1))
     order by r.seq desc limit 100`,
    [documentId],
  );
  return rows;
}

export async function findReview(tx: Tx, id: string): Promise<ReviewViewRow | null> {
  const { rows } = await tx.query<ReviewViewRow>(`${SELECT} where r.id = $1`, [id]);
  return rows[0] ?? null;
}

/** How many other documents wait for the same thing as this item, and exports that cannot be any before it is answered. */
export async function countAlsoReleased(tx: Tx, item: ReviewViewRow): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select (select count(distinct w.document) from waits_for w
         where ($1::uuid is null or w.document <> $1) and w.kind || ':' || w.key = $2)::int
       + (select count(*) from request_item i where i.state in ('received', 'working')
         and $2 = 'mapping:company:' || (i.content ->> 'projectId'))::int as count`,
    [item.document, item.subject],
  );
  return rows[0]?.count ?? 0;
}

/** Names of source projects that questions are asked for. */
export async function projectNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; name: string }>(
    `select r.native_id as id, r.body->>'name' as name from record r
     join connection c on c.tenant = r.tenant and c.id = r.connection and c.system = 'procore'
     where r.object = 'project' and r.native_id = any($1) and r.body->>'name' is not null
     union all select c.id, c.name from connection c where c.system <> 'procore' and c.id = any($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
