import type { Contract } from '../records.ts';
import type { World } from '../state.ts';
import type { Requisition, RequisitionItem } from './billing-records.ts';

/** The columns of one line of the continuation sheet, in cents. */
export type Columns = {
  scheduled: bigint;
  /** D: completed before, with what was moved out of stored materials. */
  previous: bigint;
  work: bigint;
  stored: bigint;
  toDate: bigint;
  /** G of the application before: the period's gross is what G has grown by. */
  toDateBefore: bigint;
  quantityBefore: bigint;
  quantity: bigint;
  storedBefore: bigint;
  moved: bigint;
  movedRetainage: bigint;
  workRetainage: Retainage;
  storedRetainage: Retainage;
};

export type Retainage = { before: bigint; retained: bigint; released: bigint; held: bigint };

export type Sheet = ReadonlyMap<number, Columns>;

const NOTHING: Columns = {
  scheduled: 0n,
  previous: 0n,
  work: 0n,
  stored: 0n,
  toDate: 0n,
  toDateBefore: 0n,
  quantityBefore: 0n,
  quantity: 0n,
  storedBefore: 0n,
  moved: 0n,
  movedRetainage: 0n,
  workRetainage: { before: 0n, retained: 0n, released: 0n, held: 0n },
  storedRetainage: { before: 0n, retained: 0n, released: 0n, held: 0n },
};

/**
 * Every application of a contract, item by item. Columns that come from earlier applications are worked out from
 * what those say now, so that an earlier one which is opened again and cut shows in all that follow.
 */
export function sheetsOf(world: World, contract: Contract): ReadonlyMap<number, Sheet> {
  const last = new Map<string, Columns>();
  const sheets = new Map<number, Sheet>();
  for (const requisition of world.contractRequisitions(contract.id)) {
    const sheet = new Map<number, Columns>();
    for (const item of requisition.items) {
      const columns = columnsOf(requisition, item, {
        scheduled: scheduledOf(world, item),
        before: last.get(keyOf(item)) ?? NOTHING,
      });
      sheet.set(item.id, columns);
      last.set(keyOf(item), columns);
    }
    sheets.set(requisition.id, sheet);
  }
  return sheets;
}

export function sheetOf(world: World, requisition: Requisition): Sheet {
  const contract = world.contracts.get(requisition.contract_id);
  return (contract && sheetsOf(world, contract).get(requisition.id)) ?? new Map();
}

function columnsOf(
  requisition: Requisition,
  item: RequisitionItem,
  { scheduled, before }: { scheduled: bigint; before: Columns },
): Columns {
  const moved = requisition.moves_materials ? before.stored : 0n;
  const movedRetainage = requisition.moves_materials ? before.storedRetainage.held : 0n;
  const previous = before.previous + before.work + moved;
  const workBefore = before.workRetainage.held + movedRetainage;
  const storedBefore = before.storedRetainage.held - movedRetainage;
  const storedChange = item.stored_retained - storedBefore;
  // On a deductive line everything is negative: what goes towards zero is released there too.
  const isMore = scheduled < 0n ? storedChange < 0n : storedChange > 0n;
  return {
    scheduled,
    previous,
    work: item.work,
    stored: item.stored,
    toDate: previous + item.work + item.stored,
    toDateBefore: before.toDate,
    quantityBefore: before.quantityBefore + before.quantity,
    quantity: item.quantity,
    storedBefore: before.stored,
    moved,
    movedRetainage,
    workRetainage: {
      before: workBefore,
      retained: item.work_retained,
      released: item.work_released,
      held: workBefore + item.work_retained - item.work_released,
    },
    storedRetainage: {
      before: storedBefore,
      retained: isMore ? storedChange : 0n,
      released: isMore ? 0n : -storedChange,
      held: item.stored_retained,
    },
  };
}

/** The certificate (G702) of an application, in cents; percents are worked out where they are shown. */
export type Certificate = {
  original: bigint;
  changes: bigint;
  toDate: bigint;
  workBase: bigint;
  storedBase: bigint;
  workRetainage: bigint;
  storedRetainage: bigint;
  earnedLessRetainage: bigint;
  previousCertificates: bigint;
  newMaterials: bigint;
  changeOrders: Record<'all' | 'fresh' | 'earlier', { plus: bigint; minus: bigint }>;
};

export function certificateOf(world: World, requisition: Requisition): Certificate {
  const contract = world.contracts.get(requisition.contract_id);
  const sheets = contract ? sheetsOf(world, contract) : new Map<number, Sheet>();
  const earlier = world.requisitionBefore(requisition);
  const known = new Set(earlier?.items.map((item) => item.change_order_id));
  const sums = sumOf(requisition, sheets.get(requisition.id) ?? new Map());
  const changeOrders = {
    all: { plus: 0n, minus: 0n },
    fresh: { plus: 0n, minus: 0n },
    earlier: { plus: 0n, minus: 0n },
  };
  for (const item of requisition.items) {
    if (item.change_order_id === null) continue;
    const scheduled = scheduledOf(world, item);
    for (const part of [
      changeOrders.all,
      changeOrders[known.has(item.change_order_id) ? 'earlier' : 'fresh'],
    ])
      part[scheduled < 0n ? 'minus' : 'plus'] += scheduled;
  }
  return {
    ...sums,
    changes: changeOrders.all.plus + changeOrders.all.minus,
    previousCertificates: earlier
      ? sumOf(earlier, sheets.get(earlier.id) ?? new Map()).earnedLessRetainage
      : 0n,
    changeOrders,
  };
}

function sumOf(
  requisition: Requisition,
  sheet: Sheet,
): Omit<Certificate, 'changes' | 'previousCertificates' | 'changeOrders'> {
  const sums = {
    original: 0n,
    toDate: 0n,
    workBase: 0n,
    storedBase: 0n,
    workRetainage: 0n,
    storedRetainage: 0n,
    newMaterials: 0n,
  };
  for (const item of requisition.items) {
    const columns = sheet.get(item.id) ?? NOTHING;
    if (item.change_order_id === null) sums.original += columns.scheduled;
    sums.toDate += columns.toDate;
    sums.workBase += columns.previous + columns.work;
    sums.storedBase += columns.stored;
    sums.workRetainage += columns.workRetainage.held;
    sums.storedRetainage += columns.storedRetainage.held;
    sums.newMaterials += columns.stored - (columns.storedBefore - columns.moved);
  }
  return { ...sums, earnedLessRetainage: sums.toDate - sums.workRetainage - sums.storedRetainage };
}

/** C: what the line is worth in the schedule of values, in its detail or in its change order. */
export function scheduledOf(world: World, item: RequisitionItem): bigint {
  if (item.kind === 'whole_change_order_item')
    return world.changeOrders.get(item.line_item_id)?.grand_total ?? 0n;
  if (item.kind === 'change_order_item') return changeOrderLine(world, item)?.amount ?? 0n;
  const line = world.lines.get(item.line_item_id);
  if (item.kind === 'contract_item') return line?.amount ?? 0n;
  return line?.details.find((detail) => detail.id === item.detail_line_item_id)?.amount ?? 0n;
}

export function changeOrderLine(world: World, item: RequisitionItem) {
  const changeOrder =
    item.change_order_id === null ? undefined : world.changeOrders.get(item.change_order_id);
  return changeOrder?.lines.find((line) => line.id === item.line_item_id);
}

function keyOf(item: RequisitionItem): string {
  return `${item.kind}/${item.detail_line_item_id ?? item.line_item_id}`;
}
