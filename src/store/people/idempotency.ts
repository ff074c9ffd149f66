import type { Tx } from '../database/transaction.ts';

export interface IdempotentRequest {
  userId: string;
  key: string;
  requestHash: string;
}

export type Reservation =
  | { kind: 'reserved' }
  | { kind: 'answered'; status: number; answer: unknown }
  | { kind: 'running' }
  | { kind: 'other-request' };

/** Status of a row whose request has not been answered yet. */
const RUNNING = 0;

/**
 * Takes the key for this request. A row that is still running after staleBefore belonged to a process that
 * died: it is taken over, because everything behind a key compares and sets and so cannot happen twice.
 */
export async function reserveKey(
  tx: Tx,
  tenant: string,
  request: IdempotentRequest,
  times: { at: Date; staleBefore: Date },
): Promise<Reservation> {
  const taken = await tx.query(
    `insert into idempotency as i (tenant, user_id, key, request_hash, status, answer, at)
     values ($1, $2, $3, $4, ${RUNNING}, 'null', $5)
     on conflict (tenant, user_id, key) do update set at = excluded.at
       where i.status = ${RUNNING} and i.at < $6 and i.request_hash = excluded.request_hash
     returning 1`,
    [tenant, request.userId, request.key, request.requestHash, times.at, times.staleBefore],
  );
  if (taken.rowCount === 1) return { kind: 'reserved' };
  const { rows } = await tx.query<{ request_hash: string; status: number; answer: unknown }>(
    'select request_hash, status, answer from idempotency where user_id = $1 and key = $2',
    [request.userId, request.key],
  );
  const row = rows[0];
  if (!row) return { kind: 'running' };
  if (row.request_hash !== request.requestHash) return { kind: 'other-request' };
  if (row.status === RUNNING) return { kind: 'running' };
  return { kind: 'answered', status: row.status, answer: row.answer };
}

export async function saveAnswer(
  tx: Tx,
  request: IdempotentRequest,
  answer: { status: number; body: unknown },
): Promise<void> {
  await tx.query('update idempotency set status = $3, answer = $4 where user_id = $1 and key = $2', [
    request.userId,
    request.key,
    answer.status,
    JSON.stringify(answer.body ?? null),
  ]);
}

/** Gives a key back after our own failure, so that the same request may be tried again. */
export async function releaseKey(tx: Tx, request: IdempotentRequest): Promise<void> {
  await tx.query(`delete from idempotency where user_id = $1 and key = $2 and status = ${RUNNING}`, [
    request.userId,
    request.key,
  ]);
}

/** Forgets answers older than the promise made to clients; called by the daily sweep. */
export async function forgetAnswers(tx: Tx, before: Date): Promise<number> {
  const { rowCount } = await tx.query('delete from idempotency where at < $1', [before]);
  return rowCount ?? 0;
}
