import type { Tx } from '../database/transaction.ts';
import type { ReviewQuestion } from './review.ts';

/**
 * Asks about a finding once: an open question is brought up to date, and one that a person decided is not asked
 * again as long as it is the same finding.
 */
export async function tellFinding(
  tx: Tx,
  question: Omit<ReviewQuestion, 'kind' | 'document'>,
): Promise<void> {
  await tx.query(
    `insert into review_item (tenant, id, kind, subject, title, question, evidence, role)
     select current_tenant(), $1, 'exception', $2, $3, $4, $5, $6
     where not exists (select 1 from review_item r where r.tenant = current_tenant() and r.kind = 'exception' and r.subject = $2
       and r.state in ('approved', 'corrected', 'rejected'))
     on conflict (tenant, kind, subject) where state = 'open' do update set title = excluded.title,
       question = excluded.question, evidence = excluded.evidence, role = excluded.role`,
    [
      question.id,
      question.subject,
      question.title,
      question.question,
      JSON.stringify(question.evidence),
      question.role,
    ],
  );
}

/** Closes the open questions under a prefix of subjects that the last look did not find again. */
export async function expireFindings(tx: Tx, prefix: string, except: readonly string[]): Promise<number> {
  const { rowCount } = await tx.query(
    `update review_item set state = 'expired', decided_at = now()
     where tenant = current_tenant() and kind = 'exception' and state = 'open' and starts_with(subject, $1)
       and not (subject = any($2::text[]))`,
    [prefix, except],
  );
  return rowCount ?? 0;
}
