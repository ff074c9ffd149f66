import type { MappingRow } from './mapping-row.ts';
import type { ScheduleLine } from './schedule.ts';
import type { CastVendor } from './vendor-list.ts';

/** What happens to a commitment in the story; the defects are named for what is wrong with it. */
export type CommitmentPart =
  | 'plain'
  /** Its subcontractor bills the work of two months. */
  | 'billed'
  | 'above-threshold'
  | 'changed-while-approved'
  | 'approval-kept-waiting'
  | 'edited-after-posting'
  | 'edited-by-hand-in-erp'
  | 'unmapped'
  | 'unmapped-kept'
  | 'vendor-comes-later'
  | 'vendor-missing'
  | 'vendor-ambiguous'
  /** Procore itself refuses to send it until somebody shortens its number. */
  | 'number-too-long'
  | 'period-closed'
  | 'draft'
  | 'never-sent';

export type ContractKind = 'work_order_contract' | 'purchase_order_contract';

export type CastCommitment = {
  readonly id: number;
  readonly part: CommitmentPart;
  readonly kind: ContractKind;
  readonly number: string;
  readonly title: string;
  readonly projectId: number;
  readonly vendorId: number;
  readonly manager: number;
  readonly contractDate: string;
  /** What the accounting approver types; null leaves it to the contract date. */
  readonly accountingDate: string | null;
  readonly lines: readonly ScheduleLine[];
};

export type CastChangeOrder = { readonly id: number; readonly contractId: number; readonly cents: bigint };

/** A change order as it stands before the story begins. */
export type SeededChangeOrder = CastChangeOrder & { readonly title: string; readonly approved: boolean };

export type CastProject = {
  readonly id: number;
  readonly name: string;
  readonly number: string;
  readonly erpCode: string;
};

/** Everybody and everything of the demo, by the part it plays: what the story and the judge look things up in. */
export type Cast = {
  readonly projects: readonly CastProject[];
  readonly vendors: readonly CastVendor[];
  readonly commitments: readonly CastCommitment[];
  /** Waiting at the start, approved in the course of the story. */
  readonly changeOrderToApprove: CastChangeOrder;
  /** What the accountant knows when asked: unmapped cost codes and vendors with two candidates. */
  readonly answers: readonly MappingRow[];
};

export function having(cast: Cast, part: CommitmentPart): CastCommitment[] {
  return cast.commitments.filter((commitment) => commitment.part === part);
}

/** What people mean to be in the ERP; the others are left alone on purpose. */
export function toExport({ commitments }: Cast): CastCommitment[] {
  return commitments.filter(({ part }) => part !== 'draft' && part !== 'never-sent');
}
