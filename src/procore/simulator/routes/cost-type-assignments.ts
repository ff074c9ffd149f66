import { z } from 'zod';
import { assignmentOf, removeAssignment } from '../costs/cost-code-store.ts';
import { codingErrors } from '../costs/job-cost-store.ts';
import { isPermitted, permittedProject } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { accessError, notFound } from '../http/errors.ts';
import { assertParameters, integerParameter, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { assertRowCount } from './vendors.ts';

const row = z.strictObject({ cost_code_id: idField, line_item_type_id: idField, synced: z.boolean() });
const syncBody = z.strictObject({ updates: z.array(row) });

/** The guide writes the path of a deletion with one more plural than that of the sync. */
export const costTypeAssignmentRoutes: readonly Route[] = [
  { method: 'PATCH', pattern: '/rest/v1.0/cost_code_line_item_types/sync', handle: syncAssignments },
  { method: 'DELETE', pattern: '/rest/v1.0/cost_codes_line_item_types/:id', handle: deleteAssignment },
];

function syncAssignments(context: Context): Answer {
  const { world, connection, query } = context;
  assertParameters(query, ['project_id', 'sub_job_id']);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const subJobId = integerParameter(query, 'sub_job_id');
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  for (const update of body.updates) {
    const code = world.costCodes.get(update.cost_code_id);
    const wrong = codingErrors(world, project.id, update);
    if (wrong || !code || code.sub_job_id !== subJobId || code.deleted_at !== null) {
      errors.push({ ...update, errors: wrong ?? { cost_code_id: ['does not exist'] } });
      continue;
    }
    const assignment = assignmentOf(world, code, update.line_item_type_id);
    assignment.synced = update.synced;
    const { id, cost_code_id, line_item_type_id, synced } = assignment;
    entities.push({ id, cost_code_id, line_item_type_id, synced });
  }
  return { status: 200, body: { entities, errors } };
}

function deleteAssignment(context: Context): Answer {
  const { world, connection, company, params } = context;
  const id = Number(params.id);
  const found = [...world.costTypeAssignments.values()].find((each) => each.id === id);
  if (found?.company_id !== company.id) throw notFound('Cost Code Line Item Type not found');
  if (!isPermitted(connection, found.project_id))
    throw accessError(403, 'You do not have permission to access this project.');
  removeAssignment(world, found);
  return { status: 200, body: { id } };
}
