import { createsDocument } from '../../domain/creates.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import type { OpenConnection } from '../engine.ts';

/**
 * Whether what was posted of a record still stands in the ERP: looked for by the reference of what created it, as
 * after a lost answer. What was taken over bears no reference of ours and is looked for by its id.
 */
export async function standsInErp(
  erp: OpenConnection,
  documents: readonly StoredDocument[],
): Promise<boolean> {
  const { connection } = erp;
  const standing = documents.at(-1)!;
  const created = documents.find(
    ({ operation, targetId }) => targetId === standing.targetId && createsDocument(operation),
  );
  if (created?.operation == null) return standing.targetId === null || orderStands(connection, standing);
  const [write] = connection.writes(created.operation);
  const seen = await write!.probe(connection.read, { earlierIds: {} });
  return seen.kind === 'found' ? seen.matches.some(({ state }) => state !== 'cancelled') : true;
}

/** A cancelled order is still there to be read, with its lines closed: only the list of those that stand leaves it out. */
async function orderStands(
  { standingOrders, openOrderLines }: OpenConnection['connection'],
  { targetId, body }: StoredDocument,
): Promise<boolean> {
  const lines = (await openOrderLines?.(targetId ?? '')) ?? null;
  if (lines === null) return false;
  // An open one stands, also where somebody moved it to another project.
  if (standingOrders === undefined || body?.kind !== 'purchase-order' || lines.some(({ closed }) => !closed))
    return true;
  for await (const { id } of standingOrders(body.projectCode)) if (id === targetId) return true;
  return false;
}
