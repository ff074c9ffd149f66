import { z } from 'zod';
import {
  createStandardCostCode,
  editStandardCostCode,
  standardCostCodeRow,
  standardFullCode,
} from '../costs/cost-code-store.ts';
import { assertSameCompany } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { notFound } from '../http/errors.ts';
import { assertParameters, enumFilter, paged, pagingParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { StandardCostCode, StandardCostCodeList } from '../records.ts';
import type { World } from '../state.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const VIEWS = ['default', 'compact', 'extended'] as const;
const syncBody = z.strictObject({
  company_id: idField,
  standard_cost_code_list_id: idField,
  updates: z.array(standardCostCodeRow),
});

export const standardCostCodeRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/standard_cost_code_lists', handle: listLists },
  { method: 'GET', pattern: '/rest/v1.0/standard_cost_codes', handle: listCodes },
  { method: 'PATCH', pattern: '/rest/v1.0/standard_cost_codes/sync', handle: syncCodes },
];

function listLists(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters, 'company_id']);
  requiredInteger(context.query, 'company_id');
  const rows = [...context.world.standardCostCodeLists.values()].filter(
    ({ company_id }) => company_id === context.company.id,
  );
  return paged(context, rows, ({ id, name, is_erp_list }) => ({
    id,
    name,
    is_erp_list,
    available_to_use_on_new_projects: true,
  }));
}

function listCodes(context: Context): Answer {
  const { world, query } = context;
  const known = ['company_id', 'standard_cost_code_list_id', 'filters[origin_id]', 'view'];
  assertParameters(query, [...pagingParameters, ...known]);
  requiredInteger(query, 'company_id');
  enumFilter(query, 'view', VIEWS);
  const list = listBy(context, requiredInteger(query, 'standard_cost_code_list_id'));
  const originId = query.get('filters[origin_id]');
  const rows = [...world.standardCostCodes.values()].filter(
    (code) =>
      code.standard_cost_code_list_id === list.id && (originId === null || code.origin_id === originId),
  );
  return paged(context, rows, (code) => standardCostCodeView(world, code));
}

function syncCodes(context: Context): Answer {
  const { world, company, query } = context;
  assertParameters(query, ['view']);
  enumFilter(query, 'view', VIEWS);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  assertSameCompany(company.id, body.company_id);
  const list = listBy(context, body.standard_cost_code_list_id);
  const own = (id: number) => {
    const code = world.standardCostCodes.get(id);
    return code?.standard_cost_code_list_id === list.id ? code : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'standard_cost_code', originId) ?? -1),
    create: (row) => createStandardCostCode(world, list, row),
    update: (code, row) => editStandardCostCode(world, code, row),
    view: (code) => standardCostCodeView(world, code),
  });
}

function listBy({ world, company }: Context, id: number): StandardCostCodeList {
  const list = world.standardCostCodeLists.get(id);
  if (list?.company_id !== company.id) throw notFound('Standard Cost Code List not found');
  return list;
}

function standardCostCodeView(world: World, code: StandardCostCode): Record<string, unknown> {
  const { id, standard_cost_code_list_id, parent_id, code: own, name, origin_id, origin_data } = code;
  const full_code = standardFullCode(world, code);
  return { id, standard_cost_code_list_id, parent_id, code: own, full_code, name, origin_id, origin_data };
}
