import { budgetChangeListView, budgetChanges, budgetChangeView } from '../budget/budget-change-store.ts';
import {
  budgetModifications,
  budgetModificationView,
  modifiedBy,
} from '../budget/budget-modification-store.ts';
import { type BudgetLine, budgetLines, budgetOf } from '../budget/budget-store.ts';
import { wbsCodeOf } from '../budget/wbs-code-store.ts';
import { currency } from '../contracts/contract-views.ts';
import { permittedProject } from '../http/auth.ts';
import { moneyText } from '../http/decimals.ts';
import { notFound } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  idFilter,
  paged,
  pagingParameters,
  requiredInteger,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { World } from '../state.ts';

const VIEWS = '/rest/v1.0/budget_views';

/** The budget as people see it, and the changes of it that they approve. */
export const budgetViewRoutes: readonly Route[] = [
  { method: 'GET', pattern: VIEWS, handle: listViews },
  { method: 'GET', pattern: `${VIEWS}/:id/detail_rows`, handle: listRows },
  { method: 'GET', pattern: '/rest/v1.0/projects/:project_id/budget_changes', handle: listChanges },
  { method: 'GET', pattern: '/rest/v1.0/projects/:project_id/budget_changes/:id', handle: showChange },
  {
    method: 'GET',
    pattern: '/rest/v1.0/projects/:project_id/budget_modifications',
    handle: listModifications,
  },
];

/** One view is enough: which columns a company adds to its views is its own matter. */
function listViews(context: Context): Answer {
  const { world, connection, query } = context;
  assertParameters(query, [...pagingParameters, 'project_id', 'sort']);
  enumFilter(query, 'sort', ['created_at']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const budget = budgetOf(world, project);
  const links = { detail_rows: `${VIEWS}/${budget.view_id}/detail_rows`, summary_rows: '' };
  return paged(context, [budget], ({ view_id, created_at, updated_at }) => ({
    ...{ id: view_id, name: 'Standard Budget', description: '', role: 'project', links },
    created_at: isoSeconds(created_at),
    updated_at: isoSeconds(updated_at),
    created_by: null,
  }));
}

function listRows(context: Context): Answer {
  const { world, connection, query, params } = context;
  const filters = ['cost_code_id', 'category_id', 'budget_line_item_id', 'budget_row_type'];
  assertParameters(query, [...pagingParameters, 'project_id', ...filters]);
  enumFilter(query, 'budget_row_type', ['budgeted', 'unbudgeted', 'all']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  if (budgetOf(world, project).view_id !== Number(params.id)) throw notFound('Budget View not found');
  const [codes, types, lines] = ['cost_code_id', 'category_id', 'budget_line_item_id'].map((name) =>
    idFilter(query, name),
  );
  const found = budgetLines(world, project.id).filter(
    (line) =>
      (codes?.has(line.cost_code_id) ?? true) &&
      (types?.has(line.line_item_type_id) ?? true) &&
      (lines?.has(line.id) ?? true),
  );
  return paged(context, found, (line) => rowView(world, line));
}

function rowView(world: World, line: BudgetLine): Record<string, unknown> {
  const code = world.costCodes.get(line.cost_code_id);
  const subJob = world.subJobs.get(code?.sub_job_id ?? -1);
  const type = world.lineItemTypes.get(line.line_item_type_id);
  const project = world.projects.get(line.project_id)?.name ?? '';
  return {
    id: line.id,
    deletable: true,
    company_id: line.company_id,
    company: '',
    project_id: line.project_id,
    wbs_code_id: wbsCodeOf(world, line.project_id, line).id,
    biller_id: subJob?.id ?? line.project_id,
    root_cost_code_id: line.cost_code_id,
    cost_code_id: line.cost_code_id,
    cost_code_origin_id: code?.origin_id ?? null,
    category_id: line.line_item_type_id,
    project,
    biller: subJob?.name ?? project,
    biller_type: subJob ? 'SubJob' : 'Project',
    root_cost_code: code?.name ?? '',
    cost_code: `${code?.full_code ?? ''} - ${code?.name ?? ''}`,
    category: type?.name ?? '',
    budget_modifications: moneyText(modifiedBy(world, line.project_id, line.id)),
    original_budget_amount: moneyText(line.amount),
    budget_forecast: null,
    currency_configuration: currency(world, line.company_id),
    unbudgeted_reason: '',
  };
}

/** A path of the first version that answers in an envelope all the same, and in one piece. */
function listChanges(context: Context): Answer {
  const { world, connection, query, params } = context;
  assertParameters(query, ['exclude_custom_fields']);
  const project = permittedProject(world, connection, Number(params.project_id));
  const data = budgetChanges(world, project.id).map((change) => budgetChangeListView(world, change));
  return { status: 200, body: { data } };
}

function showChange({ world, connection, query, params }: Context): Answer {
  assertParameters(query, []);
  const project = permittedProject(world, connection, Number(params.project_id));
  const change = world.budgetChanges.get(Number(params.id));
  if (change?.project_id !== project.id) throw notFound('Budget Change not found');
  return { status: 200, body: { data: budgetChangeView(world, change) } };
}

function listModifications(context: Context): Answer {
  const { world, connection, query, params } = context;
  assertParameters(query, pagingParameters);
  const project = permittedProject(world, connection, Number(params.project_id));
  return paged(context, budgetModifications(world, project.id), budgetModificationView);
}
