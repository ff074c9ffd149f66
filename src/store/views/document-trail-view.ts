import type { Tx } from '../database/transaction.ts';

/** What belongs to one document besides itself: approvals, postings, audited events. */
export interface ApprovalViewRow {
  decided_by: string;
  role: string;
  decided_at: Date;
  consumed_at: Date | null;
  stale_at: Date | null;
}

export interface PostingViewRow {
  id: string;
  system: string;
  write_name: string;
  state: string;
  reference: string;
  attempt: number;
  reason: string | null;
  due_at: Date | null;
}

export interface TrailRow {
  seq: string;
  at: Date;
  kind: string;
  actor: string;
  entry: string;
}

// A document has a handful of each; the bound only keeps a broken one from filling the page.
const MAX_ROWS = 500;

export async function listApprovals(tx: Tx, documentId: string): Promise<ApprovalViewRow[]> {
  const { rows } = await tx.query<ApprovalViewRow>(
    `select decided_by, role, decided_at, consumed_at, stale_at from approval
     where document = $1 order by decided_at limit ${MAX_ROWS}`,
    [documentId],
  );
  return rows;
}

export async function listPostings(tx: Tx, documentId: string): Promise<PostingViewRow[]> {
  const { rows } = await tx.query<PostingViewRow>(
    `select p.id, coalesce(c.system, p.connection) as system, p.write_name, p.state, p.reference, p.attempt,
       p.reason, case when p.state in ('unknown', 'settling') then p.quiet_until
         when p.state = 'accepted' then p.give_up_at end as due_at
     from posting p left join connection c on c.tenant = p.tenant and c.id = p.connection
     where p.document = $1 order by p.seq limit ${MAX_ROWS}`,
    [documentId],
  );
  return rows;
}

/** The newest entries of the audit chain about the document, oldest first. */
export async function listTrail(tx: Tx, documentId: string): Promise<TrailRow[]> {
  const { rows } = await tx.query<TrailRow>(
    `select seq, at, kind, actor, entry from (
       select seq, at, kind, actor, entry from audit where document = $1 order by seq desc limit ${MAX_ROWS}
     ) newest order by seq`,
    [documentId],
  );
  return rows;
}
