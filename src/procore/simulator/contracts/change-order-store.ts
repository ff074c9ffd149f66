import { z } from 'zod';
import { decimalField, idField } from '../http/body.ts';
import { MONEY_SCALE, QUANTITY_SCALE } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, ChangeOrder, ChangeOrderLine, Contract, Line, Markup } from '../records.ts';
import type { World } from '../state.ts';
import { CO_STATUS } from './contract-fields.ts';
import { applyLine, isLocked, newLine } from './contract-store.ts';
import { NO_ORIGIN } from './made-records.ts';
import { type AnyContract, touchAnyContract } from './prime-contract-store.ts';

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

const markupFields = z.strictObject({
  name: z.string().default('Overhead'),
  percentage: decimalField(MONEY_SCALE).default(0n),
  amount: decimalField(MONEY_SCALE),
});

export const changeOrderLineFields = z.strictObject({
  id: idField.optional(),
  amount: decimalField(MONEY_SCALE),
  quantity: decimalField(QUANTITY_SCALE).default(0n),
  unit_cost: decimalField(QUANTITY_SCALE).default(0n),
  uom: z.string().default(''),
  description: z.string().default(''),
  cost_code_id: idField.nullable().default(null),
  line_item_type_id: idField.nullable().default(null),
  /** The line of the commitment or of the prime contract that this one changes. */
  commitment_line_item_id: idField.nullable().optional(),
  prime_line_item_id: idField.nullable().optional(),
  markups: z.array(markupFields).max(100).default([]),
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

/** Adds a package to a commitment or to a prime contract. */
export function createChangeOrder(world: World, contract: AnyContract, wanted: NewChangeOrder): ChangeOrder {
  const { input, actor } = wanted;
  const changeOrder: ChangeOrder = {
    id: wanted.id ?? world.nextId(),
    company_id: contract.company_id,
    project_id: contract.project_id,
    contract_id: contract.id,
    kind: contract.kind === 'prime_contract' ? 'prime_change_order' : 'commitment_change_order',
    newer_id: world.nextId(),
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
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  for (const line of wanted.lines) putLine(world, contract, changeOrder, line);
  applyHeader(world, changeOrder, input);
  world.changeOrders.set(changeOrder.id, changeOrder);
  contract.change_order_ids.push(changeOrder.id);
  world.announce('Change Order Packages', 'create', changeOrder, actor);
  touchAnyContract(world, contract, actor);
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
  touchAnyContract(world, contract, actor);
}

/** Adds to the commitment, locked or not, a line of zero for each line of the package that changes none. */
export function addParentLines(world: World, contract: Contract, changeOrder: ChangeOrder): void {
  for (const line of changeOrder.lines) {
    if (line.parent_line_id !== null) continue;
    const parent = newLine(world, contract);
    const { cost_code_id, line_item_type_id, description } = line;
    applyLine(world, contract, parent, { cost_code_id, line_item_type_id, description });
    world.lines.set(parent.id, parent);
    contract.line_ids.push(parent.id);
    line.parent_line_id = parent.id;
  }
}

/** A deleted package stays in the lists that ask for deleted ones; an approved one cannot be deleted. */
export function deleteChangeOrder(world: World, changeOrder: ChangeOrder, actor: Actor): void {
  assertUnlocked(world, changeOrder);
  if (changeOrder.status === 'approved')
    throw fieldErrors(422, { base: ['An approved change order cannot be deleted'] });
  changeOrder.deleted_at = world.clock.now();
  changeOrder.updated_at = changeOrder.deleted_at;
  world.announce('Change Order Packages', 'delete', changeOrder, actor);
  touchAnyContract(world, contractOf(world, changeOrder), actor);
}

/** Marks the package as changed now and tells the webhooks. */
export function touchChangeOrder(world: World, changeOrder: ChangeOrder, actor: Actor): void {
  changeOrder.updated_at = world.clock.now();
  world.announce('Change Order Packages', 'update', changeOrder, actor);
}

/** A line of a package in the shape of a contract's line, which the event's payload gives it. */
export function asLine(line: ChangeOrderLine, contractId: number): Line {
  return {
    ...line,
    contract_id: contractId,
    extended_type: 'manual',
    tax_code_id: null,
    wbs_code_id: null,
    details: [],
  };
}

function assertUnlocked(world: World, changeOrder: ChangeOrder): void {
  const entity =
    changeOrder.kind === 'prime_change_order' ? 'prime_contract_change_orders' : 'commitment_change_orders';
  if (isLocked(world, changeOrder, entity)) throw fieldErrors(422, { base: [LOCK_NOTICE] });
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
  contract: AnyContract,
  changeOrder: ChangeOrder,
  input: ChangeOrderLineInput,
): void {
  const { id = world.nextId(), commitment_line_item_id, prime_line_item_id, markups, ...given } = input;
  const parent = changeOrder.kind === 'prime_change_order' ? prime_line_item_id : commitment_line_item_id;
  if (parent && world.lines.get(parent)?.contract_id !== contract.id)
    throw fieldErrors(422, { line_items: ['must change a line of the same contract'] });
  const fields = { ...given, parent_line_id: parent ?? null };
  const known = changeOrder.lines.find((line) => line.id === id);
  if (known) {
    Object.assign(known, fields, { updated_at: world.clock.now() });
  } else {
    const line: ChangeOrderLine = {
      ...fields,
      id,
      company_id: contract.company_id,
      change_order_id: changeOrder.id,
      markups: markups.map((markup, index) => newMarkup(world, contract.company_id, markup, index + 1)),
      position: changeOrder.lines.length + 1,
      ...NO_ORIGIN,
      ...world.stamps(),
    };
    changeOrder.lines.push(line);
    world.changeOrderLines.set(id, line);
  }
  changeOrder.grand_total = changeOrder.lines.reduce((sum, line) => sum + withMarkups(line), 0n);
}

/** What a line adds to the contract: itself and what is put on top of it. */
export function withMarkups({ amount, markups }: ChangeOrderLine): bigint {
  return markups.reduce((sum, markup) => sum + markup.amount, amount);
}

function newMarkup(
  world: World,
  companyId: number,
  input: z.output<typeof markupFields>,
  position: number,
): Markup {
  return { ...input, ...NO_ORIGIN, id: world.nextId(), company_id: companyId, position };
}

function contractOf(world: World, changeOrder: ChangeOrder): AnyContract {
  const id = changeOrder.contract_id;
  const contract = world.contracts.get(id) ?? world.primeContracts.get(id);
  if (!contract) throw new Error(`change order ${changeOrder.id} has no contract`);
  return contract;
}
