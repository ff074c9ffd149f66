import type { Reason } from '../../domain/reasons.ts';
import { documentWaits, isStanding, move } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { detachSource } from '../../store/documents/link.ts';
import { getItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { withdraw } from '../plan/save-plan.ts';
import { failRequest } from '../post/confirm.ts';

/**
 * Ends what a document is to its record. What waits is withdrawn and whoever exported it is told, what stands is left
 * standing in the ERP and never posted again without a new export. False where it is on its way just now.
 */
export async function detach(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
  reason: Reason,
): Promise<boolean> {
  if (documentWaits.has(document.state)) {
    await withdraw(engine, tx, erp, document, reason.message);
    const hub = await engine.systems.hubOf(erp.tenant);
    const item = document.requestKey === null ? null : await getItem(tx, hub.id, document.requestKey);
    if (item !== null)
      await failRequest(engine, tx, hub, item, [`This export is over. ${reason.message}`], document.id);
    return true;
  }
  if (!isStanding(document)) return document.state !== 'posting';
  await moveDocument(tx, document, {
    state: move('document', document.state, 'detached'),
    reasons: [reason],
  });
  const { sourceConnection, sourceObject, sourceId } = document;
  await detachSource(tx, erp.id, { sourceConnection, sourceObject, sourceId });
  return true;
}
