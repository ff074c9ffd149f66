import type { StoredDocument } from '../store/document-row.ts';
import { findRecord } from '../store/record.ts';
import { newestItem } from '../store/request-item.ts';
import type { Tx } from '../store/transaction.ts';

/** Whether the source changed, or was exported again, since this was planned. The document is locked by now, so a
 * plan that saw something newer has either been seen here or comes after. */
export async function movedOn(tx: Tx, document: StoredDocument): Promise<boolean> {
  if (document.sourceObject !== 'commitment') return false;
  const { sourceConnection, sourceObject, sourceId } = document;
  const [record, item] = await Promise.all([
    findRecord(tx, { connection: sourceConnection, object: sourceObject, nativeId: sourceId }),
    newestItem(tx, sourceConnection, sourceObject, sourceId),
  ]);
  return record?.version !== document.recordVersion || (item?.key ?? null) !== document.requestKey;
}
