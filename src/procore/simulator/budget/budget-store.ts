import { z } from 'zod';
import { NO_ORIGIN } from '../contracts/made-records.ts';
import { codingErrors, writeJobCost } from '../costs/job-cost-store.ts';
import { decimalField, idField } from '../http/body.ts';
import { extendedCents, MONEY_SCALE, QUANTITY_SCALE } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { ErpStatus, Origin, Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';

export type Budget = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    /** The one view of it that people have. */
    view_id: number;
    locked: boolean;
    erp_status: ErpStatus;
  };

export type BudgetLine = Stamps & {
  id: number;
  company_id: number;
  project_id: number;
  cost_code_id: number;
  line_item_type_id: number;
  amount: bigint;
  quantity: bigint;
  unit_cost: bigint;
  uom: string;
  calculation_strategy: 'automatic' | 'manual';
};

/** What an export of the budget adds to the estimate of one cost code and cost type. */
export type ErpTransaction = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    budget_line_item_id: number;
    job_cost_id: number;
    value: bigint;
    synced: boolean;
  };

export const budgetLineFields = z.strictObject({
  id: idField.optional(),
  cost_code_id: idField,
  line_item_type_id: idField,
  amount: decimalField(MONEY_SCALE).optional(),
  quantity: decimalField(QUANTITY_SCALE).default(0n),
  unit_cost: decimalField(QUANTITY_SCALE).default(0n),
  uom: z.string().default(''),
});
export type BudgetLineInput = z.output<typeof budgetLineFields>;

/** The one budget of a project. */
export function budgetOf(world: World, project: Project): Budget {
  const known = world.budgets.get(project.id);
  if (known) return known;
  const budget: Budget = {
    id: world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    view_id: world.nextId(),
    locked: false,
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  world.budgets.set(project.id, budget);
  return budget;
}

/** A line for one cost code and cost type; the amount follows quantity and unit cost unless somebody types it. */
export function putBudgetLine(world: World, project: Project, input: BudgetLineInput): BudgetLine {
  const errors = codingErrors(world, project.id, input);
  if (errors) throw fieldErrors(422, errors);
  const { amount, id, ...fields } = input;
  const known = budgetLines(world, project.id).find(
    (line) => line.cost_code_id === input.cost_code_id && line.line_item_type_id === input.line_item_type_id,
  );
  const line: BudgetLine = {
    id: known?.id ?? id ?? world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    ...fields,
    amount: amount ?? extendedCents(input.quantity, input.unit_cost),
    calculation_strategy: amount === undefined ? 'automatic' : 'manual',
    ...world.stamps(),
    ...(known ? { created_at: known.created_at } : {}),
  };
  world.budgetLines.set(line.id, line);
  budgetOf(world, project).updated_at = world.clock.now();
  return line;
}

export function budgetLines(world: World, projectId: number): BudgetLine[] {
  return [...world.budgetLines.values()].filter(({ project_id }) => project_id === projectId);
}

export function budgetTransactions(world: World, projectId: number): ErpTransaction[] {
  return [...world.erpTransactions.values()].filter(({ project_id }) => project_id === projectId);
}

/** Writes down what every line has moved since the last export, one transaction for each that did. */
export function recordMovements(world: World, project: Project): void {
  const before = budgetTransactions(world, project.id);
  for (const line of budgetLines(world, project.id)) {
    const exported = before
      .filter(({ budget_line_item_id }) => budget_line_item_id === line.id)
      .reduce((sum, { value }) => sum + value, 0n);
    if (line.amount === exported) continue;
    const { cost_code_id, line_item_type_id } = line;
    const jobCost = writeJobCost(world, project, { cost_code_id, line_item_type_id, amounts: {} });
    const transaction: ErpTransaction = {
      id: world.nextId(),
      company_id: project.company_id,
      project_id: project.id,
      budget_line_item_id: line.id,
      job_cost_id: jobCost.id,
      value: line.amount - exported,
      synced: false,
      ...NO_ORIGIN,
      ...world.stamps(),
    };
    world.erpTransactions.set(transaction.id, transaction);
  }
}
