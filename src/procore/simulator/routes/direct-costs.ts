import { z } from 'zod';
import { currency, lineItemTypeView, originView } from '../contracts/contract-views.ts';
import {
  createDirectCost,
  createDirectCostLine,
  type DirectCost,
  type DirectCostLine,
  editDirectCost,
  editDirectCostLine,
} from '../costs/job-cost-store.ts';
import { permittedProject } from '../http/auth.ts';
import { dateField, decimalField, idField, parsedBody } from '../http/body.ts';
import { decimalText, MONEY_SCALE, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { financeNotFound } from '../http/errors.ts';
import { assertParameters, idFilter, paged, pagingParameters, stampedFilter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Project } from '../records.ts';
import type { World } from '../state.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const LINES = '/rest/v1.0/projects/:project_id/direct_costs/line_items';

const text = z.string().max(65_535);
const decimal = decimalField(QUANTITY_SCALE);

/** As published, with plain texts: none of them is said to take a null. */
export const directCostRow = z
  .strictObject({
    id: idField,
    currency_iso_code: text,
    currency_exchange_rate: decimal,
    description: text,
    direct_cost_date: dateField,
    employee_id: idField,
    invoice_number: text,
    origin_data: text,
    origin_id: text,
    payment_date: dateField,
    received_date: dateField,
    status: z.enum(['draft', 'pending', 'revise_and_resubmit', 'approved']),
    terms: text,
    vendor_id: idField,
    direct_cost_type: z.enum(['invoice', 'expense', 'payroll']),
  })
  .partial();

export const directCostLineRow = z
  .strictObject({
    id: idField,
    amount: decimalField(MONEY_SCALE),
    wbs_code_id: idField,
    cost_code_id: idField,
    description: text,
    direct_cost_id: idField,
    extended_type: z.enum(['manual', 'calculated']),
    quantity: decimal,
    line_item_type_id: idField,
    origin_data: text,
    origin_id: text,
    unit_cost: decimal,
    uom: text,
    tax_code_id: idField,
  })
  .partial();

const headSync = z.strictObject({ updates: z.array(directCostRow) });
const lineSync = z.strictObject({ updates: z.array(directCostLineRow) });

export const directCostRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.1/projects/:project_id/direct_costs', handle: listDirectCosts },
  { method: 'GET', pattern: '/rest/v1.1/projects/:project_id/direct_costs/:id', handle: showDirectCost },
  { method: 'PATCH', pattern: '/rest/v1.0/projects/:project_id/direct_costs/sync', handle: syncDirectCosts },
  { method: 'GET', pattern: LINES, handle: listLines },
  { method: 'PATCH', pattern: `${LINES}/sync`, handle: syncLines },
];

function listDirectCosts(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [
    ...pagingParameters,
    'filters[id]',
    'filters[origin_id]',
    'filters[invoice_number]',
    'filters[created_at]',
    'filters[updated_at]',
    'filters[payment_date]',
    'filters[received_date]',
  ]);
  const project = projectOf(context);
  const keep = stampedFilter(query);
  const originId = query.get('filters[origin_id]');
  const rows = [...world.directCosts.values()].filter(
    (cost) =>
      cost.project_id === project.id && keep(cost) && (originId === null || cost.origin_id === originId),
  );
  return paged(context, rows, (cost) => headView(world, cost));
}

function showDirectCost(context: Context): Answer {
  assertParameters(context.query, []);
  const id = Number(context.params.id);
  const cost = ofProject(projectOf(context), context.world.directCosts.get(id));
  if (cost === undefined) throw financeNotFound('DirectCost', id);
  return { status: 200, body: headView(context.world, cost) };
}

function listLines(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [
    ...pagingParameters,
    'filters[direct_cost_id]',
    'filters[id]',
    'filters[created_at]',
    'filters[updated_at]',
    'filters[cost_code_id]',
    'filters[line_item_type_id]',
  ]);
  const project = projectOf(context);
  const keep = stampedFilter(query);
  const heads = idFilter(query, 'filters[direct_cost_id]');
  const codes = idFilter(query, 'filters[cost_code_id]');
  const rows = [...world.directCostLines.values()].filter(
    (line) =>
      line.project_id === project.id &&
      keep(line) &&
      (heads?.has(line.direct_cost_id) ?? true) &&
      (codes?.has(line.cost_code_id) ?? true),
  );
  return paged(context, rows, (line) => lineItemView(world, line));
}

function syncDirectCosts(context: Context): Answer {
  const { world, company, actor } = context;
  const project = projectOf(context);
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(headSync, context.body);
  const own = (id: number | null) => ofProject(project, world.directCosts.get(id ?? -1));
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'direct_cost', originId)),
    create: (row) => createDirectCost(world, project, row, actor),
    update: (cost, row) => editDirectCost(world, cost, row),
    view: (cost) => headView(world, cost),
  });
}

function syncLines(context: Context): Answer {
  const { world, company } = context;
  const project = projectOf(context);
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(lineSync, context.body);
  const own = (id: number | null) => ofProject(project, world.directCostLines.get(id ?? -1));
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'item', originId)),
    create: (row) => createDirectCostLine(world, project, row),
    update: (line, row) => editDirectCostLine(world, line, row),
    view: (line) => ({ ...lineItemView(world, line), origin_data: line.origin_data }),
  });
}

function projectOf({ world, connection, params }: Context): Project {
  return permittedProject(world, connection, Number(params.project_id));
}

function ofProject<Item extends { project_id: number }>(
  project: Project,
  item: Item | undefined,
): Item | undefined {
  return item?.project_id === project.id ? item : undefined;
}

/** Fields with no use here are left out; the published ones that are shown have their published types. */
function headView(world: World, cost: DirectCost): Record<string, unknown> {
  const lines = linesOf(world, cost);
  const total = moneyText(lines.reduce((sum, line) => sum + line.amount, 0n));
  return {
    id: cost.id,
    description: cost.details.description ?? null,
    direct_cost_type: cost.direct_cost_type,
    direct_cost_date: cost.details.direct_cost_date ?? null,
    invoice_number: cost.details.invoice_number ?? null,
    payment_date: cost.details.payment_date ?? null,
    received_date: cost.details.received_date ?? null,
    status: cost.status,
    terms: cost.details.terms ?? null,
    vendor_id: cost.details.vendor_id ?? null,
    grand_total: total,
    ...originView(cost),
    created_at: isoSeconds(cost.created_at),
    updated_at: isoSeconds(cost.updated_at),
  };
}

function lineItemView(world: World, line: DirectCostLine): Record<string, unknown> {
  const code = world.costCodes.get(line.cost_code_id);
  const type = line.line_item_type_id === null ? undefined : world.lineItemTypes.get(line.line_item_type_id);
  const amount = moneyText(line.amount);
  return {
    id: line.id,
    amount,
    extended_amount: amount,
    total_amount: amount,
    extended_type: 'manual',
    quantity: decimalText(0n, QUANTITY_SCALE),
    unit_cost: decimalText(0n, QUANTITY_SCALE),
    description: line.description,
    cost_code: code
      ? { id: code.id, full_code: code.full_code, name: code.name, origin_id: code.origin_id }
      : null,
    line_item_type: type ? lineItemTypeView(type) : null,
    holder: { id: line.direct_cost_id, holder_type: 'DirectCost' },
    origin_id: line.origin_id,
    currency_configuration: currency(world, line.company_id),
    created_at: isoSeconds(line.created_at),
    updated_at: isoSeconds(line.updated_at),
  };
}

function linesOf(world: World, cost: DirectCost): DirectCostLine[] {
  return [...world.directCostLines.values()].filter((line) => line.direct_cost_id === cost.id);
}
