import { assertMayRead } from '../directory/tool-levels.ts';
import { isPermitted, permittedProject } from '../http/auth.ts';
import { fieldErrors, notFound } from '../http/errors.ts';
import {
  assertParameters,
  integerParameter,
  paged,
  pagingParameters,
  requiredInteger,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { WorkflowInstance } from '../projects/workflow-store.ts';
import type { World } from '../state.ts';

const BASE = '/rest/v1.0/workflow_instances';

/** The newer routes: ids as text, and a list for each tool that the company has set up. */
const NEWER = '/rest/v2.0/companies/:company_id';
const INSTANCES = `${NEWER}/projects/:project_id/workflows/instances`;

export const workflowInstanceRoutes: readonly Route[] = [
  { method: 'GET', pattern: `${NEWER}/workflows/tools`, handle: listTools },
  { method: 'GET', pattern: INSTANCES, handle: listOfTool },
  { method: 'GET', pattern: `${INSTANCES}/:id`, handle: showNewer },
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

/** Tools by the kind of record that goes through them; their names are published nowhere (inferred). */
const TOOLS = [
  ['change_order_packages', 'Change Orders', 'ChangeOrderPackage'],
  ['work_order_contracts', 'Subcontracts', 'WorkOrderContract'],
  ['requisitions', 'Subcontractor Invoices', 'Requisition'],
] as const;

function listTools(context: Context): Answer {
  assertParameters(context.query, []);
  assertMayRead(context, 'Workflows');
  const tools = TOOLS.map(([type, name]) => ({ name, type, provider: 'Project', subtype: null }));
  return { status: 200, body: { data: tools } };
}

const FILTERS = ['tool_type', 'tool_subtype', 'item_id', 'assignee_id', 'active', 'overdue'];
const USUAL_PER_PAGE = 10;

/** Pages go by a cursor; where the next one stands is published nowhere: in the link, as of other lists (inferred). */
function listOfTool(context: Context): Answer {
  const { query, path } = context;
  assertParameters(query, ['per_page', 'cursor', ...FILTERS.map((name) => `filters[${name}]`)]);
  const rows = instancesOf(context);
  const type = query.get('filters[tool_type]');
  if (type === null) throw fieldErrors(400, { tool_type: ['is missing'] });
  const found = rows.filter((row) => toolOf(row) === type);
  const size = Math.min(100, integerParameter(query, 'per_page') ?? USUAL_PER_PAGE);
  const from = Number(query.get('cursor') ?? 0);
  const page = found.slice(from, from + size);
  const hasNext = from + size < found.length;
  const link = `<https://api.procore.com${path}?cursor=${from + size}&per_page=${size}>; rel="next"`;
  return { status: 200, body: { data: page.map(newerRow) }, headers: hasNext ? { Link: link } : {} };
}

function showNewer(context: Context): Answer {
  assertParameters(context.query, []);
  const row = instancesOf(context).find(({ id }) => String(id) === context.params.id);
  if (row === undefined) throw notFound();
  const step = row.outcome === null ? row.steps[row.step] : undefined;
  const assignee = context.world.users.get(step?.assignee_id ?? -1);
  const person = { id: String(assignee?.id ?? ''), login: assignee?.login ?? '', name: assignee?.name ?? '' };
  const data = {
    ...newerRow(row),
    current_step_occurrence: step && {
      id: String(row.id * 100 + row.step),
      step_uuid: `step-${row.step}`,
      name: step.name,
      started_at: isoSeconds(row.state_set_at),
      overdue_at: null,
    },
    workflow_manager: null,
    responsible_group_memberships: [],
    all_assignees: step ? [{ ...person, company: { name: '' } }] : [],
    template_version_id: '1',
  };
  return { status: 200, body: { data } };
}

function instancesOf(context: Context): WorkflowInstance[] {
  const { world, connection, params } = context;
  const project = permittedProject(world, connection, Number(params.project_id));
  assertMayRead(context, 'Workflows');
  return [...world.workflows.values()].filter(({ project_id }) => project_id === project.id);
}

function toolOf({ item_type }: WorkflowInstance): string | null {
  return TOOLS.find(([, , type]) => type === item_type)?.[0] ?? null;
}

function newerRow(row: WorkflowInstance): Record<string, unknown> {
  return {
    id: String(row.id),
    item_id: String(row.item_id),
    tool_subtype: null,
    tool_type: toolOf(row),
    created_at: isoSeconds(row.started_at),
    updated_at: isoSeconds(row.state_set_at),
    started_at: isoSeconds(row.started_at),
    ended_at: row.outcome === null ? null : isoSeconds(row.state_set_at),
  };
}
