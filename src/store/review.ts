import type { Tx } from './transaction.ts';

export type ReviewKind =
  | 'approval'
  | 'unmapped'
  | 'vendor-match'
  | 'conflict'
  | 'refused'
  | 'exception'
  | 'quarantined';
export type ReviewQuestion = {
  readonly id: string;
  readonly kind: ReviewKind;
  /** One open question per subject, however often it is asked. */
  readonly subject: string;
  readonly document: string | null;
  readonly title: string;
  readonly question: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly role: string;
};
export type StoredReview = ReviewQuestion & {
  readonly state: 'open' | 'approved' | 'corrected' | 'rejected' | 'expired';
};

type Row = {
  id: string;
  kind: ReviewKind;
  subject: string;
  document: string | null;
  title: string;
  question: string;
  evidence: Record<string, unknown>;
  role: string;
  state: StoredReview['state'];
};

/** Asks a question, or brings the open one about the same subject up to date. */
export async function openReview(tx: Tx, item: ReviewQuestion): Promise<void> {
  await tx.query(
    `insert into review_item (tenant, id, kind, subject, document, title, question, evidence, role)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant, kind, subject) where state = 'open' do update set title = excluded.title,
       question = excluded.question, evidence = excluded.evidence, role = excluded.role, document = excluded.document`,
    [
      item.id,
      item.kind,
      item.subject,
      item.document,
      item.title,
      item.question,
      JSON.stringify(item.evidence),
      item.role,
    ],
  );
}

export async function getReview(tx: Tx, id: string): Promise<StoredReview | null> {
  const { rows } = await tx.query<Row>(
    `select id, kind, subject, document, title, question, evidence, role, state from review_item
     where tenant = current_tenant() and id = $1 for update`,
    [id],
  );
  return rows[0] ?? null;
}

/** Decides an open question once: the second of two clicks, or of two people, finds it decided. */
export async function decideReview(
  tx: Tx,
  id: string,
  decision: {
    readonly state: 'approved' | 'corrected' | 'rejected';
    readonly by: string;
    readonly at: Date;
    readonly detail: unknown;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update review_item set state = $2, decided_by = $3, decided_at = $4, decision = $5
     where tenant = current_tenant() and id = $1 and state = 'open'`,
    [id, decision.state, decision.by, decision.at, JSON.stringify(decision.detail)],
  );
  return rowCount === 1;
}

/** Questions about a document that a new plan no longer asks. */
export async function expireReviews(tx: Tx, document: string, except: readonly ReviewKind[]): Promise<void> {
  await tx.query(
    `update review_item set state = 'expired', decided_at = now()
     where tenant = current_tenant() and document = $1 and state = 'open' and not (kind = any($2))`,
    [document, except],
  );
}

export async function expireSubject(tx: Tx, kind: ReviewKind, subject: string): Promise<void> {
  await tx.query(
    `update review_item set state = 'expired', decided_at = now()
     where tenant = current_tenant() and kind = $1 and subject = $2 and state = 'open'`,
    [kind, subject],
  );
}
