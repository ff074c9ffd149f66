import { currency } from '../contracts/contract-views.ts';
import { decimalText, fixedText, MONEY_SCALE, percentText, QUANTITY_SCALE } from '../http/decimals.ts';
import type { World } from '../state.ts';
import type { Requisition, RequisitionItem } from './billing-records.ts';
import { type Columns, changeOrderLine } from './requisition-sheet.ts';

type View = Record<string, unknown>;

/** Money of invoices always carries its two places: "47700.00". */
export const invoiceMoney = (cents: bigint): string => fixedText(cents, MONEY_SCALE);

/** What the lists of single item kinds and the invoice itself show of one item. */
export function itemView(
  world: World,
  requisition: Requisition,
  item: RequisitionItem,
  columns: Columns,
): View {
  const unit = world.contracts.get(requisition.contract_id)?.accounting_method === 'unit';
  const codeId = costCodeId(world, item);
  return {
    id: item.id,
    cost_code_id: codeId,
    line_item_id: item.line_item_id,
    description_of_work: billedLine(world, item).description,
    position: item.position,
    currency_configuration: currency(world, requisition.company_id),
    wbs_code: wbsView(world, codeId),
    subcontractor_claimed_amount: invoiceMoney(item.claimed),
    ...sheetView(columns, unit ? billedLine(world, item) : null),
  };
}

export function contractItemView(...[world, requisition, item, columns]: Parameters<typeof itemView>): View {
  return {
    ...itemView(world, requisition, item, columns),
    item_type: item.kind,
    comment: item.comment,
    status: item.status,
    ssr_manual_override: false,
  };
}

export function detailItemView(...[world, requisition, item, columns]: Parameters<typeof itemView>): View {
  const { line_item_id: _parent, ...view } = itemView(world, requisition, item, columns);
  return { ...view, detail_line_item_id: item.detail_line_item_id };
}

export function changeOrderItemView(
  ...[world, requisition, item, columns]: Parameters<typeof itemView>
): View {
  const parentId = changeOrderLine(world, item)?.parent_line_id ?? null;
  return {
    ...itemView(world, requisition, item, columns),
    change_order_package_id: item.change_order_id,
    commitment_line_item_id: parentId,
    commitment_line_item_origin_id: parentId === null ? null : (world.lines.get(parentId)?.origin_id ?? null),
  };
}

/** An item inside an invoice, with the columns that only the newer interface has. */
export function invoiceItemView(...[world, requisition, item, columns]: Parameters<typeof itemView>): View {
  const contract = world.contracts.get(requisition.contract_id);
  const gross = columns.toDate - columns.toDateBefore;
  const { workRetainage: work, storedRetainage: stored } = columns;
  const withheld = work.retained - work.released + stored.retained - stored.released;
  return {
    ...contractItemView(world, requisition, item, columns),
    accounting_method: contract?.accounting_method ?? 'amount',
    gross_amount: invoiceMoney(gross),
    net_amount: invoiceMoney(gross - withheld),
    materials_presently_stored_from_previous_progress: invoiceMoney(columns.storedBefore),
    total_completed_and_stored_to_date_from_previous: invoiceMoney(columns.toDateBefore),
    materials_stored_retainage_new_materials: invoiceMoney(stored.retained),
    line_number: String(item.position),
    previous_progress_id: previousItemId(world, requisition, item),
    taxes: [],
    uom: billedLine(world, item).uom,
  };
}

/** One row of the older detail: the continuation sheet with both kinds of retainage in full. */
export function detailRowView(...[world, requisition, item, columns]: Parameters<typeof itemView>): View {
  const unit = world.contracts.get(requisition.contract_id)?.accounting_method === 'unit';
  const { workRetainage: work, storedRetainage: stored } = columns;
  return {
    id: item.id,
    item_type: item.kind,
    item_number: item.position,
    cost_code_id: costCodeId(world, item),
    description_of_work: billedLine(world, item).description,
    balance_to_finish: invoiceMoney(columns.scheduled - columns.toDate),
    ...sheetView(columns, unit ? billedLine(world, item) : null),
    ...(unit
      ? { total_completed_and_stored_to_date_quantity: quantity(columns.quantityBefore + columns.quantity) }
      : {
          materials_stored_retainage_from_previous_application: invoiceMoney(stored.before),
          materials_stored_retainage_retained_this_period: invoiceMoney(stored.retained),
        }),
    work_completed_retainage_currently_retained: invoiceMoney(work.held),
    total_retainage_currently_retained: invoiceMoney(work.held + stored.held),
    total_retainage_from_previous_application: invoiceMoney(work.before + stored.before),
  };
}

/** The columns that every view of an item shares; some exist with one way of accounting only. */
function sheetView(columns: Columns, unit: { quantity: bigint; unit_cost: bigint } | null): View {
  const { workRetainage: work, storedRetainage: stored } = columns;
  return {
    scheduled_value: invoiceMoney(columns.scheduled),
    work_completed_from_previous_application: invoiceMoney(columns.previous),
    work_completed_this_period: invoiceMoney(columns.work),
    total_completed_and_stored_to_date: invoiceMoney(columns.toDate),
    total_completed_and_stored_to_date_percent: percentText(columns.toDate, columns.scheduled),
    work_completed_retainage_from_previous_application: invoiceMoney(work.before),
    work_completed_retainage_retained_this_period: invoiceMoney(work.retained),
    work_completed_retainage_percent_this_period: percentText(work.retained, columns.work),
    work_completed_retainage_released_this_period: invoiceMoney(work.released),
    materials_moved: invoiceMoney(columns.moved),
    materials_retainage_retained_moved: invoiceMoney(columns.movedRetainage),
    ...(unit === null
      ? {
          materials_presently_stored: invoiceMoney(columns.stored),
          materials_stored_retainage_currently_retained: invoiceMoney(stored.held),
          materials_stored_retainage_percent_this_period: percentText(stored.held, columns.stored),
          materials_stored_retainage_released_this_period: invoiceMoney(stored.released),
        }
      : {
          scheduled_quantity: quantity(unit.quantity),
          scheduled_unit_price: fixedText(unit.unit_cost, QUANTITY_SCALE),
          work_completed_this_period_quantity: quantity(columns.quantity),
          work_completed_from_previous_application_quantity: quantity(columns.quantityBefore),
        }),
  };
}

const quantity = (scaled: bigint): string => decimalText(scaled, QUANTITY_SCALE);

/** What an item bills, whichever kind of line that is. */
export function billedLine(
  world: World,
  item: RequisitionItem,
): { description: string; uom: string; quantity: bigint; unit_cost: bigint } {
  const none = { description: '', uom: '', quantity: 0n, unit_cost: 0n };
  if (item.change_order_id !== null) {
    const whole = { ...none, description: world.changeOrders.get(item.change_order_id)?.title ?? '' };
    return changeOrderLine(world, item) ?? whole;
  }
  const line = world.lines.get(item.line_item_id) ?? { ...none, details: [] };
  const detail = line.details.find(({ id }) => id === item.detail_line_item_id);
  return detail ? { ...line, description: detail.description } : line;
}

function costCodeId(world: World, item: RequisitionItem): number | null {
  const line =
    item.change_order_id !== null ? changeOrderLine(world, item) : world.lines.get(item.line_item_id);
  return line?.cost_code_id ?? null;
}

function wbsView(world: World, codeId: number | null): View | null {
  const code = codeId === null ? undefined : world.costCodes.get(codeId);
  return code ? { id: code.id, flat_code: code.full_code, description: code.name } : null;
}

function previousItemId(world: World, requisition: Requisition, item: RequisitionItem): number | null {
  const same = world
    .requisitionBefore(requisition)
    ?.items.find(
      (each) =>
        each.kind === item.kind &&
        each.line_item_id === item.line_item_id &&
        each.detail_line_item_id === item.detail_line_item_id,
    );
  return same?.id ?? null;
}
