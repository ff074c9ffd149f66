import { COMPANY_TOOLS, levelOf, PROJECT_TOOLS, TOOL_LEVELS } from '../directory/tool-levels.ts';
import { permittedProject } from '../http/auth.ts';
import { fieldErrors } from '../http/errors.ts';
import { assertParameters, integerParameter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';

/** What the caller itself may do, tool by tool, in the company or in one project. */
export const permissionRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/settings/permissions', handle: showPermissions },
];

function showPermissions({ world, query, connection }: Context): Answer {
  assertParameters(query, ['project_id', 'company_id', 'filter_correspondence_types']);
  const projectId = integerParameter(query, 'project_id');
  if (projectId === null && !query.has('company_id'))
    throw fieldErrors(400, { base: ['project_id or company_id is missing'] });
  if (projectId !== null) permittedProject(world, connection, projectId);
  const user = world.users.get(connection.user_id);
  const tools = (projectId === null ? COMPANY_TOOLS : PROJECT_TOOLS).map((tool, index) => {
    const level = levelOf(user, tool);
    return {
      id: index + 1,
      name: tool.toLowerCase().replace(/ /g, '_'),
      friendly_name: tool,
      domain_id: index + 1,
      tab_group: projectId === null ? 'company' : 'project',
      available_for_user: level !== 'None',
      url: `/${projectId ?? connection.company_id}/${tool.toLowerCase().replace(/ /g, '_')}`,
      user_access_level: { id: TOOL_LEVELS.indexOf(level) + 1, name: level },
      permitted_actions: [],
      create_url: null,
      can_create: level === 'Admin' || level === 'Standard',
      trial: false,
    };
  });
  return { status: 200, body: { tools } };
}
