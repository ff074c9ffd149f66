import { assertParameters, paged, pagingParameters } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';

export const companyRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/companies', handle: listCompanies, worksDisconnected: true },
  { method: 'GET', pattern: '/rest/v1.0/me', handle: showMe },
  { method: 'GET', pattern: '/rest/v1.0/company_base_url', handle: showBaseUrl },
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
