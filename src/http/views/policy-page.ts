import { z } from 'zod';
import type { Policy } from '../../domain/approval/gate.ts';
import { mayApprovePolicy, mayProposePolicy } from '../../domain/approval/may-decide.ts';
import {
  ALWAYS_ASKED,
  approvingRoles,
  policyChoices,
  pricedKinds,
  wholePolicy,
} from '../../domain/approval/policy.ts';
import { policyChanges } from '../../domain/approval/policy-changes.ts';
import type { StoredUser } from '../../store/people/users.ts';
import type { PolicyProposalRow, PolicyVersionRow } from '../../store/views/policy-view.ts';
import type { Person } from '../deps.ts';
import { PolicyChange, type PolicyPage, type PolicyVersion } from '../schemas/policy.ts';
import { instant } from './amounts.ts';

type Page = z.infer<typeof PolicyPage>;

/** The policy that counts, as this person may see and change it. */
export function toPolicyPage(
  policy: Policy,
  proposal: PolicyProposalRow | null,
  { person, users }: { readonly person: Person; readonly users: readonly StoredUser[] },
): Page {
  const may = mayProposePolicy(person, users);
  const { approvals, ...rest } = wholePolicy(policy);
  return {
    version: policy.version,
    policy: { ...rest, approvals: [...approvals] },
    form,
    mayPropose: may.ok,
    whyNot: may.ok ? null : may.why,
    proposal: proposal === null ? null : toProposal(proposal, person),
  };
}

/** One version with what it changed of the one before. */
export function toPolicyVersion(row: PolicyVersionRow, before: Policy): z.infer<typeof PolicyVersion> {
  return {
    version: row.version,
    at: instant(row.set_at),
    setBy: row.set_by,
    approvedBy: row.approved_by,
    reason: row.reason,
    changes: policyChanges(wholePolicy(before), wholePolicy({ ...row.body, version: row.version })),
  };
}

const form: Page['form'] = {
  kinds: Object.entries(pricedKinds).map(([kind, label]) => ({
    kind: kind as keyof typeof pricedKinds,
    label,
    always: kind === ALWAYS_ASKED,
  })),
  roles: [...approvingRoles],
  choices: policyChoices.map((choice) => ({ ...choice, options: [...choice.options] })),
};

const Evidence = z.object({
  proposedBy: z.string(),
  reason: z.string().catch(''),
  changes: z.array(PolicyChange).catch([]),
});

function toProposal({ id, opened_at, evidence }: PolicyProposalRow, person: Person): Page['proposal'] {
  const { proposedBy, reason, changes } = Evidence.parse(evidence);
  return {
    ...{ id, at: instant(opened_at), proposedBy, reason, changes },
    mayTakeBack: proposedBy === person.email,
    mayDecide: mayApprovePolicy(person, proposedBy).ok,
  };
}
