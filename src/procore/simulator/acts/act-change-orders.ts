import { z } from 'zod';
import {
  addParentLines,
  changeOrderFields,
  changeOrderLineFields,
  createChangeOrder,
  deleteChangeOrder,
  editChangeOrder,
} from '../contracts/change-order-store.ts';
import { assertApprover } from '../directory/approvers.ts';
import {
  changeOrderRuled,
  requestChangeOrderExport,
  requestChangeOrderUnlink,
} from '../erp-tool/erp-change-order-export.ts';
import { assertReady, markReady, rejectAll } from '../erp-tool/erp-flow.ts';
import { requestsMade } from '../erp-tool/erp-raise.ts';
import { assertRules } from '../erp-tool/erp-rules.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, ChangeOrder, Contract } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;
const change_order_package_id = idField;
const change_order_package_ids = z.array(idField).min(1).max(1_000);
const line_items = z.array(changeOrderLineFields).max(10_000).default([]);

export const changeOrderActs = [
  z.strictObject({
    ...changeOrderFields.shape,
    as,
    action: z.literal('create_change_order'),
    contract_id: idField,
    id: idField.optional(),
    line_items,
  }),
  z.strictObject({
    as,
    action: z.literal('edit_change_order'),
    change_order_package_id,
    fields: changeOrderFields.default({}),
    /** A line with the id of an existing one replaces it, any other is added. */
    line_items,
  }),
  z.strictObject({ as, action: z.literal('approve_change_order'), change_order_package_id }),
  z.strictObject({ as, action: z.literal('void_change_order'), change_order_package_id }),
  z.strictObject({ as, action: z.literal('delete_change_order'), change_order_package_id }),
  z.strictObject({ as, action: z.literal('send_change_orders_to_erp'), change_order_package_ids }),
  z.strictObject({
    as,
    action: z.literal('approve_change_order_export'),
    change_order_package_ids,
    /** One ERP code for all, or one per package id. */
    code: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
    accounting_date: z.iso.date().optional(),
    erp_custom_fields: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ as, action: z.literal('reject_change_order_export'), change_order_package_ids }),
  z.strictObject({ as, action: z.literal('unlink_change_order'), change_order_package_id }),
] as const;

export type ChangeOrderAct = z.output<(typeof changeOrderActs)[number]>;
type ActOf<A extends ChangeOrderAct['action']> = Extract<ChangeOrderAct, { action: A }>;
type Made = Record<string, unknown>;

export const isChangeOrderAct = (act: { action: string }): act is ChangeOrderAct =>
  changeOrderActs.some(({ shape }) => shape.action.value === act.action);

/** Plays what people do with the change orders of a commitment. */
export function performChangeOrder(world: World, act: ChangeOrderAct, actor: Actor): Made {
  switch (act.action) {
    case 'create_change_order':
      return create(world, act, actor);
    case 'edit_change_order': {
      const changeOrder = packageBy(world, act.change_order_package_id);
      editChangeOrder(world, changeOrder, act.fields, act.line_items, actor);
      return made(changeOrder);
    }
    case 'approve_change_order':
      return setStatus(world, act.change_order_package_id, { status: 'approved', executed: true }, actor);
    case 'void_change_order':
      return setStatus(world, act.change_order_package_id, { status: 'void' }, actor);
    case 'delete_change_order':
      deleteChangeOrder(world, packageBy(world, act.change_order_package_id), actor);
      return { change_order_package_id: act.change_order_package_id };
    case 'send_change_orders_to_erp':
      return sendToErp(world, act.change_order_package_ids);
    case 'approve_change_order_export':
      return approveExport(world, act, actor);
    case 'reject_change_order_export': {
      assertApprover(world, actor);
      const packages = act.change_order_package_ids.map((id) => packageBy(world, id));
      return { change_order_package_ids: rejectAll(packages) };
    }
    case 'unlink_change_order':
      return unlink(world, packageBy(world, act.change_order_package_id), actor);
  }
}

function create(world: World, act: ActOf<'create_change_order'>, actor: Actor): Made {
  const { as: _as, action: _action, contract_id, id, line_items: lines, ...input } = act;
  const contract = world.primeContracts.get(contract_id) ?? contractBy(world, contract_id);
  return made(createChangeOrder(world, contract, { id, input, lines, actor }));
}

function setStatus(
  world: World,
  id: number,
  input: { status: 'approved' | 'void'; executed?: boolean },
  actor: Actor,
): Made {
  const changeOrder = packageBy(world, id);
  if (changeOrder.status === input.status) throw fieldErrors(422, { status: [`is already ${input.status}`] });
  editChangeOrder(world, changeOrder, input, [], actor);
  return made(changeOrder);
}

/** Only approved packages of a synced commitment reach Ready to Export. */
function sendToErp(world: World, ids: readonly number[]): Made {
  const packages = ids.map((id) => packageBy(world, id));
  for (const changeOrder of packages) assertExportable(world, changeOrder, undefined);
  markReady(packages);
  return { change_order_package_ids: ids };
}

function approveExport(world: World, act: ActOf<'approve_change_order_export'>, actor: Actor): Made {
  assertApprover(world, actor);
  const packages = act.change_order_package_ids.map((id) => packageBy(world, id));
  const typed = ({ id }: ChangeOrder) => (typeof act.code === 'string' ? act.code : act.code?.[String(id)]);
  for (const changeOrder of packages) assertExportable(world, changeOrder, typed(changeOrder));
  assertReady(packages);
  const requests = packages.map((changeOrder) => {
    const { accounting_date, erp_custom_fields } = act;
    const code = typed(changeOrder);
    const contract = contractBy(world, changeOrder.contract_id);
    if (world.settings.change_order_parents === 'zero_lines') addParentLines(world, contract, changeOrder);
    const choices = { code, accounting_date, erp_custom_fields };
    return requestChangeOrderExport(world, contract, changeOrder, choices, actor);
  });
  return requestsMade(world, requests);
}

function assertExportable(world: World, changeOrder: ChangeOrder, code: string | undefined): void {
  if (changeOrder.status !== 'approved')
    throw fieldErrors(422, { status: ['must be Approved to be sent to ERP'] });
  if (contractBy(world, changeOrder.contract_id).origin_id === null)
    throw fieldErrors(422, { commitment: ['is not synced with ERP'] });
  assertRules(world, changeOrder.company_id, changeOrderRuled(world, changeOrder, code));
}

function unlink(world: World, changeOrder: ChangeOrder, actor: Actor): Made {
  assertApprover(world, actor);
  if (changeOrder.origin_id === null) throw fieldErrors(422, { base: ['The change order is not synced'] });
  const contract = contractBy(world, changeOrder.contract_id);
  return requestsMade(world, [requestChangeOrderUnlink(world, contract, changeOrder, actor)]);
}

function made(changeOrder: ChangeOrder): Made {
  return { change_order_package_id: changeOrder.id, line_ids: changeOrder.lines.map(({ id }) => id) };
}

function packageBy(world: World, id: number): ChangeOrder {
  const changeOrder = world.changeOrders.get(id);
  if (!changeOrder || changeOrder.deleted_at !== null)
    throw fieldErrors(422, { change_order_package_id: [`${id} is not a change order package`] });
  return changeOrder;
}

function contractBy(world: World, id: number): Contract {
  const contract = world.contracts.get(id);
  if (!contract) throw fieldErrors(422, { contract_id: [`${id} is not a contract`] });
  return contract;
}
