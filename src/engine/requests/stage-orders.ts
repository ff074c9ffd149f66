import { matchOrders } from '../../domain/orders/match-order.ts';
import { type OrderOffer, offerOrder, orderOrigin, withoutProject } from '../../domain/orders/order-offer.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { lacking, planStagedOrders, type ReadOrders } from '../../domain/staging/staged-orders.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { openReview } from '../../store/documents/review.ts';
import { getItem, moveItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import {
  expireOrderWaits,
  expireRefusedCalls,
  orderWait,
  stagedCalls,
} from '../../store/requests/staging.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane, WAITING_ORDERS } from '../lanes.ts';
import { readBothSides } from '../plan/adopt-sides.ts';
import { step } from '../step.ts';
import { decline } from './decline.ts';
import { linkImported } from './imported-commitment.ts';
import { factsOf, projectsOf, writeRows } from './order-facts.ts';
import { stageChanges } from './stage-changes.ts';
import type { Work } from './work-item.ts';

const ORDERS_ROOT = 'staging:commitment';

// An ERP keeps projects that nobody builds any more; beyond this many that Procore lacks, none is looked at.
const MAX_FOREIGN_PROJECTS = 200;

/** Whether a Refresh is about orders that begin in the ERP. */
export function isOrderEvent(event: string | undefined): boolean {
  return event === 'sync_commitments' || event === 'sync_commitment_change_orders';
}

/** Somebody wants the orders that begin in the ERP, or what was added to them; whether any do is a setting of the connection. */
export async function refreshOrders({ engine, at, item }: Work): Promise<void> {
  const erp = await engine.systems.homeOf(at.tenant);
  await step(engine, at.tenant, async (tx) => {
    const why = whyNone(at, erp);
    if (why !== null) return decline(engine, tx, at, item, why);
    await moveItem(tx, item, 'working');
    await wakeLane(tx, sourceLane(at, 'staging', item.key));
  });
}

function whyNone({ hub, name }: OpenConnection, erp: OpenConnection): string | null {
  if (erp.connection.standingOrders === undefined)
    return `The orders that stand in ${erp.name} cannot be read, so none is offered: write its commitment in Procore.`;
  return hub?.ordersFromErp === 'off'
    ? `Orders begin in Procore here: the setting "ordersFromErp" of the connection ${name} is "off".`
    : null;
}

/** Brings the orders in Ready to Import in line with those of the ERP, and answers the Refresh that asked for it. */
export async function stageOrders(engine: Engine, hub: OpenConnection, key: string): Promise<void> {
  const item = await step(engine, hub.tenant, (tx) => getItem(tx, hub.id, key));
  if (item === null ? key !== WAITING_ORDERS : item.state !== 'working') return;
  const erp = await engine.systems.homeOf(hub.tenant);
  if (whyNone(hub, erp) !== null) return;
  if (item?.event === 'sync_commitment_change_orders') return stageChanges(engine, hub, erp, item);
  const read = await readOrders(engine, hub, erp);
  const standing = await hub.hub!.stagedRecords('commitment');
  engine.failPoint('after-fetch');
  await step(engine, hub.tenant, (tx) => stage(engine, tx, { hub, erp, read, standing, item }));
  engine.failPoint('after-plan');
}

type Compared = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly read: ReadOrders;
  readonly standing: Parameters<typeof planStagedOrders>[1];
  readonly item: StoredRequestItem | null;
};

async function stage(engine: Engine, tx: Tx, { hub, erp, read, standing, item }: Compared): Promise<void> {
  // Written down already by a turn that was cut off: its end answers.
  if (item !== null && (await stagedCalls(tx, hub.id, ORDERS_ROOT, [item.key])).length > 0) return;
  await expireRefusedCalls(tx, hub.id, ORDERS_ROOT);
  await askForLacking(engine, tx, erp, read.offers);
  await writeRows(
    engine,
    tx,
    { hub, erp, item },
    { object: 'commitment', ...planStagedOrders(read, standing) },
  );
}

/** One question for each thing that is missing, however many orders wait for it. */
async function askForLacking(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  offers: readonly OrderOffer[],
): Promise<void> {
  const lacks = lacking(offers);
  await expireOrderWaits(
    tx,
    lacks.map(({ subject }) => subject),
  );
  for (const { subject, words, remedy, orders } of lacks) {
    const which = orders.length === 1 ? `Order ${orders[0]} waits` : `${orders.length} orders wait`;
    await openReview(tx, {
      id: engine.newId(),
      kind: 'exception',
      subject: orderWait(subject),
      document: null,
      title: `${which} in ${erp.name}`,
      question: `${which} in ${erp.name} and cannot be offered to Procore: ${words}. ${remedy}`,
      evidence: { orders: orders.slice(0, 50), count: String(orders.length) },
      role: 'accountant',
    });
  }
}

/** Every order of the ERP that belongs to no commitment: as it can be offered, or with what it lacks. */
async function readOrders(engine: Engine, hub: OpenConnection, erp: OpenConnection): Promise<ReadOrders> {
  const { mapped, foreign } = await step(engine, hub.tenant, (tx) => projectsOf(engine, tx, hub, erp));
  const offers: OrderOffer[] = [];
  const counted = { known: 0, doubtful: 0 };
  for (const project of mapped) {
    const one = await ofProject(engine, hub, erp, project);
    offers.push(...one.offers);
    counted.known += one.known;
    counted.doubtful += one.doubtful;
  }
  for (const code of foreign.slice(0, MAX_FOREIGN_PROJECTS))
    for await (const order of erp.connection.standingOrders!(code))
      if (!order.closed && order.reference === null) offers.push(withoutProject(order));
  const unread = Math.max(foreign.length - MAX_FOREIGN_PROJECTS, 0);
  return { erpCode: erp.code, offers, ...counted, unread };
}

async function ofProject(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  project: ProjectRecord,
): Promise<Omit<ReadOrders, 'erpCode'>> {
  const { sources, orders, known } = await readBothSides(engine, hub.tenant, project.id);
  const found = matchOrders(sources, orders, erp.code);
  const named = found.matched.filter(
    ({ commitment, candidate }) => commitment.originId === orderOrigin(erp.code, candidate.order.id),
  );
  // Imported, and nobody told us: it is linked now.
  for (const { commitment } of named) await linkImported(engine, hub, commitment, 'tiebeam');
  const alone = found.unmatchedOrders.map(({ order }) => order);
  const open = alone.filter(({ closed, reference }) => !closed && reference === null);
  const facts = await factsOf(engine, hub, erp, { project, orders: open });
  const posted = alone.filter(({ reference }) => reference !== null).length;
  return {
    offers: open.map((order) => offerOrder(order, facts)),
    known: known + posted + named.length,
    doubtful: orders.length - alone.length - named.length,
  };
}
