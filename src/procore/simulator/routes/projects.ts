import { z } from 'zod';
import { type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { projectListView, projectShowView, projectSyncView } from '../directory/directory-views.ts';
import { assertSameCompany, isPermitted, permittedProject } from '../http/auth.ts';
import { dateField, decimalField, idField, parsedBody, textField } from '../http/body.ts';
import { MONEY_SCALE, moneyText } from '../http/decimals.ts';
import { BLANK, type Errors, TAKEN } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { Project } from '../records.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const moneyField = decimalField(MONEY_SCALE).transform(moneyText);

/** Writable project fields of the sync rows; origin_code is deliberately not among them, as published. */
export const projectFields = {
  active: z.boolean(),
  address: textField,
  city: textField,
  country_code: textField,
  description: textField,
  start_date: dateField,
  completion_date: dateField,
  total_value: moneyField,
  warranty_start_date: dateField,
  warranty_end_date: dateField,
  flag: z.enum(['Red', 'Yellow', 'Green']),
  name: z.string().max(255),
  phone: textField,
  project_number: textField,
  public_notes: textField,
  square_feet: z.int(),
  state_code: textField,
  time_zone: z.string().max(100),
  zip: textField,
  origin_id: textField,
  origin_data: textField,
  estimated_value: moneyField,
  estimated_start_date: dateField,
  estimated_completion_date: dateField,
  store_number: textField,
  accounting_project_number: textField,
  designated_market_area: textField,
  sector: z.string(),
  work_scope: z.enum(['new_construction', 'renovation_alteration', 'maintenance_service']).nullable(),
};

const syncRow = z
  .strictObject({
    ...projectFields,
    id: idField,
    image_id: idField,
    office_id: idField,
    project_stage_id: idField,
    program_id: idField,
    project_bid_type_id: idField,
    project_type_id: idField,
    project_owner_type_id: idField,
    project_region_id: idField,
    project_template_id: idField,
    department_ids: z.array(idField),
    enable_copy_of_standard_cost_codes: z.boolean(),
    delivery_method: z.string().nullable(),
    estimated_budget: moneyField,
    priority: z.enum(['low', 'medium', 'high']),
    project_sector_id: idField,
  })
  .partial();

const syncBody = z.strictObject({ company_id: idField, updates: z.array(syncRow) });
type ProjectInput = Partial<z.output<typeof syncRow>>;

export const projectRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.1/projects', handle: listProjects },
  { method: 'GET', pattern: '/rest/v1.0/projects/:id', handle: showProject },
  { method: 'PATCH', pattern: '/rest/v1.0/projects/sync', handle: syncProjects },
];

function listProjects(context: Context): Answer {
  const { world, query, company, connection } = context;
  assertParameters(query, [
    ...pagingParameters,
    'company_id',
    'filters[id]',
    'filters[by_status]',
    'filters[name]',
    'filters[project_number]',
    'filters[created_at]',
    'filters[updated_at]',
    'filters[origin_id]',
    'filters[synced]',
  ]);
  requiredInteger(query, 'company_id');
  const keep = stampedFilter(query);
  const status = enumFilter(query, 'filters[by_status]', ['All', 'Active', 'Inactive']) ?? 'All';
  const synced = enumFilter(query, 'filters[synced]', ['true', 'false']);
  const equals = (name: string, value: unknown) => !query.has(name) || query.get(name) === value;
  const rows = [...world.projects.values()].filter(
    (project) =>
      project.company_id === company.id &&
      isPermitted(connection, project.id) &&
      keep(project) &&
      (status === 'All' || project.active === (status === 'Active')) &&
      (synced === null || (project.origin_id !== null) === (synced === 'true')) &&
      equals('filters[origin_id]', project.origin_id) &&
      equals('filters[name]', project.name) &&
      equals('filters[project_number]', project.details.project_number),
  );
  return paged(context, rows, (project) => projectListView(world, project));
}

function showProject(context: Context): Answer {
  assertParameters(context.query, ['company_id', 'view']);
  requiredInteger(context.query, 'company_id');
  const project = permittedProject(context.world, context.connection, Number(context.params.id));
  return { status: 200, body: projectShowView(context.world, project) };
}

function syncProjects(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, ['company_id', 'run_configurable_validations']);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  assertSameCompany(company.id, body.company_id);
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: (id) => ownProject(context, id),
    byOriginId: (originId) => ownProject(context, world.holderOf(company.id, 'project', originId) ?? -1),
    create: (row) => createProject(context, row),
    update: (project, row) => editProject(context, project, row),
    view: (project) => projectSyncView(world, project),
  });
}

function ownProject({ world, company, connection }: Context, id: number): Project | undefined {
  const project = world.projects.get(id);
  return project?.company_id === company.id && isPermitted(connection, id) ? project : undefined;
}

function createProject({ world, company, connection, actor }: Context, row: ProjectInput): Made<Project> {
  if (row.name === undefined || row.name.trim() === '') return { errors: { name: BLANK } };
  const project: Project = {
    id: world.nextId(),
    company_id: company.id,
    name: row.name,
    active: true,
    details: {},
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyProject(project, row);
  const target = { companyId: company.id, itemType: 'project', id: project.id, record: project };
  if (!world.setOrigin(target, row)) return { errors: TAKEN };
  world.projects.set(project.id, project);
  connection.project_ids?.add(project.id);
  world.announce('Projects', 'create', project, actor);
  return { item: project };
}

function editProject({ world, company, actor }: Context, project: Project, row: ProjectInput): Errors | null {
  if (row.name !== undefined && row.name.trim() === '') return { name: BLANK };
  const target = { companyId: company.id, itemType: 'project', id: project.id, record: project };
  if (!world.setOrigin(target, row)) return TAKEN;
  applyProject(project, row);
  project.updated_at = world.clock.now();
  world.announce('Projects', 'update', project, actor);
  return null;
}

/** Copies the writable fields of a row onto the project. */
export function applyProject(
  project: Project,
  row: ProjectInput & { origin_code?: string | null | undefined },
): void {
  const { name, active, id: _id, origin_id: _1, origin_code: _2, origin_data: _3, ...rest } = row;
  project.name = name ?? project.name;
  project.active = active ?? project.active;
  Object.assign(project.details, rest);
}
