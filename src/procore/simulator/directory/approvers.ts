import { fieldErrors } from '../http/errors.ts';
import type { Actor } from '../records.ts';
import type { World } from '../state.ts';

const ROLE = 'accounting_approver';

/**
 * Exports, imports and unlinking are for people who may push to accounting. A company whose seed names no such
 * person lets everybody.
 */
export function assertApprover(world: World, actor: Actor): void {
  const user = world.users.get(actor.user_id);
  if (!user || user.roles.includes(ROLE)) return;
  for (const { company_id, roles } of world.users.values())
    if (company_id === user.company_id && roles.includes(ROLE))
      throw fieldErrors(422, { as: ['is not an accounting approver'] });
}
