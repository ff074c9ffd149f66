import {
  type Budget,
  budgetLines,
  budgetOf,
  budgetTransactions,
  type ErpTransaction,
  recordMovements,
} from '../budget/budget-store.ts';
import { writeJobCost } from '../costs/job-cost-store.ts';
import { decimalText, MONEY_SCALE } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, ErpRequest, Project } from '../records.ts';
import type { World } from '../state.ts';
import { erpKind, projectRefusal } from './erp-kinds.ts';
import { raise, raiseFor } from './erp-raise.ts';

type View = Record<string, unknown>;

/**
 * Named by the project, because people send the budget of one. The first export carries every transaction, later
 * ones only those that the ERP does not have.
 */
export const budgetKind = erpKind({
  find: (world, projectId) => {
    const project = world.projects.get(projectId);
    return project && budgetOf(world, project);
  },
  again: true,
  refusal: (world, budget) => {
    if (budgetLines(world, budget.project_id).length === 0) return { budget: ['has no lines'] };
    return projectRefusal(world, budget.project_id);
  },
  ruled: (_world, budget) => [['budgets', () => [budgetView(budget)]]],
  request: (world, budgets, _choices, actor) =>
    budgets.flatMap((budget) => {
      const project = world.projects.get(budget.project_id);
      return project ? [requestBudget(world, project, budget, actor)] : [];
    }),
});

/** Tells of what was not exported yet, or of all where nothing was. */
export function requestBudget(world: World, project: Project, budget: Budget, actor: Actor): ErpRequest {
  recordMovements(world, project);
  const first = budget.origin_id === null;
  const transactions = budgetTransactions(world, project.id).filter(({ synced }) => first || !synced);
  return raiseFor(
    world,
    actor,
    { ...budget, kind: 'budget' },
    {
      name: first ? 'create_budget' : 'update_budget',
      fields: {
        job_id: project.origin_id,
        budget: budgetView(budget),
        job_costs: jobCosts(world, project),
        transactions: transactions.map(transactionView),
      },
    },
  );
}

/** A budget came in from the ERP; nobody has to close anything. */
export function tellBudgetImported(world: World, project: Project, actor: Actor): ErpRequest {
  return raise(world, actor, {
    id: world.nextId(),
    name: 'create_budget_in_procore',
    company_id: project.company_id,
    fields: { project_origin_id: project.origin_id, budget: budgetView(budgetOf(world, project)) },
  });
}

function budgetView(budget: Budget): View {
  const { id, origin_id, origin_data, project_id } = budget;
  return { id, origin_id, origin_data, synced: origin_id !== null, custom_fields: {}, project_id };
}

function jobCosts(world: World, project: Project): View[] {
  return budgetLines(world, project.id).map((line) => {
    const { cost_code_id, line_item_type_id } = line;
    const code = world.costCodes.get(cost_code_id);
    const subJob = world.subJobs.get(code?.sub_job_id ?? -1);
    return {
      id: writeJobCost(world, project, { cost_code_id, line_item_type_id, amounts: {} }).id,
      cost_code_origin_id: code?.origin_id ?? null,
      line_item_type_origin_id: world.lineItemTypes.get(line_item_type_id)?.origin_id ?? null,
      budget_line_item_id: line.id,
      new_amount: amountNumber(line.amount),
      job_origin_id: project.origin_id,
      sub_job_origin_id: subJob?.origin_id ?? null,
    };
  });
}

/** A transaction as the events and the routes of the ERP tool show it. */
export function transactionView(transaction: ErpTransaction): View {
  const { id, origin_id, origin_code, value, synced, job_cost_id, created_at } = transaction;
  return {
    id,
    origin_id,
    code: origin_code,
    value: amountNumber(value),
    synced,
    type: 'Erp::OriginalEstimateTransaction',
    procore_transaction_id: null,
    procore_transaction_type: null,
    job_cost_id,
    created_at: isoSeconds(created_at),
    notes: null,
  };
}

/** The budget's events and the owner's invoices print money as JSON numbers. */
export function amountNumber(cents: bigint): number {
  return Number(decimalText(cents, MONEY_SCALE));
}
