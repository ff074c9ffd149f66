import { z } from 'zod';
import type { Actor, User, Vendor } from '../records.ts';
import type { World } from '../state.ts';

export const userFields = z
  .strictObject({
    name: z.string().min(1),
    job_title: z.string().nullable(),
    mobile_phone: z.string().nullable(),
    is_active: z.boolean(),
    /** The box "Can push to accounting". */
    accounting_approver: z.boolean(),
  })
  .partial();

/** Changes a user's entry in the company's directory. */
export function editUser(world: World, user: User, fields: z.output<typeof userFields>, actor: Actor): void {
  const { accounting_approver: isApprover, name, ...details } = fields;
  if (name !== undefined) user.name = name;
  user.details = { ...user.details, ...details };
  if (isApprover !== undefined)
    user.roles = [
      ...user.roles.filter((role) => role !== 'accounting_approver'),
      ...(isApprover ? ['accounting_approver'] : []),
    ];
  user.updated_at = world.clock.now();
  tellDirectory(world, 'Users', user, actor);
}

/**
 * One change of an entry of the directory. Where the zone still tells every project of it, as all did until June
 * 2026, there is an event for each.
 */
export function tellDirectory(
  world: World,
  of: 'Users' | 'Vendors',
  entry: Pick<User | Vendor, 'id' | 'company_id'>,
  actor: Actor,
): void {
  world.announce(`Company ${of}`, 'update', { id: entry.id, company_id: entry.company_id }, actor);
  if (!world.settings.directory_fan_out) return;
  for (const project of world.projects.values())
    if (project.company_id === entry.company_id)
      world.announce(
        `Project ${of}`,
        'update',
        { id: entry.id, company_id: entry.company_id, project_id: project.id },
        actor,
      );
}
