import type { Tx } from '../database/transaction.ts';

// A job that did not end within this time died with its process: the slot may be taken again.
const DEAD_AFTER = '1 hour';

/** Starts a timed job once per slot, whoever else believes it is time; a slot whose run died is taken over. */
export async function startSlot(tx: Tx, job: string, slot: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into schedule (tenant, job, slot) values (current_tenant(), $1, $2)
     on conflict (tenant, job, slot) do update set started_at = now()
       where schedule.finished_at is null and schedule.started_at < now() - $3::interval`,
    [job, slot, DEAD_AFTER],
  );
  return rowCount === 1;
}

export async function finishSlot(tx: Tx, job: string, slot: string): Promise<void> {
  await tx.query(
    'update schedule set finished_at = now() where tenant = current_tenant() and job = $1 and slot = $2',
    [job, slot],
  );
}

/** A run that could not be done leaves its slot to the next look. */
export async function leaveSlot(tx: Tx, job: string, slot: string): Promise<void> {
  await tx.query(
    'delete from schedule where tenant = current_tenant() and job = $1 and slot = $2 and finished_at is null',
    [job, slot],
  );
}

/** The last slots of a job that came to their end, newest first. */
export async function lastSlot(tx: Tx, job: string): Promise<string | null> {
  const { rows } = await tx.query<{ slot: string }>(
    `select slot from schedule where tenant = current_tenant() and job = $1 and finished_at is not null
     order by slot desc limit 1`,
    [job],
  );
  return rows[0]?.slot ?? null;
}
