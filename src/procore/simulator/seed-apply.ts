import { addBillingPeriod } from './billing/billing-periods.ts';
import { billOwner } from './billing/owner-invoice-store.ts';
import { putBudgetLine } from './budget/budget-store.ts';
import { createChangeOrder } from './contracts/change-order-store.ts';
import { addLine, createContract } from './contracts/contract-store.ts';
import { type Made, NO_ORIGIN } from './contracts/made-records.ts';
import { createPrimeContract } from './contracts/prime-contract-store.ts';
import { createCompanyDirectCost } from './costs/company-direct-cost-store.ts';
import { connectErp, createCostCode, createStandardCostCode, createSubJob } from './costs/cost-code-store.ts';
import { createTaxCode } from './costs/tax-code-store.ts';
import { createInsurance } from './directory/insurance-store.ts';
import { fieldErrors } from './http/errors.ts';
import { createProjectObject } from './projects/project-object-store.ts';
import type { Actor, Company, Origin, Project, Vendor } from './records.ts';
import { applyProject } from './routes/projects.ts';
import { applyVendor } from './routes/vendors.ts';
import type { ParsedSeed } from './seed.ts';
import type { World } from './state.ts';

export type SeededIds = Record<
  | 'users'
  | 'projects'
  | 'vendors'
  | 'line_item_types'
  | 'standard_cost_codes'
  | 'sub_jobs'
  | 'tax_codes'
  | 'cost_codes'
  | 'contracts'
  | 'prime_contracts'
  | 'insurances'
  | 'company_direct_costs'
  | 'change_order_packages'
  | 'budget_line_items'
  | 'payment_applications'
  | 'billing_periods'
  | 'project_objects'
  | 'units',
  number[]
>;

/** Puts a seed into the world and answers the ids in the order of its rows. */
export function applySeed(world: World, seed: ParsedSeed): { company_id: number } & SeededIds {
  const companyId = seed.company.id;
  if (world.companies.has(companyId)) {
    throw fieldErrors(422, { company: ['is already in the world; reset first'] });
  }
  const { erp, ...company } = seed.company;
  const record: Company = { ...company, erp: null };
  world.companies.set(companyId, record);
  const erpList = erp ? connectErp(world, record, erp) : null;
  connectApps(world, seed);
  const users = seed.users.map((row) => {
    const id = row.id ?? world.nextId();
    world.users.set(id, { ...row, id, company_id: companyId, ...world.stamps() });
    return id;
  });
  return {
    company_id: companyId,
    users,
    projects: seed.projects.map((row) => seedProject(world, companyId, row)),
    vendors: seed.vendors.map((row) => seedVendor(world, companyId, row)),
    line_item_types: seed.line_item_types.map((row) => {
      const id = row.id ?? world.nextId();
      const { origin_id, origin_code, origin_data, ...rest } = row;
      const record = { ...rest, ...NO_ORIGIN, id, company_id: companyId };
      world.lineItemTypes.set(id, record);
      claim(
        world,
        { companyId, itemType: 'line_item_type', id, record },
        { origin_id, origin_code, origin_data },
      );
      return id;
    }),
    standard_cost_codes: seed.standard_cost_codes.map((row) => {
      if (!erpList) throw fieldErrors(422, { standard_cost_codes: ['need an ERP connection'] });
      const { origin_code, ...rest } = row;
      return seeded(createStandardCostCode(world, erpList, rest), origin_code);
    }),
    sub_jobs: seed.sub_jobs.map(({ project_id, origin_code, ...row }) =>
      seeded(createSubJob(world, projectIn(world, companyId, project_id), row), origin_code),
    ),
    tax_codes: seed.tax_codes.map((row) => seeded(createTaxCode(world, companyId, row), null)),
    cost_codes: seed.cost_codes.map((row) => seedCostCode(world, companyId, row)),
    contracts: seed.contracts.map((row) => seedContract(world, companyId, row, users[0])),
    prime_contracts: seed.prime_contracts.map((row) => seedPrimeContract(world, companyId, row, users[0])),
    company_direct_costs: seed.company_direct_costs.map(
      (row) => createCompanyDirectCost(world, companyId, row, users[0] ?? 0).id,
    ),
    insurances: seed.insurances.map(({ vendor_id, ...row }) => {
      const vendor = world.vendors.get(vendor_id);
      if (vendor?.company_id !== companyId)
        throw fieldErrors(422, { vendor_id: [`${vendor_id} is not a vendor of the company`] });
      return seeded(createInsurance(world, { vendor, projectId: null }, row), null);
    }),
    change_order_packages: seed.change_order_packages.map((row) => seedChangeOrder(world, row, users[0])),
    budget_line_items: seed.budget_line_items.map(
      ({ project_id, ...row }) => putBudgetLine(world, projectIn(world, companyId, project_id), row).id,
    ),
    payment_applications: seed.payment_applications.map(({ prime_contract_id, ...row }) => {
      const contract = world.primeContracts.get(prime_contract_id);
      if (!contract)
        throw fieldErrors(422, { prime_contract_id: [`${prime_contract_id} is not a prime contract`] });
      return billOwner(world, contract, row, { user_id: users[0] ?? 0, client_id: null }).id;
    }),
    billing_periods: seed.billing_periods.map((row) => {
      const project = projectIn(world, companyId, row.project_id);
      return addBillingPeriod(world, project, row).id;
    }),
    project_objects: seed.project_objects.map((row) => {
      const project = projectIn(world, companyId, row.project_id);
      return createProjectObject(world, project, row, { user_id: users[0] ?? 0, client_id: null }).id;
    }),
    units: seed.units.map((row) => {
      const id = row.id ?? world.nextId();
      world.units.set(id, { ...row, id, company_id: companyId });
      return id;
    }),
  };
}

/** Installing an app creates its service account in the company's directory. */
function connectApps(world: World, seed: ParsedSeed): void {
  for (const row of seed.apps) {
    const userId = world.nextId();
    world.users.set(userId, {
      id: userId,
      company_id: seed.company.id,
      login: `dmsa-${row.client_id.toLowerCase().replace(/[^a-z0-9-]/g, '-')}@procore.example`,
      name: 'Service Account',
      roles: ['service_account'],
      ...world.stamps(),
    });
    const app = world.apps.get(row.client_id) ?? { ...row, connections: new Map(), former: new Map() };
    app.connections.set(seed.company.id, {
      company_id: seed.company.id,
      user_id: userId,
      project_ids: row.project_ids ? new Set(row.project_ids) : null,
    });
    world.apps.set(row.client_id, app);
  }
}

function seedProject(world: World, companyId: number, row: ParsedSeed['projects'][number]): number {
  const id = row.id ?? world.nextId();
  const project: Project = {
    id,
    company_id: companyId,
    name: row.name,
    active: true,
    details: {},
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyProject(project, row);
  world.projects.set(id, project);
  claim(world, { companyId, itemType: 'project', id, record: project }, row);
  return id;
}

function seedVendor(world: World, companyId: number, row: ParsedSeed['vendors'][number]): number {
  const id = row.id ?? world.nextId();
  const vendor: Vendor = {
    id,
    company_id: companyId,
    name: row.name,
    is_active: true,
    details: {},
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyVendor(vendor, row);
  world.vendors.set(id, vendor);
  claim(world, { companyId, itemType: 'vendor', id, record: vendor }, row);
  return id;
}

function seedCostCode(world: World, companyId: number, row: ParsedSeed['cost_codes'][number]): number {
  const project = projectIn(world, companyId, row.project_id);
  const { project_id: _project, sub_job_id, parent_id, line_item_type_ids, origin_code, ...rest } = row;
  const made = createCostCode(world, project, sub_job_id ?? null, rest);
  const id = seeded(made, origin_code);
  const code = world.costCodes.get(id);
  if (code)
    Object.assign(code, { parent_id: parent_id ?? null, line_item_type_ids: [...line_item_type_ids] });
  return id;
}

/** The id of what a seed row made; what the API would refuse is refused here too. */
function seeded(made: Made<Origin & { id: number }>, originCode: string | null | undefined): number {
  if ('errors' in made) throw fieldErrors(422, made.errors);
  made.item.origin_code = originCode ?? null;
  return made.item.id;
}

function seedContract(
  world: World,
  companyId: number,
  row: ParsedSeed['contracts'][number],
  firstUser: number | undefined,
): number {
  const project = projectIn(world, companyId, row.project_id);
  const actor: Actor = { user_id: firstUser ?? 0, client_id: null };
  const { kind, id, line_items, project_id: _project, custom_fields, moves_materials, ...input } = row;
  const { origin_id, origin_code, origin_data, ...header } = input;
  const contract = createContract(world, {
    id,
    kind,
    project,
    input: header,
    custom_fields: custom_fields ?? {},
    actor,
  });
  for (const line of line_items) {
    const added = addLine(world, contract, line, actor);
    added.origin_code = line.origin_code ?? null;
    added.details = line.details.map((detail, index) => ({
      ...detail,
      id: detail.id ?? world.nextId(),
      position: index + 1,
    }));
  }
  contract.moves_materials = moves_materials ?? false;
  claim(
    world,
    { companyId, itemType: kind, id: contract.id, record: contract },
    { origin_id, origin_code, origin_data },
  );
  return contract.id;
}

function seedPrimeContract(
  world: World,
  companyId: number,
  row: ParsedSeed['prime_contracts'][number],
  firstUser: number | undefined,
): number {
  const { id, project_id, line_items: lines, origin_id, origin_code, origin_data, ...input } = row;
  const actor: Actor = { user_id: firstUser ?? 0, client_id: null };
  const project = projectIn(world, companyId, project_id);
  const record = createPrimeContract(world, project, { id, input, lines, actor });
  const target = { companyId, itemType: 'prime_contract', id: record.id, record };
  claim(world, target, { origin_id, origin_code, origin_data });
  return record.id;
}

function seedChangeOrder(
  world: World,
  row: ParsedSeed['change_order_packages'][number],
  firstUser: number | undefined,
): number {
  const contract = world.contracts.get(row.contract_id) ?? world.primeContracts.get(row.contract_id);
  if (!contract) throw fieldErrors(422, { contract_id: [`${row.contract_id} is not a contract`] });
  const { id, line_items: lines, grand_total, contract_id: _contract, ...rest } = row;
  const { origin_id, origin_code, origin_data, ...input } = rest;
  const actor: Actor = { user_id: firstUser ?? 0, client_id: null };
  const record = createChangeOrder(world, contract, { id, input, lines, grand_total, actor });
  const target = { companyId: contract.company_id, itemType: 'change_order', id: record.id, record };
  claim(world, target, { origin_id, origin_code, origin_data });
  return record.id;
}

type Claim = Parameters<World['setOrigin']>;

function claim(world: World, target: Claim[0], origin: Claim[1]): void {
  const { origin_id, origin_code, origin_data } = origin;
  if (!world.setOrigin(target, { origin_id, origin_code, origin_data })) {
    throw fieldErrors(422, { origin_id: [`${origin_id} is given twice to a ${target.itemType}`] });
  }
}

function projectIn(world: World, companyId: number, projectId: number): Project {
  const project = world.projects.get(projectId);
  if (project?.company_id !== companyId) {
    throw fieldErrors(422, { project_id: [`${projectId} is not a project of the company`] });
  }
  return project;
}
