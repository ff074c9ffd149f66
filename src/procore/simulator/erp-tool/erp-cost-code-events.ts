import { assignmentOf, standardFullCode, standardPath } from '../costs/cost-code-store.ts';
import { writeJobCost } from '../costs/job-cost-store.ts';
import type { Actor, CostCode, ErpRequest, LineItemType, Project, StandardCostCode } from '../records.ts';
import type { World } from '../state.ts';
import { longName } from './erp-directory-events.ts';
import { type Choices, erpKind } from './erp-kinds.ts';
import { openDetail, raise } from './erp-raise.ts';

/** All codes of a batch go in one request, each with a status row of its own. */
export const standardCostCodeKind = erpKind({
  find: (world, id) => world.standardCostCodes.get(id),
  refusal: () => null,
  ruled: (world, code, choices) => [['standard_cost_codes', () => [standardRow(world, code, choices)]]],
  request: (world, codes, choices, actor) => {
    const id = world.nextId();
    const rows = codes.map((code) => ({
      ...standardRow(world, code, choices),
      request_detail_id: openDetail(world, { ...code, kind: 'standard_cost_code' }, id).id,
    }));
    const company_id = codes[0]?.company_id ?? 0;
    return [raise(world, actor, { id, name: 'create_standard_cost_codes', company_id, fields: rows })];
  },
});

function standardRow(world: World, code: StandardCostCode, choices: Choices): Record<string, unknown> {
  return {
    id: code.id,
    standard_cost_code_list_id: code.standard_cost_code_list_id,
    origin_id: code.origin_id,
    parent_id: code.parent_id,
    code: code.code,
    full_code: standardFullCode(world, code),
    name: code.name,
    origin_data: code.origin_data,
    parent_origin_id: world.standardCostCodes.get(code.parent_id ?? -1)?.origin_id ?? null,
    long_name_helper: longName(standardPath(world, code)),
    erp_custom_fields: choices.erp_custom_fields ?? {},
  };
}

/** The approver asks to take codes away; the integrator answers for each of them. */
export function requestCostCodeDeletion(
  world: World,
  project: Project,
  codes: readonly CostCode[],
  actor: Actor,
): ErpRequest {
  const id = world.nextId();
  const rows = codes.map((code) => ({
    id: code.id,
    request_detail_id: openDetail(world, { ...code, kind: 'cost_code' }, id).id,
    origin_id: code.origin_id,
    sortable_code: code.full_code,
  }));
  const fields = { ...billerOf(world, project, codes[0]), cost_codes: rows };
  return raise(world, actor, { id, name: 'delete_cost_codes', company_id: project.company_id, fields });
}

/** The approver asks to take cost types off one cost code. */
export function requestAssignmentDeletion(
  world: World,
  project: Project,
  code: CostCode,
  types: readonly LineItemType[],
  actor: Actor,
): ErpRequest {
  const id = world.nextId();
  const rows = types.map((type) => {
    const assignment = assignmentOf(world, code, type.id);
    const coding = { cost_code_id: code.id, line_item_type_id: type.id };
    return {
      id: assignment.id,
      request_detail_id: openDetail(world, { ...assignment, kind: 'cost_code_line_item_type' }, id).id,
      cost_code_origin_id: code.origin_id,
      line_item_type_origin_id: type.origin_id,
      job_cost_id: writeJobCost(world, project, { ...coding, amounts: {} }).id,
    };
  });
  return raise(world, actor, {
    id,
    name: 'delete_cost_type_assignments',
    company_id: project.company_id,
    fields: { ...billerOf(world, project, code), cost_type_assignments: rows },
  });
}

function billerOf(world: World, project: Project, code: CostCode | undefined): Record<string, unknown> {
  const subJob = world.subJobs.get(code?.sub_job_id ?? -1);
  return {
    project: { id: project.id, origin_id: project.origin_id },
    sub_job: subJob ? { id: subJob.id, origin_id: subJob.origin_id } : null,
  };
}

/** A super user took a cost code of a project away; the integrator is only told. */
export function tellCostCodesDeleted(
  world: World,
  project: Project,
  codes: readonly CostCode[],
  actor: Actor,
): ErpRequest {
  return raise(world, actor, {
    id: world.nextId(),
    name: 'delete_cost_code',
    company_id: project.company_id,
    fields: {
      project_cost_code_data_array: codes.map(({ id, origin_id, full_code }) => ({
        id,
        origin_id,
        sortable_code: full_code,
      })),
      project_origin_id: project.origin_id,
      procore_project_id: project.id,
      procore_sub_job_id: codes[0]?.sub_job_id ?? null,
    },
  });
}

/** A super user unlinked or deleted standard cost codes. */
export function tellStandardCodes(
  world: World,
  what: 'unlinked' | 'deleted',
  codes: readonly StandardCostCode[],
  actor: Actor,
): ErpRequest {
  const rows = codes.map((code) => ({
    id: code.id,
    sortable_code: standardFullCode(world, code),
    origin_id: code.origin_id,
  }));
  const shared = { id: world.nextId(), company_id: codes[0]?.company_id ?? 0 };
  if (what === 'unlinked') {
    const fields = { standard_cost_codes: rows };
    return raise(world, actor, { ...shared, name: 'unlink_standard_cost_codes', fields });
  }
  const fields = {
    standard_cost_code_list_id: codes[0]?.standard_cost_code_list_id ?? null,
    standard_cost_code_data_array: rows,
  };
  return raise(world, actor, { ...shared, name: 'delete_standard_cost_codes', fields });
}

export function tellCategoriesDeleted(
  world: World,
  types: readonly LineItemType[],
  actor: Actor,
): ErpRequest {
  const rows = types.map(({ id, code, origin_id }) => ({ procore_id: id, code, origin_id }));
  return raise(world, actor, {
    id: world.nextId(),
    name: 'delete_standard_categories',
    company_id: types[0]?.company_id ?? 0,
    fields: { standard_category_data_array: rows },
  });
}
