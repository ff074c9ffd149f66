import { accessError } from '../http/errors.ts';
import type { Context } from '../http/router.ts';
import type { ToolLevel, User } from '../records.ts';

export const TOOL_LEVELS = ['None', 'Read Only', 'Standard', 'Admin'] as const;

/** Tools as an administrator sees them; names in the interface are published nowhere (inferred). */
export const COMPANY_TOOLS = ['Directory', 'ERP Integrations', 'Webhooks', 'Workflows', 'Admin'] as const;
export const PROJECT_TOOLS = [
  'Commitments',
  'Change Events',
  'Change Orders',
  'Daily Log',
  'Direct Costs',
  'Documents',
  'Prime Contracts',
  'RFIs',
  'Schedule',
  'Submittals',
] as const;
export type Tool = (typeof COMPANY_TOOLS)[number] | (typeof PROJECT_TOOLS)[number];

/** Who was given nothing in particular may do everything, as the service account of a new app does here. */
export function levelOf(user: User | undefined, tool: string): ToolLevel {
  return user?.tool_levels?.[tool] ?? 'Admin';
}

/** Refuses whoever may not even read with a tool. */
export function assertMayRead({ world, connection }: Context, tool: string): void {
  if (levelOf(world.users.get(connection.user_id), tool) === 'None')
    throw accessError(403, `You do not have permission to view the ${tool} tool.`);
}
