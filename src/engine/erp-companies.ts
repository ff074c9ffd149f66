import type { MappingRow } from '../domain/mapping.ts';
import { projectsOfRecord } from '../domain/projects-of-record.ts';
import type { Tx } from '../store/database/transaction.ts';
import { findRecord } from '../store/records/record.ts';
import { companiesOf, mappedProjects, placementOf } from '../store/settings/mapping.ts';
import type { Engine, OpenConnection } from './engine.ts';
import { step } from './step.ts';

type WithSystems = Pick<Engine, 'systems'>;

/** The ERP company that a project belongs to; null where several are connected and nobody has said which. */
export async function erpOf(
  { systems }: WithSystems,
  tx: Tx,
  tenant: string,
  projectId: string,
): Promise<OpenConnection | null> {
  const erps = await systems.erpsOf(tenant);
  if (erps.length === 1) return erps[0];
  const company = (await companiesOf(tx, [projectId])).get(projectId);
  return erps.find(({ id }) => id === company) ?? null;
}

/**
 * The same, or the home company where nobody has said it or there is no project: of that may be read. Who plans asks
 * `projectWithoutCompany` first, and plans nothing.
 */
export async function erpFor(
  engine: WithSystems,
  tx: Tx,
  tenant: string,
  projectId: string | null,
): Promise<OpenConnection> {
  const erp = projectId === null ? null : await erpOf(engine, tx, tenant, projectId);
  return erp ?? engine.systems.homeOf(tenant);
}

/** The same where no transaction runs. */
export async function findErp(
  engine: Pick<Engine, 'systems' | 'pools'>,
  tenant: string,
  projectId: string | null,
): Promise<OpenConnection> {
  const [home, ...others] = await engine.systems.erpsOf(tenant);
  return others.length === 0 ? home : step(engine, tenant, (tx) => erpFor(engine, tx, tenant, projectId));
}

/** The ERP company of a record that a request is about. */
export async function findErpOf(
  engine: Pick<Engine, 'systems' | 'pools'>,
  at: OpenConnection,
  {
    object,
    id,
    projectId,
  }: { readonly object: string; readonly id: string; readonly projectId: string | null },
): Promise<OpenConnection> {
  const [home, ...others] = await engine.systems.erpsOf(at.tenant);
  if (others.length === 0) return home;
  return step(engine, at.tenant, async (tx) => {
    const key = { connection: at.id, object, nativeId: id };
    const record = projectId === null ? await findRecord(tx, key) : null;
    const [first = null] = record === null ? [] : projectsOfRecord(record.body);
    return erpFor(engine, tx, at.tenant, projectId ?? first);
  });
}

/** The first of these projects of which nobody has said to which of several ERP companies it belongs. */
export async function projectWithoutCompany(
  engine: WithSystems,
  tx: Tx,
  tenant: string,
  projectIds: readonly string[],
): Promise<string | null> {
  for (const projectId of projectIds)
    if ((await erpOf(engine, tx, tenant, projectId)) === null) return projectId;
  return null;
}

/** The row by which a project goes where it goes: an approval binds it as any other that was used. */
export async function placementIn(
  { systems }: WithSystems,
  tx: Tx,
  tenant: string,
  projectId: string | null,
): Promise<readonly MappingRow[]> {
  const { length } = await systems.erpsOf(tenant);
  const row = length === 1 || projectId === null ? null : await placementOf(tx, projectId);
  return row === null ? [] : [row];
}

/** The projects of an ERP company, with what each of them is there. */
export async function mappedIn(
  { systems }: WithSystems,
  tx: Tx,
  { tenant, id }: Pick<OpenConnection, 'tenant' | 'id'>,
): Promise<readonly MappingRow[]> {
  const [rows, { length }] = [await mappedProjects(tx), await systems.erpsOf(tenant)];
  if (length === 1) return rows;
  const companies = await companiesOf(
    tx,
    rows.map(({ key }) => key),
  );
  return rows.filter(({ key }) => companies.get(key) === id);
}

type BetweenBoth = { readonly sourceConnection: string; readonly targetConnection: string };

/** The ERP at the other end of a write: the one that is written to, or of which Procore is told. */
export async function erpBehind(
  { systems }: WithSystems,
  at: OpenConnection,
  documentOf: () => Promise<BetweenBoth | null> | BetweenBoth | null,
): Promise<OpenConnection> {
  if (at.hub === null) return at;
  const [home, ...others] = await systems.erpsOf(at.tenant);
  const document = others.length === 0 ? null : await documentOf();
  if (document === null) return home;
  const { sourceConnection, targetConnection } = document;
  return systems.get(at.tenant, targetConnection === at.id ? sourceConnection : targetConnection);
}
