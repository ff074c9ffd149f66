import { costCodeView, currency, lineItemTypeView } from '../contracts/contract-views.ts';
import { attachmentView } from '../files.ts';
import { permittedProject } from '../http/auth.ts';
import { decimalText, MONEY_SCALE, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { changeOrderError } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  integerParameter,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { ChangeOrder, ChangeOrderLine, Markup } from '../records.ts';
import type { World } from '../state.ts';

export const changeOrderRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/change_order_packages', handle: listChangeOrders },
  { method: 'GET', pattern: '/rest/v1.0/change_order_packages/:id', handle: showChangeOrder },
];

function listChangeOrders(context: Context): Answer {
  const { world, query, connection } = context;
  assertParameters(query, [
    ...pagingParameters,
    'project_id',
    'contract_id',
    'filters[id]',
    'filters[created_at]',
    'filters[updated_at]',
    'filters[include_deleted]',
  ]);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const contractId = integerParameter(query, 'contract_id');
  const deleted = enumFilter(query, 'filters[include_deleted]', ['only', 'with']);
  const keep = stampedFilter(query);
  const rows = [...world.changeOrders.values()].filter(
    (changeOrder) =>
      changeOrder.project_id === project.id &&
      (deleted === 'with' || (deleted === 'only') === (changeOrder.deleted_at !== null)) &&
      (contractId === null || changeOrder.contract_id === contractId) &&
      keep(changeOrder),
  );
  return paged(context, rows, (changeOrder) => ({
    ...sharedView(world, changeOrder),
    created_by_id: changeOrder.created_by_id,
    designated_reviewer: null,
  }));
}

function showChangeOrder(context: Context): Answer {
  const { world, query, connection } = context;
  assertParameters(query, ['project_id', 'contract_id']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const id = Number(context.params.id);
  const contractId = integerParameter(query, 'contract_id');
  const changeOrder = world.changeOrders.get(id);
  const foreign = contractId !== null && changeOrder?.contract_id !== contractId;
  if (changeOrder?.project_id !== project.id || foreign || changeOrder.deleted_at !== null) {
    throw changeOrderError(404, 'NOT_FOUND', 'The change order package was not found.', 'id');
  }
  return { status: 200, body: changeOrderShowView(world, changeOrder, context.origin) };
}

function changeOrderShowView(
  world: World,
  changeOrder: ChangeOrder,
  origin: string,
): Record<string, unknown> {
  return {
    ...sharedView(world, changeOrder),
    description: changeOrder.description,
    position: null,
    private: false,
    review_notes: null,
    revised_substantial_completion_date: null,
    schedule_impact_amount: null,
    type:
      changeOrder.kind === 'prime_change_order'
        ? 'PrimeContractChangeOrder'
        : 'CommitmentContractChangeOrder',
    creator: null,
    designated_reviewer: null,
    reviewer: null,
    attachments: (changeOrder.file_ids ?? []).map((id) => attachmentView(world, id, origin)),
    line_items: changeOrder.lines.map((line) => changeOrderLineView(world, changeOrder, line)),
  };
}

function sharedView(world: World, changeOrder: ChangeOrder): Record<string, unknown> {
  return {
    id: changeOrder.id,
    contract_id: changeOrder.contract_id,
    created_at: isoSeconds(changeOrder.created_at),
    deleted_at: changeOrder.deleted_at === null ? null : isoSeconds(changeOrder.deleted_at),
    due_date: null,
    executed: changeOrder.executed,
    invoiced_date: null,
    number: changeOrder.number,
    origin_code: changeOrder.origin_code,
    origin_data: changeOrder.origin_data,
    origin_id: changeOrder.origin_id,
    paid_date: null,
    reviewed_at: changeOrder.reviewed_at === null ? null : isoSeconds(changeOrder.reviewed_at),
    signed_change_order_received_date: null,
    status: changeOrder.status,
    title: changeOrder.title,
    updated_at: isoSeconds(changeOrder.updated_at),
    revision: 0,
    grand_total: moneyText(changeOrder.grand_total),
    currency_configuration: {
      ...currency(world, changeOrder.company_id),
      base_currency_iso_code: world.companies.get(changeOrder.company_id)?.currency ?? null,
    },
    custom_fields: {},
  };
}

function changeOrderLineView(world: World, changeOrder: ChangeOrder, line: ChangeOrderLine): unknown {
  const code = line.cost_code_id === null ? undefined : world.costCodes.get(line.cost_code_id);
  const type = line.line_item_type_id === null ? undefined : world.lineItemTypes.get(line.line_item_type_id);
  return {
    id: line.id,
    position: line.position,
    description: line.description,
    quantity: decimalText(line.quantity, QUANTITY_SCALE),
    uom: line.uom,
    total_amount: moneyText(line.amount),
    extended_amount: moneyText(line.amount),
    unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
    cost_code: code ? costCodeView(world, code) : null,
    wbs_code: null,
    holder: { id: changeOrder.id, holder_type: 'ChangeOrderPackage' },
    line_item_type: type ? lineItemTypeView(type) : null,
    markup_line_items: line.markups.map((markup) => markupLineView(world, line, markup)),
    currency_configuration: currency(world, changeOrder.company_id),
  };
}

function markupLineView(world: World, line: ChangeOrderLine, markup: Markup): Record<string, unknown> {
  const { created_at, updated_at } = line;
  return {
    id: markup.id,
    amount: moneyText(markup.amount),
    created_at: isoSeconds(created_at),
    updated_at: isoSeconds(updated_at),
    markup: {
      id: markup.id,
      name: markup.name,
      percentage: decimalText(markup.percentage, MONEY_SCALE),
      position: markup.position,
      markup_set: 'vertical',
      compounds_markups_above: false,
    },
    currency_configuration: currency(world, line.company_id),
  };
}
