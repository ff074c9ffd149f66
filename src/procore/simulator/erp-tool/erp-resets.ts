import { NO_ORIGIN } from '../contracts/made-records.ts';
import type { Actor, ChangeOrder, ErpRequest, Origin, Project, SubJob } from '../records.ts';
import type { World } from '../state.ts';
import { originOf, subJobErpView } from './erp-directory-events.ts';
import { raise } from './erp-raise.ts';

export type Linked = { itemType: string; record: Origin & { id: number; company_id: number } };

/** Takes the origin fields off all of them, which opens every lock. */
export function forgetAll(world: World, things: readonly Linked[]): void {
  for (const { itemType, record } of things)
    world.setOrigin({ companyId: record.company_id, itemType, id: record.id, record }, NO_ORIGIN);
}

/** A super user unsyncs a project with everything in it; the integrator is told what it was. */
export function resetProject(world: World, project: Project, actor: Actor): ErpRequest {
  const { id, name, company_id } = project;
  const { origin_data, origin_id } = originOf(project);
  forgetAll(world, projectTree(world, project));
  project.updated_at = world.clock.now();
  world.announce('Projects', 'update', project, actor);
  return raise(world, actor, {
    id: world.nextId(),
    name: 'reset_job',
    company_id,
    fields: { project: { id, name, origin_data, origin_id } },
  });
}

export function resetSubJob(world: World, subJob: SubJob, actor: Actor): ErpRequest {
  const shown = subJobErpView(world, subJob);
  const codes = [...world.costCodes.values()].filter(({ sub_job_id }) => sub_job_id === subJob.id);
  forgetAll(world, [
    { itemType: 'sub_job', record: subJob },
    ...codes.map((record) => ({ itemType: 'cost_code', record })),
  ]);
  return raise(world, actor, {
    id: world.nextId(),
    name: 'reset_sub_job',
    company_id: subJob.company_id,
    fields: { sub_job: shown },
  });
}

/** A package with its lines and their markups, as external data names them. */
export function linkedPackage(changeOrder: ChangeOrder): Linked[] {
  return [
    { itemType: 'change_order', record: changeOrder },
    ...changeOrder.lines.flatMap((line): Linked[] => [
      { itemType: 'line_item', record: line },
      ...line.markups.map((record) => ({ itemType: 'markup', record })),
    ]),
  ];
}

function projectTree(world: World, project: Project): Linked[] {
  const contracts = world.projectContracts(project.id);
  const requisitions = contracts.flatMap(({ id }) => world.contractRequisitions(id));
  const within = <T extends { project_id: number }>(map: ReadonlyMap<unknown, T>): T[] =>
    [...map.values()].filter(({ project_id }) => project_id === project.id);
  const holders = [...contracts, ...within(world.primeContracts)];
  const invoices = within(world.ownerInvoices);
  const as = (itemType: string, records: readonly Linked['record'][]): Linked[] =>
    records.map((record) => ({ itemType, record }));
  return [
    { itemType: 'project', record: project },
    ...as('cost_code', within(world.costCodes)),
    ...as('sub_job', within(world.subJobs)),
    ...holders.map((record) => ({ itemType: record.kind, record })),
    ...as(
      'line_item',
      holders.flatMap((contract) => world.contractLines(contract)),
    ),
    ...within(world.changeOrders).flatMap(linkedPackage),
    ...invoices.map((record) => ({ itemType: 'payment_application', record })),
    ...as(
      'payment_application_line_item',
      invoices.flatMap(({ items }) => items),
    ),
    ...as('requisition', requisitions),
    ...requisitions
      .flatMap(({ items }) => items)
      .map((record) => ({ itemType: `requisition_${record.kind}`, record })),
    ...as(
      'contract_payment',
      contracts.flatMap(({ id }) => world.contractPayments(id)),
    ),
    ...as('budget', within(world.budgets)),
    ...as('erp_transaction', within(world.erpTransactions)),
    ...as('direct_cost', within(world.directCosts)),
    ...as('item', within(world.directCostLines)),
  ];
}
