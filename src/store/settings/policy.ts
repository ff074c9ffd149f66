import { defaultPolicy, type Policy } from '../../domain/approval/gate.ts';
import type { Tx } from '../database/transaction.ts';

export async function currentPolicy(tx: Tx): Promise<Policy> {
  const { rows } = await tx.query<{ version: number; body: Omit<Policy, 'version'> }>(
    'select version, body from policy where tenant = current_tenant() order by version desc limit 1',
  );
  const row = rows[0];
  return row === undefined ? defaultPolicy : { ...row.body, version: row.version };
}

/** Whose word it was besides, and why: what a proposal becomes has both. */
export type SecondWord = { readonly approvedBy: string; readonly reason: string; readonly at: Date };

export async function setPolicy(
  tx: Tx,
  body: Omit<Policy, 'version'>,
  by: string,
  second: SecondWord | null = null,
): Promise<number> {
  const { rows } = await tx.query<{ version: number }>(
    `insert into policy (tenant, version, body, set_by, approved_by, reason, set_at)
     select current_tenant(), coalesce(max(version), 0) + 1, $1, $2, $3, $4, coalesce($5::timestamptz, now())
     from policy where tenant = current_tenant() returning version`,
    [JSON.stringify(body), by, second?.approvedBy ?? null, second?.reason ?? null, second?.at ?? null],
  );
  return rows[0]!.version;
}
