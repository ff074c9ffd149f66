import { z } from 'zod';
import { dateField, idField, parsedBody, textField } from '../body.ts';
import { notFound } from '../errors.ts';
import { assertParameters, paged, pagingParameters } from '../query.ts';
import type { Insurance, Vendor } from '../records.ts';
import type { Answer, Context, Route } from '../router.ts';
import type { World } from '../state.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const BASE = '/rest/v1.0/companies/:company_id/vendors/:vendor_id/insurances';

const fields = {
  additional_insured: textField,
  division_template: textField,
  effective_date: dateField,
  enable_expired_insurance_notifications: z.boolean(),
  exempt: z.boolean(),
  expiration_date: dateField,
  info_received: z.boolean(),
  insurance_sets: textField,
  insurance_type: textField,
  limit: textField,
  notes: textField,
  policy_number: textField,
  status: z.enum([
    'compliant',
    'compliant_in_progress',
    'expired',
    'non_compliant',
    'non_compliant_in_progress',
    'undecided',
    'unregistered',
  ]),
};
/** Writable fields, shared by the sync rows and the seed. */
export const insuranceFields = z
  .strictObject({ ...fields, id: idField, name: textField, origin_id: textField, origin_data: textField })
  .partial();
const syncBody = z.strictObject({ updates: z.array(insuranceFields) });
type Input = z.output<typeof insuranceFields>;

export const insuranceRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: listInsurances },
  { method: 'PATCH', pattern: `${BASE}/sync`, handle: syncInsurances },
];

function listInsurances(context: Context): Answer {
  assertParameters(context.query, pagingParameters);
  const vendor = vendorOf(context);
  const rows = [...context.world.insurances.values()].filter(({ vendor_id }) => vendor_id === vendor.id);
  return paged(context, rows, insuranceView);
}

function syncInsurances(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  const vendor = vendorOf(context);
  const own = (id: number) => {
    const insurance = world.insurances.get(id);
    return insurance?.vendor_id === vendor.id ? insurance : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'insurance', originId) ?? -1),
    create: (update) => createInsurance(world, vendor, update),
    update: (insurance, update) => editInsurance(world, insurance, update),
    view: insuranceView,
  });
}

function vendorOf({ world, company, params }: Context): Vendor {
  const vendor = world.vendors.get(Number(params.vendor_id));
  if (vendor?.company_id !== company.id) throw notFound('Vendor not found');
  return vendor;
}

export function createInsurance(world: World, vendor: Vendor, update: Input) {
  const insurance: Insurance = {
    id: update.id ?? world.nextId(),
    company_id: vendor.company_id,
    vendor_id: vendor.id,
    details: { status: 'undecided' },
    origin_id: null,
    origin_code: null,
    origin_data: null,
    ...world.stamps(),
  };
  const errors = editInsurance(world, insurance, update);
  if (errors) return { errors };
  world.insurances.set(insurance.id, insurance);
  return { item: insurance };
}

function editInsurance(world: World, insurance: Insurance, update: Input): Record<string, string[]> | null {
  const { id: _id, origin_id, origin_data, name, ...rest } = update;
  const { company_id: companyId, id } = insurance;
  const target = { companyId, itemType: 'insurance', id, record: insurance };
  if (!world.setOrigin(target, { origin_id, origin_data })) return { origin_id: ['has already been taken'] };
  // The answer calls the insurer what the request calls the name (inferred).
  Object.assign(insurance.details, rest, name === undefined ? {} : { insurance_provider: name });
  insurance.updated_at = world.clock.now();
  return null;
}

function insuranceView(insurance: Insurance): Record<string, unknown> {
  const { id, vendor_id, origin_id, origin_data, details } = insurance;
  const flags = { enable_expired_insurance_notifications: false, exempt: false, info_received: false };
  const shown: Record<string, unknown> = { id, vendor_id, insurance_provider: null };
  for (const name of Object.keys(fields)) shown[name] = null;
  return { ...shown, ...flags, ...details, origin_id, origin_data };
}
