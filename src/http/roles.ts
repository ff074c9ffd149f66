import { policyProposers } from '../domain/approval/may-decide.ts';
import type { Person, Role } from './deps.ts';

// Who may do what, in one place; the engine's decisions check the item's own role again. An administrator
// keeps users and decides nothing about money.
export const APPROVERS = ['accountant', 'controller'] as const satisfies readonly Role[];
/** Taking over an order that stands in the ERP. */
export const ADOPTERS = ['controller'] as const satisfies readonly Role[];
/** Engineers close what was quarantined or ended in an exception: the item's role says which. */
export const REJECTERS = ['accountant', 'controller', 'engineer'] as const satisfies readonly Role[];
export const ANSWERERS = ['accountant', 'controller'] as const satisfies readonly Role[];
export const CHOICE_READERS = ['accountant', 'controller', 'engineer'] as const satisfies readonly Role[];
export const WITHDRAWERS = ['accountant', 'controller'] as const satisfies readonly Role[];
export const REPLANNERS = ['accountant', 'controller'] as const satisfies readonly Role[];
export const PROBERS = ['engineer'] as const satisfies readonly Role[];
export const PHASE_KEEPERS = ['engineer', 'controller'] as const satisfies readonly Role[];
/** Connecting systems and setting them up. Addresses and names of logins are shown to them alone, secrets to nobody. */
export const CONNECTORS = ['engineer'] as const satisfies readonly Role[];
/** Posted cost is shown by their word, whatever the phase. */
export const COST_KEEPERS = PHASE_KEEPERS;
/** Taking a support bundle: it shows settings of systems, and with names what the audit trail shows. */
export const SUPPORTERS = ['engineer', 'admin'] as const satisfies readonly Role[];
/** Whose words the web app speaks. */
export const WORD_KEEPERS = PHASE_KEEPERS;
/** Changing the policy: a controller who is somebody else then approves it in Review. */
export const POLICY_PROPOSERS = policyProposers satisfies readonly Role[];
export const COMPARERS = [
  'accountant',
  'controller',
  'project-manager',
  'engineer',
] as const satisfies readonly Role[];
export const AUDIT_READERS = [
  'accountant',
  'controller',
  'engineer',
  'admin',
] as const satisfies readonly Role[];

export function hasRole(person: Person, wanted: readonly Role[]): boolean {
  return person.roles.some((role) => wanted.includes(role));
}
