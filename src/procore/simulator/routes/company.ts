import { permittedProject } from '../auth.ts';
import { costCodeView, lineItemTypeView } from '../contract-views.ts';
import {
  assertParameters,
  idFilter,
  integerParameter,
  paged,
  pagingParameters,
  requiredInteger,
} from '../query.ts';
import type { Answer, Context, Route } from '../router.ts';

export const companyRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/companies', handle: listCompanies, worksDisconnected: true },
  { method: 'GET', pattern: '/rest/v1.0/me', handle: showMe },
  { method: 'GET', pattern: '/rest/v1.0/company_base_url', handle: showBaseUrl },
  { method: 'GET', pattern: '/rest/v1.0/cost_codes', handle: listCostCodes },
  { method: 'GET', pattern: '/rest/v1.0/line_item_types', handle: listLineItemTypes },
];

function listCompanies(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters, 'include_free_companies']);
  const rows = [...context.app.connections.keys()].flatMap((id) => context.world.companies.get(id) ?? []);
  return paged(context, rows, (company) => ({
    id: company.id,
    name: company.name,
    is_active: company.is_active,
    logo_url: '',
    pcn_business_experience: null,
    my_company: true,
  }));
}

function showMe(context: Context): Answer {
  assertParameters(context.query, ['company_id', 'project_id']);
  const user = context.world.users.get(context.connection.user_id);
  return { status: 200, body: { id: user?.id ?? 0, login: user?.login ?? '', name: user?.name ?? '' } };
}

function showBaseUrl(context: Context): Answer {
  assertParameters(context.query, ['company_id']);
  return {
    status: 200,
    body: { zone: 'us02', web_base_url: `https://app.procore.com/${context.company.id}` },
  };
}

function listCostCodes(context: Context): Answer {
  const { world, query, connection } = context;
  assertParameters(query, [
    ...pagingParameters,
    'project_id',
    'sub_job_id',
    'filters[id]',
    'filters[origin_id]',
    'view',
  ]);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const ids = idFilter(query, 'filters[id]');
  const originId = query.get('filters[origin_id]');
  const rows = [...world.costCodes.values()].filter(
    (code) =>
      code.project_id === project.id &&
      (ids?.has(code.id) ?? true) &&
      (originId === null || code.origin_id === originId),
  );
  return paged(context, rows, (code) => costCodeView(world, code));
}

function listLineItemTypes(context: Context): Answer {
  const { world, query, company } = context;
  assertParameters(query, [...pagingParameters, 'company_id', 'project_id', 'filters[origin_id]']);
  requiredInteger(query, 'company_id');
  const projectId = integerParameter(query, 'project_id');
  if (projectId !== null) permittedProject(world, context.connection, projectId);
  const originId = query.get('filters[origin_id]');
  const rows = [...world.lineItemTypes.values()].filter(
    (type) => type.company_id === company.id && (originId === null || type.origin_id === originId),
  );
  return paged(context, rows, lineItemTypeView);
}
