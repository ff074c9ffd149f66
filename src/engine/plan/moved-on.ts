import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { sourceNow } from '../../store/records/record.ts';

/** Records of the source that people send to the ERP. */
export const EXPORTED: ReadonlySet<string> = new Set([
  'commitment',
  'change-order',
  'sub-invoice',
  'company-direct-cost',
  'contract-payment',
  'owner-invoice',
  'prime-change-order',
  'standard-cost-code',
  'sub-job',
  'budget',
]);

/** Whether the source changed, or was exported again, since this was planned. The document is locked by now, so a
 * plan that saw something newer has either been seen here or comes after. */
export async function movedOn(tx: Tx, document: StoredDocument): Promise<boolean> {
  if (!EXPORTED.has(document.sourceObject)) return false;
  const { sourceConnection, sourceObject, sourceId } = document;
  const key = { connection: sourceConnection, object: sourceObject, nativeId: sourceId };
  const { version, newestItem } = await sourceNow(tx, key);
  return version !== document.recordVersion || newestItem !== document.requestKey;
}
