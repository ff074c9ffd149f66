import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { Tx } from '../database/transaction.ts';

/** One request that was sent for a posting: what is known before it leaves, and what it answered. */
export type Attempt = {
  readonly id: string;
  readonly posting: string;
  readonly number: number;
  readonly connection: string;
  readonly laneFence: string;
  readonly accountFence: string;
  readonly at: Date;
  readonly deadline: Date;
};

export async function addAttempt(tx: Tx, attempt: Attempt): Promise<void> {
  await tx.query(
    `with made as (
       insert into attempt (tenant, id, connection, lane_fence, account_fence, intended_at, deadline)
       values (current_tenant(), $1, $2, $3, $4, $5, $6) returning tenant, id
     )
     insert into attempt_posting (tenant, attempt, posting, number) select tenant, id, $7, $8 from made`,
    [
      attempt.id,
      attempt.connection,
      attempt.laneFence,
      attempt.accountFence,
      attempt.at,
      attempt.deadline,
      attempt.posting,
      attempt.number,
    ],
  );
}

export async function attemptSent(tx: Tx, posting: string, number: number, at: Date): Promise<void> {
  await tx.query(
    `update attempt a set sent_at = $3 from attempt_posting p
     where a.tenant = current_tenant() and (p.tenant, p.attempt) = (a.tenant, a.id) and p.posting = $1 and p.number = $2`,
    [posting, number, at],
  );
}

export async function finishAttempt(
  tx: Tx,
  posting: string,
  number: number,
  outcome: Outcome,
  at: Date,
): Promise<void> {
  await tx.query(
    `with answered as (
       update attempt_posting set outcome = $3 where tenant = current_tenant() and posting = $1 and number = $2
       returning tenant, attempt
     )
     update attempt a set finished_at = $4 from answered where (a.tenant, a.id) = (answered.tenant, answered.attempt)`,
    [posting, number, JSON.stringify(outcome), at],
  );
}
