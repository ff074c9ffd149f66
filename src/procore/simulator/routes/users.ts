import { assertMayRead } from '../directory/tool-levels.ts';
import { notFound } from '../http/errors.ts';
import { assertParameters, enumFilter, paged, pagingParameters, stampedFilter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { User } from '../records.ts';

const BASE = '/rest/v1.3/companies/:company_id/users';

export const userRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: listUsers },
  { method: 'GET', pattern: `${BASE}/:id`, handle: showUser },
];

function listUsers(context: Context): Answer {
  const { query, world, company } = context;
  const filters = ['filters[created_at]', 'filters[updated_at]'];
  assertParameters(query, [...pagingParameters, ...filters, 'view']);
  const view = enumFilter(query, 'view', ['extended', 'ids_only', 'normal']);
  const keep = stampedFilter(query);
  const rows = [...world.users.values()].filter((user) => user.company_id === company.id && keep(user));
  assertMayRead(context, 'Directory');
  if (view === 'ids_only') return paged(context, rows, (user) => user.id);
  return paged(context, rows, (user) => ({
    ...userView(user),
    erp_integrated_accountant: user.roles.includes('accounting_approver'),
  }));
}

function showUser(context: Context): Answer {
  assertParameters(context.query, []);
  const user = context.world.users.get(Number(context.params.id));
  if (user?.company_id !== context.company.id) throw notFound('User not found');
  return { status: 200, body: userView(user) };
}

function userView(user: User): Record<string, unknown> {
  const names = user.name.split(' ');
  return {
    id: user.id,
    name: user.name,
    first_name: names.length > 1 ? names.slice(0, -1).join(' ') : null,
    last_name: names.at(-1) ?? '',
    email_address: user.login,
    is_active: user.details?.is_active ?? true,
    is_employee: true,
    job_title: user.details?.job_title ?? null,
    mobile_phone: user.details?.mobile_phone ?? null,
    origin_id: null,
    origin_data: null,
    vendor: null,
    created_at: isoSeconds(user.created_at),
    updated_at: isoSeconds(user.updated_at),
  };
}
