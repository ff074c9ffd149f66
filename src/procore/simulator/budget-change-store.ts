import { z } from 'zod';
import { decimalField, idField } from './body.ts';
import { currency } from './contract-views.ts';
import { MONEY_SCALE } from './decimals.ts';
import { amountNumber } from './erp-budget-events.ts';
import { fieldErrors } from './errors.ts';
import { codingErrors } from './job-cost-store.ts';
import type { Actor, ErpStatus, Project, Stamps } from './records.ts';
import type { World } from './state.ts';

export const BUDGET_CHANGE_STATUSES = ['draft', 'approved', 'under_review', 'void'] as const;

/** A change of a project's budget by adjustments of its lines, which people approve. */
export type BudgetChange = Stamps & {
  id: number;
  company_id: number;
  project_id: number;
  number: number;
  title: string;
  status: (typeof BUDGET_CHANGE_STATUSES)[number];
  erp_status: ErpStatus;
  lines: { id: number; cost_code_id: number; line_item_type_id: number; amount: bigint }[];
};

export const budgetChangeFields = z.strictObject({
  title: z.string().default(''),
  status: z.enum(BUDGET_CHANGE_STATUSES).default('draft'),
  lines: z
    .array(
      z.strictObject({
        cost_code_id: idField,
        line_item_type_id: idField,
        amount: decimalField(MONEY_SCALE),
      }),
    )
    .min(1),
});

export function createBudgetChange(
  world: World,
  project: Project,
  { lines, ...fields }: z.output<typeof budgetChangeFields>,
  actor: Actor,
): BudgetChange {
  for (const line of lines) {
    const errors = codingErrors(world, project.id, line);
    if (errors) throw fieldErrors(422, errors);
  }
  const change: BudgetChange = {
    id: world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    number: budgetChanges(world, project.id).length + 1,
    erp_status: 'not_in_erp',
    ...fields,
    lines: lines.map((line) => ({ ...line, id: world.nextId() })),
    ...world.stamps(),
  };
  world.budgetChanges.set(change.id, change);
  world.announce('Budget Changes', 'create', change, actor);
  return change;
}

export function budgetChanges(world: World, projectId: number): BudgetChange[] {
  return [...world.budgetChanges.values()].filter(({ project_id }) => project_id === projectId);
}

function totalOf({ lines }: BudgetChange): bigint {
  return lines.reduce((sum, { amount }) => sum + amount, 0n);
}

export function budgetChangeListView(world: World, change: BudgetChange): Record<string, unknown> {
  const { id, number, status, title, erp_status } = change;
  return {
    ...{ id, number, status, title, description: '', erp_status },
    prime_contract_id: null,
    amount: amountNumber(totalOf(change)),
    change_event_line_item_ids: [],
    currency_configuration: currency(world, change.company_id),
  };
}
