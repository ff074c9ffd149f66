import type { PurchaseOrderLine } from '../../domain/documents.ts';
import { linesOfChange, sumOf } from '../../domain/orders/change-order.ts';
import { formatMoney, parseMoney, subtract } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument, savePlan } from '../../store/documents/document.ts';
import { ordersOfRoot, standingInvoices } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { standingOrder } from '../plan/order-in-erp.ts';

/** What the ERP's order shows of the lines that a change order brought into it. */
export type ChangeInOrder = {
  /** Why it still counts there, in words; null where a person took all of it back. */
  readonly stands: string | null;
  /** Keys of its lines that are not in the order any more, or bear nothing. */
  readonly gone: readonly string[];
};

/**
 * A change order never leaves the ERP by itself: a person takes its lines out of the order, sets them to zero or
 * closes them. That is read, line by line; where an ERP cannot show it, the change order counts as standing.
 */
export async function changeInOrder(
  { connection, name }: OpenConnection,
  document: StoredDocument,
): Promise<ChangeInOrder> {
  const { body, lineKeys, targetId, targetNumber } = document;
  const order = `order ${targetNumber ?? targetId ?? ''} in ${name}`;
  if (body?.kind !== 'purchase-order' || connection.standingOrders === undefined)
    return { stands: `${order} cannot be read line by line`, gone: [] };
  const own = linesOfChange(body.lines, document.sourceId);
  const keys = own.map(({ key }) => key);
  for await (const there of connection.standingOrders(body.projectCode)) {
    if (there.id !== targetId) continue;
    const rows = own.map(({ key }) => there.lines.find((row) => row.key === lineKeys[key]) ?? null);
    const isNothing = (row: (typeof rows)[number]) =>
      row === null || parseMoney(row.amount, there.currency).minor === 0n;
    const left = rows.flatMap((row) => (row === null || isNothing(row) || row.closed ? [] : [row.amount]));
    return {
      stands: left.length === 0 ? null : `its lines of ${left.join(' and ')} stand open in ${order}`,
      gone: keys.filter((_key, place) => isNothing(rows[place] ?? null)),
    };
  }
  return { stands: `${order} is not among those of ${body.projectCode} any more`, gone: [] };
}

/** What keeps it linked by our own books: an invoice that bills it, or a write that is on its way. */
export async function whyChangeStays(
  tx: Tx,
  erp: OpenConnection,
  { root, sourceId, body }: StoredDocument,
): Promise<string | null> {
  const written = await ordersOfRoot(tx, erp.id, root);
  if (written.some(({ state }) => state === 'posting'))
    return 'A change of its order is being sent to the ERP right now. Unlink it again when that has ended.';
  const lines = body?.kind === 'purchase-order' ? linesOfChange(body.lines, sourceId) : [];
  const keys = new Set(lines.map(({ key }) => key));
  const bills = (await standingInvoices(tx, erp.id, root)).filter(
    (invoice) =>
      invoice.body?.kind === 'ap-invoice' &&
      'moves' in invoice.body &&
      invoice.body.moves.some(({ line, gross }) => keys.has(line) && !/^-?[0.]+$/.test(gross)),
  );
  if (bills.length === 0) return null;
  const named = bills.map(({ targetNumber, targetId }) => targetNumber ?? targetId ?? '');
  return `It is billed by ${bills.length} invoices in ${erp.name} (${named.join(', ')}). Cancel them there first.`;
}

/**
 * Writes down how the order stands without the lines that are gone, as a revision of its contract that nobody sends:
 * what is planned next is compared with this, or the person's own edit would be in its way.
 */
export async function keepWithout(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  change: StoredDocument,
  gone: readonly string[],
): Promise<void> {
  const written = await ordersOfRoot(tx, change.targetConnection, change.root);
  const order = standingOrder(written, hub.id);
  if (order === null || order.base.id !== change.targetId) return;
  const { base, contract } = order;
  const lost = new Set(gone);
  const body = without(base.body, (line) => lost.has(line.key));
  const plan = {
    ...contract,
    id: engine.newId(),
    // Later than all that was planned for the order: it says how the order stands from now on.
    revision: Math.max(...written.map(({ revision }) => revision)) + 1,
    state: 'confirmed' as const,
    exposureMinor: 0n,
    body,
    operation: null,
    payloadHash: null,
    gate: null,
  };
  const lineKeys = Object.fromEntries(Object.entries(base.lineKeys).filter(([key]) => !lost.has(key)));
  await savePlan(tx, plan, []);
  const { targetId, targetNumber } = contract;
  await moveDocument(tx, plan, {
    ...{ state: plan.state, lineKeys },
    ...(targetId === null ? {} : { targetId }),
    ...(targetNumber === null ? {} : { targetNumber }),
  });
}

type Body = NonNullable<ReturnType<typeof standingOrder>>['base']['body'];

function without(body: Body, isLost: (line: PurchaseOrderLine) => boolean): Body {
  const lost = body.lines.filter(isLost);
  const taken = sumOf(lost, body.currency);
  return {
    ...body,
    lines: body.lines.filter((line) => !isLost(line)),
    total: formatMoney(subtract(parseMoney(body.total, body.currency), taken)),
  };
}
