import type { NumberedInvoice } from '../../connectors/connector.ts';
import { isVendorCredit } from '../../domain/billing/vendor-credit.ts';
import { createsDocument } from '../../domain/planning/creates.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
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
  if (created?.operation == null) return standing.targetId === null || takenOverStands(connection, standing);
  const [write] = connection.writes(created.operation);
  const seen = await write!.probe(connection.read, { earlierIds: {} });
  return seen.kind === 'found' ? seen.matches.some(({ state }) => state !== 'cancelled') : true;
}

/** A cancelled order is still there to be read, with its lines closed: only the list of those that stand leaves it out. */
async function takenOverStands(
  connection: OpenConnection['connection'],
  { targetId, body }: StoredDocument,
): Promise<boolean> {
  const numbered = await numberedAs(connection, body);
  if (numbered !== null) return numbered.some(({ id, state }) => id === targetId && state !== 'cancelled');
  const { standingOrders, openOrderLines } = connection;
  const lines = (await openOrderLines?.(targetId ?? '')) ?? null;
  if (lines === null) return false;
  // An open one stands, also where somebody moved it to another project.
  if (standingOrders === undefined || body?.kind !== 'purchase-order' || lines.some(({ closed }) => !closed))
    return true;
  for await (const { id } of standingOrders(body.projectCode)) if (id === targetId) return true;
  return false;
}

/** Invoices of the partner with the number of this one; null of what is no invoice. */
async function numberedAs(
  { invoicesNumbered, creditsNumbered, arInvoicesNumbered }: OpenConnection['connection'],
  body: StoredDocument['body'],
): Promise<readonly NumberedInvoice[] | null> {
  if (body?.kind === 'ap-invoice' && isVendorCredit(body))
    return (await creditsNumbered?.(body.vendorCode, body.invoiceNumber)) ?? [];
  if (body?.kind === 'ap-invoice')
    return (await invoicesNumbered?.(body.vendorCode, body.invoiceNumber)) ?? [];
  if (body?.kind === 'ar-invoice')
    return (await arInvoicesNumbered?.(body.customerCode, body.invoiceNumber)) ?? [];
  return null;
}
