import { type Approver, type MayApprove, mayApprove, type Provenance, sameMail } from './approval.ts';
import { POLICY_KEEPER } from './policy.ts';

/** A controller may do what an accountant may; nobody else stands in for another role. */
export function mayHandle(user: Approver, role: string): boolean {
  return user.roles.includes(role) || (role === 'accountant' && user.roles.includes('controller'));
}

/**
 * Whether the buttons of a review item are offered. It only says early what the decision itself checks again: an
 * approval, taking over an order, or a change of the policy needs four eyes, every other item its role.
 */
export function mayDecide(
  user: Approver,
  item: Provenance & { readonly kind: string; readonly neededRole: string },
): MayApprove {
  if (item.kind === 'approval' || item.kind === 'adoption') return mayApprove(user, item, item.neededRole);
  // Whoever exported it is named where its amount asks for a second person.
  if (item.kind === 'billing' && item.requester !== null) return mayApprove(user, item, item.neededRole);
  if (item.kind === 'policy') return mayApprovePolicy(user, item.requester);
  if (mayHandle(user, item.neededRole)) return { ok: true };
  return { ok: false, why: `This needs the role ${item.neededRole}.` };
}

export const policyProposers = ['accountant', 'controller', 'engineer'] as const;

/** Whether somebody may propose a change of the policy, and somebody else is there to approve it. */
export function mayProposePolicy(user: Approver, users: readonly Approver[]): MayApprove {
  if (!policyProposers.some((role) => user.roles.includes(role)))
    return { ok: false, why: 'An accountant, a controller or an engineer proposes a change.' };
  if (users.some((other) => mayApprovePolicy(other, user.email).ok)) return { ok: true };
  const why = `Nobody could approve it: no other person has the role ${POLICY_KEEPER}. Add one first.`;
  return { ok: false, why };
}

/** Four eyes for the policy itself: whoever proposed a change of it does not approve it. */
export function mayApprovePolicy(user: Approver, proposedBy: string | null): MayApprove {
  if (proposedBy === null || sameMail(user.email, proposedBy))
    return { ok: false, why: 'You proposed this change: a second person must approve it.' };
  return mayApprove(user, { requester: proposedBy, editors: [] }, POLICY_KEEPER);
}
