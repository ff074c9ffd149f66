import { z } from 'zod';
import { type ErpItem, findErpItem, ITEM_TYPES, type ItemType } from '../erp-tool/erp-items.ts';
import { idField, parsedBody, textField } from '../http/body.ts';
import { fieldErrors, TAKEN } from '../http/errors.ts';
import { assertParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { Actor } from '../records.ts';
import { SYNC_MAX_ROWS, tooManyRows } from '../sync-engine.ts';
import { assertRowCount } from './vendors.ts';

const BASE = '/rest/v1.0/companies/:company_id/external_data';

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

/**
 * The record changed, so its updated_at moves and the webhooks hear of it: an integrator sees its own echo, once for
 * each thing, however many of its lines were written.
 */
type Touched = Map<object, (actor: Actor) => void>;

function readExternalData(context: Context): Answer {
  assertParameters(context.query, ['item_type', 'item_id']);
  const itemType = ITEM_TYPES.find((known) => known === context.query.get('item_type'));
  if (itemType === undefined) throw fieldErrors(400, { item_type: ['does not have a valid value'] });
  const item = findErpItem(
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
  const touched: Touched = new Map();
  for (const row of body.updates) {
    const item = findErpItem(world, company.id, row.item_type, row.item_id);
    if (!item) {
      errors.push({ ...row, errors: { item_id: ['Entity with this ID not found'] } });
      continue;
    }
    const { item_type: itemType, item_id: id, ...origin } = row;
    if (!world.setOrigin({ companyId: company.id, itemType, id, record: item.record }, origin)) {
      errors.push({ ...row, errors: TAKEN });
      continue;
    }
    if (item.touch) touched.set(item.touch.of, item.touch.run);
    entities.push(rowView(row.item_type, item));
  }
  for (const touch of touched.values()) touch(context.actor);
  return { status: 200, body: { entities, errors } };
}

function destroyExternalData(context: Context): Answer {
  const { world, company } = context;
  const body = parsedBody(destroyBody, context.body);
  if (body.item_ids.length > SYNC_MAX_ROWS) throw tooManyRows();
  const touched: Touched = new Map();
  for (const id of body.item_ids) {
    const item = findErpItem(world, company.id, body.item_type, id);
    if (!item) continue;
    const target = { companyId: company.id, itemType: body.item_type, id, record: item.record };
    world.setOrigin(target, { origin_id: null, origin_code: null, origin_data: null });
    if (item.touch) touched.set(item.touch.of, item.touch.run);
  }
  for (const touch of touched.values()) touch(context.actor);
  return { status: 200, body: {} };
}

function rowView(itemType: ItemType, item: ErpItem): Record<string, unknown> {
  return {
    id: item.id,
    item_type: itemType,
    item_id: item.id,
    origin_id: item.record.origin_id,
    origin_code: item.record.origin_code,
    origin_data: item.record.origin_data,
  };
}
