import { acceptedPurchase, boughtPairs, type Requisitioned } from '../../domain/orders/bought-order.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { decideAdoption, findAdoption, reopenAdoption } from '../../store/documents/adoption.ts';
import { getDocument, moveDocument } from '../../store/documents/document.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { linkedSource, linkedTarget } from '../../store/documents/link.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { findRecord } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { tellAdopted } from '../post/confirm.ts';
import { adoptionSubject } from './adopt.ts';
import { orderKey } from './adopted.ts';
import { giveWay, releaseAdopted, saveAdopted } from './save-adopted.ts';

type Purchase = {
  readonly erp: OpenConnection;
  /** The requisition by our books. */
  readonly document: StoredDocument;
  readonly requisition: Requisitioned;
  readonly order: StandingOrder;
};

/**
 * The order that people made of a requisition is the commitment's order from here on, as it is read: nothing is sent to the
 * ERP, and Procore is told its number and ids. False where a person decided otherwise, or one of both stands for another
 * record by now.
 */
export async function linkBought(
  engine: Engine,
  tx: Tx,
  { erp, document, requisition, order }: Purchase,
): Promise<boolean> {
  const hub = await engine.systems.hubOf(erp.tenant);
  const { sourceId: id } = document;
  // Before anything is locked: a plan that runs now would not see the link.
  await outlastPlans(tx);
  const record = await findRecord<CommitmentRecord>(tx, {
    ...{ connection: hub.id, object: 'commitment', nativeId: id },
  });
  const documents = await documentsOf(tx, orderKey(hub, erp, id));
  const standing = await getDocument(tx, document.id, 'lock');
  const last = documents.at(-1) ?? null;
  if (record === null || standing === null || !isStanding(standing) || documents.some(isStanding))
    return true;
  const key = { sourceConnection: hub.id, commitment: id, targetConnection: erp.id };
  const before = await findAdoption(tx, key);
  const isDecided = before?.state === 'rejected' || before?.state === 'separate';
  if (isDecided && before.orders.includes(order.number)) return false;
  if (await isLinked(tx, hub, erp, id, order)) return false;
  if (last !== null && !(await giveWay(tx, erp, last))) return true;
  const newest = await newestItem(tx, hub.id, 'commitment', id);
  const isChanged = standing.reasons.some(({ code }) => code === 'requisition-open');
  const requestKey = newest?.state === 'succeeded' ? newest.key : standing.requestKey;
  const accepted = acceptedPurchase(record.body, requisition, order, { requestKey, isChanged });
  await reopenAdoption(tx, key, [order.number]);
  const decision = { by: 'tiebeam', orderId: order.id, accepted, opening: before?.opening ?? null };
  await decideAdoption(tx, key, { state: 'adopted', ...decision });
  const pairs = boughtPairs(record.body, requisition, order);
  const found = { record, order, pairs, documents, requestKey, reasons: [] };
  const linked = await saveAdopted(engine, tx, { hub, erp }, found);
  await moveDocument(tx, standing, { state: standing.state, reasons: [] });
  await tellAdopted(engine, tx, hub, erp, linked);
  await expireSubject(tx, 'adoption', adoptionSubject(id));
  await expireSubject(tx, 'exception', `requisition:${document.id}`);
  await releaseAdopted(engine, tx, hub, id);
  const body = {
    ...{ commitment: id, requisition: standing.targetNumber ?? requisition.id },
    ...{ order: order.number, target: order.id, lines: linked.lineKeys },
  };
  const at = engine.clock.now();
  await appendAudit(tx, [{ kind: 'requisition-bought', actor: 'tiebeam', document: linked.id, at, body }]);
  return true;
}

async function isLinked(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  id: string,
  order: StandingOrder,
): Promise<boolean> {
  const here = { sourceConnection: hub.id, sourceObject: 'commitment', sourceId: id };
  const there = { targetConnection: erp.id, targetObject: 'purchase-order', targetId: order.id };
  return (await linkedTarget(tx, erp.id, here)) !== null || (await linkedSource(tx, hub.id, there)) !== null;
}
