import { asLine } from '../contracts/change-order-store.ts';
import { lineView } from '../contracts/contract-views.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, ChangeOrder, Contract, ErpRequest } from '../records.ts';
import type { World } from '../state.ts';
import { COMMITMENT_TYPE, commitmentView, type ExportChoices, itemsView } from './erp-export.ts';
import { raiseFor } from './erp-raise.ts';
import type { Ruled } from './erp-rules.ts';

/** External data and details call packages of both kinds by one name. */
export const asItem = ({ id, company_id }: ChangeOrder) => ({ id, company_id, kind: 'change_order' });

type Choices = Omit<ExportChoices, 'code'> & { code?: string | undefined };

/** What the rules of the ERP metadata look at. */
export function changeOrderRuled(world: World, changeOrder: ChangeOrder, code: string | undefined): Ruled {
  return [
    ['commitment_change_orders', () => [{ ...headerView(changeOrder), code: code ?? changeOrder.number }]],
    ['commitment_change_order_items', () => linesView(world, changeOrder)],
  ];
}

/** The event that an approver's export raises for one change order package of a synced commitment. */
export function requestChangeOrderExport(
  world: World,
  contract: Contract,
  changeOrder: ChangeOrder,
  choices: Choices,
  actor: Actor,
): ErpRequest {
  changeOrder.erp_status = 'exportging';
  const { code, accounting_date, erp_custom_fields } = choices;
  return raiseFor(world, actor, asItem(changeOrder), {
    name: 'create_commitment_change_order',
    fields: {
      job_origin_id: jobOriginId(world, changeOrder),
      commitment: { ...commitmentView(world, contract), code: contract.origin_code, erp_custom_fields: {} },
      commitment_items: itemsView(world, contract),
      change_order: {
        ...headerView(changeOrder),
        ...(code === undefined ? {} : { code }),
        erp_custom_fields: erp_custom_fields ?? {},
      },
      change_order_items: linesView(world, changeOrder),
      additional_data: accounting_date === undefined ? {} : { accounting_date },
      company_id: changeOrder.company_id,
    },
  });
}

/** The event that unlinking a synced package raises; the integrator clears its origin fields. */
export function requestChangeOrderUnlink(
  world: World,
  contract: Contract,
  changeOrder: ChangeOrder,
  actor: Actor,
): ErpRequest {
  return raiseFor(world, actor, asItem(changeOrder), {
    name: 'unlink_commitment_change_order',
    fields: {
      job_origin_id: jobOriginId(world, changeOrder),
      erp_commitment_id: world.nextId(),
      erp_commitment_change_order_id: world.nextId(),
      commitment_origin_id: contract.origin_id,
      commitment_type: COMMITMENT_TYPE[contract.kind],
      commitment_change_order_origin_id: changeOrder.origin_id,
      procore_commitment_change_order_id: changeOrder.id,
      project_id: changeOrder.project_id,
    },
  });
}

function jobOriginId(world: World, { project_id }: ChangeOrder): string | null {
  return world.projects.get(project_id)?.origin_id ?? null;
}

/** The events print the status with a capital, the package's own page does not. */
function headerView(changeOrder: ChangeOrder): Record<string, unknown> {
  const { status, reviewed_at } = changeOrder;
  return {
    id: changeOrder.id,
    contract_id: changeOrder.contract_id,
    number: changeOrder.number,
    status: `${status.charAt(0).toUpperCase()}${status.slice(1)}`,
    title: changeOrder.title,
    description: changeOrder.description,
    created_at: isoSeconds(changeOrder.created_at),
    updated_at: isoSeconds(changeOrder.updated_at),
    deleted_at: null,
    origin_code: changeOrder.origin_code,
    origin_data: changeOrder.origin_data,
    origin_id: changeOrder.origin_id,
    due_date: null,
    invoiced_date: null,
    paid_date: null,
    reviewed_at: reviewed_at === null ? null : isoSeconds(reviewed_at),
    custom_fields: {},
  };
}

function linesView(world: World, changeOrder: ChangeOrder): Record<string, unknown>[] {
  return changeOrder.lines.map((line) => ({
    ...lineView(world, changeOrder, asLine(line, changeOrder.contract_id)),
    commitment_line_item_id: line.parent_line_id,
    origin_code: line.origin_code,
    tax_amount: '0.0',
    tax_code: null,
  }));
}
