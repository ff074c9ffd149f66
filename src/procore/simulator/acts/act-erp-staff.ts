import { z } from 'zod';
import { deleteCostCode } from '../costs/cost-code-store.ts';
import { assertApprover } from '../directory/approvers.ts';
import {
  requestAssignmentDeletion,
  requestCostCodeDeletion,
  tellCategoriesDeleted,
  tellCostCodesDeleted,
  tellStandardCodes,
} from '../erp-tool/erp-cost-code-events.ts';
import { requestsMade } from '../erp-tool/erp-raise.ts';
import { requestPaymentReset } from '../erp-tool/erp-requisition-export.ts';
import { forgetAll, resetProject, resetSubJob } from '../erp-tool/erp-resets.ts';
import { idField } from '../http/body.ts';
import { BLANK, fieldErrors } from '../http/errors.ts';
import type { Actor, CostCode, ErpRequest, Project } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;
const ids = z.array(idField).min(1).max(1_000);

/** What an approver takes away, and what only the vendor's own staff can reset, unlink or delete. */
export const staffActs = [
  z.strictObject({ as, action: z.literal('ask_to_delete_cost_codes'), cost_code_ids: ids }),
  z.strictObject({
    as,
    action: z.literal('ask_to_delete_cost_types'),
    cost_code_id: idField,
    line_item_type_ids: ids,
  }),
  z.strictObject({ as, action: z.literal('staff_delete_cost_codes'), cost_code_ids: ids }),
  z.strictObject({ as, action: z.literal('staff_delete_standard_cost_codes'), standard_cost_code_ids: ids }),
  z.strictObject({ as, action: z.literal('staff_unlink_standard_cost_codes'), standard_cost_code_ids: ids }),
  z.strictObject({ as, action: z.literal('staff_delete_cost_types'), line_item_type_ids: ids }),
  z.strictObject({ as, action: z.literal('staff_reset_job'), project_id: idField }),
  z.strictObject({ as, action: z.literal('staff_reset_sub_job'), sub_job_id: idField }),
  z.strictObject({
    as,
    action: z.literal('staff_reset_payment'),
    payment_id: idField,
    reset_override: z.boolean().default(false),
  }),
] as const;

export type StaffAct = z.output<(typeof staffActs)[number]>;

export const isStaffAct = (act: { action: string }): act is StaffAct =>
  staffActs.some(({ shape }) => shape.action.value === act.action);

export function performStaff(world: World, act: StaffAct, actor: Actor): Record<string, unknown> {
  return requestsMade(world, [play(world, act, actor)]);
}

function play(world: World, act: StaffAct, actor: Actor): ErpRequest {
  switch (act.action) {
    case 'ask_to_delete_cost_codes': {
      assertApprover(world, actor);
      const { project, codes } = costCodes(world, act.cost_code_ids);
      return requestCostCodeDeletion(world, project, codes, actor);
    }
    case 'ask_to_delete_cost_types':
      assertApprover(world, actor);
      return askForTypes(world, act.cost_code_id, act.line_item_type_ids, actor);
    case 'staff_delete_cost_codes': {
      const { project, codes } = costCodes(world, act.cost_code_ids);
      const told = tellCostCodesDeleted(world, project, codes, actor);
      for (const code of codes) deleteCostCode(world, code);
      return told;
    }
    case 'staff_delete_standard_cost_codes':
      return takeStandardCodes(world, 'deleted', act.standard_cost_code_ids, actor);
    case 'staff_unlink_standard_cost_codes':
      return takeStandardCodes(world, 'unlinked', act.standard_cost_code_ids, actor);
    case 'staff_delete_cost_types': {
      const types = all(world.lineItemTypes, act.line_item_type_ids);
      const told = tellCategoriesDeleted(world, types, actor);
      forgetAll(
        world,
        types.map((record) => ({ itemType: 'line_item_type', record })),
      );
      for (const { id } of types) world.lineItemTypes.delete(id);
      return told;
    }
    case 'staff_reset_job':
      return resetProject(world, one(world.projects, act.project_id), actor);
    case 'staff_reset_sub_job':
      return resetSubJob(world, one(world.subJobs, act.sub_job_id), actor);
    case 'staff_reset_payment': {
      const payment = one(world.payments, act.payment_id);
      if (payment.origin_id === null) throw fieldErrors(422, { base: ['The payment is not synced'] });
      return requestPaymentReset(world, payment, act.reset_override, actor);
    }
  }
}

function askForTypes(world: World, codeId: number, typeIds: readonly number[], actor: Actor): ErpRequest {
  const { project, codes } = costCodes(world, [codeId]);
  const types = all(world.lineItemTypes, typeIds);
  for (const type of types)
    if (!codes[0].line_item_type_ids.includes(type.id))
      throw fieldErrors(422, { line_item_type_ids: [`${type.id} is not used with the cost code`] });
  return requestAssignmentDeletion(world, project, codes[0], types, actor);
}

function takeStandardCodes(
  world: World,
  what: 'unlinked' | 'deleted',
  codeIds: readonly number[],
  actor: Actor,
): ErpRequest {
  const codes = all(world.standardCostCodes, codeIds);
  const told = tellStandardCodes(world, what, codes, actor);
  forgetAll(
    world,
    codes.map((record) => ({ itemType: 'standard_cost_code', record })),
  );
  if (what === 'deleted') for (const { id } of codes) world.standardCostCodes.delete(id);
  return told;
}

/** The codes of one call belong to one project and, if to any, to one sub job. */
function costCodes(
  world: World,
  codeIds: readonly number[],
): { project: Project; codes: [CostCode, ...CostCode[]] } {
  const [first, ...rest] = all(world.costCodes, codeIds);
  if (!first) throw fieldErrors(422, { cost_code_ids: BLANK });
  for (const code of [first, ...rest])
    if (
      code.deleted_at !== null ||
      code.project_id !== first.project_id ||
      code.sub_job_id !== first.sub_job_id
    )
      throw fieldErrors(422, { cost_code_ids: [`${code.id} is not a cost code of the same job`] });
  return { project: one(world.projects, first.project_id), codes: [first, ...rest] };
}

function all<T>(map: ReadonlyMap<number, T>, wanted: readonly number[]): T[] {
  return wanted.map((id) => one(map, id));
}

function one<T>(map: ReadonlyMap<number, T>, id: number): T {
  const found = map.get(id);
  if (!found) throw fieldErrors(422, { id: [`${id} is unknown`] });
  return found;
}
