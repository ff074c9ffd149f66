import type { Approval } from '../../domain/approval/approval.ts';
import type { Shown } from '../../domain/changed-since.ts';
import type { Tx } from '../database/transaction.ts';

export type StoredApproval = Approval & { readonly id: string };

export async function addApproval(
  tx: Tx,
  document: string,
  approval: Omit<StoredApproval, 'consumed' | 'stale'> & { readonly at: Date; readonly shown?: Shown | null },
): Promise<void> {
  await tx.query(
    `insert into approval (tenant, id, document, payload_hash, mapping_hash, policy_version, decided_by, role, decided_at, shown)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      approval.id,
      document,
      approval.payloadHash,
      approval.mappingHash,
      approval.policyVersion,
      approval.decidedBy,
      approval.role,
      approval.at,
      approval.shown == null ? null : JSON.stringify(approval.shown),
    ],
  );
}

/** The newest approval that is neither used nor stale, and whether who gave it still has the role. */
export async function openApproval(
  tx: Tx,
  document: string,
): Promise<(StoredApproval & { readonly approverMay: boolean }) | null> {
  const { rows } = await tx.query<{
    id: string;
    payload_hash: string;
    mapping_hash: string;
    policy_version: number;
    decided_by: string;
    role: string;
    approver_may: boolean;
  }>(
    `select id, payload_hash, mapping_hash, policy_version, decided_by, role,
       exists (select from app_user u where u.tenant = current_tenant() and lower(u.email) = lower(approval.decided_by)
         and approval.role = any(u.roles) and u.disabled_at is null) as approver_may
     from approval
     where tenant = current_tenant() and document = $1 and consumed_at is null and stale_at is null
     order by decided_at desc limit 1 for update`,
    [document],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    payloadHash: row.payload_hash,
    mappingHash: row.mapping_hash,
    policyVersion: row.policy_version,
    decidedBy: row.decided_by,
    role: row.role,
    consumed: false,
    stale: false,
    approverMay: row.approver_may,
  };
}

/** What the last approver of a document saw, if that approval was never used. */
export async function lastShown(
  tx: Tx,
  document: string,
): Promise<{ readonly by: string; readonly shown: Shown } | null> {
  const { rows } = await tx.query<{ by: string; shown: Shown | null; consumed: boolean }>(
    `select decided_by as by, shown, consumed_at is not null as consumed from approval
     where tenant = current_tenant() and document = $1 order by decided_at desc limit 1`,
    [document],
  );
  const row = rows[0];
  return row === undefined || row.shown === null || row.consumed ? null : { by: row.by, shown: row.shown };
}

export async function consumeApproval(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query(
    'update approval set consumed_at = $2 where tenant = current_tenant() and id = $1 and consumed_at is null',
    [id, at],
  );
}

/** Approvals bind what was seen: a changed payload, mapping or policy makes them stale. Says how many. */
export async function staleApprovals(
  tx: Tx,
  document: string,
  keep: { payloadHash: string; mappingHash: string; policyVersion: number } | null,
  at: Date,
): Promise<number> {
  const { rowCount } = await tx.query(
    `update approval set stale_at = $5 where tenant = current_tenant() and document = $1 and consumed_at is null and stale_at is null
       and not coalesce(payload_hash = $2 and mapping_hash = $3 and policy_version = $4, false)`,
    [document, keep?.payloadHash ?? null, keep?.mappingHash ?? null, keep?.policyVersion ?? null, at],
  );
  return rowCount ?? 0;
}
