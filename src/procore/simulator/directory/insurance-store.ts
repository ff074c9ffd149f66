import { type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { type Errors, TAKEN } from '../http/errors.ts';
import type { Actor, Change, Insurance, Vendor } from '../records.ts';
import type { World } from '../state.ts';
import { type InsuranceInput, shownInsuranceFields } from './insurance-fields.ts';

type Place = { vendor: Vendor; projectId: number | null };
export function createInsurance(
  world: World,
  { vendor, projectId }: Place,
  input: InsuranceInput,
): Made<Insurance> {
  const insurance: Insurance = {
    id: input.id ?? world.nextId(),
    company_id: vendor.company_id,
    project_id: projectId,
    vendor_id: vendor.id,
    details: { status: 'undecided' },
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  const errors = editInsurance(world, insurance, input);
  if (errors) return { errors };
  world.insurances.set(insurance.id, insurance);
  return { item: insurance };
}

export function editInsurance(world: World, insurance: Insurance, input: InsuranceInput): Errors | null {
  const { id: _id, origin_id, origin_data, name, ...rest } = input;
  const { company_id: companyId, id } = insurance;
  const target = { companyId, itemType: 'insurance', id, record: insurance };
  if (!world.setOrigin(target, { origin_id, origin_data })) return TAKEN;
  // The answer calls the insurer what the request calls the name (inferred).
  Object.assign(insurance.details, rest, name === undefined ? {} : { insurance_provider: name });
  insurance.updated_at = world.clock.now();
  return null;
}

export function announceInsurance(
  world: World,
  event: Change['event_type'],
  { project_id, ...insurance }: Insurance,
  actor: Actor,
): void {
  if (project_id === null) world.announce('Company Insurances', event, insurance, actor);
  else world.announce('Project Insurances', event, { ...insurance, project_id }, actor);
}

export function insuranceView(insurance: Insurance): Record<string, unknown> {
  const { id, vendor_id, origin_id, origin_data, details } = insurance;
  const flags = { enable_expired_insurance_notifications: false, exempt: false, info_received: false };
  const shown: Record<string, unknown> = { id, vendor_id, insurance_provider: null };
  for (const name of Object.keys(shownInsuranceFields)) shown[name] = null;
  return { ...shown, ...flags, ...details, origin_id, origin_data };
}
