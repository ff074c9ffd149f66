import { z } from 'zod';
import { contractBody, lineBody, POC_STATUS, WOC_STATUS } from '../contracts/contract-fields.ts';
import { addLine, createContract, editContract, editLine } from '../contracts/contract-store.ts';
import { contractListView, contractShowView, lineView } from '../contracts/contract-views.ts';
import { permittedProject } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { financeNotFound } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  lineFilter,
  lineFilters,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Contract, ContractKind, Line } from '../records.ts';

const PLURAL = {
  work_order_contract: 'work_order_contracts',
  purchase_order_contract: 'purchase_order_contracts',
} as const;

const headerBody = {
  work_order_contract: z.strictObject({
    project_id: idField,
    attachments: z.array(z.string()).max(100).optional(),
    work_order_contract: contractBody.work_order_contract,
  }),
  purchase_order_contract: z.strictObject({
    project_id: idField,
    attachments: z.array(z.string()).max(100).optional(),
    purchase_order_contract: contractBody.purchase_order_contract,
  }),
};

const lineEnvelope = z.strictObject({ project_id: idField, line_item: lineBody });

export const contractRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/commitments', handle: listCommitments },
  ...routesOf('work_order_contract'),
  ...routesOf('purchase_order_contract'),
];

function routesOf(kind: ContractKind): Route[] {
  const base = `/rest/v1.0/${PLURAL[kind]}`;
  return [
    { method: 'GET', pattern: base, handle: (context) => listContracts(context, kind) },
    { method: 'POST', pattern: base, handle: (context) => postContract(context, kind) },
    { method: 'GET', pattern: `${base}/:id`, handle: (context) => showContract(context, kind) },
    { method: 'PATCH', pattern: `${base}/:id`, handle: (context) => patchContract(context, kind) },
    { method: 'GET', pattern: `${base}/:id/line_items`, handle: (context) => listLines(context, kind) },
    { method: 'POST', pattern: `${base}/:id/line_items`, handle: (context) => postLine(context, kind) },
    {
      method: 'GET',
      pattern: `${base}/:id/line_items/:line_id`,
      handle: (context) => showLine(context, kind),
    },
    {
      method: 'PATCH',
      pattern: `${base}/:id/line_items/:line_id`,
      handle: (context) => patchLine(context, kind),
    },
  ];
}

function listCommitments(context: Context): Answer {
  const { world, query, connection } = context;
  assertParameters(query, [...pagingParameters, 'project_id']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  return paged(context, world.projectContracts(project.id), (contract) => ({
    id: contract.id,
    title: contract.title,
    number: contract.number,
    status: contract.status,
    description: contract.details.description ?? null,
    executed: contract.executed,
    delivery_date: contract.details.delivery_date ?? null,
    created_at: isoSeconds(contract.created_at),
    private: contract.private,
    vendor:
      contract.vendor_id === null
        ? null
        : { id: contract.vendor_id, name: world.vendors.get(contract.vendor_id)?.name ?? '' },
  }));
}

function listContracts(context: Context, kind: ContractKind): Answer {
  const { world, query, connection } = context;
  assertParameters(query, [
    ...pagingParameters,
    'project_id',
    'view',
    'filters[id]',
    'filters[status]',
    'filters[created_at]',
    'filters[updated_at]',
    'filters[include_deleted]',
    'filters[origin_id]',
  ]);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const keep = stampedFilter(query);
  enumFilter(query, 'view', ['compact', 'extended']);
  const status =
    kind === 'work_order_contract'
      ? enumFilter(query, 'filters[status]', WOC_STATUS)
      : enumFilter(query, 'filters[status]', POC_STATUS);
  const deleted = enumFilter(query, 'filters[include_deleted]', ['only', 'with']);
  const originId = query.get('filters[origin_id]');
  const rows = world
    .projectContracts(project.id)
    .filter(
      (contract) =>
        contract.kind === kind &&
        deleted !== 'only' &&
        keep(contract) &&
        (status === null || contract.status === status) &&
        (originId === null || contract.origin_id === originId),
    );
  return paged(context, rows, (contract) => contractListView(world, contract));
}

function showContract(context: Context, kind: ContractKind): Answer {
  assertParameters(context.query, ['project_id']);
  const contract = contractOf(context, kind, requiredInteger(context.query, 'project_id'));
  return { status: 200, body: contractShowView(context.world, contract, context.origin) };
}

function postContract(context: Context, kind: ContractKind): Answer {
  const { world, connection, actor } = context;
  assertParameters(context.query, ['run_configurable_validations']);
  const { body, custom_fields } = withoutCustomFields(context.body, kind);
  const parsed = parsedBody(headerBody[kind], body);
  const project = permittedProject(world, connection, parsed.project_id);
  const input = 'work_order_contract' in parsed ? parsed.work_order_contract : parsed.purchase_order_contract;
  const contract = createContract(world, { kind, project, input, custom_fields, actor });
  return { status: 201, body: contractShowView(world, contract) };
}

function patchContract(context: Context, kind: ContractKind): Answer {
  const { world, actor } = context;
  assertParameters(context.query, ['run_configurable_validations']);
  const { body, custom_fields } = withoutCustomFields(context.body, kind);
  const parsed = parsedBody(headerBody[kind], body);
  const input = 'work_order_contract' in parsed ? parsed.work_order_contract : parsed.purchase_order_contract;
  const contract = contractOf(context, kind, parsed.project_id);
  editContract(world, contract, input, actor);
  Object.assign(contract.custom_fields, custom_fields);
  return { status: 200, body: contractShowView(world, contract) };
}

function listLines(context: Context, kind: ContractKind): Answer {
  const { world, query } = context;
  assertParameters(query, [...pagingParameters, 'project_id', 'view', ...lineFilters]);
  const contract = contractOf(context, kind, requiredInteger(query, 'project_id'));
  const rows = world.contractLines(contract).filter(lineFilter(query));
  return paged(context, rows, (line) => lineView(world, contract, line));
}

function showLine(context: Context, kind: ContractKind): Answer {
  assertParameters(context.query, ['project_id']);
  const contract = contractOf(context, kind, requiredInteger(context.query, 'project_id'));
  return { status: 200, body: lineView(context.world, contract, lineOf(context, contract)) };
}

function postLine(context: Context, kind: ContractKind): Answer {
  const body = parsedBody(lineEnvelope, context.body);
  const contract = contractOf(context, kind, body.project_id);
  const line = addLine(context.world, contract, body.line_item, context.actor);
  return { status: 201, body: lineView(context.world, contract, line) };
}

function patchLine(context: Context, kind: ContractKind): Answer {
  const body = parsedBody(lineEnvelope, context.body);
  const contract = contractOf(context, kind, body.project_id);
  const line = lineOf(context, contract);
  editLine(context.world, contract, line, body.line_item, context.actor);
  return { status: 200, body: lineView(context.world, contract, line) };
}

function contractOf(context: Context, kind: ContractKind, projectId: number): Contract {
  const project = permittedProject(context.world, context.connection, projectId);
  const id = Number(context.params.id);
  const contract = context.world.contracts.get(id);
  if (contract?.kind !== kind || contract.project_id !== project.id) {
    throw financeNotFound(kind === 'work_order_contract' ? 'WorkOrderContract' : 'PurchaseOrderContract', id);
  }
  return contract;
}

function lineOf(context: Context, contract: Contract): Line {
  const id = Number(context.params.line_id);
  const line = context.world.lines.get(id);
  if (line?.contract_id !== contract.id) throw financeNotFound('LineItem', id);
  return line;
}

/** custom_field_<id> keys have no fixed names, so they are lifted out before the strict check. */
function withoutCustomFields(
  body: unknown,
  kind: ContractKind,
): { body: unknown; custom_fields: Record<string, unknown> } {
  const header: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, kind) : null;
  if (typeof body !== 'object' || typeof header !== 'object' || header === null) {
    return { body, custom_fields: {} };
  }
  const entries = Object.entries(header);
  const custom = entries.filter(([name]) => /^custom_field_\d+$/.test(name));
  const fixed = entries.filter(([name]) => !/^custom_field_\d+$/.test(name));
  return {
    body: { ...body, [kind]: Object.fromEntries(fixed) },
    custom_fields: Object.fromEntries(
      custom.map(([name, value]) => [name, { data_type: typeof value, value }]),
    ),
  };
}
