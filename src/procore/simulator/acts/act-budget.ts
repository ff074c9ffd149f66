import { z } from 'zod';
import {
  budgetChangeEdit,
  budgetChangeFields,
  createBudgetChange,
  editBudgetChange,
} from '../budget/budget-change-store.ts';
import { addModification, budgetModificationFields } from '../budget/budget-modification-store.ts';
import { budgetLineFields, budgetOf, putBudgetLine } from '../budget/budget-store.ts';
import {
  deleteForecastLine,
  forecastLineFields,
  forecastSpreadFields,
  putForecastLine,
  spreadForecast,
} from '../budget/forecast-store.ts';
import { setWbsStatus, WBS_STATUSES } from '../budget/wbs-code-store.ts';
import { assertApprover } from '../directory/approvers.ts';
import { requestBudget, tellBudgetImported } from '../erp-tool/erp-budget-events.ts';
import { requestsMade } from '../erp-tool/erp-raise.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, Project } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;
const project_id = idField;
const lines = z.array(budgetLineFields).min(1).max(10_000);

export const budgetActs = [
  z.strictObject({ as, action: z.literal('set_budget'), project_id, lines }),
  z.strictObject({ as, action: z.literal('lock_budget'), project_id, locked: z.boolean().default(true) }),
  z.strictObject({ as, action: z.literal('import_budget'), project_id, lines }),
  z.strictObject({ as, action: z.literal('repeat_budget_export'), project_id }),
  z.strictObject({ as, action: z.literal('create_budget_change'), project_id, ...budgetChangeFields.shape }),
  z.strictObject({ as, action: z.literal('edit_budget_change'), project_id, ...budgetChangeEdit.shape }),
  /** Its list and its page show it no more. */
  z.strictObject({ as, action: z.literal('delete_budget_change'), project_id, budget_change_id: idField }),
  z.strictObject({
    ...{ as, action: z.literal('transfer_budget'), project_id },
    ...budgetModificationFields.shape,
  }),
  z.strictObject({ as, action: z.literal('put_forecast_line'), project_id, ...forecastLineFields.shape }),
  z.strictObject({
    ...{ as, action: z.literal('delete_forecast_line'), project_id },
    forecast_line_id: idField,
  }),
  z.strictObject({ as, action: z.literal('spread_forecast'), project_id, ...forecastSpreadFields.shape }),
  z.strictObject({
    ...{ as, action: z.literal('set_wbs_status'), project_id, status: z.enum(WBS_STATUSES) },
    ...{ cost_code_id: idField, line_item_type_id: idField },
  }),
] as const;

export type BudgetAct = z.output<(typeof budgetActs)[number]>;

export const isBudgetAct = (act: { action: string }): act is BudgetAct =>
  budgetActs.some(({ shape }) => shape.action.value === act.action);

/** Plays what people do with the budget of a project. */
export function performBudget(world: World, act: BudgetAct, actor: Actor): Record<string, unknown> {
  const project = world.projects.get(act.project_id);
  if (!project) throw fieldErrors(422, { project_id: ['is not a project'] });
  const budget = budgetOf(world, project);
  switch (act.action) {
    case 'set_budget':
      if (budget.locked) throw fieldErrors(422, { base: ['The budget is locked'] });
      return { budget_line_item_ids: putAll(world, project, act.lines) };
    case 'lock_budget':
      budget.locked = act.locked;
      budget.updated_at = world.clock.now();
      return { budget_id: budget.id };
    case 'repeat_budget_export':
      // One action of a person may be told as two events.
      assertApprover(world, actor);
      return requestsMade(world, [requestBudget(world, project, budget, actor)]);
    case 'create_budget_change': {
      const { as: _, action: __, project_id: ___, ...fields } = act;
      return { budget_change_id: createBudgetChange(world, project, fields, actor).id };
    }
    case 'edit_budget_change': {
      const change = world.budgetChanges.get(act.budget_change_id);
      if (change?.project_id !== project.id) throw fieldErrors(422, { budget_change_id: ['is unknown'] });
      editBudgetChange(world, change, act, actor);
      return { budget_change_id: change.id };
    }
    case 'delete_budget_change': {
      const change = world.budgetChanges.get(act.budget_change_id);
      if (change?.project_id !== project.id) throw fieldErrors(422, { budget_change_id: ['is unknown'] });
      world.budgetChanges.delete(change.id);
      return { budget_change_id: change.id };
    }
    case 'transfer_budget': {
      const { as: _, action: __, project_id: ___, ...fields } = act;
      return { budget_modification_id: addModification(world, project, fields).id };
    }
    case 'put_forecast_line': {
      const { as: _, action: __, project_id: ___, ...fields } = act;
      return { forecast_line_id: putForecastLine(world, project, fields).id };
    }
    case 'delete_forecast_line':
      deleteForecastLine(world, project, act.forecast_line_id);
      return {};
    case 'spread_forecast': {
      const { as: _, action: __, project_id: ___, ...fields } = act;
      return { budget_line_item_id: spreadForecast(world, project, fields).budget_line_item_id };
    }
    case 'set_wbs_status':
      return { wbs_code_id: setWbsStatus(world, project, act, act.status).id };
    case 'import_budget': {
      assertApprover(world, actor);
      if (project.origin_id === null) throw fieldErrors(422, { project: ['is not synced with ERP'] });
      // What was exported once cannot come back as an import.
      if (budget.origin_id !== null) throw fieldErrors(422, { base: ['The budget was already exported'] });
      const ids = putAll(world, project, act.lines);
      return {
        budget_line_item_ids: ids,
        ...requestsMade(world, [tellBudgetImported(world, project, actor)]),
      };
    }
  }
}

function putAll(
  world: World,
  project: Project,
  wanted: readonly z.output<typeof budgetLineFields>[],
): number[] {
  return wanted.map((line) => putBudgetLine(world, project, line).id);
}
