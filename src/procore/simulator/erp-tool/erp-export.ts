import { contractShowView, currency, lineView } from '../contracts/contract-views.ts';
import { decimalText, MONEY_SCALE } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, Contract, ErpRequest } from '../records.ts';
import type { World } from '../state.ts';
import { raiseFor } from './erp-raise.ts';
import type { Ruled } from './erp-rules.ts';

export const COMMITMENT_TYPE = {
  work_order_contract: 'WorkOrderContract',
  purchase_order_contract: 'PurchaseOrderContract',
} as const;

export type ExportChoices = {
  code: string;
  accounting_date?: string | undefined;
  erp_custom_fields?: Record<string, unknown> | undefined;
};

/** What the rules of the ERP metadata look at. */
export function commitmentRuled(world: World, contract: Contract, code: string): Ruled {
  return [
    ['commitments', () => [{ ...commitmentView(world, contract), code }]],
    ['commitment_items', () => itemsView(world, contract)],
  ];
}

/** The event that an approver's export raises for one commitment. */
export function requestCommitmentExport(
  world: World,
  contract: Contract,
  choices: ExportChoices,
  actor: Actor,
): ErpRequest {
  contract.erp_status = 'exportging';
  const jobId = world.projects.get(contract.project_id)?.origin_id ?? null;
  return raiseFor(world, actor, contract, {
    name: 'create_commitment',
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
  return raiseFor(world, actor, contract, {
    name: 'unlink_commitment',
    fields: {
      job_origin_id: world.projects.get(contract.project_id)?.origin_id ?? null,
      erp_commitment_id: world.nextId(),
      project_id: contract.project_id,
      procore_commitment_id: contract.id,
      commitment_type: COMMITMENT_TYPE[contract.kind],
      commitment_origin_id: contract.origin_id,
    },
  });
}

/** A commitment as the payloads of its events carry it. */
export function commitmentView(world: World, contract: Contract): Record<string, unknown> {
  const {
    line_items: _separate,
    currency_configuration: _alsoSeparate,
    ...header
  } = contractShowView(world, contract);
  const project = world.projects.get(contract.project_id);
  return {
    ...header,
    type: COMMITMENT_TYPE[contract.kind],
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

/** The lines of a commitment as those payloads carry them. */
export function itemsView(world: World, contract: Contract): Record<string, unknown>[] {
  return world.contractLines(contract).map((line) => ({
    ...lineView(world, contract, line),
    origin_code: line.origin_code,
    tax_amount: '0.0',
    tax_code: null,
    created_at: isoSeconds(line.created_at),
  }));
}
