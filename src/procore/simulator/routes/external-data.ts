import { z } from 'zod';
import type { RequisitionItem } from '../billing-records.ts';
import { idField, parsedBody, textField } from '../body.ts';
import { touchContract } from '../contract-store.ts';
import { fieldErrors } from '../errors.ts';
import { touchPayment } from '../payment-store.ts';
import { assertParameters, requiredInteger } from '../query.ts';
import type { Contract, Origin } from '../records.ts';
import type { Answer, Context, Route } from '../router.ts';
import type { World } from '../state.ts';
import { SYNC_MAX_ROWS, tooManyRows } from '../sync-engine.ts';
import { assertRowCount } from './vendors.ts';

const BASE = '/rest/v1.0/companies/:company_id/external_data';

/** The dictionary of item types; this simulator holds objects of only some of them. */
export const ITEM_TYPES = [
  'budget',
  'change_order',
  'company_level_direct_cost',
  'contract_payment',
  'cost_code',
  'department',
  'insurance',
  'invoice_payment',
  'item',
  'line_item',
  'line_item_type',
  'markup',
  'payment_application',
  'payment_application_line_item',
  'prime_contract',
  'project',
  'purchase_order_contract',
  'requisition',
  'requisition_change_order_item',
  'requisition_contract_detail_item',
  'requisition_contract_item',
  'standard_cost_code',
  'sub_job',
  'tax_code',
  'vendor',
  'work_order_contract',
] as const;
type ItemType = (typeof ITEM_TYPES)[number];

const syncBody = z.strictObject({
  updates: z.array(
    z.strictObject({
      item_type: z.enum(ITEM_TYPES),
      item_id: idField,
      origin_id: textField.optional(),
      origin_code: textField.optional(),
      origin_data: textField.optional(),
    }),
  ),
});
const destroyBody = z.strictObject({ item_type: z.enum(ITEM_TYPES), item_ids: z.array(idField) });

export const externalDataRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: readExternalData },
  { method: 'PATCH', pattern: `${BASE}/sync`, handle: syncExternalData },
  { method: 'DELETE', pattern: `${BASE}/bulk_destroy`, handle: destroyExternalData },
];

type Item = { id: number; record: Origin; contract: Contract | null };

function readExternalData(context: Context): Answer {
  assertParameters(context.query, ['item_type', 'item_id']);
  const itemType = ITEM_TYPES.find((known) => known === context.query.get('item_type'));
  if (itemType === undefined) throw fieldErrors(400, { item_type: ['does not have a valid value'] });
  const item = findItem(
    context.world,
    context.company.id,
    itemType,
    requiredInteger(context.query, 'item_id'),
  );
  const rows = item && item.record.origin_id !== null ? [rowView(itemType, item)] : [];
  return { status: 200, body: rows };
}

function syncExternalData(context: Context): Answer {
  const { world, company } = context;
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  const entities: unknown[] = [];
  const errors: unknown[] = [];
  const touched = new Set<Contract>();
  for (const row of body.updates) {
    const item = findItem(world, company.id, row.item_type, row.item_id);
    if (!item) {
      errors.push({ ...row, errors: { item_id: ['Entity with this ID not found'] } });
      continue;
    }
    const { item_type: itemType, item_id: id, ...origin } = row;
    if (!world.setOrigin({ companyId: company.id, itemType, id, record: item.record }, origin)) {
      errors.push({ ...row, errors: { origin_id: ['has already been taken'] } });
      continue;
    }
    afterWrite(context, row.item_type, item, touched);
    entities.push(rowView(row.item_type, item));
  }
  for (const contract of touched) touchContract(world, contract, context.actor);
  return { status: 200, body: { entities, errors } };
}

function destroyExternalData(context: Context): Answer {
  const { world, company } = context;
  const body = parsedBody(destroyBody, context.body);
  if (body.item_ids.length > SYNC_MAX_ROWS) throw tooManyRows();
  const touched = new Set<Contract>();
  for (const id of body.item_ids) {
    const item = findItem(world, company.id, body.item_type, id);
    if (!item) continue;
    const target = { companyId: company.id, itemType: body.item_type, id, record: item.record };
    world.setOrigin(target, { origin_id: null, origin_code: null, origin_data: null });
    afterWrite(context, body.item_type, item, touched);
  }
  for (const contract of touched) touchContract(world, contract, context.actor);
  return { status: 200, body: {} };
}

/** The record changed, so its updated_at moves and the webhooks hear of it; an integrator sees its own echo. */
function afterWrite(context: Context, itemType: ItemType, item: Item, touched: Set<Contract>): void {
  const { world, actor } = context;
  afterBillingWrite(context, itemType, item.id);
  if (item.contract) touched.add(item.contract);
  if (item.contract && item.contract.kind === itemType) {
    const unlinked = item.contract.erp_status === 'synced' ? 'not_in_erp' : item.contract.erp_status;
    item.contract.erp_status = item.contract.origin_id === null ? unlinked : 'synced';
  }
  if (itemType === 'vendor') {
    const vendor = world.vendors.get(item.id);
    if (vendor) {
      vendor.updated_at = world.clock.now();
      world.announce('Company Vendors', 'update', vendor, actor);
    }
  }
  if (itemType === 'project') {
    const project = world.projects.get(item.id);
    if (project) {
      project.updated_at = world.clock.now();
      world.announce('Projects', 'update', project, actor);
    }
  }
}

function findItem(world: World, companyId: number, itemType: ItemType, id: number): Item | null {
  const own = <T extends Origin & { company_id: number }>(record: T | undefined): T | null =>
    record?.company_id === companyId ? record : null;
  const plain = (record: Origin | null): Item | null => (record ? { id, record, contract: null } : null);
  switch (itemType) {
    case 'work_order_contract':
    case 'purchase_order_contract': {
      const contract = own(world.contracts.get(id));
      return contract?.kind === itemType ? { id, record: contract, contract } : null;
    }
    case 'line_item': {
      const line = own(world.lines.get(id));
      return line ? { id, record: line, contract: world.contracts.get(line.contract_id) ?? null } : null;
    }
    case 'vendor':
      return plain(own(world.vendors.get(id)));
    case 'project':
      return plain(own(world.projects.get(id)));
    case 'change_order':
      return plain(own(world.changeOrders.get(id)));
    case 'cost_code':
      return plain(own(world.costCodes.get(id)));
    case 'line_item_type':
      return plain(own(world.lineItemTypes.get(id)));
    case 'requisition':
      return plain(own(world.requisitions.get(id)));
    case 'contract_payment':
      return plain(own(world.payments.get(id)));
    case 'requisition_contract_item':
    case 'requisition_contract_detail_item':
    case 'requisition_change_order_item':
      return plain(own(requisitionItem(world, itemType, id)));
    default:
      return null;
  }
}

function requisitionItem(world: World, itemType: ItemType, id: number): RequisitionItem | undefined {
  for (const requisition of world.requisitions.values()) {
    const item = requisition.items.find((each) => each.id === id);
    if (item) return `requisition_${item.kind}` === itemType ? item : undefined;
  }
  return undefined;
}

/** An invoice with an origin id counts as synced; its time of change moves, and so does that of its payments. */
function afterBillingWrite({ world, actor }: Context, itemType: ItemType, id: number): void {
  const payment = itemType === 'contract_payment' ? world.payments.get(id) : undefined;
  if (payment) touchPayment(world, payment, actor);
  const requisition = itemType === 'requisition' ? world.requisitions.get(id) : undefined;
  if (!requisition) return;
  requisition.updated_at = world.clock.now();
  const unlinked = requisition.erp_status === 'synced' ? 'not_in_erp' : requisition.erp_status;
  requisition.erp_status = requisition.origin_id === null ? unlinked : 'synced';
}

function rowView(itemType: ItemType, item: Item): Record<string, unknown> {
  return {
    id: item.id,
    item_type: itemType,
    item_id: item.id,
    origin_id: item.record.origin_id,
    origin_code: item.record.origin_code,
    origin_data: item.record.origin_data,
  };
}
