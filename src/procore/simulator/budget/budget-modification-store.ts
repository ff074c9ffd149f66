import { z } from 'zod';
import { decimalField, idField } from '../http/body.ts';
import { MONEY_SCALE, moneyText } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';
import { budgetLines } from './budget-store.ts';

/** What moved from one budget line to another before the company had budget changes. */
export type BudgetModification = Stamps & {
  readonly id: number;
  readonly project_id: number;
  readonly from_budget_line_item_id: number | null;
  readonly to_budget_line_item_id: number;
  readonly amount: bigint;
  readonly notes: string;
};

export const budgetModificationFields = z.strictObject({
  from_budget_line_item_id: idField.nullable().default(null),
  to_budget_line_item_id: idField,
  transfer_amount: decimalField(MONEY_SCALE),
  notes: z.string().default(''),
});

/** Once a company has budget changes, its modifications are only read. */
export function addModification(
  world: World,
  project: Project,
  { transfer_amount: amount, ...fields }: z.output<typeof budgetModificationFields>,
): BudgetModification {
  const changes = [...world.budgetChanges.values()];
  if (changes.some(({ company_id }) => company_id === project.company_id))
    throw fieldErrors(422, { base: ['Budget modifications cannot be changed any more'] });
  const lines = new Set(budgetLines(world, project.id).map(({ id }) => id));
  for (const name of ['from_budget_line_item_id', 'to_budget_line_item_id'] as const) {
    const id = fields[name];
    if (id !== null && !lines.has(id)) throw fieldErrors(422, { [name]: ['is not a line of the budget'] });
  }
  const made = { id: world.nextId(), project_id: project.id, ...fields, amount, ...world.stamps() };
  world.budgetModifications.set(made.id, made);
  return made;
}

export function budgetModifications(world: World, projectId: number): BudgetModification[] {
  return [...world.budgetModifications.values()].filter(({ project_id }) => project_id === projectId);
}

/** What all of them moved on one line. */
export function modifiedBy(world: World, projectId: number, lineId: number): bigint {
  let sum = 0n;
  for (const row of budgetModifications(world, projectId)) {
    if (row.to_budget_line_item_id === lineId) sum += row.amount;
    if (row.from_budget_line_item_id === lineId) sum -= row.amount;
  }
  return sum;
}

export function budgetModificationView(row: BudgetModification): Record<string, unknown> {
  const { id, from_budget_line_item_id, to_budget_line_item_id, notes } = row;
  return {
    ...{ id, from_budget_line_item_id, to_budget_line_item_id, notes },
    transfer_amount: moneyText(row.amount),
    origin_id: null,
    origin_data: null,
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
  };
}
