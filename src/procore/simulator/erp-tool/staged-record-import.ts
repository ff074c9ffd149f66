import { createChangeOrder } from '../contracts/change-order-store.ts';
import { addLine, createContract } from '../contracts/contract-store.ts';
import { NO_ORIGIN } from '../contracts/made-records.ts';
import { createPrimeContract, editPrimeContract } from '../contracts/prime-contract-store.ts';
import { createSubJob } from '../costs/cost-code-store.ts';
import { MONEY_SCALE, QUANTITY_SCALE, scaledFrom } from '../http/decimals.ts';
import { BLANK, fieldErrors, TAKEN } from '../http/errors.ts';
import type { Actor, Line, Origin, Project } from '../records.ts';
import { applyProject } from '../routes/projects.ts';
import { applyVendor } from '../routes/vendors.ts';
import type { World } from '../state.ts';
import { type StagedData, type StagedType, stagedData } from './staged-record-fields.ts';
import { commitmentBy, type StagedRecord, setStatus, stagedChildren } from './staged-record-store.ts';

type Imported = { itemType: string; record: Origin & { id: number } };

/**
 * Makes the Procore object that a staged record describes, with the ERP's ids on it and on its lines. Everything
 * that the data names by an origin id is looked up first, so that a refusal leaves nothing behind.
 */
export function importStaged(world: World, staged: StagedRecord, actor: Actor): Imported {
  const imported = make(world, staged, actor);
  setStatus(world, staged, 'imported');
  return imported;
}

function make(world: World, staged: StagedRecord, actor: Actor): Imported {
  switch (staged.item_type) {
    case 'vendor':
      return importVendor(world, staged, actor);
    case 'project':
      return importProject(world, staged, actor);
    case 'sub_job': {
      const { name, code } = dataOf(staged, 'sub_job');
      const made = createSubJob(world, projectOf(world, staged), { name, code });
      if ('errors' in made) throw fieldErrors(422, made.errors);
      return linked(world, staged, 'sub_job', made.item);
    }
    case 'prime_contract':
      return importPrime(world, staged, actor);
    case 'purchase_order_contract':
    case 'work_order_contract':
      return importCommitment(world, staged, staged.item_type, actor);
    case 'commitment_change_order':
      return importChangeOrder(world, staged, actor);
    case 'line_item':
      throw fieldErrors(422, { item_type: ['is imported with what it belongs to'] });
  }
}

function importVendor(world: World, staged: StagedRecord, actor: Actor): Imported {
  const {
    name,
    vendor_type_origin_id: _1,
    vendor_type_id: _2,
    vendor_group_id: _3,
    ...rest
  } = dataOf(staged, 'vendor');
  if (name === undefined) throw fieldErrors(422, { name: BLANK });
  const vendor = {
    id: world.nextId(),
    company_id: staged.company_id,
    name,
    is_active: true,
    details: {},
    erp_status: 'not_in_erp' as const,
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyVendor(vendor, rest);
  const made = linked(world, staged, 'vendor', vendor);
  world.vendors.set(vendor.id, vendor);
  world.announce('Company Vendors', 'create', vendor, actor);
  return made;
}

function importProject(world: World, staged: StagedRecord, actor: Actor): Imported {
  const { name, estimated_value, flag, ...rest } = dataOf(staged, 'project');
  if (name === undefined) throw fieldErrors(422, { name: BLANK });
  const project: Project = {
    id: world.nextId(),
    company_id: staged.company_id,
    name,
    active: true,
    details: {},
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyProject(project, {
    flag,
    ...(estimated_value === undefined ? {} : { estimated_value: String(estimated_value) }),
  });
  Object.assign(project.details, rest);
  const made = linked(world, staged, 'project', project);
  world.projects.set(project.id, project);
  world.announce('Projects', 'create', project, actor);
  return made;
}

/** The only kind that is imported again: the ERP's prime contract may change. */
function importPrime(world: World, staged: StagedRecord, actor: Actor): Imported {
  const {
    project_id: _1,
    project_origin_id: _2,
    retainage_percent,
    allow_markups: _3,
    ...rest
  } = dataOf(staged, 'prime_contract');
  const project = projectOf(world, staged);
  const lines = codedLines(world, staged, project);
  const percent = retainage_percent === undefined ? {} : { retainage_percent: cents(retainage_percent) };
  const input = { ...rest, ...percent };
  const known = world.primeContracts.get(holderOf(world, staged, 'prime_contract') ?? -1);
  const contract =
    known ??
    createPrimeContract(world, project, { input, lines: lines.map(({ input: line }) => line), actor });
  if (known) editPrimeContract(world, known, input, actor);
  else linkLines(world, lines, world.contractLines(contract));
  return linked(world, staged, 'prime_contract', contract);
}

function importCommitment(
  world: World,
  staged: StagedRecord,
  kind: 'work_order_contract' | 'purchase_order_contract',
  actor: Actor,
): Imported {
  const data = dataOf(staged, kind);
  const { project_id: _1, project_origin_id: _2, vendor_id, vendor_origin_id, ...header } = data;
  const { show_line_items_to_non_admins: _3, retainage_percent, ...rest } = header;
  const project = projectOf(world, staged);
  const vendor = vendor_id ?? required(world, staged, 'vendor', 'vendor_origin_id', vendor_origin_id);
  const lines = codedLines(world, staged, project);
  assertFree(world, staged, kind);
  for (const line of lines) assertFree(world, line.staged, 'line_item');
  const percent = retainage_percent === undefined ? {} : { retainage_percent: cents(retainage_percent) };
  const input = { ...rest, ...percent, vendor_id: vendor };
  const contract = createContract(world, { kind, project, input, actor });
  const made = lines.map(({ input: line }) => addLine(world, contract, line, actor));
  linkLines(world, lines, made);
  return linked(world, staged, kind, contract);
}

/** What comes from the ERP is posted there, so it is approved here (inferred). */
function importChangeOrder(world: World, staged: StagedRecord, actor: Actor): Imported {
  const { commitment_origin_id, title, number, description } = dataOf(staged, 'commitment_change_order');
  const project = projectOf(world, staged);
  const contract = commitmentBy(world, staged.company_id, commitment_origin_id ?? '');
  if (!contract) throw missing('commitment_origin_id', 'commitment', commitment_origin_id);
  const lines = codedLines(world, staged, project);
  assertFree(world, staged, 'change_order');
  for (const line of lines) assertFree(world, line.staged, 'line_item');
  const changeOrder = createChangeOrder(world, contract, {
    input: { title, number, description, status: 'approved' },
    lines: lines.map(({ input, parentId }) => ({
      ...input,
      commitment_line_item_id: parentId,
      markups: [],
    })),
    actor,
  });
  linkLines(world, lines, changeOrder.lines);
  return linked(world, staged, 'change_order', changeOrder);
}

type CodedLine = { staged: StagedRecord; input: LineInput; parentId: number | null };
type LineInput = {
  amount: bigint;
  quantity: bigint;
  unit_cost: bigint;
  uom: string;
  description: string;
  cost_code_id: number;
  line_item_type_id: number;
};

/** The staged lines in their order, with everything they name by an origin id found. */
function codedLines(world: World, staged: StagedRecord, project: Project): CodedLine[] {
  const children = stagedChildren(world, staged).filter(({ status }) => status !== 'archived');
  const positioned = children.map((child) => ({ child, data: dataOf(child, 'line_item') }));
  positioned.sort((a, b) => (a.data.position ?? 0) - (b.data.position ?? 0));
  return positioned.map(({ child, data }) => {
    const find = (type: string, name: keyof StagedData['line_item']) =>
      required(world, child, type, name, data[name]);
    const codeId = data.cost_code_id ?? find('cost_code', 'cost_code_origin_id');
    if (world.costCodes.get(codeId)?.project_id !== project.id)
      throw missing('cost_code_origin_id', 'cost_code', data.cost_code_origin_id);
    const changes = staged.item_type === 'commitment_change_order';
    const parentId = data.commitment_line_item_id ?? null;
    const input: LineInput = {
      amount: cents(data.amount ?? 0),
      quantity: scaled(data.quantity ?? 0, QUANTITY_SCALE),
      unit_cost: scaled(data.unit_cost ?? 0, QUANTITY_SCALE),
      uom: data.uom ?? '',
      description: data.description ?? '',
      cost_code_id: codeId,
      line_item_type_id: data.line_item_type_id ?? find('line_item_type', 'line_item_type_origin_id'),
    };
    const parent = changes ? (parentId ?? find('line_item', 'commitment_line_item_origin_id')) : null;
    return { staged: child, input, parentId: parent };
  });
}

function linkLines(world: World, lines: readonly CodedLine[], made: readonly Linkable[]): void {
  lines.forEach(({ staged }, index) => {
    const line = made[index];
    if (line) linked(world, staged, 'line_item', line);
  });
}
type Linkable = Pick<Line, 'id' | keyof Origin>;

function linked(world: World, staged: StagedRecord, itemType: string, record: Linkable): Imported {
  const { company_id: companyId, origin_id, origin_code, origin_data } = staged;
  const target = { companyId, itemType, id: record.id, record };
  if (!world.setOrigin(target, { origin_id, origin_code, origin_data })) throw fieldErrors(422, TAKEN);
  return { itemType, record };
}

function assertFree(world: World, staged: StagedRecord, itemType: string): void {
  if (holderOf(world, staged, itemType) !== null) throw fieldErrors(422, TAKEN);
}

function holderOf(world: World, staged: StagedRecord, itemType: string): number | null {
  return staged.origin_id === null ? null : world.holderOf(staged.company_id, itemType, staged.origin_id);
}

function projectOf(world: World, staged: StagedRecord): Project {
  const originId = staged.data.project_origin_id;
  const project = world.projects.get(required(world, staged, 'project', 'project_origin_id', originId));
  if (!project) throw missing('project_origin_id', 'project', originId);
  return project;
}

/** The id of what has that origin id in Procore; the approver is told by name what is missing. */
function required(
  world: World,
  staged: StagedRecord,
  itemType: string,
  field: string,
  originId: unknown,
): number {
  const found = typeof originId === 'string' ? world.holderOf(staged.company_id, itemType, originId) : null;
  if (found === null) throw missing(field, itemType, originId);
  return found;
}

function missing(field: string, itemType: string, originId: unknown) {
  return fieldErrors(422, {
    [field]: [`No ${itemType} with the origin id ${String(originId)} exists in Procore`],
  });
}

/** The data was checked when it was staged, so it reads as its type says. */
function dataOf<T extends StagedType>(staged: StagedRecord, type: T): StagedData[T] {
  const known = Object.entries(staged.data).filter(([name]) => !name.startsWith('bidding_'));
  return stagedData[type].parse(Object.fromEntries(known)) as StagedData[T];
}

function cents(value: number): bigint {
  return scaled(value, MONEY_SCALE);
}

function scaled(value: number, scale: number): bigint {
  const exact = scaledFrom(value, scale);
  if (exact === null) throw fieldErrors(422, { data: [`${value} has more than ${scale} decimal places`] });
  return exact;
}
