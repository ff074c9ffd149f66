import { mayApprove } from '../domain/approval.ts';
import type { Decidable, Person } from './deps.ts';

/**
 * Whether the buttons of a review item are offered. It only says early what the decision itself checks again:
 * an approval needs four eyes, every other item its role, for which a controller may stand in.
 */
export function mayDecide(user: Person, item: Decidable): { ok: true } | { ok: false; why: string } {
  if (item.kind === 'approval') return mayApprove(user, item, item.neededRole);
  const stands = item.neededRole === 'accountant' && user.roles.includes('controller');
  if (stands || user.roles.some((role) => role === item.neededRole)) return { ok: true };
  return { ok: false, why: `This needs the role ${item.neededRole}.` };
}
