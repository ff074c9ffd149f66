import { z } from 'zod';
import { kept, type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { idField, textField } from '../http/body.ts';
import { BLANK, type Errors, TAKEN } from '../http/errors.ts';
import type {
  Company,
  CostCode,
  CostTypeAssignment,
  LineItemType,
  Project,
  StandardCostCode,
  StandardCostCodeList,
  SubJob,
} from '../records.ts';
import type { World } from '../state.ts';

/** What stands between the parts of a full code unless the ERP metadata says otherwise. */
const DELIMITER = '-';

const keyed = { id: idField, origin_id: textField, origin_data: textField };
export const subJobRow = z.strictObject({ ...keyed, name: z.string(), code: z.string() }).partial();
export const standardCostCodeRow = z
  .strictObject({ ...keyed, name: z.string(), code: z.string(), parent_id: idField })
  .partial();
export const costCodeRow = z
  .strictObject({
    ...keyed,
    position: z.int(),
    code: z.string(),
    name: z.string(),
    parent_id: idField,
    standard_cost_code_id: idField,
  })
  .partial();
export const lineItemTypeRow = z
  .strictObject({
    ...keyed,
    name: z.string(),
    csv_import_code: z.string(),
    base_type: z.enum([
      'labor',
      'equipment',
      'materials',
      'commitment',
      'owner_cost',
      'professional_services',
      'other',
    ]),
  })
  .partial();

type SubJobInput = z.output<typeof subJobRow>;
type StandardCostCodeInput = z.output<typeof standardCostCodeRow>;
type CostCodeInput = z.output<typeof costCodeRow>;
type LineItemTypeInput = z.output<typeof lineItemTypeRow>;

/** Making an ERP connection makes the one list of standard cost codes that the ERP fills. */
export function connectErp(
  world: World,
  company: Company,
  connection: { service_url: string; metadata: Record<string, unknown> },
): StandardCostCodeList {
  const list = { id: world.nextId(), company_id: company.id, name: 'ERP', is_erp_list: true };
  world.standardCostCodeLists.set(list.id, list);
  company.erp = { ...connection, standard_cost_code_list_id: list.id };
  return list;
}

export function createSubJob(world: World, project: Project, row: SubJobInput): Made<SubJob> {
  if (!row.code) return { errors: { code: BLANK } };
  const subJob: SubJob = {
    id: row.id ?? world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    code: row.code,
    name: '',
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  return kept(world.subJobs, subJob, editSubJob(world, subJob, row));
}

export function editSubJob(world: World, subJob: SubJob, row: SubJobInput): Errors | null {
  const target = { companyId: subJob.company_id, itemType: 'sub_job', id: subJob.id, record: subJob };
  if (!world.setOrigin(target, row)) return TAKEN;
  subJob.code = row.code ?? subJob.code;
  subJob.name = row.name ?? subJob.name;
  subJob.updated_at = world.clock.now();
  return null;
}

export function createStandardCostCode(
  world: World,
  list: StandardCostCodeList,
  row: StandardCostCodeInput,
): Made<StandardCostCode> {
  if (!row.code) return { errors: { code: BLANK } };
  if (!row.name) return { errors: { name: BLANK } };
  const code: StandardCostCode = {
    id: row.id ?? world.nextId(),
    company_id: list.company_id,
    standard_cost_code_list_id: list.id,
    parent_id: null,
    code: row.code,
    name: row.name,
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  return kept(world.standardCostCodes, code, editStandardCostCode(world, code, row));
}

export function editStandardCostCode(
  world: World,
  code: StandardCostCode,
  row: StandardCostCodeInput,
): Errors | null {
  const { company_id: companyId, id } = code;
  const list = code.standard_cost_code_list_id;
  if (row.parent_id && world.standardCostCodes.get(row.parent_id)?.standard_cost_code_list_id !== list)
    return { parent_id: ['is not in the list'] };
  if (!world.setOrigin({ companyId, itemType: 'standard_cost_code', id, record: code }, row)) return TAKEN;
  code.parent_id = row.parent_id ?? code.parent_id;
  code.code = row.code ?? code.code;
  code.name = row.name ?? code.name;
  code.updated_at = world.clock.now();
  return null;
}

export function createCostCode(
  world: World,
  project: Project,
  subJobId: number | null,
  row: CostCodeInput & { full_code?: string | undefined },
): Made<CostCode> {
  if (!row.code) return { errors: { code: BLANK } };
  if (!row.name) return { errors: { name: BLANK } };
  const code: CostCode = {
    id: row.id ?? world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    code: row.code,
    full_code: row.full_code ?? row.code,
    name: row.name,
    parent_id: null,
    sub_job_id: subJobId,
    standard_cost_code_id: null,
    line_item_type_ids: [],
    deleted_at: null,
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  return kept(world.costCodes, code, editCostCode(world, code, row));
}

export function editCostCode(world: World, code: CostCode, row: CostCodeInput): Errors | null {
  const parent = row.parent_id === undefined ? undefined : world.costCodes.get(row.parent_id);
  if (row.parent_id !== undefined && parent?.project_id !== code.project_id)
    return { parent_id: ['is not a cost code of the project'] };
  const target = { companyId: code.company_id, itemType: 'cost_code', id: code.id, record: code };
  if (!world.setOrigin(target, row)) return TAKEN;
  if (parent) code.parent_id = parent.id;
  if (parent || row.code !== undefined) {
    const own = row.code ?? code.code;
    const above = parent ?? world.costCodes.get(code.parent_id ?? -1);
    if (above || own !== code.code) code.full_code = above ? `${above.full_code}${DELIMITER}${own}` : own;
    code.code = own;
  }
  code.name = row.name ?? code.name;
  code.standard_cost_code_id = row.standard_cost_code_id ?? code.standard_cost_code_id;
  code.updated_at = world.clock.now();
  return null;
}

export function createLineItemType(
  world: World,
  companyId: number,
  row: LineItemTypeInput,
): Made<LineItemType> {
  if (!row.csv_import_code) return { errors: { csv_import_code: BLANK } };
  if (!row.name) return { errors: { name: BLANK } };
  const type: LineItemType = {
    id: world.nextId(),
    company_id: companyId,
    name: row.name,
    code: row.csv_import_code,
    base_type: 'other',
    ...NO_ORIGIN,
  };
  return kept(world.lineItemTypes, type, editLineItemType(world, type, row));
}

export function editLineItemType(world: World, type: LineItemType, row: LineItemTypeInput): Errors | null {
  const target = { companyId: type.company_id, itemType: 'line_item_type', id: type.id, record: type };
  if (!world.setOrigin(target, row)) return TAKEN;
  type.name = row.name ?? type.name;
  type.code = row.csv_import_code ?? type.code;
  type.base_type = row.base_type ?? type.base_type;
  return null;
}

/** The pair of a cost code and a cost type; it comes into being with its first mention. */
export function assignmentOf(world: World, code: CostCode, lineItemTypeId: number): CostTypeAssignment {
  const key = `${code.id}|${lineItemTypeId}`;
  const known = world.costTypeAssignments.get(key);
  if (known) return known;
  if (!code.line_item_type_ids.includes(lineItemTypeId)) code.line_item_type_ids.push(lineItemTypeId);
  const assignment: CostTypeAssignment = {
    id: world.nextId(),
    company_id: code.company_id,
    project_id: code.project_id,
    cost_code_id: code.id,
    line_item_type_id: lineItemTypeId,
    synced: false,
  };
  world.costTypeAssignments.set(key, assignment);
  return assignment;
}

export function removeAssignment(world: World, assignment: CostTypeAssignment): void {
  world.costTypeAssignments.delete(`${assignment.cost_code_id}|${assignment.line_item_type_id}`);
  const code = world.costCodes.get(assignment.cost_code_id);
  if (code)
    code.line_item_type_ids = code.line_item_type_ids.filter((id) => id !== assignment.line_item_type_id);
}

/** Codes that documents name stay on them; nobody else sees a deleted one. */
export function deleteCostCode(world: World, code: CostCode): void {
  const target = { companyId: code.company_id, itemType: 'cost_code', id: code.id, record: code };
  world.setOrigin(target, NO_ORIGIN);
  code.deleted_at = world.clock.now();
  code.updated_at = code.deleted_at;
}

/** The codes and names from the top down to this one. */
export function standardPath(world: World, code: StandardCostCode): StandardCostCode[] {
  const path = [code];
  for (let above = code.parent_id; above !== null && path.length < 10; ) {
    const parent = world.standardCostCodes.get(above);
    if (!parent) break;
    path.unshift(parent);
    above = parent.parent_id;
  }
  return path;
}

export function standardFullCode(world: World, code: StandardCostCode): string {
  return standardPath(world, code)
    .map((each) => each.code)
    .join(DELIMITER);
}
