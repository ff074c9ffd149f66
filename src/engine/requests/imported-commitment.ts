import { acceptedOrder } from '../../domain/orders/adopted-order.ts';
import { whyUnusable } from '../../domain/orders/match-order.ts';
import type { LinePair } from '../../domain/orders/match-order-lines.ts';
import { orderLineOrigin, orderOrigin } from '../../domain/orders/order-offer.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import { type Money, money, moneyWords, parseMoney, subtract } from '../../domain/values/money.ts';
import type { CommitmentRef } from '../../procore/hub.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { decideAdoption, proposeAdoption } from '../../store/documents/adoption.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import { linkedSource, linkedTarget } from '../../store/documents/link.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { findRecord } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { orderKey } from '../plan/adopted.ts';
import { mappedTo } from '../plan/map-project.ts';
import { giveWay, releaseAdopted, saveAdopted } from '../plan/save-adopted.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { orderIn } from './order-facts.ts';

type Imported = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly order: StandingOrder;
  readonly pairs: readonly LinePair[];
  readonly by: string;
};

/**
 * The approver imported an order that began in the ERP: Procore made a commitment of it, which bears the order's id on
 * itself and on each line. From here on the two are linked, and nothing is sent for it in either direction. What bears
 * the id of something else is left alone.
 */
export async function linkImported(
  engine: Engine,
  hub: OpenConnection,
  ref: CommitmentRef,
  by: string,
): Promise<void> {
  const erp = await findErp(engine, hub.tenant, ref.projectId);
  const [pulled, origins] = [await hub.hub!.fetchCommitment(ref), await hub.hub!.lineOrigins(ref)];
  if (pulled?.record.object !== 'commitment' || origins === null) return;
  const commitment = pulled.record;
  const prefix = orderOrigin(erp.code, '');
  if (commitment.originId?.startsWith(prefix) !== true) return;
  const orderId = commitment.originId.slice(prefix.length);
  const mapping = await step(engine, hub.tenant, (tx) => mappedTo(tx, ref.projectId));
  const order = mapping === null ? null : await orderIn(erp, mapping.value.code, orderId);
  await step(engine, hub.tenant, async (tx) => {
    // Before anything is locked: a plan that runs now would not see the link.
    await outlastPlans(tx);
    await keepRecord(tx, hub.id, pulled);
    if (order === null) return ask(engine, tx, commitment, `${erp.name} shows no order ${orderId} any more`);
    const why =
      whyUnlike(commitment, order) ??
      (await link(
        engine,
        tx,
        { hub, erp, order, pairs: pairsByOrigin(erp, commitment, order, origins), by },
        commitment.id,
      ));
    if (why !== null) await ask(engine, tx, commitment, why);
  });
}

/** Each line bears the id of the order's line that it was imported from; nothing has to be compared. */
function pairsByOrigin(
  erp: OpenConnection,
  { lines }: CommitmentRecord,
  order: StandingOrder,
  origins: ReadonlyMap<string, string>,
): LinePair[] {
  const amountOf = (side: { readonly amount: string } | null): Money =>
    side === null ? money(0n, order.currency) : parseMoney(side.amount, order.currency);
  const pair = (line: LinePair['line'], orderLine: LinePair['orderLine']): LinePair => {
    const difference = subtract(amountOf(line), amountOf(orderLine));
    return { line, orderLine, evidence: null, difference };
  };
  const byOrigin = new Map(
    order.lines.map((line) => [orderLineOrigin(erp.code, order.id, line.key), line] as const),
  );
  const named = lines.map((line) => pair(line, byOrigin.get(origins.get(line.id) ?? '') ?? null));
  const taken = new Set(named.map(({ orderLine }) => orderLine));
  return [
    ...named,
    ...order.lines.filter((line) => !taken.has(line)).map((orderLine) => pair(null, orderLine)),
  ];
}

/** Null once the two are linked, or why they cannot be. */
async function link(
  engine: Engine,
  tx: Tx,
  { hub, erp, order, pairs, by }: Imported,
  id: string,
): Promise<string | null> {
  const own = { connection: hub.id, object: 'commitment', nativeId: id };
  const record = (await findRecord<CommitmentRecord>(tx, own))!;
  const documents = await documentsOf(tx, orderKey(hub, erp, id));
  const here = { sourceConnection: hub.id, sourceObject: 'commitment', sourceId: id };
  const there = { targetConnection: erp.id, targetObject: 'purchase-order', targetId: order.id };
  const [mine, other] = [await linkedTarget(tx, erp.id, here), await linkedSource(tx, hub.id, there)];
  if (mine?.targetId === order.id) return null;
  if (mine !== null || other !== null) return 'one of the two stands for another record already';
  const last = documents.at(-1) ?? null;
  if (last !== null && !(await giveWay(tx, erp, last))) return 'a write of it is on its way to the ERP';
  const key = { sourceConnection: hub.id, commitment: id, targetConnection: erp.id };
  if (!(await proposeAdoption(tx, key, [order.number]))) return 'its order was taken over already';
  const requestKey = (await newestItem(tx, hub.id, 'commitment', id))?.key ?? null;
  const accepted = { ...acceptedOrder(record.body, order, pairs, requestKey), begunInErp: true } as const;
  await decideAdoption(tx, key, { state: 'adopted', by, orderId: order.id, accepted, opening: null });
  const reasons = differenceOf(record.body, order, erp);
  const found = { record, order, pairs, documents, requestKey, reasons };
  const document = await saveAdopted(engine, tx, { hub, erp }, found);
  await expireSubject(tx, 'exception', subjectOf(id));
  await releaseAdopted(engine, tx, hub, id);
  await appendAudit(tx, [
    {
      kind: 'order-imported',
      actor: by,
      document: document.id,
      at: engine.clock.now(),
      body: { commitment: id, order: order.number, target: order.id, lines: document.lineKeys },
    },
  ]);
  return null;
}

function whyUnlike({ currency }: CommitmentRecord, order: StandingOrder): string | null {
  if (currency !== order.currency) return `its order ${order.number} is in ${order.currency}`;
  const why = whyUnusable(order);
  return why === null ? null : `order ${order.number}: ${why}`;
}

/** Somebody changed the order after it was offered: said for as long as it is so, and nothing is overwritten. */
function differenceOf(
  { total, currency }: CommitmentRecord,
  order: StandingOrder,
  { name }: OpenConnection,
): readonly Reason[] {
  const difference = subtract(parseMoney(total, currency), parseMoney(order.total, currency));
  if (difference.minor === 0n) return [];
  return [
    {
      code: 'taken-over',
      owner: 'accountant',
      message: `Order ${order.number} changed in ${name} between its offer and its import, by ${moneyWords(difference)}.`,
      remedy: 'Correct the order in the ERP, or the commitment in Procore.',
    },
  ];
}

function subjectOf(commitmentId: string): string {
  return `imported:${commitmentId}`;
}

async function ask(engine: Engine, tx: Tx, commitment: CommitmentRecord, why: string): Promise<void> {
  const { id, number, title, originId } = commitment;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: subjectOf(id),
    document: null,
    title: `Imported commitment ${number} ${title}`,
    question: `It was imported into Procore as "${originId}" and is linked to no order: ${why}. Nothing of it is posted. Take its order over with \`tiebeam adopt\`, or unlink it in Procore.`,
    evidence: { commitment: id, originId: originId ?? '' },
    role: 'accountant',
  });
}
