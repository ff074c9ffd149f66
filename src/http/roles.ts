import type { Person, Role } from './deps.ts';

// Who may do what, in one place. An administrator keeps users and phases and decides nothing about money.
export const APPROVERS = ['accountant', 'controller'] as const satisfies readonly Role[];
export const ANSWERERS = ['accountant', 'controller', 'engineer'] as const satisfies readonly Role[];
export const WITHDRAWERS = ['accountant', 'controller'] as const satisfies readonly Role[];
export const REPLANNERS = ['accountant', 'controller', 'engineer'] as const satisfies readonly Role[];
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
export const PHASE_KEEPERS = ['engineer', 'admin'] as const satisfies readonly Role[];

export function hasRole(person: Person, wanted: readonly Role[]): boolean {
  return person.roles.some((role) => wanted.includes(role));
}
