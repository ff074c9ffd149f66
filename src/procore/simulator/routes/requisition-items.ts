import { z } from 'zod';
import type { ItemKind, Requisition, RequisitionItem } from '../billing/billing-records.ts';
import { bulkItemBody, plainItemFields } from '../billing/requisition-fields.ts';
import {
  changeOrderItemView,
  contractItemView,
  detailItemView,
  detailRowView,
  type itemView,
} from '../billing/requisition-item-views.ts';
import { itemBy } from '../billing/requisition-items.ts';
import { sheetOf } from '../billing/requisition-sheet.ts';
import { assertOpen, editRequisition } from '../billing/requisition-store.ts';
import { parsedBody } from '../http/body.ts';
import { BLANK, fieldErrors, financeNotFound } from '../http/errors.ts';
import { assertParameters, idFilter, paged, pagingParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { World } from '../state.ts';
import { requisitionOf } from './requisitions.ts';

const BASE = '/rest/v1.0/requisitions/:id';
type ItemViewer = typeof itemView;

/** Each kind of item has the same routes under its own name and a view of its own. */
const KINDS = {
  contract_item: { view: contractItemView, model: 'Billings::ContractItem', filters: [] },
  contract_detail_item: { view: detailItemView, model: 'Billings::ContractDetailItem', filters: [] },
  change_order_item: {
    view: changeOrderItemView,
    model: 'Billings::ChangeOrderItem',
    filters: ['filters[change_order_id]'],
  },
  whole_change_order_item: { view: contractItemView, model: 'Billings::WholeChangeOrderItem', filters: [] },
} as const satisfies Record<ItemKind, { view: ItemViewer; model: string; filters: readonly string[] }>;

export const requisitionItemRoutes: readonly Route[] = [
  ...itemRoutes('contract_item'),
  ...itemRoutes('contract_detail_item'),
  ...itemRoutes('change_order_item'),
  // A change order that is billed whole has a route to change it and none to read it.
  {
    method: 'PATCH',
    pattern: `${BASE}/whole_change_order_items/:item_id`,
    handle: (context) => patchItem(context, 'whole_change_order_item'),
  },
  { method: 'GET', pattern: `${BASE}/detail`, handle: showDetail },
  { method: 'PATCH', pattern: `${BASE}/bulk_item_update`, handle: updateItems },
];

function itemRoutes(kind: ItemKind): Route[] {
  const base = `${BASE}/${kind}s`;
  return [
    { method: 'GET', pattern: base, handle: (context) => listItems(context, kind) },
    { method: 'GET', pattern: `${base}/:item_id`, handle: (context) => showItem(context, kind) },
    { method: 'PATCH', pattern: `${base}/:item_id`, handle: (context) => patchItem(context, kind) },
  ];
}

function listItems(context: Context, kind: ItemKind): Answer {
  const { world, query } = context;
  assertParameters(query, [...pagingParameters, 'project_id', ...KINDS[kind].filters]);
  const requisition = asked(context);
  const changeOrders = idFilter(query, 'filters[change_order_id]');
  const rows = requisition.items.filter(
    (item) => item.kind === kind && (changeOrders?.has(item.change_order_id ?? -1) ?? true),
  );
  return paged(context, rows, shown(world, requisition, KINDS[kind].view));
}

function showItem(context: Context, kind: ItemKind): Answer {
  assertParameters(context.query, ['project_id']);
  const requisition = asked(context);
  const view = shown(context.world, requisition, KINDS[kind].view);
  return { status: 200, body: view(namedItem(context, requisition, kind)) };
}

function patchItem(context: Context, kind: ItemKind): Answer {
  const { world, actor } = context;
  assertParameters(context.query, ['project_id']);
  const requisition = asked(context);
  const item = namedItem(context, requisition, kind);
  const envelope = z.strictObject({
    [`requisition_${kind}`]: z.strictObject(plainItemFields).partial(),
  });
  const input = parsedBody(envelope, context.body)[`requisition_${kind}`] ?? {};
  assertOpen(world, requisition);
  editRequisition(world, requisition, { input: {}, items: [{ item, input }], actor });
  return { status: 200, body: shown(world, requisition, KINDS[kind].view)(item) };
}

function showDetail(context: Context): Answer {
  assertParameters(context.query, ['project_id']);
  const requisition = asked(context);
  return { status: 200, body: requisition.items.map(shown(context.world, requisition, detailRowView)) };
}

function updateItems(context: Context): Answer {
  const { world, actor } = context;
  assertParameters(context.query, ['project_id']);
  const requisition = asked(context);
  const { requisition_items: rows } = parsedBody(bulkItemBody, context.body);
  assertOpen(world, requisition);
  const items = rows.map(({ id, item_type, ...input }) => {
    if (id === undefined) throw fieldErrors(422, { id: BLANK });
    return { item: itemBy(requisition, id, item_type), input };
  });
  editRequisition(world, requisition, { input: {}, items, actor });
  return { status: 200, body: '' };
}

function asked(context: Context): Requisition {
  return requisitionOf(context, requiredInteger(context.query, 'project_id'));
}

function namedItem(context: Context, requisition: Requisition, kind: ItemKind): RequisitionItem {
  const id = Number(context.params.item_id);
  const item = requisition.items.find((each) => each.id === id && each.kind === kind);
  if (!item) throw financeNotFound(KINDS[kind].model, id);
  return item;
}

function shown(world: World, requisition: Requisition, view: ItemViewer): (item: RequisitionItem) => unknown {
  const sheet = sheetOf(world, requisition);
  return (item) => {
    const columns = sheet.get(item.id);
    if (!columns) throw new Error(`item ${item.id} is not on its sheet`);
    return view(world, requisition, item, columns);
  };
}
