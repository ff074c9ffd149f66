import { companiesOf } from '../store/mapping.ts';
import type { Tx } from '../store/transaction.ts';
import type { Engine, OpenConnection } from './engine.ts';

/**
 * The ERP company that a project belongs to. Where several are connected and nobody has said it yet, the home company
 * stands in, of which may be read: whoever plans asks `projectWithoutCompany` first, and plans nothing.
 */
export async function erpFor(
  { systems }: Pick<Engine, 'systems'>,
  tx: Tx,
  tenant: string,
  projectId: string | null,
): Promise<OpenConnection> {
  const [home, ...others] = await systems.erpsOf(tenant);
  if (others.length === 0 || projectId === null) return home;
  const company = (await companiesOf(tx, [projectId])).get(projectId);
  return others.find(({ id }) => id === company) ?? home;
}

/** The first of these projects of which nobody has said to which of several ERP companies it belongs. */
export async function projectWithoutCompany(
  { systems }: Pick<Engine, 'systems'>,
  tx: Tx,
  tenant: string,
  projectIds: readonly string[],
): Promise<string | null> {
  const { length } = await systems.erpsOf(tenant);
  if (length === 1 || projectIds.length === 0) return null;
  const said = await companiesOf(tx, projectIds);
  return projectIds.find((id) => !said.has(id)) ?? null;
}

/** The ERP at the other end of a write: the one that is written to, or the one that Procore is told of. */
export async function erpBehind(
  { systems }: Pick<Engine, 'systems'>,
  at: OpenConnection,
  document: { readonly sourceConnection: string; readonly targetConnection: string } | null,
): Promise<OpenConnection> {
  if (at.hub === null) return at;
  if (document === null) return systems.homeOf(at.tenant);
  const { sourceConnection, targetConnection } = document;
  return systems.get(at.tenant, targetConnection === at.id ? sourceConnection : targetConnection);
}
