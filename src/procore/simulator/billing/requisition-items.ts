import { NO_ORIGIN } from '../contracts/made-records.ts';
import { extendedCents, percentOf } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Contract } from '../records.ts';
import type { World } from '../state.ts';
import type { ItemKind, Requisition, RequisitionItem } from './billing-records.ts';
import type { ItemInput } from './requisition-fields.ts';
import { type Columns, changeOrderLine, sheetOf } from './requisition-sheet.ts';

type Billed = Pick<RequisitionItem, 'kind' | 'line_item_id' | 'detail_line_item_id' | 'change_order_id'>;

/**
 * The items of a new application: every line of the schedule of values, or its details where the subcontractor
 * has a schedule of his own, and every line of the change orders that are approved by now.
 */
export function freshItems(world: World, contract: Contract, requisition: Requisition): RequisitionItem[] {
  const billed = [
    ...world.contractLines(contract).flatMap((line): Billed[] => {
      const shared = { line_item_id: line.id, change_order_id: null };
      if (line.details.length === 0) return [{ ...shared, kind: 'contract_item', detail_line_item_id: null }];
      return line.details.map((detail) => ({
        ...shared,
        kind: 'contract_detail_item',
        detail_line_item_id: detail.id,
      }));
    }),
    ...world
      .contractChangeOrders(contract)
      .filter((changeOrder) => changeOrder.status === 'approved')
      .flatMap((changeOrder): Billed[] => {
        const shared = { detail_line_item_id: null, change_order_id: changeOrder.id };
        if (changeOrder.lines.length === 0)
          return [{ ...shared, kind: 'whole_change_order_item', line_item_id: changeOrder.id }];
        return changeOrder.lines.map((line) => ({
          ...shared,
          kind: 'change_order_item',
          line_item_id: line.id,
        }));
      }),
  ];
  return billed.map((each, index) =>
    freshItem(world, contract, requisition, { ...each, position: index + 1 }),
  );
}

function freshItem(
  world: World,
  contract: Contract,
  requisition: Requisition,
  billed: Billed & { position: number },
): RequisitionItem {
  const before = world
    .contractRequisitions(contract.id)
    .at(-1)
    ?.items.find((item) => sameLine(item, billed));
  // What is not moved into completed work stays stored until somebody bills it.
  const stays = requisition.moves_materials ? undefined : before;
  return {
    ...billed,
    id: world.nextId(),
    company_id: contract.company_id,
    requisition_id: requisition.id,
    work: 0n,
    quantity: 0n,
    stored: stays?.stored ?? 0n,
    work_retained: 0n,
    work_released: 0n,
    stored_retained: stays?.stored_retained ?? 0n,
    work_percent: contract.retainage,
    stored_percent: contract.retainage,
    claimed: 0n,
    status: 'no_action',
    comment: null,
    ...NO_ORIGIN,
  };
}

function sameLine(a: Billed, b: Billed): boolean {
  return (
    a.kind === b.kind && a.line_item_id === b.line_item_id && a.detail_line_item_id === b.detail_line_item_id
  );
}

/** The item of an application with this id and, where it is given, of this kind. */
export function itemBy(requisition: Requisition, id: number | undefined, kind?: ItemKind): RequisitionItem {
  const item = requisition.items.find((each) => each.id === id && (kind === undefined || each.kind === kind));
  if (!item) throw fieldErrors(422, { id: [`${id} is not an item of the invoice`] });
  return item;
}

/** Gives an item what was typed; retainage that was not typed follows at the item's percent. */
export function applyItem(
  world: World,
  requisition: Requisition,
  item: RequisitionItem,
  input: ItemInput,
): void {
  const unit = world.contracts.get(requisition.contract_id)?.accounting_method === 'unit';
  const before = sheetOf(world, requisition).get(item.id);
  const wanted = { ...item };
  applyPercents(wanted, input);
  applyWork(wanted, input, unit ? unitPrice(world, item) : null);
  applyStored(wanted, input, { unit, before });
  assertRetainage(wanted, before);
  if (input.subcontractor_claimed_amount !== undefined) wanted.claimed = input.subcontractor_claimed_amount;
  if (input.status !== undefined) wanted.status = input.status;
  if (input.comment !== undefined) wanted.comment = input.comment;
  Object.assign(item, wanted);
}

/** A percent is kept only for an item that bills nothing yet, as the reference says. */
function applyPercents(wanted: RequisitionItem, input: ItemInput): void {
  const work = input.work_completed_retainage_percent_this_period;
  const stored = input.materials_stored_retainage_percent_this_period;
  if (work !== undefined && wanted.work === 0n) wanted.work_percent = work;
  if (stored !== undefined && wanted.stored === 0n) wanted.stored_percent = stored;
}

function applyWork(wanted: RequisitionItem, input: ItemInput, price: bigint | null): void {
  const quantity = price === null ? undefined : input.work_completed_this_period_quantity;
  const work =
    quantity === undefined || price === null
      ? input.work_completed_this_period
      : extendedCents(quantity, price);
  if (quantity !== undefined) wanted.quantity = quantity;
  if (work !== undefined && work !== wanted.work) {
    wanted.work = work;
    wanted.work_retained = percentOf(work, wanted.work_percent);
  }
  const { work_completed_retainage_retained_this_period: retained } = input;
  if (retained !== undefined) wanted.work_retained = retained;
  const { work_completed_retainage_released_this_period: released } = input;
  if (released !== undefined) wanted.work_released = released;
}

function applyStored(
  wanted: RequisitionItem,
  input: ItemInput,
  { unit, before }: { unit: boolean; before: Columns | undefined },
): void {
  const carried = before === undefined ? 0n : before.storedBefore - before.moved;
  const split = input.new_materials !== undefined || input.stored_materials !== undefined;
  const stored = split
    ? (input.stored_materials ?? carried) + (input.new_materials ?? 0n)
    : input.materials_presently_stored;
  if (unit && stored !== undefined && stored !== 0n)
    throw fieldErrors(422, { materials_presently_stored: ['is for amount based accounting only'] });
  if (stored !== undefined && stored !== wanted.stored) {
    wanted.stored = stored;
    wanted.stored_retained = percentOf(stored, wanted.stored_percent);
  }
  const { materials_stored_retainage_currently_retained: retained } = input;
  if (retained !== undefined) wanted.stored_retained = retained;
}

function assertRetainage(wanted: RequisitionItem, before: Columns | undefined): void {
  if (wanted.work === 0n && wanted.work_retained !== 0n)
    throw fieldErrors(422, {
      work_completed_retainage_retained_this_period: ['needs work completed this period'],
    });
  if (wanted.stored === 0n && wanted.stored_retained !== 0n)
    throw fieldErrors(422, {
      materials_stored_retainage_currently_retained: ['needs materials presently stored'],
    });
  const held = (before?.workRetainage.before ?? 0n) + wanted.work_retained;
  const tooMuch = held < 0n ? wanted.work_released < held : wanted.work_released > held;
  if (wanted.work_released !== 0n && tooMuch)
    throw fieldErrors(422, {
      work_completed_retainage_released_this_period: ['is more than what is retained'],
    });
}

function unitPrice(world: World, item: RequisitionItem): bigint {
  if (item.change_order_id !== null) return changeOrderLine(world, item)?.unit_cost ?? 0n;
  return world.lines.get(item.line_item_id)?.unit_cost ?? 0n;
}
