import { z } from 'zod';
import { currency } from '../contracts/contract-views.ts';
import { codingErrors } from '../costs/job-cost-store.ts';
import { amountNumber } from '../erp-tool/erp-budget-events.ts';
import { decimalField, idField } from '../http/body.ts';
import { MONEY_SCALE } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, ErpStatus, Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';
import { wbsCodeOf, wbsRef } from './wbs-code-store.ts';

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

const lines = z
  .array(
    z.strictObject({
      cost_code_id: idField,
      line_item_type_id: idField,
      amount: decimalField(MONEY_SCALE),
    }),
  )
  .min(1);
const status = z.enum(BUDGET_CHANGE_STATUSES);

export const budgetChangeFields = z.strictObject({
  title: z.string().default(''),
  status: status.default('draft'),
  lines,
});
export const budgetChangeEdit = z.strictObject({
  budget_change_id: idField,
  status: status.optional(),
  lines: lines.optional(),
});

type BudgetChangeInput = z.output<typeof budgetChangeFields>;

export function createBudgetChange(
  world: World,
  project: Project,
  { lines, ...fields }: BudgetChangeInput,
  actor: Actor,
): BudgetChange {
  assertCodings(world, project.id, lines);
  const change: BudgetChange = {
    id: world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    number: Math.max(0, ...budgetChanges(world, project.id).map((change) => change.number)) + 1,
    erp_status: 'not_in_erp',
    ...fields,
    lines: lines.map((line) => ({ ...line, id: world.nextId() })),
    ...world.stamps(),
  };
  world.budgetChanges.set(change.id, change);
  world.announce('Budget Changes', 'create', change, actor);
  return change;
}

/** What is approved is corrected by taking the approval back first. */
export function editBudgetChange(
  world: World,
  change: BudgetChange,
  { status, lines }: Omit<z.output<typeof budgetChangeEdit>, 'budget_change_id'>,
  actor: Actor,
): void {
  if (lines !== undefined) {
    if (change.status === 'approved')
      throw fieldErrors(422, { base: ['An approved budget change is locked'] });
    assertCodings(world, change.project_id, lines);
    change.lines = lines.map((line, at) => ({ ...line, id: change.lines[at]?.id ?? world.nextId() }));
  }
  change.status = status ?? change.status;
  change.updated_at = world.clock.now();
  world.announce('Budget Changes', 'update', change, actor);
}

function assertCodings(world: World, projectId: number, lines: BudgetChangeInput['lines']): void {
  for (const line of lines) {
    const errors = codingErrors(world, projectId, line);
    if (errors) throw fieldErrors(422, errors);
  }
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

/** Its own page shows the lines; the list does not. Ids of lines are unique within their type only. */
export function budgetChangeView(world: World, change: BudgetChange): Record<string, unknown> {
  const {
    prime_contract_id: _,
    change_event_line_item_ids: __,
    ...shown
  } = budgetChangeListView(world, change);
  return {
    ...shown,
    prime_contract: null,
    attachments: [],
    adjustment_line_items: change.lines.map(({ id, amount, ...coding }, at) => ({
      ...{ id, ref: null, adjustment_number: at + 1, type: 'budget_change' },
      wbs_code: wbsRef(world, wbsCodeOf(world, change.project_id, coding)),
      ...{ description: null, comment: null, calculation_strategy: 'manual', quantity: 0, uom: '' },
      ...{ unit_cost: 0, amount: amountNumber(amount) },
      ...{ change_event_line_item_id: null, change_event_line_item: null },
      currency_configuration: currency(world, change.company_id),
    })),
    production_quantities: [],
  };
}
