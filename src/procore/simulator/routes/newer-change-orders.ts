import { CO_STATUS } from '../contracts/contract-fields.ts';
import { currency } from '../contracts/contract-views.ts';
import { permittedProject } from '../http/auth.ts';
import { decimalText, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { changeOrderError } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  integerParameter,
  paged,
  pagingParameters,
  rangeFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { ChangeOrder, ChangeOrderLine } from '../records.ts';
import type { World } from '../state.ts';

type Kind = ChangeOrder['kind'];
const TYPE = {
  commitment_change_order: 'CommitmentChangeOrder',
  prime_change_order: 'PrimeChangeOrder',
} as const satisfies Record<Kind, string>;

/** The newer face of change orders: ids of its own, no origin fields, and only v2 tells which line is changed. */
export const newerChangeOrderRoutes: readonly Route[] = [
  ...routesOf('commitment_change_order'),
  ...routesOf('prime_change_order'),
];

function routesOf(kind: Kind): Route[] {
  const base = `/rest/v1.0/projects/:project_id/${kind}s`;
  const v2 = `/rest/v2.0/companies/:company_id/projects/:project_id/${kind}s`;
  return [
    { method: 'GET', pattern: base, handle: (context) => list(context, kind) },
    { method: 'GET', pattern: `${base}/:id`, handle: (context) => show(context, kind) },
    { method: 'GET', pattern: `${v2}/:id/line_items`, handle: (context) => listLines(context, kind) },
  ];
}

const VIEWS = ['default', 'extended'] as const;

function list(context: Context, kind: Kind): Answer {
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
  const rows = inProject(context, kind).filter(
    (row) =>
      (id === null || row.newer_id === id) &&
      (packageId === null || row.id === packageId) &&
      (contractId === null || row.contract_id === contractId) &&
      (vendorId === null || world.contracts.get(row.contract_id)?.vendor_id === vendorId) &&
      (status === null || row.status === status) &&
      (updated?.(row.updated_at) ?? true),
  );
  return paged(context, rows, (row) => view(world, row, extended));
}

function show(context: Context, kind: Kind): Answer {
  assertParameters(context.query, ['view']);
  const extended = enumFilter(context.query, 'view', VIEWS) === 'extended';
  const body = { ...view(context.world, changeOrderOf(context, kind), extended), attachments: [] };
  return { status: 200, body };
}

function listLines(context: Context, kind: Kind): Answer {
  assertParameters(context.query, pagingParameters);
  const answer = paged(context, changeOrderOf(context, kind).lines, (line) => lineView(line, kind));
  return { ...answer, body: { data: answer.body } };
}

function inProject(context: Context, kind: Kind): ChangeOrder[] {
  const { world, connection, params } = context;
  const project = permittedProject(world, connection, Number(params.project_id));
  return [...world.changeOrders.values()].filter(
    (row) => row.kind === kind && row.project_id === project.id && row.deleted_at === null,
  );
}

function changeOrderOf(context: Context, kind: Kind): ChangeOrder {
  const id = Number(context.params.id);
  const found = inProject(context, kind).find((row) => row.newer_id === id);
  if (!found) throw changeOrderError(404, 'NOT_FOUND', 'The change order was not found.', 'id');
  return found;
}

function view(world: World, row: ChangeOrder, extended: boolean): Record<string, unknown> {
  const creator = world.users.get(row.created_by_id ?? -1);
  return {
    id: row.newer_id,
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
    type: TYPE[row.kind],
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
function lineView(line: ChangeOrderLine, kind: Kind): Record<string, unknown> {
  const parent = line.parent_line_id === null ? null : String(line.parent_line_id);
  const parents =
    kind === 'prime_change_order'
      ? { prime_line_item_id: parent }
      : { prime_line_item_id: null, commitment_line_item_id: parent };
  return {
    id: String(line.id),
    ...parents,
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
