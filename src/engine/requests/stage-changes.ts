import { type OrderChange, offerChange } from '../../domain/orders/order-change-offer.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { planStagedOrders } from '../../domain/staging/staged-orders.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { ordersBegunInErp } from '../../store/documents/adoption.ts';
import { documentsOfProject } from '../../store/documents/document-lists.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import { expireRefusedCalls, stagedCalls } from '../../store/requests/staging.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { mappedTo } from '../plan/map-project.ts';
import { type StandingOrder as OwnOrder, standingOrder } from '../plan/order-in-erp.ts';
import { step } from '../step.ts';
import { factsOf, projectsOf, writeRows } from './order-facts.ts';

const CHANGES_ROOT = 'staging:change-order';

/** Brings the change orders in Ready to Import in line with what people added to orders that began in the ERP. */
export async function stageChanges(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  item: StoredRequestItem,
): Promise<void> {
  const { mapped } = await step(engine, hub.tenant, (tx) => projectsOf(engine, tx, hub, erp));
  const changes: OrderChange[] = [];
  for (const project of mapped) changes.push(...(await changesIn(engine, hub, erp, project)));
  const standing = await hub.hub!.stagedRecords('change-order');
  engine.failPoint('after-fetch');
  const offers = changes.flatMap(({ order, row }) => (row === null ? [] : [{ order, row }]));
  const known = changes.length - offers.length;
  const { rows, figures } = planStagedOrders({ erpCode: erp.code, offers, known, doubtful: 0 }, standing);
  const waits = changes.flatMap(({ told }) => told).slice(0, MOST_TOLD);
  await step(engine, hub.tenant, async (tx) => {
    if ((await stagedCalls(tx, hub.id, CHANGES_ROOT, [item.key])).length > 0) return;
    await expireRefusedCalls(tx, hub.id, CHANGES_ROOT);
    const told = { ...figures, ...(waits.length === 0 ? {} : { waits }) };
    await writeRows(engine, tx, { hub, erp, item }, { object: 'change-order', rows, figures: told });
  });
  engine.failPoint('after-plan');
}

// As many as a person reads; the tie-out names every order that differs.
const MOST_TOLD = 20;

/** Each order of a project that began in the ERP, beside what Procore has of it. */
async function changesIn(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  project: ProjectRecord,
): Promise<OrderChange[]> {
  const { own, code } = await step(engine, hub.tenant, async (tx) => ({
    own: await ownOrders(tx, hub, erp, project.id),
    code: (await mappedTo(tx, project.id))?.value.code ?? '',
  }));
  if (own.size === 0) return [];
  const facts = await factsOf(engine, hub, erp, { project, orders: [], coded: true });
  const changes: OrderChange[] = [];
  for await (const order of erp.connection.standingOrders!(code)) {
    const base = own.get(order.id)?.base;
    if (base !== undefined && base.body.currency === order.currency)
      changes.push(offerChange(base, order, facts));
  }
  return changes;
}

async function ownOrders(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  projectId: string,
): Promise<ReadonlyMap<string, OwnOrder>> {
  const begun = new Set(await ordersBegunInErp(tx, hub.id, erp.id));
  const documents = await documentsOfProject(tx, hub.id, erp.id, projectId);
  const byRoot = Map.groupBy(documents, ({ root }) => root);
  return new Map(
    [...byRoot.values()].flatMap((written) => {
      const order = standingOrder(written, hub.id);
      return order !== null && begun.has(order.contract.sourceId) ? [[order.base.id, order]] : [];
    }),
  );
}
