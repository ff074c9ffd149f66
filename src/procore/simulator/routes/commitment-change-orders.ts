import { permittedProject } from '../auth.ts';
import { CO_STATUS } from '../contract-fields.ts';
import { currency } from '../contract-views.ts';
import { decimalText, moneyText, QUANTITY_SCALE } from '../decimals.ts';
import { changeOrderError } from '../errors.ts';
import { isoSeconds } from '../iso-seconds.ts';
import {
  assertParameters,
  enumFilter,
  integerParameter,
  paged,
  pagingParameters,
  rangeFilter,
} from '../query.ts';
import type { ChangeOrder, ChangeOrderLine } from '../records.ts';
import type { Answer, Context, Route } from '../router.ts';
import type { World } from '../state.ts';

const BASE = '/rest/v1.0/projects/:project_id/commitment_change_orders';
const V2 = '/rest/v2.0/companies/:company_id/projects/:project_id/commitment_change_orders';

/** The newer face of change orders: ids of its own, no origin fields, and only v2 tells which line is changed. */
export const commitmentChangeOrderRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: list },
  { method: 'GET', pattern: `${BASE}/:id`, handle: show },
  { method: 'GET', pattern: `${V2}/:id/line_items`, handle: listLines },
];

const VIEWS = ['default', 'extended'] as const;

function list(context: Context): Answer {
  const { world, query } = context;
  assertParameters(query, [
    ...pagingParameters,
    'view',
    'filters[id]',
    'filters[legacy_package_id]',
    'filters[contract_id]',
    'filters[vendor_id]',
    'filters[status]',
    'filters[updated_at]',
  ]);
  const extended = enumFilter(query, 'view', VIEWS) === 'extended';
  const wanted = (name: string) => integerParameter(query, `filters[${name}]`);
  const [id, packageId, contractId] = [wanted('id'), wanted('legacy_package_id'), wanted('contract_id')];
  const vendorId = wanted('vendor_id');
  const status = enumFilter(query, 'filters[status]', [...CO_STATUS, 'pending_billable']);
  const updated = rangeFilter(query, 'filters[updated_at]');
  const rows = inProject(context).filter(
    (row) =>
      (id === null || row.commitment_change_order_id === id) &&
      (packageId === null || row.id === packageId) &&
      (contractId === null || row.contract_id === contractId) &&
      (vendorId === null || world.contracts.get(row.contract_id)?.vendor_id === vendorId) &&
      (status === null || row.status === status) &&
      (updated?.(row.updated_at) ?? true),
  );
  return paged(context, rows, (row) => view(world, row, extended));
}

function show(context: Context): Answer {
  assertParameters(context.query, ['view']);
  const extended = enumFilter(context.query, 'view', VIEWS) === 'extended';
  const body = { ...view(context.world, changeOrderOf(context), extended), attachments: [] };
  return { status: 200, body };
}

function listLines(context: Context): Answer {
  assertParameters(context.query, pagingParameters);
  const answer = paged(context, changeOrderOf(context).lines, lineView);
  return { ...answer, body: { data: answer.body } };
}

function inProject(context: Context): ChangeOrder[] {
  const { world, connection, params } = context;
  const project = permittedProject(world, connection, Number(params.project_id));
  return [...world.changeOrders.values()].filter(
    ({ project_id, deleted_at }) => project_id === project.id && deleted_at === null,
  );
}

function changeOrderOf(context: Context): ChangeOrder {
  const id = Number(context.params.id);
  const found = inProject(context).find((row) => row.commitment_change_order_id === id);
  if (!found) throw changeOrderError(404, 'NOT_FOUND', 'The change order was not found.', 'id');
  return found;
}

function view(world: World, row: ChangeOrder, extended: boolean): Record<string, unknown> {
  const creator = world.users.get(row.created_by_id ?? -1);
  return {
    id: row.commitment_change_order_id,
    batch_id: null,
    contract_id: row.contract_id,
    legacy_package_id: row.id,
    legacy_request_id: null,
    location_id: null,
    description: row.description,
    title: row.title,
    invoiced_date: null,
    due_date: null,
    revised_substantial_completion_date: null,
    signed_change_order_received_date: null,
    updated_at: isoSeconds(row.updated_at),
    created_at: isoSeconds(row.created_at),
    reviewed_at: row.reviewed_at === null ? null : isoSeconds(row.reviewed_at),
    executed: row.executed,
    paid: false,
    signature_required: false,
    private: false,
    field_change: false,
    grand_total: moneyText(row.grand_total),
    schedule_impact_amount: null,
    number: row.number,
    type: 'CommitmentChangeOrder',
    revision: 0,
    status: row.status,
    reference: null,
    created_by: creator ? { id: creator.id, name: creator.name } : null,
    designated_reviewer: null,
    received_from: null,
    reviewed_by: null,
    change_order_change_reason: null,
    custom_fields: {},
    currency_configuration: currency(world, row.company_id),
    ...(extended ? { change_events: [] } : {}),
  };
}

/** Second versions print ids as text. */
function lineView(line: ChangeOrderLine): Record<string, unknown> {
  const parent = line.commitment_line_item_id;
  return {
    id: String(line.id),
    prime_line_item_id: null,
    commitment_line_item_id: parent === null ? null : String(parent),
    description: line.description,
    uom: line.uom,
    quantity: Number(decimalText(line.quantity, QUANTITY_SCALE)),
    unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
    amount: moneyText(line.amount),
    extended_type: 'manual',
    wbs_code_id: null,
    tax_code_id: null,
    position: line.position,
    wbs_code: null,
    work_breakdown_structure: {},
  };
}
