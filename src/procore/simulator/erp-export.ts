import { contractShowView, currency, lineView } from './contract-views.ts';
import { decimalText, MONEY_SCALE } from './decimals.ts';
import { isoSeconds } from './iso-seconds.ts';
import type { Actor, Contract, ErpRequest, ErpRequestDetail } from './records.ts';
import type { Settings } from './settings.ts';
import type { World } from './state.ts';

const TYPE_NAME = {
  work_order_contract: 'WorkOrderContract',
  purchase_order_contract: 'PurchaseOrderContract',
} as const;

export type ExportChoices = {
  code: string;
  accounting_date?: string | undefined;
  erp_custom_fields?: Record<string, unknown> | undefined;
};

/** The event that an approver's export raises for one commitment. */
export function requestCommitmentExport(
  world: World,
  contract: Contract,
  choices: ExportChoices,
  actor: Actor,
): ErpRequest {
  const requestId = world.nextId();
  const detail = openDetail(world, contract, requestId);
  contract.erp_status = 'exportging';
  const jobId = world.projects.get(contract.project_id)?.origin_id ?? null;
  return raise(world, actor, {
    id: requestId,
    company_id: contract.company_id,
    request_name: 'create_commitment',
    detail_id: detail.id,
    fields: {
      job_id: jobId,
      commitment: {
        ...commitmentView(world, contract),
        code: choices.code,
        erp_custom_fields: choices.erp_custom_fields ?? {},
      },
      commitment_items: itemsView(world, contract),
      additional_data:
        choices.accounting_date === undefined ? {} : { accounting_date: choices.accounting_date },
      company_id: contract.company_id,
    },
  });
}

/** The event that unlinking a synced commitment raises; the integrator clears the origin fields itself. */
export function requestCommitmentUnlink(world: World, contract: Contract, actor: Actor): ErpRequest {
  const requestId = world.nextId();
  const detail = openDetail(world, contract, requestId);
  return raise(world, actor, {
    id: requestId,
    company_id: contract.company_id,
    request_name: 'unlink_commitment',
    detail_id: detail.id,
    fields: {
      job_origin_id: world.projects.get(contract.project_id)?.origin_id ?? null,
      erp_commitment_id: world.nextId(),
      project_id: contract.project_id,
      procore_commitment_id: contract.id,
      commitment_type: TYPE_NAME[contract.kind],
      commitment_origin_id: contract.origin_id,
    },
  });
}

/** The status row of one exported thing, which the integrator closes. */
export function openDetail(
  world: World,
  item: { id: number; company_id: number; kind: string },
  requestId: number,
): ErpRequestDetail {
  const detail: ErpRequestDetail = {
    id: world.nextId(),
    company_id: item.company_id,
    erp_request_id: requestId,
    item_type: item.kind,
    item_id: item.id,
    status: 'in_progress',
    messages: [],
    times_written: 0,
    ...world.stamps(),
  };
  world.details.set(detail.id, detail);
  return detail;
}

type Raised = {
  id: number;
  company_id: number;
  request_name: string;
  detail_id: number;
  fields: Record<string, unknown>;
  /** Where the detail's id stands, for an event that does not follow the general setting. */
  placement?: Settings['request_detail_id_placement'];
};

/** Some real payloads carry request_detail_id beside request_data, or not at all: the settings choose. */
export function raise(world: World, actor: Actor, raised: Raised): ErpRequest {
  const placement = raised.placement ?? world.settings.request_detail_id_placement;
  const inside = placement === 'inside' || placement === 'both';
  const beside = placement === 'beside' || placement === 'both';
  const request: ErpRequest = {
    id: raised.id,
    company_id: raised.company_id,
    request_name: raised.request_name,
    request_data: inside ? { ...raised.fields, request_detail_id: raised.detail_id } : raised.fields,
    beside: beside ? { request_detail_id: raised.detail_id } : {},
    ...world.stamps(),
  };
  world.requests.set(request.id, request);
  world.announce('ERP Requests', 'create', { id: request.id, company_id: request.company_id }, actor);
  return request;
}

function commitmentView(world: World, contract: Contract): Record<string, unknown> {
  const {
    line_items: _separate,
    currency_configuration: _alsoSeparate,
    ...header
  } = contractShowView(world, contract);
  const project = world.projects.get(contract.project_id);
  return {
    ...header,
    type: TYPE_NAME[contract.kind],
    custom_fields: contract.custom_fields,
    retainage_percent: decimalText(contract.retainage, MONEY_SCALE),
    currency_configuration: currency(world, contract.company_id),
    project: {
      id: contract.project_id,
      name: project?.name ?? '',
      origin_data: project?.origin_data ?? null,
      origin_id: project?.origin_id ?? null,
    },
  };
}

function itemsView(world: World, contract: Contract): unknown[] {
  return world.contractLines(contract).map((line) => ({
    ...lineView(world, contract, line),
    origin_code: line.origin_code,
    tax_amount: '0.0',
    tax_code: null,
    created_at: isoSeconds(line.created_at),
  }));
}
