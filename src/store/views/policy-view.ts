import type { Policy } from '../../domain/approval/gate.ts';
import type { Tx } from '../database/transaction.ts';

/** One version of the policy: who proposed it, who approved it, when and why. The earliest ones had one author. */
export interface PolicyVersionRow {
  version: number;
  body: Omit<Policy, 'version'>;
  set_by: string;
  approved_by: string | null;
  reason: string | null;
  set_at: Date;
}

/** Versions below one, the newest first. */
export async function listPolicyVersions(
  tx: Tx,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<PolicyVersionRow[]> {
  const { rows } = await tx.query<PolicyVersionRow>(
    `select version, body, set_by, approved_by, reason, set_at from policy
     where tenant = current_tenant() and ($1::integer is null or version < $1) order by version desc limit $2`,
    [before, limit],
  );
  return rows;
}

export interface PolicyProposalRow {
  id: string;
  evidence: unknown;
  opened_at: Date;
}

/** The change that waits for a second person; there is never more than one. */
export async function openPolicyProposal(tx: Tx): Promise<PolicyProposalRow | null> {
  const { rows } = await tx.query<PolicyProposalRow>(
    `select id, evidence, opened_at from review_item
     where tenant = current_tenant() and kind = 'policy' and state = 'open'`,
  );
  return rows[0] ?? null;
}
