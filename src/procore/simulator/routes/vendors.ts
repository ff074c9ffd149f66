import { z } from 'zod';
import { type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { vendorView } from '../directory/directory-views.ts';
import { assertSameCompany } from '../http/auth.ts';
import { idField, parsedBody, textField } from '../http/body.ts';
import { BLANK, type Errors, notFound, TAKEN } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { Vendor } from '../records.ts';
import { SYNC_MAX_ROWS, syncAnswer, tooManyRows } from '../sync-engine.ts';

const VIEWS = ['compact', 'normal', 'erp', 'extended', 'directory', 'summary'] as const;

const keptTexts = {
  abbreviated_name: textField,
  address: textField,
  business_phone: textField,
  city: textField,
  country_code: textField,
  email_address: textField,
  fax_number: textField,
  labor_union: textField,
  license_number: textField,
  mobile_phone: textField,
  notes: textField,
  state_code: textField,
  trade_name: textField,
  website: textField,
  zip: textField,
};

/** Writable vendor fields, shared by the sync rows, the seed and the user's edits. */
export const vendorFields = {
  ...keptTexts,
  name: z.string().max(255),
  is_active: z.boolean(),
  authorized_bidder: z.boolean(),
  prequalified: z.boolean(),
  union_member: z.boolean(),
  non_union_prevailing_wage: z.boolean(),
  origin_id: textField,
  origin_data: textField,
  origin_code: textField,
};

const syncRow = z
  .strictObject({
    ...vendorFields,
    id: idField,
    vendor_group_id: idField,
    parent_id: idField,
    primary_contact_id: idField,
    trade_ids: z.array(idField),
    bidding_distribution_ids: z.array(idField),
    standard_cost_code_ids: z.array(idField),
    bidding: z.record(z.string(), z.boolean()),
    business_register_attributes: z.strictObject({ type: z.string(), identifier: z.string() }).partial(),
    origin_custom_fields: z.record(z.string(), z.unknown()),
  })
  .partial();

const syncBody = z.strictObject({ company_id: idField, updates: z.array(syncRow) });
type VendorInput = Partial<z.output<typeof syncRow>>;

export const vendorRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/vendors', handle: listVendors },
  { method: 'GET', pattern: '/rest/v1.0/vendors/:id', handle: showVendor },
  { method: 'PATCH', pattern: '/rest/v1.0/vendors/sync', handle: syncVendors },
];

function listVendors(context: Context): Answer {
  const { world, query, company } = context;
  assertParameters(query, [
    ...pagingParameters,
    'company_id',
    'view',
    'filters[id]',
    'filters[origin_id]',
    'filters[created_at]',
    'filters[updated_at]',
  ]);
  requiredInteger(query, 'company_id');
  const view = enumFilter(query, 'view', VIEWS) ?? 'extended';
  const originId = query.get('filters[origin_id]');
  if (originId !== null) {
    const holder = world.vendors.get(world.holderOf(company.id, 'vendor', originId) ?? -1);
    return paged(context, holder ? [holder] : [], (vendor) => vendorView(vendor, view));
  }
  const keep = stampedFilter(query);
  const rows = [...world.vendors.values()].filter(
    (vendor) => vendor.company_id === company.id && keep(vendor),
  );
  return paged(context, rows, (vendor) => vendorView(vendor, view));
}

function showVendor(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters, 'company_id', 'view']);
  requiredInteger(context.query, 'company_id');
  const vendor = context.world.vendors.get(Number(context.params.id));
  if (vendor?.company_id !== context.company.id) throw notFound('Vendor not found');
  return { status: 200, body: vendorView(vendor, enumFilter(context.query, 'view', VIEWS) ?? 'extended') };
}

function syncVendors(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, ['run_configurable_validations']);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  assertSameCompany(company.id, body.company_id);
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: (id) => ownVendor(context, id),
    byOriginId: (originId) => ownVendor(context, world.holderOf(company.id, 'vendor', originId) ?? -1),
    create: (row) => createVendor(context, row),
    update: (vendor, row) => editVendor(context, vendor, row),
    view: (vendor) => vendorView(vendor),
  });
}

function ownVendor({ world, company }: Context, id: number): Vendor | undefined {
  const vendor = world.vendors.get(id);
  return vendor?.company_id === company.id ? vendor : undefined;
}

function createVendor(context: Context, row: VendorInput): Made<Vendor> {
  const { world, company } = context;
  if (row.name === undefined || row.name.trim() === '') return { errors: { name: BLANK } };
  const vendor: Vendor = {
    id: world.nextId(),
    company_id: company.id,
    name: row.name,
    is_active: true,
    details: {},
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyVendor(vendor, row);
  const target = { companyId: company.id, itemType: 'vendor', id: vendor.id, record: vendor };
  if (!world.setOrigin(target, row)) return { errors: TAKEN };
  world.vendors.set(vendor.id, vendor);
  world.announce('Company Vendors', 'create', vendor, context.actor);
  return { item: vendor };
}

function editVendor(
  { world, company, actor }: Pick<Context, 'world' | 'company' | 'actor'>,
  vendor: Vendor,
  row: VendorInput,
): Errors | null {
  if (row.name !== undefined && row.name.trim() === '') return { name: BLANK };
  const target = { companyId: company.id, itemType: 'vendor', id: vendor.id, record: vendor };
  if (!world.setOrigin(target, row)) return TAKEN;
  applyVendor(vendor, row);
  vendor.updated_at = world.clock.now();
  world.announce('Company Vendors', 'update', vendor, actor);
  return null;
}

/** Copies the writable fields of a row onto the vendor. */
export function applyVendor(vendor: Vendor, row: VendorInput): void {
  const { name, is_active, id: _id, origin_id: _1, origin_code: _2, origin_data: _3, ...rest } = row;
  vendor.name = name ?? vendor.name;
  vendor.is_active = is_active ?? vendor.is_active;
  Object.assign(vendor.details, rest);
}

/** Counted before anything is parsed, so that an oversized call costs nothing. */
export function assertRowCount(body: unknown): void {
  if (submittedRows(body).length > SYNC_MAX_ROWS) throw tooManyRows();
}

export function submittedRows(body: unknown): readonly unknown[] {
  const rows: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'updates') : null;
  return Array.isArray(rows) ? rows : [];
}
