import type { Tx } from '../database/transaction.ts';

export type ReviewKind =
  | 'approval'
  | 'unmapped'
  | 'vendor-match'
  | 'adoption'
  | 'conflict'
  | 'refused'
  | 'exception'
  | 'quarantined'
  | 'policy'
  | 'billing';
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
  readonly decidedBy: string | null;
};

const WRITE = 'exception:';

/** What a question about one write is about. */
export function subjectOfWrite(posting: string): string {
  return `${WRITE}${posting}`;
}

/** The write that a question is about, or null when it is about something else. */
export function writeOf({ subject }: Pick<StoredReview, 'subject'>): string | null {
  return subject.startsWith(WRITE) ? subject.slice(WRITE.length) : null;
}

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
  decidedBy: string | null;
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

/** Whoever asks about a subject asks alone: for questions that count. */
export async function lockSubject(tx: Tx, subject: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended(current_tenant() || $1, 0))', [subject]);
}

/** What the open question about a subject says it is based on; null when none is open. */
export async function openEvidence(
  tx: Tx,
  kind: ReviewKind,
  subject: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const { rows } = await tx.query<Pick<Row, 'evidence'>>(
    `select evidence from review_item
     where tenant = current_tenant() and kind = $1 and subject = $2 and state = 'open'`,
    [kind, subject],
  );
  return rows[0]?.evidence ?? null;
}

export async function getReview(
  tx: Tx,
  id: string,
  lock: 'lock' | 'read' = 'lock',
): Promise<StoredReview | null> {
  const { rows } = await tx.query<Row>(
    `select id, kind, subject, document, title, question, evidence, role, state, decided_by as "decidedBy" from review_item
     where tenant = current_tenant() and id = $1 ${lock === 'lock' ? 'for update' : ''}`,
    [id],
  );
  return rows[0] ?? null;
}

/** Decides an open question that this transaction holds locked. */
export async function decideReview(
  tx: Tx,
  id: string,
  decision: {
    readonly state: 'approved' | 'corrected' | 'rejected';
    readonly by: string;
    readonly at: Date;
    readonly detail: unknown;
  },
): Promise<void> {
  const { rowCount } = await tx.query(
    `update review_item set state = $2, decided_by = $3, decided_at = $4, decision = $5
     where tenant = current_tenant() and id = $1 and state = 'open'`,
    [id, decision.state, decision.by, decision.at, JSON.stringify(decision.detail)],
  );
  if (rowCount !== 1) throw new Error(`question ${id} is no longer open`);
}

/**
 * Questions about a document that a new plan no longer asks. Whatever the plan, a write that waits for a person
 * stays asked about for as long as it waits.
 */
export async function expireReviews(tx: Tx, document: string, except: readonly ReviewKind[]): Promise<void> {
  await tx.query(
    `update review_item r set state = 'expired', decided_at = now()
     where r.tenant = current_tenant() and r.document = $1 and r.state = 'open' and not (r.kind = any($2))
       and (r.kind <> 'exception' or (starts_with(r.subject, 'exception:') and not exists (
         select 1 from posting p where p.tenant = r.tenant and 'exception:' || p.id = r.subject
           and p.state in ('exception', 'refused'))))`,
    [document, except],
  );
}

/** Whether this was asked about a version of its record before, whatever came of it. */
export async function wasAsked(
  tx: Tx,
  kind: ReviewKind,
  subject: string,
  recordVersion: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from review_item where tenant = current_tenant() and kind = $1 and subject = $2
       and evidence ->> 'recordVersion' = $3 limit 1`,
    [kind, subject, String(recordVersion)],
  );
  return rowCount !== 0;
}

export async function expireSubject(tx: Tx, kind: ReviewKind, subject: string): Promise<void> {
  await tx.query(
    `update review_item set state = 'expired', decided_at = now()
     where tenant = current_tenant() and kind = $1 and subject = $2 and state = 'open'`,
    [kind, subject],
  );
}
