import { z } from 'zod';
import { decimalField, idField } from './body.ts';
import { CO_STATUS } from './contract-fields.ts';
import { isLocked, touchContract } from './contract-store.ts';
import { MONEY_SCALE, QUANTITY_SCALE } from './decimals.ts';
import { fieldErrors } from './errors.ts';
import type { Actor, ChangeOrder, ChangeOrderLine, Contract, Line } from './records.ts';
import type { World } from './state.ts';

const LOCK_NOTICE = 'This change order cannot be edited because it has been synced with ERP';

/** What people fill in on a package; one-tier projects keep its lines on it. */
export const changeOrderFields = z
  .strictObject({
    number: z.string().min(1).max(255),
    title: z.string(),
    description: z.string(),
    status: z.enum(CO_STATUS),
    executed: z.boolean(),
  })
  .partial();

export const changeOrderLineFields = z.strictObject({
  id: idField.optional(),
  amount: decimalField(MONEY_SCALE),
  quantity: decimalField(QUANTITY_SCALE).default(0n),
  unit_cost: decimalField(QUANTITY_SCALE).default(0n),
  uom: z.string().default(''),
  description: z.string().default(''),
  cost_code_id: idField.nullable().default(null),
  line_item_type_id: idField.nullable().default(null),
  /** The line of the commitment that this one changes. */
  commitment_line_item_id: idField.nullable().default(null),
});

export type ChangeOrderInput = z.output<typeof changeOrderFields>;
export type ChangeOrderLineInput = z.output<typeof changeOrderLineFields>;

export type NewChangeOrder = {
  id?: number | undefined;
  input: ChangeOrderInput;
  lines: readonly ChangeOrderLineInput[];
  /** Used only when there are no lines. */
  grand_total?: bigint | undefined;
  actor: Actor;
};

/** Adds a package to a commitment. */
export function createChangeOrder(world: World, contract: Contract, wanted: NewChangeOrder): ChangeOrder {
  const { input, actor } = wanted;
  const changeOrder: ChangeOrder = {
    id: wanted.id ?? world.nextId(),
    company_id: contract.company_id,
    project_id: contract.project_id,
    contract_id: contract.id,
    commitment_change_order_id: world.nextId(),
    number: input.number ?? String(contract.change_order_ids.length + 1).padStart(3, '0'),
    title: input.title ?? '',
    description: input.description ?? '',
    status: 'draft',
    executed: false,
    reviewed_at: null,
    deleted_at: null,
    created_by_id: actor.user_id,
    lines: [],
    grand_total: wanted.grand_total ?? 0n,
    erp_status: 'not_in_erp',
    origin_id: null,
    origin_code: null,
    origin_data: null,
    ...world.stamps(),
  };
  for (const line of wanted.lines) putLine(world, contract, changeOrder, line);
  applyHeader(world, changeOrder, input);
  world.changeOrders.set(changeOrder.id, changeOrder);
  contract.change_order_ids.push(changeOrder.id);
  world.announce('Change Order Packages', 'create', changeOrder, actor);
  touchContract(world, contract, actor);
  return changeOrder;
}

/** Changes a package: nothing of a synced one, and no line of an approved one. */
export function editChangeOrder(
  world: World,
  changeOrder: ChangeOrder,
  input: ChangeOrderInput,
  lines: readonly ChangeOrderLineInput[],
  actor: Actor,
): void {
  assertUnlocked(world, changeOrder);
  if (changeOrder.status === 'approved' && lines.length > 0)
    throw fieldErrors(422, { line_items: ['of an approved change order cannot be edited'] });
  const contract = contractOf(world, changeOrder);
  for (const line of lines) putLine(world, contract, changeOrder, line);
  applyHeader(world, changeOrder, input);
  touchChangeOrder(world, changeOrder, actor);
  touchContract(world, contract, actor);
}

/** A deleted package stays in the lists that ask for deleted ones; an approved one cannot be deleted. */
export function deleteChangeOrder(world: World, changeOrder: ChangeOrder, actor: Actor): void {
  assertUnlocked(world, changeOrder);
  if (changeOrder.status === 'approved')
    throw fieldErrors(422, { base: ['An approved change order cannot be deleted'] });
  changeOrder.deleted_at = world.clock.now();
  changeOrder.updated_at = changeOrder.deleted_at;
  world.announce('Change Order Packages', 'delete', changeOrder, actor);
  touchContract(world, contractOf(world, changeOrder), actor);
}

/** Marks the package as changed now and tells the webhooks. */
export function touchChangeOrder(world: World, changeOrder: ChangeOrder, actor: Actor): void {
  changeOrder.updated_at = world.clock.now();
  world.announce('Change Order Packages', 'update', changeOrder, actor);
}

/** A line of a package in the shape of a contract's line, which the event's payload gives it. */
export function asLine(changeOrder: ChangeOrder, line: ChangeOrderLine): Line {
  return {
    ...line,
    contract_id: changeOrder.contract_id,
    extended_type: 'manual',
    tax_code_id: null,
    wbs_code_id: null,
    details: [],
  };
}

function assertUnlocked(world: World, changeOrder: ChangeOrder): void {
  if (isLocked(world, changeOrder, 'commitment_change_orders'))
    throw fieldErrors(422, { base: [LOCK_NOTICE] });
}

function applyHeader(world: World, changeOrder: ChangeOrder, input: ChangeOrderInput): void {
  const { status = changeOrder.status, executed } = input;
  if (status === 'approved' && changeOrder.status !== 'approved') changeOrder.reviewed_at = world.clock.now();
  changeOrder.status = status;
  changeOrder.executed = executed ?? changeOrder.executed;
  changeOrder.number = input.number ?? changeOrder.number;
  changeOrder.title = input.title ?? changeOrder.title;
  changeOrder.description = input.description ?? changeOrder.description;
}

function putLine(
  world: World,
  contract: Contract,
  changeOrder: ChangeOrder,
  input: ChangeOrderLineInput,
): void {
  const parentId = input.commitment_line_item_id;
  if (parentId !== null && world.lines.get(parentId)?.contract_id !== contract.id)
    throw fieldErrors(422, { commitment_line_item_id: ['is not a line of the commitment'] });
  const { id = world.nextId(), ...fields } = input;
  const known = changeOrder.lines.find((line) => line.id === id);
  if (known) {
    Object.assign(known, fields, { updated_at: world.clock.now() });
  } else {
    const line: ChangeOrderLine = {
      ...fields,
      id,
      company_id: contract.company_id,
      change_order_id: changeOrder.id,
      position: changeOrder.lines.length + 1,
      origin_id: null,
      origin_code: null,
      origin_data: null,
      ...world.stamps(),
    };
    changeOrder.lines.push(line);
    world.changeOrderLines.set(id, line);
  }
  changeOrder.grand_total = changeOrder.lines.reduce((sum, { amount }) => sum + amount, 0n);
}

function contractOf(world: World, changeOrder: ChangeOrder): Contract {
  const contract = world.contracts.get(changeOrder.contract_id);
  if (!contract) throw new Error(`change order ${changeOrder.id} has no contract`);
  return contract;
}
