import type { Tx } from '../database/transaction.ts';

export interface AuditViewRow {
  seq: string;
  at: Date;
  kind: string;
  actor: string;
  document: string | null;
  entry: string;
  hash: string;
}

/** One page of the chain, newest first, below the cursor, of one document or of all. */
export async function listAudit(
  tx: Tx,
  filter: { document: string | null; before: string | null; limit: number },
): Promise<AuditViewRow[]> {
  const { rows } = await tx.query<AuditViewRow>(
    `select seq, at, kind, actor, document, entry, hash from audit
     where ($1::uuid is null or document = $1) and ($2::bigint is null or seq < $2)
     order by seq desc limit $3`,
    [filter.document, filter.before, filter.limit],
  );
  return rows;
}

export async function countAudit(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ seq: string }>('select seq from audit_head');
  return Number(rows[0]?.seq ?? 0);
}
