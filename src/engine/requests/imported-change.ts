import type { PurchaseOrderBody, PurchaseOrderLine } from '../../domain/documents.ts';
import { asOrderLine } from '../../domain/orders/change-order.ts';
import { isAddedTo } from '../../domain/orders/order-change-offer.ts';
import { orderLineOrigin } from '../../domain/orders/order-offer.ts';
import type { StandingOrder, StandingOrderLine } from '../../domain/orders/standing-order.ts';
import type { ChangeOrderRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { add, formatMoney, parseMoney } from '../../domain/values/money.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument, savePlan } from '../../store/documents/document.ts';
import { ordersOfRoot } from '../../store/documents/document-lists.ts';
import { addLinks } from '../../store/documents/link.ts';
import { joinPlans, lockOrder } from '../../store/documents/plan-lock.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { findRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { commitmentRoot } from '../lanes.ts';
import { standingOrder } from '../plan/order-in-erp.ts';
import { step } from '../step.ts';
import { orderIn } from './order-facts.ts';

/**
 * The approver imported what was added to an order that began in the ERP. Procore tells of that by no event, but the
 * change order bears the ids of the order and its lines: it is written down as one that stands, and nothing is sent.
 */
export async function linkImportedChange(
  engine: Engine,
  hub: OpenConnection,
  { id, projectId, commitmentId, originId }: ChangeOrderRecord,
): Promise<void> {
  if (originId === null) return;
  const erp = await findErp(engine, hub.tenant, projectId);
  const base = await step(engine, hub.tenant, async (tx) => {
    const written = await ordersOfRoot(tx, erp.id, commitmentRoot(commitmentId));
    const isLinked = written.some((one) => one.sourceId === id && one.sourceObject === 'change-order');
    return isLinked ? null : (standingOrder(written, hub.id)?.base ?? null);
  });
  if (base === null || !isAddedTo(originId, erp.code, base.id)) return;
  const origins = await hub.hub!.changeLineOrigins({ id, projectId });
  const order = await orderIn(erp, base.body.projectCode, base.id);
  if (origins === null) return;
  await step(engine, hub.tenant, (tx) =>
    link(engine, tx, { hub, erp, order, origins }, { id, root: commitmentRoot(commitmentId) }),
  );
}

type Seen = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly order: StandingOrder | null;
  readonly origins: ReadonlyMap<string, string>;
};

async function link(
  engine: Engine,
  tx: Tx,
  { hub, erp, order, origins }: Seen,
  { id, root }: { readonly id: string; readonly root: string },
): Promise<void> {
  await joinPlans(tx);
  await lockOrder(tx, erp.id, root);
  const key = { connection: hub.id, object: 'change-order', nativeId: id };
  const record = (await findRecord<ChangeOrderRecord>(tx, key))!;
  const written = await ordersOfRoot(tx, erp.id, root);
  const standing = standingOrder(written, hub.id);
  if (standing === null || written.some((one) => one.sourceId === id && isStanding(one))) return;
  const { base, contract } = standing;
  const added = order === null ? null : addedLines(record.body, order, origins, erp.code);
  if (order === null || added === null) return ask(engine, tx, record.body, contract.targetNumber ?? base.id);
  const plan = {
    ...contract,
    ...{ id: engine.newId(), sourceObject: 'change-order', sourceId: id, state: 'confirmed' as const },
    // Later than all that was planned for the order: it says how the order stands from now on.
    revision: Math.max(...written.map(({ revision }) => revision)) + 1,
    ...{ number: `${contract.number} CO ${record.body.number}`, title: record.body.title },
    amountMinor: parseMoney(record.body.total, record.body.currency).minor,
    ...{ exposureMinor: 0n, recordVersion: record.version, recordHash: record.hash },
    body: withLines(base.body, added),
    ...{ operation: null, payloadHash: null, gate: null, reasons: [], requester: null, requestKey: null },
  };
  await savePlan(tx, plan, []);
  const own = Object.fromEntries(added.map(({ line, row }) => [line.key, row.key]));
  await moveDocument(tx, plan, {
    ...{ state: plan.state, targetId: base.id, lineKeys: { ...base.lineKeys, ...own } },
    ...(contract.targetNumber === null ? {} : { targetNumber: contract.targetNumber }),
  });
  const inTheWay = await addLinks(
    tx,
    added.map(({ sourceLine, row }) => ({
      ...{ sourceConnection: hub.id, sourceObject: 'change-order', sourceId: id, sourceLine },
      ...{ targetConnection: erp.id, targetObject: 'purchase-order', targetId: base.id, targetLine: row.key },
    })),
  );
  if (inTheWay.length > 0)
    throw new Error(`a line of order ${base.id} was linked to another record meanwhile`);
  await expireSubject(tx, 'exception', subjectOf(id));
  await appendAudit(tx, [
    {
      kind: 'change-imported',
      actor: 'procore',
      document: plan.id,
      at: engine.clock.now(),
      body: { changeOrder: id, target: base.id, lines: own },
    },
  ]);
}

type Added = {
  readonly line: PurchaseOrderLine;
  readonly sourceLine: string;
  readonly row: StandingOrderLine;
};

/** Each line with the order's line that it was imported from; null unless all of them are there as they were. */
function addedLines(
  record: ChangeOrderRecord,
  order: StandingOrder,
  origins: ReadonlyMap<string, string>,
  erpCode: string,
): Added[] | null {
  const byOrigin = new Map(order.lines.map((row) => [orderLineOrigin(erpCode, order.id, row.key), row]));
  const minor = (amount: string) => parseMoney(amount, order.currency).minor;
  const added = record.lines.flatMap((line): Added[] => {
    const row = byOrigin.get(origins.get(line.id) ?? '');
    if (row === undefined || minor(row.amount) !== minor(line.amount)) return [];
    const { description, amount, coding } = row;
    const coded = {
      ...{ key: '', description, amount, coding },
      ...{ costCode: line.costCode?.code ?? '', costType: line.costType?.code ?? '' },
    };
    // The words stay those that stand in the order.
    const own = { ...asOrderLine(record, line, coded), description };
    return [{ line: own, sourceLine: line.id, row }];
  });
  return added.length === record.lines.length ? added : null;
}

function withLines(body: PurchaseOrderBody, added: readonly Added[]): PurchaseOrderBody {
  const total = added.reduce(
    (sum, { line }) => add(sum, parseMoney(line.amount, body.currency)),
    parseMoney(body.total, body.currency),
  );
  return { ...body, total: formatMoney(total), lines: [...body.lines, ...added.map(({ line }) => line)] };
}

function subjectOf(changeOrderId: string): string {
  return `imported-change:${changeOrderId}`;
}

async function ask(
  engine: Engine,
  tx: Tx,
  { id, number, title, originId }: ChangeOrderRecord,
  order: string,
): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: subjectOf(id),
    document: null,
    title: `Imported change order ${number} ${title}`,
    question: `It was imported into Procore as "${originId}", and order ${order} does not show its lines as they were then. Nothing of it is posted. Correct the order in the ERP, then change anything of it in Procore to have it looked at again.`,
    evidence: { changeOrder: id, originId: originId ?? '' },
    role: 'accountant',
  });
}
