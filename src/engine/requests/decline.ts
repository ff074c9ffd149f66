import { erpEvent } from '../../procore/erp-tool/erp-events.ts';
import type { ErpRequest } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { openReview } from '../../store/documents/review.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { failRequest } from '../post/confirm.ts';

/** What is not done for an event: its sender is answered in words, and an engineer sees that it was asked for. */
export async function decline(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  item: StoredRequestItem,
  why: string,
): Promise<void> {
  const { event, key, requestId } = item;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'quarantined',
    // A button that is pressed once more asks the same.
    subject: `request:${erpEvent(event)?.list ? event : key}`,
    document: null,
    title: `Procore event ${event}`,
    question: `Procore sent the event "${event}". ${why} It is kept; nothing was written.`,
    evidence: { request: requestId, event },
    role: 'engineer',
  });
  await failRequest(engine, tx, at, item, [`${event}: ${why} Nothing was changed in the ERP.`]);
}

/** Somebody waits for an answer that no item of the request gives: only they and an engineer can say which it is. */
export async function tellUnclaimed(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { id, name }: ErpRequest,
  details: readonly string[],
): Promise<void> {
  const which = details.slice(0, 50).join(', ');
  await openReview(tx, {
    id: engine.newId(),
    kind: 'quarantined',
    subject: `request:${id}`,
    document: null,
    title: `Procore event ${name}`,
    question: `${at.name} waits for an answer to request ${id} (request details ${which}), and what came does not say which record each is about. What could be read of it is worked and answered; have the rest sent once more, and these closed in Procore.`,
    evidence: { request: id, event: name, details: [...details.slice(0, 50)], count: String(details.length) },
    role: 'engineer',
  });
}
