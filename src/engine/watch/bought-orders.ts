import { type Bought, boughtOrder, type Requisitioned } from '../../domain/orders/bought-order.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { getDocument, moveDocument } from '../../store/documents/document.ts';
import { openRequisitions } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { askWhichWasBought } from '../plan/adopt.ts';
import { linkBought } from '../plan/link-bought.ts';
import { isEnded } from '../plan/plan-requisition.ts';
import { requisitionName } from '../plan/requisition-told.ts';
import { step } from '../step.ts';

/** The regular look at requisitions that nobody ordered yet: which orders people made of them, and which they ended. */
export async function sweepRequisitions(engine: Engine, erp: OpenConnection): Promise<{ afterMs: number }> {
  const open = await step(engine, erp.tenant, (tx) => openRequisitions(tx, erp.id));
  for (const [project, requisitions] of Map.groupBy(open, projectOf)) {
    const orders = await Array.fromAsync(erp.connection.standingOrders?.(project) ?? []);
    for (const document of requisitions) await lookAt(engine, erp, document, orders);
  }
  return { afterMs: engine.pace.pullEveryMs };
}

function projectOf({ body }: StoredDocument): string {
  return body?.kind === 'purchase-order' ? body.projectCode : '';
}

async function lookAt(
  engine: Engine,
  erp: OpenConnection,
  document: StoredDocument,
  orders: readonly StandingOrder[],
): Promise<void> {
  const { body, targetId: id, lineKeys } = document;
  if (body?.kind !== 'purchase-order' || id === null) return;
  const requisition: Requisitioned = { id, body, lineKeys };
  const bought: Bought | null = boughtOrder(requisition, orders);
  if (bought === null) return tellState(engine, erp, document);
  if (bought.kind === 'surely') {
    const { order } = bought;
    const isLinked = await step(engine, erp.tenant, (tx) =>
      linkBought(engine, tx, { erp, document, requisition, order }),
    );
    engine.failPoint('after-decision');
    if (isLinked) return;
  }
  const [candidates, why] = bought.kind === 'surely' ? [[bought.order], null] : [bought.orders, bought.why];
  await askWhichWasBought(engine, erp, document, candidates, why);
}

/** Nobody ordered it. Where people ended it all the same, that is for somebody to decide, and nothing follows by itself. */
async function tellState(engine: Engine, erp: OpenConnection, before: StoredDocument): Promise<void> {
  const state = (await erp.connection.requisition?.(before.targetId ?? ''))?.state ?? 'gone';
  if ((state !== 'open') === isEnded(before)) return;
  await step(engine, erp.tenant, async (tx) => {
    const document = await getDocument(tx, before.id, 'lock');
    if (document === null || document.state !== before.state) return;
    const others = document.reasons.filter(({ code }) => code !== 'requisition-ended');
    const reasons = state === 'open' ? others : [ended(erp, document, state), ...others];
    await moveDocument(tx, document, { state: document.state, reasons });
    if (state === 'open') await expireSubject(tx, 'exception', requisitionSubject(document));
    else await ask(engine, tx, erp, document, state);
    const hub = await engine.systems.hubOf(erp.tenant);
    // Whoever exported the commitment again since waits for exactly this.
    await wakeLane(tx, sourceLane(hub, 'commitment', document.sourceId));
  });
}

type Ended = 'closed' | 'cancelled' | 'gone';

function ended(erp: OpenConnection, document: StoredDocument, state: Ended): Reason {
  return {
    code: 'requisition-ended',
    owner: 'accountant',
    message: `${requisitionName(document)} is ${state} in ${erp.name}, and no order of its project draws on it.`,
    remedy:
      'Export the commitment again to have it asked for anew, or take over the order that was typed for it with `tiebeam adopt`.',
  };
}

async function ask(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
  state: Ended,
): Promise<void> {
  const { message, remedy } = ended(erp, document, state);
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: requisitionSubject(document),
    document: null,
    title: `${document.number} ${document.title}`,
    question: `${message} Nothing is posted again by itself. ${remedy}`,
    evidence: { requisition: document.targetNumber ?? document.targetId ?? '', state },
    role: 'accountant',
  });
}

export function requisitionSubject({ id }: Pick<StoredDocument, 'id'>): string {
  return `requisition:${id}`;
}
