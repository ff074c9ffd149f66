import { type Approver, type MayApprove, mayApprove, type Provenance } from './approval.ts';

/** A controller may do what an accountant may; nobody else stands in for another role. */
export function mayHandle(user: Approver, role: string): boolean {
  return user.roles.includes(role) || (role === 'accountant' && user.roles.includes('controller'));
}

/**
 * Whether the buttons of a review item are offered. It only says early what the decision itself checks again: an
 * approval, or taking over an order, needs four eyes, every other item its role.
 */
export function mayDecide(
  user: Approver,
  item: Provenance & { readonly kind: string; readonly neededRole: string },
): MayApprove {
  if (item.kind === 'approval' || item.kind === 'adoption') return mayApprove(user, item, item.neededRole);
  if (mayHandle(user, item.neededRole)) return { ok: true };
  return { ok: false, why: `This needs the role ${item.neededRole}.` };
}
