import { z } from 'zod';
import { costCodeView, lineItemTypeView } from '../contracts/contract-views.ts';
import {
  costCodeRow,
  createCostCode,
  createLineItemType,
  editCostCode,
  editLineItemType,
  lineItemTypeRow,
} from '../costs/cost-code-store.ts';
import { assertSameCompany, permittedProject } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { notFound } from '../http/errors.ts';
import {
  assertParameters,
  idFilter,
  integerParameter,
  paged,
  pagingParameters,
  requiredInteger,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const costCodeSync = z.strictObject({ updates: z.array(costCodeRow) });
const lineItemTypeSync = z.strictObject({ company_id: idField, updates: z.array(lineItemTypeRow) });

export const costCodeRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/cost_codes', handle: listCostCodes },
  { method: 'PATCH', pattern: '/rest/v1.0/cost_codes/sync', handle: syncCostCodes },
  { method: 'GET', pattern: '/rest/v1.0/line_item_types', handle: listLineItemTypes },
  { method: 'PATCH', pattern: '/rest/v1.0/line_item_types/sync', handle: syncLineItemTypes },
];

/** Without a sub job these are the codes of the project itself. */
function listCostCodes(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [
    ...pagingParameters,
    'project_id',
    'sub_job_id',
    'filters[id]',
    'filters[origin_id]',
    'view',
  ]);
  const { project, subJobId } = billerOf(context);
  const ids = idFilter(query, 'filters[id]');
  const originId = query.get('filters[origin_id]');
  const rows = [...world.costCodes.values()].filter(
    (code) =>
      code.project_id === project.id &&
      code.sub_job_id === subJobId &&
      code.deleted_at === null &&
      (ids?.has(code.id) ?? true) &&
      (originId === null || code.origin_id === originId),
  );
  return paged(context, rows, (code) => costCodeView(world, code));
}

function syncCostCodes(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, ['project_id', 'sub_job_id']);
  assertRowCount(context.body);
  const body = parsedBody(costCodeSync, context.body);
  const { project, subJobId } = billerOf(context);
  const own = (id: number) => {
    const code = world.costCodes.get(id);
    const here = code?.project_id === project.id && code.sub_job_id === subJobId;
    return here && code.deleted_at === null ? code : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'cost_code', originId) ?? -1),
    create: (row) => createCostCode(world, project, subJobId, row),
    update: (code, row) => editCostCode(world, code, row),
    view: (code) => costCodeView(world, code),
  });
}

function billerOf({ world, connection, query }: Context) {
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const subJobId = integerParameter(query, 'sub_job_id');
  if (subJobId !== null && world.subJobs.get(subJobId)?.project_id !== project.id)
    throw notFound('Sub Job not found');
  return { project, subJobId };
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

function syncLineItemTypes(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(lineItemTypeSync, context.body);
  assertSameCompany(company.id, body.company_id);
  const own = (id: number) => {
    const type = world.lineItemTypes.get(id);
    return type?.company_id === company.id ? type : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'line_item_type', originId) ?? -1),
    create: (row) => createLineItemType(world, company.id, row),
    update: (type, row) => editLineItemType(world, type, row),
    view: lineItemTypeView,
  });
}
