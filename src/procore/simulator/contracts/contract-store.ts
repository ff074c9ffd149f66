import { metadataAt } from '../erp-tool/erp-metadata.ts';
import { extendedCents } from '../http/decimals.ts';
import { fieldErrors, TAKEN } from '../http/errors.ts';
import type { Actor, Contract, ContractKind, Line, Project } from '../records.ts';
import type { World } from '../state.ts';
import { type ContractInput, keptFields, type LineInput } from './contract-fields.ts';
import { NO_ORIGIN } from './made-records.ts';

const LOCK_NOTICE = 'This commitment cannot be edited because it has been synced with ERP';
const RESOURCE = {
  work_order_contract: 'Work Order Contracts',
  purchase_order_contract: 'Purchase Order Contracts',
} as const;

export type NewContract = {
  id?: number | undefined;
  kind: ContractKind;
  project: Project;
  input: ContractInput;
  custom_fields?: Record<string, unknown>;
  actor: Actor;
};

/** Creates a header without lines. */
export function createContract(world: World, wanted: NewContract): Contract {
  const { kind, project, actor } = wanted;
  const stamps = world.stamps();
  const contract: Contract = {
    id: wanted.id ?? world.nextId(),
    kind,
    company_id: project.company_id,
    project_id: project.id,
    vendor_id: null,
    number: wanted.input.number ?? nextNumber(world, kind, project.id),
    title: '',
    status: 'Draft',
    executed: false,
    private: false,
    accounting_method: 'amount',
    retainage: 0n,
    moves_materials: false,
    separate_billing_for_stored_materials: true,
    details: {},
    custom_fields: wanted.custom_fields ?? {},
    line_ids: [],
    change_order_ids: [],
    created_by_id: actor.user_id,
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...stamps,
  };
  assertVendor(world, contract, wanted.input.vendor_id);
  writeOrigin(world, contract, wanted.input);
  applyHeader(contract, wanted.input);
  world.addContract(contract);
  world.announce(RESOURCE[kind], 'create', contract, actor);
  return contract;
}

/** Changes a header; the fields the ERP lock covers are refused once the commitment is synced. */
export function editContract(world: World, contract: Contract, input: ContractInput, actor: Actor): void {
  if (isLocked(world, contract, 'commitments')) {
    const changed =
      differs(input.title, contract.title) ||
      differs(input.vendor_id, contract.vendor_id) ||
      differs(input.status, contract.status) ||
      differs(input.retainage_percent, contract.retainage);
    if (changed) throw fieldErrors(422, { base: [LOCK_NOTICE] });
  }
  assertVendor(world, contract, input.vendor_id);
  writeOrigin(world, contract, input);
  applyHeader(contract, input);
  touchContract(world, contract, actor);
}

/** Adds one schedule-of-values line. */
export function addLine(
  world: World,
  contract: Contract,
  input: LineInput & { id?: number | undefined },
  actor: Actor,
): Line {
  assertSovOpen(world, contract);
  const line = newLine(world, contract, input.id);
  applyLine(world, contract, line, input);
  world.lines.set(line.id, line);
  contract.line_ids.push(line.id);
  touchContract(world, contract, actor);
  return line;
}

/** What lines of a schedule of values hang on. */
type LineHolder = Pick<Contract, 'id' | 'company_id' | 'project_id' | 'line_ids'>;

/** An empty line at the end of the schedule. */
export function newLine(world: World, contract: LineHolder, id?: number): Line {
  return {
    id: id ?? world.nextId(),
    company_id: contract.company_id,
    contract_id: contract.id,
    position: contract.line_ids.length + 1,
    amount: 0n,
    quantity: 0n,
    unit_cost: 0n,
    uom: '',
    description: '',
    extended_type: 'manual',
    cost_code_id: null,
    line_item_type_id: null,
    tax_code_id: null,
    wbs_code_id: null,
    details: [],
    ...NO_ORIGIN,
    ...world.stamps(),
  };
}

/** Changes one schedule-of-values line. */
export function editLine(world: World, contract: Contract, line: Line, input: LineInput, actor: Actor): void {
  assertSovOpen(world, contract);
  applyLine(world, contract, line, input);
  line.updated_at = world.clock.now();
  touchContract(world, contract, actor);
}

/** Marks the header as changed now and tells the webhooks. */
export function touchContract(world: World, contract: Contract, actor: Actor): void {
  contract.updated_at = world.clock.now();
  world.announce(RESOURCE[contract.kind], 'update', contract, actor);
}

/** What is synced is locked unless the ERP metadata allows exporting updates of it (inferred switch). */
export function isLocked(
  world: World,
  record: { company_id: number; origin_id: string | null },
  entity: 'commitments' | 'commitment_change_orders' | 'prime_contract_change_orders',
): boolean {
  if (record.origin_id === null) return false;
  const company = world.companies.get(record.company_id);
  return metadataAt(company, ['entities', entity, 'configs', 'export', 'update']) !== true;
}

function assertSovOpen(world: World, contract: Contract): void {
  if (isLocked(world, contract, 'commitments')) throw fieldErrors(422, { base: [LOCK_NOTICE] });
}

function differs(wanted: unknown, present: unknown): boolean {
  return wanted !== undefined && wanted !== present;
}

function assertVendor(world: World, contract: Contract, vendorId: number | null | undefined): void {
  if (vendorId === undefined || vendorId === null) return;
  if (world.vendors.get(vendorId)?.company_id !== contract.company_id) {
    throw fieldErrors(422, { vendor_id: ['is not a vendor of the company'] });
  }
}

function writeOrigin(world: World, contract: Contract, input: ContractInput): void {
  const { company_id: companyId, kind, id } = contract;
  if (!world.setOrigin({ companyId, itemType: kind, id, record: contract }, input)) {
    throw fieldErrors(422, TAKEN);
  }
}

function applyHeader(contract: Contract, input: ContractInput): void {
  contract.title = input.title ?? contract.title;
  contract.number = input.number ?? contract.number;
  contract.status = input.status ?? contract.status;
  contract.executed = input.executed ?? contract.executed;
  contract.private = input.private ?? contract.private;
  contract.accounting_method = input.accounting_method ?? contract.accounting_method;
  contract.retainage = input.retainage_percent ?? contract.retainage;
  if (input.vendor_id !== undefined) contract.vendor_id = input.vendor_id;
  for (const name of Object.keys(keptFields[contract.kind])) {
    const value: unknown = Reflect.get(input, name);
    if (value !== undefined) contract.details[name] = value;
  }
}

/** Writes what somebody typed onto a line. */
export function applyLine(world: World, contract: LineHolder, line: Line, input: LineInput): void {
  if (input.cost_code_id && world.costCodes.get(input.cost_code_id)?.project_id !== contract.project_id) {
    throw fieldErrors(422, { cost_code_id: ['is not a cost code of the project'] });
  }
  const typeOf = input.line_item_type_id ? world.lineItemTypes.get(input.line_item_type_id) : null;
  if (input.line_item_type_id && typeOf?.company_id !== contract.company_id) {
    throw fieldErrors(422, { line_item_type_id: ['is not a line item type of the company'] });
  }
  const target = { companyId: contract.company_id, itemType: 'line_item', id: line.id, record: line };
  if (!world.setOrigin(target, { origin_id: input.origin_id, origin_data: input.origin_data })) {
    throw fieldErrors(422, TAKEN);
  }
  line.quantity = input.quantity ?? line.quantity;
  line.unit_cost = input.unit_cost ?? line.unit_cost;
  line.extended_type = input.extended_type ?? line.extended_type;
  const amount = input.amount ?? line.amount;
  line.amount = line.extended_type === 'calculated' ? extendedCents(line.quantity, line.unit_cost) : amount;
  line.uom = input.uom ?? line.uom;
  line.description = input.description ?? line.description;
  if (input.cost_code_id !== undefined) line.cost_code_id = input.cost_code_id;
  if (input.line_item_type_id !== undefined) line.line_item_type_id = input.line_item_type_id;
  if (input.tax_code_id !== undefined) line.tax_code_id = input.tax_code_id;
  if (input.wbs_code_id !== undefined) line.wbs_code_id = input.wbs_code_id;
}

function nextNumber(world: World, kind: ContractKind, projectId: number): string {
  const sameKind = world.projectContracts(projectId).filter((contract) => contract.kind === kind);
  const prefix = kind === 'work_order_contract' ? 'SC' : 'PO';
  return `${prefix}-${String(sameKind.length + 1).padStart(3, '0')}`;
}
