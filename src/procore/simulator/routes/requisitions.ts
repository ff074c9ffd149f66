import type { Requisition } from '../billing/billing-records.ts';
import { newRequisitionBody, REQ_STATUS, requisitionPatchBody } from '../billing/requisition-fields.ts';
import { itemBy } from '../billing/requisition-items.ts';
import { assertOpen, createRequisition, editRequisition } from '../billing/requisition-store.ts';
import { REQUISITION_VIEWS, requisitionView } from '../billing/requisition-views.ts';
import { permittedProject } from '../http/auth.ts';
import { parsedBody } from '../http/body.ts';
import { fieldErrors, financeNotFound } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  idFilter,
  integerParameter,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Contract } from '../records.ts';

const BASE = '/rest/v1.1/requisitions';
/** The one list whose default is published. */
const USUAL_PER_PAGE = 30;

export const requisitionRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: listRequisitions },
  { method: 'POST', pattern: BASE, handle: postRequisition },
  { method: 'GET', pattern: `${BASE}/:id`, handle: showRequisition },
  { method: 'PATCH', pattern: `${BASE}/:id`, handle: patchRequisition },
  { method: 'DELETE', pattern: `${BASE}/:id`, handle: deleteRequisition },
  { method: 'GET', pattern: '/rest/v1.0/requisitions/:id/change_histories', handle: listHistory },
  {
    method: 'GET',
    pattern: '/rest/v1.0/projects/:project_id/contracts/:id/invoice_configuration',
    handle: showConfiguration,
  },
];

function listRequisitions(context: Context): Answer {
  const { world, query, connection, origin } = context;
  const names = [
    'id',
    'commitment_id',
    'period_id',
    'status',
    'created_at',
    'updated_at',
    'origin_id',
    'is_last',
  ];
  assertParameters(query, [
    ...pagingParameters,
    'project_id',
    'view',
    ...names.map((name) => `filters[${name}]`),
  ]);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const view = viewOf(context);
  const keep = stampedFilter(query);
  const commitments = idFilter(query, 'filters[commitment_id]');
  const periodId = integerParameter(query, 'filters[period_id]');
  const status = enumFilter(query, 'filters[status]', REQ_STATUS);
  const originId = query.get('filters[origin_id]');
  const last = enumFilter(query, 'filters[is_last]', ['true', 'false']);
  const rows = [...world.requisitions.values()].filter(
    (requisition) =>
      requisition.project_id === project.id &&
      keep(requisition) &&
      (commitments?.has(requisition.contract_id) ?? true) &&
      (periodId === null || requisition.period_id === periodId) &&
      (status === null || requisition.status === status) &&
      (originId === null || requisition.origin_id === originId) &&
      (last === null || world.isLastRequisition(requisition) === (last === 'true')),
  );
  return paged(context, rows, (row) => requisitionView(world, row, { view, origin }), USUAL_PER_PAGE);
}

function showRequisition(context: Context): Answer {
  assertParameters(context.query, ['project_id', 'view']);
  const requisition = requisitionOf(context, requiredInteger(context.query, 'project_id'));
  return answered(context, 200, requisition);
}

function postRequisition(context: Context): Answer {
  const { world, actor } = context;
  assertParameters(context.query, ['view', 'invite_id']);
  const body = parsedBody(newRequisitionBody, context.body);
  const contract = contractOf(context, body.project_id, body.commitment_id);
  const { items = [], ...input } = body.requisition;
  return answered(context, 201, createRequisition(world, contract, { input, items, actor }));
}

function patchRequisition(context: Context): Answer {
  const { world, actor } = context;
  assertParameters(context.query, ['view']);
  const body = parsedBody(requisitionPatchBody, context.body);
  const requisition = requisitionOf(context, body.project_id);
  if (requisition.contract_id !== body.commitment_id)
    throw fieldErrors(422, { commitment_id: ['is not the commitment of the invoice'] });
  assertOpen(world, requisition);
  const { items = [], ...input } = body.requisition;
  const changes = items.map(
    ({ id, item_type, line_item_id: _line, detail_line_item_id: _detail, ...given }) => ({
      item: itemBy(requisition, id, item_type),
      input: given,
    }),
  );
  editRequisition(world, requisition, { input, items: changes, actor });
  return answered(context, 200, requisition);
}

function deleteRequisition(context: Context): Answer {
  assertParameters(context.query, ['project_id']);
  const requisition = requisitionOf(context, requiredInteger(context.query, 'project_id'));
  assertOpen(context.world, requisition);
  context.world.removeRequisition(requisition);
  return { status: 200, body: '' };
}

function listHistory(context: Context): Answer {
  assertParameters(context.query, ['project_id']);
  const requisition = requisitionOf(context, requiredInteger(context.query, 'project_id'));
  const rows = requisition.history.map((row) => ({
    ...row,
    action_by: context.world.users.get(row.action_by_id)?.name ?? '',
    created_at: isoSeconds(row.created_at),
  }));
  return { status: 200, body: rows };
}

function showConfiguration(context: Context): Answer {
  const { world, params } = context;
  const contract = contractOf(context, Number(params.project_id), Number(params.id));
  return {
    status: 200,
    body: {
      id: contract.id,
      separate_billing_for_stored_materials: contract.separate_billing_for_stored_materials,
      stored_materials_billing_method: 'move_new_materials',
      contract_id: contract.id,
      project_id: contract.project_id,
      company_id: contract.company_id,
      ssr_enabled: false,
      move_materials_to_previous_work_completed: contract.moves_materials,
      commitment_has_invoices: world.contractRequisitions(contract.id).length > 0,
      retainage_rule_set: null,
    },
  };
}

function answered(context: Context, status: number, requisition: Requisition): Answer {
  const { world, origin } = context;
  return { status, body: requisitionView(world, requisition, { view: viewOf(context), origin }) };
}

function viewOf({ query }: Context) {
  return enumFilter(query, 'view', REQUISITION_VIEWS) ?? 'default';
}

/** The invoice that the path names, inside the project that the caller names. */
export function requisitionOf(context: Context, projectId: number): Requisition {
  const project = permittedProject(context.world, context.connection, projectId);
  const id = Number(context.params.id);
  const requisition = context.world.requisitions.get(id);
  if (requisition?.project_id !== project.id) throw financeNotFound('Billings::Requisition', id);
  return requisition;
}

function contractOf(context: Context, projectId: number, contractId: number): Contract {
  const project = permittedProject(context.world, context.connection, projectId);
  const contract = context.world.contracts.get(contractId);
  if (contract?.project_id !== project.id) throw financeNotFound('Contract', contractId);
  return contract;
}
