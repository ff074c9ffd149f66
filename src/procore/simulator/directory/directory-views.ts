import { isoSeconds } from '../iso-seconds.ts';
import type { Project, Vendor } from '../records.ts';
import type { World } from '../state.ts';

type View = Record<string, unknown>;

const VENDOR_TEXTS = [
  'abbreviated_name',
  'address',
  'business_phone',
  'city',
  'country_code',
  'email_address',
  'fax_number',
  'labor_union',
  'license_number',
  'mobile_phone',
  'notes',
  'state_code',
  'website',
  'zip',
] as const;
const VENDOR_FLAGS = [
  'authorized_bidder',
  'non_union_prevailing_wage',
  'prequalified',
  'union_member',
] as const;

/** A company vendor; the `erp` view has the same fields because nothing more of it is published. */
export function vendorView(vendor: Vendor, view = 'extended'): View {
  if (view === 'compact') return { id: vendor.id, name: vendor.name };
  const shown: View = {
    id: vendor.id,
    name: vendor.name,
    company: vendor.name,
    is_active: vendor.is_active,
    is_connected: false,
    contact_count: 0,
    attachments: [],
    business_id: null,
    business_register: null,
    logo: null,
    primary_contact: null,
    vendor_group: null,
    trade_name: vendor.details.trade_name ?? '',
    origin_id: vendor.origin_id,
    origin_code: vendor.origin_code,
    origin_data: vendor.origin_data,
    synced_to_erp: vendor.origin_id !== null,
    created_at: isoSeconds(vendor.created_at),
    updated_at: isoSeconds(vendor.updated_at),
  };
  for (const name of VENDOR_TEXTS) shown[name] = vendor.details[name] ?? null;
  for (const name of VENDOR_FLAGS) shown[name] = vendor.details[name] === true;
  if (view !== 'normal') Object.assign(shown, extendedPart());
  return shown;
}

function extendedPart(): View {
  return {
    bidding: null,
    bidding_distribution: [],
    children_count: 0,
    company_vendor: true,
    legal_name: '',
    parent: null,
    project_ids: [],
    standard_cost_codes: [],
    trades: [],
  };
}

const PROJECT_TEXTS = [
  'accounting_project_number',
  'address',
  'city',
  'completion_date',
  'country_code',
  'county',
  'description',
  'designated_market_area',
  'estimated_completion_date',
  'estimated_start_date',
  'estimated_value',
  'flag',
  'phone',
  'project_number',
  'public_notes',
  'square_feet',
  'start_date',
  'state_code',
  'store_number',
  'total_value',
  'warranty_end_date',
  'warranty_start_date',
  'zip',
] as const;

/** Shown on the page and in the sync answer, but not in the list. */
const PROJECT_CLASSES = ['sector', 'work_scope', 'delivery_method'] as const;

/** Shown in the list and on the page, but not in the sync answer. */
const NOT_IN_SYNC = [
  'company',
  'county',
  'custom_fields',
  'owners_project_id',
  'parent_job_id',
  'persistent_message',
  'photo_id',
  'standard_cost_code_list_id',
  'tz_name',
];

/** A project as the list shows it. */
export function projectListView(world: World, project: Project): View {
  const timeZone = project.details.time_zone ?? 'US/Pacific';
  const shown: View = {
    id: project.id,
    name: project.name,
    active: project.active,
    company: { id: project.company_id, name: world.companies.get(project.company_id)?.name ?? '' },
    created_at: isoSeconds(project.created_at),
    updated_at: isoSeconds(project.updated_at),
    custom_fields: {},
    departments: [],
    display_name: displayName(project),
    origin_id: project.origin_id,
    origin_code: project.origin_code,
    origin_data: project.origin_data,
    owners_project_id: null,
    parent_job_id: null,
    photo_id: null,
    persistent_message: { message: null, title: null },
    project_owner_type_id: null,
    project_region_id: null,
    standard_cost_code_list_id:
      world.companies.get(project.company_id)?.erp?.standard_cost_code_list_id ?? null,
    time_zone: timeZone,
    tz_name: timeZone,
  };
  for (const name of PROJECT_TEXTS) shown[name] = project.details[name] ?? null;
  return shown;
}

/** The project's own page adds what only it shows. */
export function projectShowView(world: World, project: Project): View {
  return {
    ...projectListView(world, project),
    ...classes(project),
    is_demo: false,
    code: project.details.code ?? null,
    is_erp_integrated: world.companies.get(project.company_id)?.erp !== null,
    locale: 'en',
    template: false,
  };
}

/** A project as the sync answer shows it. */
export function projectSyncView(world: World, project: Project): View {
  const shown = Object.entries(projectListView(world, project)).filter(
    ([name]) => !NOT_IN_SYNC.includes(name),
  );
  return { ...Object.fromEntries(shown), ...classes(project) };
}

function classes(project: Project): View {
  const shown: View = { project_bid_type_id: null };
  for (const name of PROJECT_CLASSES) shown[name] = project.details[name] ?? null;
  return shown;
}

function displayName(project: Project): string {
  const number = project.details.project_number;
  return typeof number === 'string' && number !== '' ? `${number} - ${project.name}` : project.name;
}
