import { isPermitted } from '../auth.ts';
import { notFound } from '../errors.ts';
import { isoSeconds } from '../iso-seconds.ts';
import { assertParameters, integerParameter, paged, pagingParameters, requiredInteger } from '../query.ts';
import type { Answer, Context, Route } from '../router.ts';
import type { World } from '../state.ts';
import { assertMayRead } from '../tool-levels.ts';
import type { WorkflowInstance } from '../workflow-store.ts';

const BASE = '/rest/v1.0/workflow_instances';

export const workflowInstanceRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: listInstances },
  { method: 'GET', pattern: `${BASE}/:id`, handle: showInstance },
];

function listInstances(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [
    ...pagingParameters,
    'company_id',
    'filters[workflowed_object_id]',
    'filters[workflowed_object_type]',
  ]);
  requiredInteger(query, 'company_id');
  assertMayRead(context, 'Workflows');
  const itemId = integerParameter(query, 'filters[workflowed_object_id]');
  const itemType = query.get('filters[workflowed_object_type]');
  const rows = [...world.workflows.values()].filter(
    (row) =>
      isSeen(context, row) &&
      (itemId === null || row.item_id === itemId) &&
      (itemType === null || row.item_type === itemType),
  );
  return paged(context, rows, (row) => instanceView(world, row));
}

function showInstance(context: Context): Answer {
  assertParameters(context.query, ['company_id']);
  requiredInteger(context.query, 'company_id');
  assertMayRead(context, 'Workflows');
  const row = context.world.workflows.get(Number(context.params.id));
  if (row === undefined || !isSeen(context, row)) throw notFound();
  return { status: 200, body: instanceView(context.world, row) };
}

function isSeen({ company, connection }: Context, { company_id, project_id }: WorkflowInstance): boolean {
  return company_id === company.id && isPermitted(connection, project_id);
}

/** Words of states are the company's own; the status of an ended one is inferred. */
function instanceView(world: World, row: WorkflowInstance): Record<string, unknown> {
  const step = row.steps[row.step];
  const assignee = world.users.get(step?.assignee_id ?? -1);
  const ids = { workflow_activity_id: row.id * 100 + row.step, workflow_instance_id: row.id };
  const role = row.id * 100 + row.step + 50;
  const open = row.outcome === null && step !== undefined;
  return {
    id: row.id,
    becomes_overdue_at: null,
    current_state_set_at: isoSeconds(row.state_set_at),
    workflowed_object_id: row.item_id,
    workflowed_object_type: row.item_type,
    project: { id: row.project_id, name: world.projects.get(row.project_id)?.name ?? '' },
    current_workflow_activities: !open
      ? []
      : [
          {
            id: ids.workflow_activity_id,
            name: 'Approve',
            workflow_user_role: {
              id: role,
              name: step.name,
              assignee: { id: step.assignee_id, name: assignee?.name ?? '' },
            },
            perform_activity: {
              url: '/rest/v1.0/workflow_activity_histories',
              method: 'post',
              data: { workflow_activity_history: { ...ids, workflow_user_role_id: role } },
            },
          },
        ],
    current_workflow_state: {
      id: ids.workflow_activity_id + (open ? 0 : 99),
      name: open ? step.name : row.outcome === 'approved' ? 'Approved' : 'Rejected',
      status: open ? 'in_progress' : (row.outcome ?? ''),
    },
    workflow: {
      id: 1,
      name: row.name,
      description: null,
      class_name: row.item_type,
      created_at: isoSeconds(row.started_at),
      updated_at: isoSeconds(row.started_at),
      domain: 'project',
    },
  };
}
