import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { approvedApplication } from './billing.ts';
import { procoreState } from './looking.ts';
import type { SeedRows } from './seeds.ts';
import { APPROVER, COMPANY, OTHER_PROJECT, PETER, PROJECT, vendors, type World } from './world.ts';

/** What an act of people in Procore raised: requests of the ERP tool, and the details that wait for an answer. */
export type Raised = { readonly requests: readonly number[]; readonly details: readonly number[] };
export type Raise = (world: World) => Promise<Raised>;

const FIRST = 562949954000000;
const [NEW_PROJECT, OLD_PROJECT] = [FIRST + 1, FIRST + 2];
const [EAST, WEST] = [FIRST + 11, FIRST + 12];
const [METALS, STEEL, GLASS, STONE] = [FIRST + 21, FIRST + 22, FIRST + 23, FIRST + 24];
const [UNUSED, TYPED, WRONG] = [FIRST + 31, FIRST + 32, FIRST + 33];
const [CONTRACT, LINE, CHANGE] = [FIRST + 41, FIRST + 42, FIRST + 43];
const [PRIME, PRIME_LINE, PRIME_CHANGE] = [FIRST + 51, FIRST + 52, FIRST + 53];
const [DIRECT_COST, VAGUE_COST] = [FIRST + 61, FIRST + 62];
const [PAINT, MARINE] = [FIRST + 71, FIRST + 72];
/** Codes that nothing stands on. */
const SPARE_CODES = Array.from({ length: 40 }, (_, index) => FIRST + 100 + index);

const coding = { cost_code_id: 41, line_item_type_id: 31 };
const rental = { vendor_id: vendors.steel, accounting_date: '2026-11-20', direct_cost_date: '2026-11-18' };
const hours = { ...coding, project_id: PROJECT, quantity: '3', unit_cost: '10.10' };
const budgetLine = { ...coding, amount: '5000.00' };

export const seedOfEveryEvent: SeedRows = {
  projects: [
    { id: NEW_PROJECT, name: 'Harbor Hall', project_number: 'P-006' },
    { id: OLD_PROJECT, name: 'Old Yard', project_number: 'P-001', origin_id: 'JOB-1', origin_code: 'JOB-1' },
  ],
  vendors: [
    { id: PAINT, name: 'Paint Brothers' },
    { id: MARINE, name: 'Harbor Marine', origin_code: 'V2100' },
  ],
  line_item_types: [
    { id: 32, name: 'Materials', code: 'M', base_type: 'materials' },
    { id: 33, name: 'Mistake', code: 'X', base_type: 'other' },
  ],
  standard_cost_codes: [
    { id: METALS, code: '05', name: 'Metals', origin_id: '05' },
    { id: STEEL, code: '120', name: 'Steel', parent_id: METALS },
    { id: GLASS, code: '08', name: 'Glass', origin_id: '08' },
    { id: STONE, code: '04', name: 'Stone', origin_id: '04' },
  ],
  sub_jobs: [
    { id: EAST, project_id: PROJECT, code: 'E', name: 'East pier' },
    { id: WEST, project_id: PROJECT, code: 'W', name: 'West pier', origin_id: 'JOB-4-W' },
  ],
  cost_codes: [
    { id: UNUSED, project_id: PROJECT, code: '910', full_code: '09-910', name: 'Unused' },
    {
      ...{ id: TYPED, project_id: PROJECT, code: '920', full_code: '09-920', name: 'Typed' },
      ...{ origin_id: '09-920', line_item_type_ids: [31, 32] },
    },
    { id: WRONG, project_id: PROJECT, code: '930', full_code: '09-930', name: 'Wrong' },
    ...SPARE_CODES.map((id, index) => {
      return {
        id,
        project_id: PROJECT,
        code: `${700 + index}`,
        full_code: `10-${700 + index}`,
        name: 'Spare',
      };
    }),
  ],
  contracts: [
    {
      ...{ kind: 'work_order_contract', id: CONTRACT, project_id: PROJECT, vendor_id: vendors.steel },
      ...{ number: 'SC-100', title: 'Steel frame', status: 'Approved' },
      line_items: [{ ...coding, id: LINE, amount: '1000.00', description: 'Beams' }],
    },
  ],
  prime_contracts: [
    {
      ...{ id: PRIME, project_id: PROJECT, vendor_id: vendors.concrete, title: 'Pier 4', status: 'Approved' },
      ...{ retainage_percent: '10', origin_id: 'PC-1' },
      line_items: [{ id: PRIME_LINE, amount: '10000.00', description: 'Pier', cost_code_id: 41 }],
    },
  ],
  change_order_packages: [
    {
      ...{ id: CHANGE, contract_id: CONTRACT, title: 'More beams', status: 'approved' },
      line_items: [{ ...coding, amount: '250.00', commitment_line_item_id: LINE, description: 'More beams' }],
    },
    {
      ...{ id: PRIME_CHANGE, contract_id: PRIME, title: 'Railing', status: 'approved' },
      line_items: [{ amount: '500.00', prime_line_item_id: PRIME_LINE, cost_code_id: 41 }],
    },
  ],
  company_direct_costs: [
    { ...rental, id: DIRECT_COST, invoice_number: 'R-7', line_items: [{ ...hours, description: 'Crane' }] },
    // The ERP takes no line without words.
    { ...rental, id: VAGUE_COST, invoice_number: 'R-8', line_items: [hours] },
  ],
  budget_line_items: [{ ...budgetLine, project_id: PROJECT }],
};

/** How people raise each event in Procore, in an order in which each is possible. */
export const RAISED: readonly (readonly [event: string, raise: Raise])[] = [
  ['sync_metadata', refreshed('metadata')],
  ['sync_vendors', refreshed('vendors')],
  ['sync_jobs', refreshed('jobs')],
  ['sync_sub_jobs', refreshed('sub_jobs')],
  ['sync_standard_cost_codes', refreshed('standard_cost_codes')],
  ['sync_standard_categories', refreshed('standard_categories')],

  ['create_vendor', exported('vendor', MARINE)],
  [
    'create_vendor_in_procore',
    imported({ item_type: 'vendor', origin_id: 'V2000', data: { name: 'Gravel Pit' } }),
  ],
  ['link_vendor', raiseLinkedVendor],
  ['unlink_vendor', raised({ as: APPROVER, action: 'unlink_vendor', vendor_id: vendors.twin })],
  ['link_all_vendors', raiseLinkedVendors],
  [
    'merge_vendors',
    raised({
      as: APPROVER,
      action: 'merge_vendors',
      master_vendor_id: PAINT,
      source_vendor_ids: [vendors.twin],
    }),
  ],
  ['create_or_update_job', exported('project', NEW_PROJECT)],
  ['create_job_in_procore', imported({ item_type: 'project', origin_id: 'JOB-7', data: { name: 'Quay 7' } })],
  ['create_sub_job', exported('sub_job', EAST)],
  [
    'create_sub_job_in_procore',
    imported({
      ...{ item_type: 'sub_job', origin_id: 'JOB-4-N' },
      data: { name: 'North pier', code: 'N', project_origin_id: 'JOB-4' },
    }),
  ],
  ['sync_single_job', raised({ as: PETER, action: 'periodic_job_sync', project_id: PROJECT })],
  ['sync_sub_job', raised({ as: PETER, action: 'periodic_sub_job_sync', sub_job_id: WEST })],
  ['reset_sub_job', raised({ as: PETER, action: 'staff_reset_sub_job', sub_job_id: WEST })],
  ['reset_job', raised({ as: PETER, action: 'staff_reset_job', project_id: OLD_PROJECT })],

  ['create_standard_cost_codes', exported('standard_cost_code', STEEL)],
  [
    'unlink_standard_cost_codes',
    raised({ as: PETER, action: 'staff_unlink_standard_cost_codes', standard_cost_code_ids: [GLASS] }),
  ],
  [
    'delete_standard_cost_codes',
    raised({ as: PETER, action: 'staff_delete_standard_cost_codes', standard_cost_code_ids: [STONE] }),
  ],
  [
    'delete_standard_categories',
    raised({ as: PETER, action: 'staff_delete_cost_types', line_item_type_ids: [33] }),
  ],
  [
    'delete_cost_codes',
    raised({ as: APPROVER, action: 'ask_to_delete_cost_codes', cost_code_ids: [UNUSED] }),
  ],
  [
    'delete_cost_type_assignments',
    raised({
      ...{ as: APPROVER, action: 'ask_to_delete_cost_types' },
      ...{ cost_code_id: TYPED, line_item_type_ids: [31, 32] },
    }),
  ],
  ['delete_cost_code', raised({ as: PETER, action: 'staff_delete_cost_codes', cost_code_ids: [WRONG] })],

  ['create_budget', exported('budget', PROJECT)],
  ['update_budget', raiseUpdatedBudget],
  [
    'create_budget_in_procore',
    raised({
      ...{ as: APPROVER, action: 'import_budget', project_id: OTHER_PROJECT },
      lines: [{ ...budgetLine, cost_code_id: 44 }],
    }),
  ],

  ['create_commitment', raiseCommitment],
  [
    'create_commitment_in_procore',
    imported({
      ...{ item_type: 'work_order_contract', origin_id: 'OLD-1' },
      data: { title: 'From before', number: 'SC-1', project_origin_id: 'JOB-4', vendor_origin_id: 'V1000' },
    }),
  ],
  ['sync_commitments', refreshed('commitments')],
  ['create_commitment_change_order', raiseChangeOrder],
  ['sync_commitment_change_orders', refreshed('commitment_change_orders')],
  ['create_requisitions', raiseApplication],
  ['create_payment', (world) => raisePayment(world, 'create_payment')],
  ['create_contract_payment', (world) => raisePayment(world, 'create_contract_payment')],
  ['sync_contract_payments', refreshed('contract_payments')],
  ['reset_payment', raisePaymentReset],
  ['reset_requisition', raiseApplicationReset],
  [
    'unlink_commitment_change_order',
    raised({ as: APPROVER, action: 'unlink_change_order', change_order_package_id: CHANGE }),
  ],
  ['unlink_commitment', raised({ as: APPROVER, action: 'unlink', contract_id: CONTRACT })],

  ['sync_prime_contracts', refreshed('prime_contracts')],
  ['create_payment_application', raiseOwnerInvoice],
  ['unlink_payment_application', raiseOwnerInvoiceUnlink],
  ['create_prime_contract_change_order', exported('prime_contract_change_order', PRIME_CHANGE)],
  [
    'unlink_prime_contract_change_order',
    unlinked('prime_contract_change_order', 'change_order', PRIME_CHANGE),
  ],
  ['reset_prime_contract_change_order', reset('prime_contract_change_order', PRIME_CHANGE)],

  ['create_company_level_direct_cost', exported('company_level_direct_cost', DIRECT_COST)],
  [
    'unlink_company_level_direct_cost',
    unlinked('company_level_direct_cost', 'company_level_direct_cost', DIRECT_COST),
  ],
  ['reset_company_level_direct_cost', reset('company_level_direct_cost', DIRECT_COST)],
];

/** Somebody asks to take away some of the spare codes, in one request. */
export function spareCodesTaken(from: number, count: number): Raise {
  const cost_code_ids = SPARE_CODES.slice(from, from + count);
  return raised({ as: APPROVER, action: 'ask_to_delete_cost_codes', cost_code_ids });
}

/** A direct cost that waits after its export, because something of it is missing. */
export const vagueCost = {
  exported: exported('company_level_direct_cost', VAGUE_COST),
  async reset(world: World): Promise<Raised> {
    await leaveOrigin(world, 'company_level_direct_cost', VAGUE_COST);
    return reset('company_level_direct_cost', VAGUE_COST)(world);
  },
};

type Kind = Extract<ProcoreAct, { action: 'send_object_to_erp' }>['kind'];
type Refreshable = Extract<ProcoreAct, { action: 'refresh_from_erp' }>['what'];

async function raise(world: World, act: ProcoreAct): Promise<Raised> {
  const done = await world.act(act);
  return { requests: done.erp_request_ids as number[], details: done.request_detail_ids as number[] };
}

function raised(act: ProcoreAct): Raise {
  return (world) => raise(world, act);
}

function refreshed(what: Refreshable): Raise {
  return raised({ as: APPROVER, action: 'refresh_from_erp', what });
}

/** Sent by a project's people, exported by the accounting approver. */
function exported(kind: Kind, id: number): Raise {
  return async (world) => {
    await world.act({ as: PETER, action: 'send_object_to_erp', kind, ids: [id] });
    return raise(world, { as: APPROVER, action: 'approve_object_export', kind, ids: [id] });
  };
}

/** Only what bears an id can be unlinked: where it is not carried from here, another integration left one. */
function unlinked(kind: Kind, itemType: string, id: number): Raise {
  return async (world) => {
    await leaveOrigin(world, itemType, id);
    return raise(world, { as: APPROVER, action: 'unlink_object', kind, id });
  };
}

function reset(kind: Kind, id: number): Raise {
  return raised({ as: PETER, action: 'staff_reset_object', kind, id });
}

async function leaveOrigin(world: World, item_type: string, item_id: number): Promise<void> {
  const state = Object.values(await procoreState(world)).flat() as readonly {
    id?: number;
    origin_id?: unknown;
  }[];
  if (state.some(({ id, origin_id }) => id === item_id && typeof origin_id === 'string')) return;
  const updates = [{ item_type, item_id, origin_id: `OTHER-${item_id}` }];
  await world.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/external_data/sync`, { updates });
}

type Offer = { readonly item_type: string; readonly origin_id: string; readonly data: object };

/** What the ERP offers, by whatever tool told Procore of it. */
async function offered(world: World, offer: Offer): Promise<number> {
  const path = `/rest/v1.0/companies/${COMPANY}/staged_records/sync`;
  const { entities, errors } = (await world.rest('PATCH', path, { updates: [offer] })) as {
    entities: readonly { readonly id: number }[];
    errors: readonly object[];
  };
  if (entities[0] === undefined) throw new Error(JSON.stringify(errors));
  return entities[0].id;
}

function imported(offer: Offer): Raise {
  return async (world) => {
    const staged_record_id = await offered(world, offer);
    return raise(world, { as: APPROVER, action: 'import_staged_record', staged_record_id });
  };
}

async function raiseLinkedVendor(world: World): Promise<Raised> {
  const offer = { item_type: 'vendor', origin_id: 'V2001', data: { name: 'TE Holding' } };
  const staged_record_id = await offered(world, offer);
  const vendor_id = vendors.twin;
  return raise(world, { as: APPROVER, action: 'link_vendor', vendor_id, staged_record_id });
}

async function raiseLinkedVendors(world: World): Promise<Raised> {
  await offered(world, { item_type: 'vendor', origin_id: 'V2002', data: { name: 'paint brothers' } });
  return raise(world, { as: APPROVER, action: 'link_all_vendors' });
}

/** Staging is on for all that can be staged, as where another tool offers what this one does not. */
export async function allowStaging(world: World): Promise<void> {
  const { companies } = (await procoreState(world)) as unknown as {
    companies: readonly { readonly erp: { readonly metadata: { readonly settings: Settings } } }[];
  };
  const { settings } = companies[0]!.erp.metadata;
  const entities: Record<string, { readonly configs?: object }> = { ...settings.entities };
  for (const name of ['vendors', 'jobs', 'sub_jobs', 'commitments', 'commitment_change_orders'])
    entities[name] = {
      ...entities[name],
      configs: { ...entities[name]?.configs, staged_records: { enabled: true } },
    };
  await world.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/erp_connections/metadata`, {
    settings: { ...settings, entities },
  });
}

type Settings = { readonly entities: Readonly<Record<string, { readonly configs?: object }>> };

async function raiseUpdatedBudget(world: World): Promise<Raised> {
  const { budgets } = (await procoreState(world)) as unknown as {
    budgets: readonly { readonly id: number; readonly project_id: number }[];
  };
  await leaveOrigin(world, 'budget', budgets.find(({ project_id }) => project_id === PROJECT)!.id);
  const lines = [{ ...budgetLine, amount: '6000.00' }];
  await world.act({ as: PETER, action: 'set_budget', project_id: PROJECT, lines });
  return exported('budget', PROJECT)(world);
}

async function raiseCommitment(world: World): Promise<Raised> {
  const contract_ids = [CONTRACT];
  await world.act({ as: PETER, action: 'send_to_erp', contract_ids });
  return raise(world, { as: APPROVER, action: 'approve_export', contract_ids });
}

async function raiseChangeOrder(world: World): Promise<Raised> {
  const change_order_package_ids = [CHANGE];
  await world.act({ as: PETER, action: 'send_change_orders_to_erp', change_order_package_ids });
  return raise(world, { as: APPROVER, action: 'approve_change_order_export', change_order_package_ids });
}

async function raiseApplication(world: World): Promise<Raised> {
  const lines = [{ line_item_id: LINE, work_completed_this_period: '400.00' }];
  const requisition_ids = [await approvedApplication(world, CONTRACT, lines, { invoice_number: 'B-1' })];
  await world.act({ as: PETER, action: 'send_applications_to_erp', requisition_ids });
  return raise(world, { as: APPROVER, action: 'approve_application_export', requisition_ids });
}

async function raiseApplicationReset(world: World): Promise<Raised> {
  const { requisitions } = (await procoreState(world)) as unknown as {
    requisitions: readonly { id: number }[];
  };
  return raise(world, { as: PETER, action: 'reset_application', requisition_id: requisitions.at(-1)!.id });
}

/** The dictionary lists the first name, its sample bears the second: Procore may send either. */
async function raisePayment(
  world: World,
  payment_request_name: 'create_payment' | 'create_contract_payment',
): Promise<Raised> {
  await world.sim('POST', 'config', { payment_request_name });
  return raise(world, {
    ...{ as: PETER, action: 'record_payment', contract_id: CONTRACT },
    ...{ amount: '10.00', send_to_erp: true },
  });
}

async function raisePaymentReset(world: World): Promise<Raised> {
  const payment = { amount: '20.00', origin_id: 'OTHER-PAYMENT' };
  const made = await world.act({ as: PETER, action: 'record_payment', contract_id: CONTRACT, ...payment });
  return raise(world, { as: PETER, action: 'staff_reset_payment', payment_id: made.payment_id as number });
}

async function raiseOwnerInvoice(world: World): Promise<Raised> {
  const made = await world.act({
    ...{ as: PETER, action: 'bill_owner', prime_contract_id: PRIME, status: 'approved' },
    ...{ billing_date: '2026-11-20', period_start: '2026-11-01', period_end: '2026-11-20' },
    percent_to_date: '30',
  });
  return exported('payment_application', made.payment_application_id as number)(world);
}

async function raiseOwnerInvoiceUnlink(world: World): Promise<Raised> {
  const { payment_applications: invoices } = (await procoreState(world)) as unknown as {
    payment_applications: readonly { readonly id: number }[];
  };
  return unlinked('payment_application', 'payment_application', invoices.at(-1)!.id)(world);
}
