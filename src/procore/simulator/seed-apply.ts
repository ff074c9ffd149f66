import { addBillingPeriod } from './billing-periods.ts';
import { createChangeOrder } from './change-order-store.ts';
import { addLine, createContract } from './contract-store.ts';
import { followOrigin } from './erp-flow.ts';
import { fieldErrors } from './errors.ts';
import type { Actor, Origin, Project, Vendor } from './records.ts';
import { applyProject } from './routes/projects.ts';
import { applyVendor } from './routes/vendors.ts';
import type { ParsedSeed } from './seed.ts';
import type { World } from './state.ts';

const NO_ORIGIN: Origin = { origin_id: null, origin_code: null, origin_data: null };

export type SeededIds = Record<
  | 'users'
  | 'projects'
  | 'vendors'
  | 'line_item_types'
  | 'cost_codes'
  | 'contracts'
  | 'change_order_packages'
  | 'billing_periods',
  number[]
>;

/** Puts a seed into the world and answers the ids in the order of its rows. */
export function applySeed(world: World, seed: ParsedSeed): { company_id: number } & SeededIds {
  const companyId = seed.company.id;
  if (world.companies.has(companyId)) {
    throw fieldErrors(422, { company: ['is already in the world; reset first'] });
  }
  const { erp, ...company } = seed.company;
  world.companies.set(companyId, {
    ...company,
    erp: erp ? { ...erp, standard_cost_code_list_id: world.nextId() } : null,
  });
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
    cost_codes: seed.cost_codes.map((row) => seedCostCode(world, companyId, row)),
    contracts: seed.contracts.map((row) => seedContract(world, companyId, row, users[0])),
    change_order_packages: seed.change_order_packages.map((row) => seedChangeOrder(world, row, users[0])),
    billing_periods: seed.billing_periods.map((row) => {
      const project = projectIn(world, companyId, row.project_id);
      return addBillingPeriod(world, project, row).id;
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
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyVendor(vendor, row);
  world.vendors.set(id, vendor);
  claim(world, { companyId, itemType: 'vendor', id, record: vendor }, row);
  return id;
}

function seedCostCode(world: World, companyId: number, row: ParsedSeed['cost_codes'][number]): number {
  projectIn(world, companyId, row.project_id);
  const id = row.id ?? world.nextId();
  const { origin_id, origin_code, origin_data, ...rest } = row;
  const record = {
    ...rest,
    ...NO_ORIGIN,
    id,
    company_id: companyId,
    full_code: row.full_code ?? row.code,
    parent_id: row.parent_id ?? null,
    ...world.stamps(),
  };
  world.costCodes.set(id, record);
  claim(world, { companyId, itemType: 'cost_code', id, record }, { origin_id, origin_code, origin_data });
  return id;
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
  if (contract.origin_id !== null) contract.erp_status = 'synced';
  return contract.id;
}

function seedChangeOrder(
  world: World,
  row: ParsedSeed['change_order_packages'][number],
  firstUser: number | undefined,
): number {
  const contract = world.contracts.get(row.contract_id);
  if (!contract) throw fieldErrors(422, { contract_id: [`${row.contract_id} is not a contract`] });
  const { id, line_items: lines, grand_total, contract_id: _contract, ...rest } = row;
  const { origin_id, origin_code, origin_data, ...input } = rest;
  const actor: Actor = { user_id: firstUser ?? 0, client_id: null };
  const record = createChangeOrder(world, contract, { id, input, lines, grand_total, actor });
  const target = { companyId: contract.company_id, itemType: 'change_order', id: record.id, record };
  claim(world, target, { origin_id, origin_code, origin_data });
  followOrigin(record);
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
