import { costCodeView } from '../contracts/contract-views.ts';
import { vendorView } from '../directory/directory-views.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, CostCode, ErpRequest, Origin, Project, StandardCostCode, SubJob } from '../records.ts';
import type { World } from '../state.ts';
import { type Choices, erpKind, projectRefusal } from './erp-kinds.ts';
import { raise, raiseFor } from './erp-raise.ts';

type View = Record<string, unknown>;

/** A vendor that the ERP has is changed by syncs and never exported again. */
export const vendorKind = erpKind({
  find: (world, id) => world.vendors.get(id),
  refusal: () => null,
  ruled: (_world, vendor) => [['vendors', () => [vendorView(vendor, 'normal')]]],
  request: (world, vendors, choices, actor) =>
    vendors.map((vendor) =>
      raiseFor(
        world,
        actor,
        { ...vendor, kind: 'vendor' },
        {
          name: 'create_vendor',
          fields: {
            vendor: {
              ...vendorView(vendor, 'normal'),
              erp_custom_fields: choices.erp_custom_fields ?? {},
              synced_to_erp: false,
            },
            company_id: vendor.company_id,
          },
        },
      ),
    ),
});

export const jobKind = erpKind({
  find: (world, id) => world.projects.get(id),
  again: true,
  refusal: (world, project, { code }) =>
    code === undefined || mayTypeCode(world, project)
      ? null
      : { code: ['can only be changed when the ERP refused the code'] },
  ruled: (_world, project, choices) => [['jobs', () => [jobView(project, choices)]]],
  request: (world, projects, choices, actor) =>
    projects.map((project) =>
      raiseFor(
        world,
        actor,
        { ...project, kind: 'project' },
        {
          name: 'create_or_update_job',
          fields: { job: jobView(project, choices), all_cost_codes: allCostCodes(world, project.id, null) },
        },
      ),
    ),
});

export const subJobKind = erpKind({
  find: (world, id) => world.subJobs.get(id),
  refusal: (world, subJob) => projectRefusal(world, subJob.project_id),
  ruled: (world, subJob) => [['sub_jobs', () => [subJobErpView(world, subJob)]]],
  request: (world, subJobs, _choices, actor) =>
    subJobs.map((subJob) =>
      raiseFor(
        world,
        actor,
        { ...subJob, kind: 'sub_job' },
        {
          name: 'create_sub_job',
          fields: {
            sub_job: subJobErpView(world, subJob),
            all_cost_codes: allCostCodes(world, subJob.project_id, subJob.id),
            company_id: subJob.company_id,
          },
        },
      ),
    ),
});

/** After a failed export the tool asks for another code only when the message contains that very word. */
function mayTypeCode(world: World, { id }: Project): boolean {
  const last = [...world.details.values()].findLast(
    ({ item_type, item_id }) => item_type === 'project' && item_id === id,
  );
  return last?.status !== 'failed' || last.messages.some((message) => message.includes('code'));
}

function jobView(project: Project, choices: Choices): View {
  const given = (name: string): unknown => project.details[name] ?? null;
  return {
    id: project.id,
    name: project.name,
    origin_id: project.origin_id,
    origin_data: project.origin_data,
    origin_code: choices.code ?? project.origin_code ?? given('project_number'),
    custom_fields: {},
    erp_custom_fields: choices.erp_custom_fields ?? {},
    address: given('address'),
    city: given('city'),
    state_code: given('state_code'),
    zip: given('zip'),
    latitude: null,
    longitude: null,
    synced: project.origin_id !== null,
    active: project.active,
  };
}

export function subJobErpView(world: World, subJob: SubJob): View {
  const { id, code, name, created_at, updated_at } = subJob;
  const project = world.projects.get(subJob.project_id);
  return {
    id,
    code,
    name,
    created_at: isoSeconds(created_at),
    updated_at: isoSeconds(updated_at),
    ...originOf(subJob),
    synced: subJob.origin_id !== null,
    project: project ? { id: project.id, name: project.name, ...originOf(project) } : null,
  };
}

export function originOf({ origin_id, origin_code, origin_data }: Origin): Origin {
  return { origin_id, origin_code, origin_data };
}

function allCostCodes(world: World, projectId: number, subJobId: number | null): View[] {
  return [...world.costCodes.values()]
    .filter((code) => code.project_id === projectId && code.sub_job_id === subJobId)
    .filter((code) => code.deleted_at === null)
    .map((code) => ({
      ...costCodeView(world, code),
      long_name_helper: longName(costCodePath(world, code)),
      standard_cost_code_origin_id:
        world.standardCostCodes.get(code.standard_cost_code_id ?? -1)?.origin_id ?? null,
    }));
}

function costCodePath(world: World, code: CostCode): CostCode[] {
  const parent = code.parent_id === null ? undefined : world.costCodes.get(code.parent_id);
  return parent && parent !== code ? [...costCodePath(world, parent), code] : [code];
}

/** The codes and the names from the top down. */
export function longName(path: readonly (CostCode | StandardCostCode)[]): [string[], string[]] {
  return [path.map(({ code }) => code), path.map(({ name }) => name)];
}

/** The ERP tool asks for a job's cost from time to time; nobody has to close anything. */
export function requestJobRefresh(world: World, project: Project, actor: Actor): ErpRequest {
  return raise(world, actor, {
    id: world.nextId(),
    name: 'sync_single_job',
    company_id: project.company_id,
    fields: {
      id: project.origin_id,
      additional_job_data: {
        job_name: project.name,
        procore_project_id: project.id,
        project_id: project.id,
        start_date: project.details.start_date ?? null,
        job_cost_transactions_sync_enabled: false,
      },
      company_id: project.company_id,
    },
  });
}

export function requestSubJobRefresh(world: World, subJob: SubJob, actor: Actor): ErpRequest {
  const project = world.projects.get(subJob.project_id);
  return raise(world, actor, {
    id: world.nextId(),
    name: 'sync_sub_job',
    company_id: subJob.company_id,
    fields: {
      id: subJob.origin_id,
      additional_job_data: {
        job_name: subJob.name,
        parent_origin_id: project?.origin_id ?? null,
        procore_project_id: subJob.project_id,
        procore_sub_job_id: subJob.id,
        project_id: subJob.project_id,
        start_date: project?.details.start_date ?? null,
      },
      company_id: subJob.company_id,
    },
  });
}
