import type { z } from 'zod';
import { kept, type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { BLANK, type Errors, TAKEN } from '../http/errors.ts';
import type { Actor, Origin, Project, Stamps } from '../records.ts';
import type { directCostLineRow, directCostRow } from '../routes/direct-costs.ts';
import type { World } from '../state.ts';

/** What one cost code and cost type of a project has come to in the ERP; feeds the budget column of ERP costs. */
export type JobCost = {
  id: number;
  company_id: number;
  project_id: number;
  cost_code_id: number;
  line_item_type_id: number;
  /** In cents, by field. */
  amounts: Record<string, bigint>;
};

/** The head of what was paid or booked beside the commitments. */
export type DirectCost = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    direct_cost_type: string;
    status: string;
    details: Record<string, unknown>;
  };

export type DirectCostLine = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    direct_cost_id: number;
    cost_code_id: number;
    line_item_type_id: number | null;
    amount: bigint;
    description: string | null;
  };

type HeadInput = z.output<typeof directCostRow>;
type LineInput = z.output<typeof directCostLineRow>;

export function createDirectCost(
  world: World,
  project: Project,
  row: HeadInput,
  actor: Actor,
): Made<DirectCost> {
  if (row.direct_cost_type === undefined) return { errors: { direct_cost_type: BLANK } };
  const cost: DirectCost = {
    id: world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    direct_cost_type: row.direct_cost_type,
    status: 'draft',
    details: {},
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  const errors = editDirectCost(world, cost, row);
  if (errors) return { errors };
  world.directCosts.set(cost.id, cost);
  world.announce('Direct Costs', 'create', cost, actor);
  return { item: cost };
}

/** An invoice needs its number and its vendor; an expense and a payroll need neither. */
export function editDirectCost(world: World, cost: DirectCost, row: HeadInput): Errors | null {
  const { id: _id, origin_id: _1, origin_data: _2, direct_cost_type, status, ...details } = row;
  const wanted = { ...cost.details, ...details };
  const type = direct_cost_type ?? cost.direct_cost_type;
  for (const field of ['invoice_number', 'vendor_id'] as const)
    if (type === 'invoice' && wanted[field] == null) return { [field]: BLANK };
  if (row.vendor_id !== undefined && world.vendors.get(row.vendor_id)?.company_id !== cost.company_id)
    return { vendor_id: ['does not exist'] };
  const target = { companyId: cost.company_id, itemType: 'direct_cost', id: cost.id, record: cost };
  if (!world.setOrigin(target, row)) return TAKEN;
  cost.direct_cost_type = type;
  cost.status = status ?? cost.status;
  cost.details = wanted;
  cost.updated_at = world.clock.now();
  return null;
}

export function createDirectCostLine(world: World, project: Project, row: LineInput): Made<DirectCostLine> {
  const head = row.direct_cost_id === undefined ? undefined : world.directCosts.get(row.direct_cost_id);
  if (head?.project_id !== project.id) return { errors: { direct_cost_id: ['does not exist'] } };
  if (row.cost_code_id === undefined) return { errors: { cost_code_id: BLANK } };
  const line: DirectCostLine = {
    id: world.nextId(),
    company_id: project.company_id,
    project_id: project.id,
    direct_cost_id: head.id,
    cost_code_id: row.cost_code_id,
    line_item_type_id: null,
    amount: 0n,
    description: null,
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  return kept(world.directCostLines, line, editDirectCostLine(world, line, row));
}

export function editDirectCostLine(world: World, line: DirectCostLine, row: LineInput): Errors | null {
  const errors = codingErrors(world, line.project_id, row);
  if (errors) return errors;
  const target = { companyId: line.company_id, itemType: 'item', id: line.id, record: line };
  if (!world.setOrigin(target, row)) return TAKEN;
  line.amount = row.amount ?? line.amount;
  line.cost_code_id = row.cost_code_id ?? line.cost_code_id;
  line.line_item_type_id = row.line_item_type_id ?? line.line_item_type_id;
  line.description = row.description ?? line.description;
  line.updated_at = world.clock.now();
  return null;
}

/** A cost code belongs to its project, a cost type to the company. */
export function codingErrors(
  world: World,
  projectId: number,
  row: { cost_code_id?: number | undefined; line_item_type_id?: number | undefined },
): Errors | null {
  const { cost_code_id: code, line_item_type_id: type } = row;
  if (code !== undefined && world.costCodes.get(code)?.project_id !== projectId)
    return { cost_code_id: ['does not exist'] };
  const companyId = world.projects.get(projectId)?.company_id;
  if (type !== undefined && world.lineItemTypes.get(type)?.company_id !== companyId)
    return { line_item_type_id: ['does not exist'] };
  return null;
}

/** One row for each cost code and cost type of a project; what a call does not name stays. */
export function writeJobCost(
  world: World,
  project: Project,
  row: { cost_code_id: number; line_item_type_id: number; amounts: Record<string, bigint> },
): JobCost {
  const key = `${project.id}|${row.cost_code_id}|${row.line_item_type_id}`;
  const known = world.jobCosts.get(key);
  const { id, amounts } = known ?? { id: world.nextId(), amounts: {} };
  const cost: JobCost = {
    id,
    company_id: project.company_id,
    project_id: project.id,
    cost_code_id: row.cost_code_id,
    line_item_type_id: row.line_item_type_id,
    amounts: { ...amounts, ...row.amounts },
  };
  world.jobCosts.set(key, cost);
  return cost;
}
