import { asLine, withMarkups } from '../contracts/change-order-store.ts';
import { lineView } from '../contracts/contract-views.ts';
import type { PrimeContract } from '../contracts/prime-contract-store.ts';
import { primeShowView } from '../contracts/prime-contract-views.ts';
import { decimalText, MONEY_SCALE, moneyText } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, ChangeOrder, ChangeOrderLine, ErpRequest, Markup } from '../records.ts';
import type { World } from '../state.ts';
import { amountNumber } from './erp-budget-events.ts';
import { asItem } from './erp-change-order-export.ts';
import { originOf } from './erp-directory-events.ts';
import { type Choices, erpKind } from './erp-kinds.ts';
import { raise, raiseFor } from './erp-raise.ts';
import { forgetAll, linkedPackage } from './erp-resets.ts';

type View = Record<string, unknown>;

const prime = (world: World, id: number): ChangeOrder | undefined => {
  const changeOrder = world.changeOrders.get(id);
  const open = changeOrder?.kind === 'prime_change_order' && changeOrder.deleted_at === null;
  return open ? changeOrder : undefined;
};

/** Approved change orders of a prime contract that the ERP has. */
export const primeChangeOrderKind = erpKind({
  find: prime,
  refusal: (world, changeOrder) => {
    if (changeOrder.status !== 'approved') return { status: ['must be Approved to be sent to ERP'] };
    const synced = primeOf(world, changeOrder).origin_id !== null;
    return synced ? null : { prime_contract: ['is not synced with ERP'] };
  },
  ruled: (_world, changeOrder) => [['prime_contract_change_orders', () => [headerView(changeOrder, {})]]],
  request: (world, changeOrders, choices, actor) =>
    changeOrders.map((changeOrder) => requestExport(world, changeOrder, choices, actor)),
  unlink: (world, changeOrder, actor) =>
    raiseFor(world, actor, asItem(changeOrder), {
      name: 'unlink_prime_contract_change_order',
      fields: {
        prime_contract: contractRef(primeOf(world, changeOrder)),
        prime_contract_change_order: headerView(changeOrder, {}),
        prime_contract_change_order_line_items: changeOrder.lines.map((line) => amountsView(world, line)),
      },
    }),
  reset: requestReset,
});

function requestExport(world: World, changeOrder: ChangeOrder, choices: Choices, actor: Actor): ErpRequest {
  const contract = primeOf(world, changeOrder);
  const project = world.projects.get(contract.project_id);
  const { line_items: _1, change_order_packages: _2, ...header } = primeShowView(world, contract);
  return raiseFor(world, actor, asItem(changeOrder), {
    name: 'create_prime_contract_change_order',
    fields: {
      project: project ? { id: project.id, name: project.name, ...originOf(project) } : null,
      prime_contract: { ...header, ...originOf(contract) },
      prime_contract_items: world.contractLines(contract).map((line) => ({
        ...lineView(world, contract, line),
        origin_code: line.origin_code,
      })),
      prime_contract_change_order: headerView(changeOrder, choices.erp_custom_fields ?? {}),
      prime_contract_change_order_items: changeOrder.lines.map((line) => itemView(world, changeOrder, line)),
    },
  });
}

/** The published sample of this event is its data alone, without the name of the request. */
function requestReset(world: World, changeOrder: ChangeOrder, actor: Actor): ErpRequest {
  const contract = primeOf(world, changeOrder);
  const fields = {
    prime_contract_id: contract.id,
    prime_contract_origin_id: contract.origin_id,
    prime_contract_change_order_id: changeOrder.id,
    prime_contract_change_order_number: changeOrder.number,
    job_id: world.projects.get(contract.project_id)?.origin_id ?? null,
    prime_contract_change_order_line_items: changeOrder.lines.map((line) => amountsView(world, line)),
    reset_estimate_transactions: true,
    reset_revenue_transactions: true,
    project_id: contract.project_id,
    prime_contract_change_order_origin_id: changeOrder.origin_id,
  };
  forgetAll(world, linkedPackage(changeOrder));
  const { company_id } = changeOrder;
  const name = 'reset_prime_contract_change_order';
  return raise(world, actor, { id: world.nextId(), name, company_id, fields });
}

function headerView(changeOrder: ChangeOrder, erpFields: View): View {
  const { id, contract_id, number, status, title, description, executed, reviewed_at } = changeOrder;
  const reviewed = reviewed_at === null ? null : isoSeconds(reviewed_at);
  return {
    id,
    contract_id,
    number,
    status,
    title,
    description,
    executed,
    due_date: null,
    invoiced_date: null,
    paid_date: null,
    reviewed_at: reviewed,
    approved_on: reviewed?.slice(0, 10) ?? null,
    custom_fields: {},
    erp_custom_fields: erpFields,
    ...originOf(changeOrder),
  };
}

function itemView(world: World, changeOrder: ChangeOrder, line: ChangeOrderLine): View {
  const parent = world.lines.get(line.parent_line_id ?? -1);
  return {
    ...lineView(world, changeOrder, asLine(line, changeOrder.contract_id)),
    prime_line_item_id: line.parent_line_id,
    prime_line_item_origin_id: parent?.origin_id ?? null,
    prime_line_item_origin_code: parent?.origin_code ?? null,
    prime_line_item_origin_data: parent?.origin_data ?? null,
    markup_line_items: line.markups.map((markup) => markupView(markup, parent)),
  };
}

function markupView(markup: Markup, parent: { id: number; origin_id: string | null } | undefined): View {
  return {
    id: markup.id,
    amount: moneyText(markup.amount),
    markup: {
      id: markup.id,
      name: markup.name,
      percentage: decimalText(markup.percentage, MONEY_SCALE),
      position: markup.position,
      markup_set: 'vertical',
      compounds_markups_above: false,
      can_export_estimate_markup: false,
      destination_cost_code: null,
      destination_line_item_type: null,
      destination_sub_job: null,
      destination_budget_line_item_id: null,
      prime_line_item: parent ? { id: parent.id, origin_id: parent.origin_id } : null,
    },
  };
}

/** Estimate is what it costs, revenue what the owner pays for it: the line with its markups (inferred). */
function amountsView(world: World, line: ChangeOrderLine): View {
  return {
    cost_code_origin_id: world.costCodes.get(line.cost_code_id ?? -1)?.origin_id ?? null,
    estimate_amount: amountNumber(line.amount),
    revenue_amount: amountNumber(withMarkups(line)),
    origin_id: line.origin_id,
    prime_contract_item_id: line.parent_line_id,
  };
}

function contractRef(contract: PrimeContract): View {
  const { id, number, project_id, title } = contract;
  return { id, number, ...originOf(contract), procore_prime_contract_id: id, project_id, title };
}

function primeOf(world: World, changeOrder: ChangeOrder): PrimeContract {
  const contract = world.primeContracts.get(changeOrder.contract_id);
  if (!contract) throw new Error(`change order ${changeOrder.id} has no prime contract`);
  return contract;
}
