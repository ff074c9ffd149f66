import { belowInvoiced } from '../../domain/billing/invoiced-line.ts';
import type { OpenOrderLine, PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { AS_FOUND } from '../../domain/orders/adopted-order.ts';
import { fieldChanges, fieldDifferences, hashWithFields } from '../../domain/planning/document-fields.ts';
import type { Match, ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { add, formatMoney, parseMoney, subtract, sum } from '../../domain/values/money.ts';
import { readAll, readIfThere, readJson } from './client.ts';
import { receivedOn } from './deliveries.ts';
import { differenceWords, type Form, namelessHash } from './form.ts';
import { followed } from './import.ts';
import { fieldsOfOrder, formOfBody, formOfOrder, lineKeysOf, namesIn, standingLines } from './order-form.ts';
import { changeLines, encodeChange, encodeOrder } from './purchase-order.ts';
import { type Order, order as orderSchema } from './wire.ts';

const ALL = Number.POSITIVE_INFINITY;

export function createOrder(body: PurchaseOrderBody): Write {
  return {
    ...importing(body, () => body.lines),
    name: 'order',
    kind: 'create',
    encode: () => encodeOrder(body),
    async probe(read) {
      const matches = [];
      for await (const order of readAll(read, 'orders', orderSchema, { reference: body.reference }))
        if (order.reference === body.reference) {
          const match = matchOf(order, 0);
          const hash = hashWithFields(match.hash, body.fields, fieldsOfOrder(order, 0));
          matches.push({ ...match, hash });
        }
      return { kind: 'found', matches };
    },
  };
}

/** Repeatable, although it is a new document each time: the version it is based on lets only one take effect. */
export function changeOrder(body: PurchaseOrderBody, base: PostedBase): Write {
  return {
    ...importing(body, () => changeLines(body, base)),
    name: 'order-change',
    kind: 'set',
    encode: ({ guard }) => encodeChange(body, base, guard),
    probe: (read) => probeChange(read, body, base),
  };
}

/** What of each line is not invoiced yet, by whomever; null where the order is gone. */
export async function openOrderLines(read: Read, id: string): Promise<readonly OpenOrderLine[] | null> {
  const order = await readIfThere(read, `/orders/${encodeURIComponent(id)}`, orderSchema);
  if (order === null) return null;
  const received = await receivedOn(read, id);
  return standingLines(order, ALL).map(({ line, amount, invoiced }) => {
    const key = String(line);
    const came = received.get(key) ?? [];
    // What came in and was not billed is open on its delivery, and not here.
    const unbilled = came.map(({ open }) => parseMoney(open, order.currency));
    const open = formatMoney(subtract(subtract(amount, invoiced), sum(unbilled, order.currency)));
    const closed = order.status !== 'open';
    return { key, open, closed, ...(came.length === 0 ? {} : { received: came }) };
  });
}

/** An order, or an order as one of its changes left it, as the daily sweep and the probes see it. */
export function matchOf(order: Order, changes: number): Match {
  return {
    id: order.id,
    state: order.status === 'cancelled' ? 'cancelled' : 'posted',
    hash: namelessHash(formOfOrder(order, changes)),
    lineKeys: lineKeysOf(order, changes),
  };
}

function importing(body: PurchaseOrderBody, lines: () => readonly { readonly key: string }[]) {
  const { reference } = body;
  return {
    object: 'purchase-order',
    reference,
    targetHash: namelessHash(formOfBody(body)),
    ...followed({
      reference,
      keys: () => lines().map(({ key }) => key),
      idOf: (booked) => booked.order_id,
      mayBeOurs: (errors) => errors.some(({ code }) => code === 'stale'),
    }),
  };
}

async function probeChange(read: Read, body: PurchaseOrderBody, base: PostedBase): Promise<ProbeResult> {
  const order = await readJson(read, `/orders/${encodeURIComponent(base.id)}`, orderSchema);
  const names = namesIn(base);
  const found = formOfOrder(order, ALL, names);
  const ours = order.changes.filter(({ reference }) => reference === body.reference);
  const applied = ours.length;
  const difference = [
    ...(applied > 1 ? [`change ${body.reference} stands ${applied} times`] : []),
    ...(applied === 0 ? lockedWords(order, body, base) : []),
    ...(applied === 0 ? changedSince(base, order) : differenceWords(formOfBody(body), found)),
    ...(applied === 0
      ? fieldChanges(base.body.fields, body.fields, fieldsOfOrder(order, ALL))
      : [
          ...fieldDifferences(body.fields, fieldsOfOrder(order, ALL)),
          ...fieldDifferences(body.changeFields, ours[0]?.fields ?? {}),
        ]),
  ].join('; ');
  const there = { kind: 'standing', id: order.id, lineKeys: lineKeysOf(order, ALL, names) } as const;
  if (difference !== '') return { ...there, standing: 'elsewhere', difference };
  return { ...there, standing: applied === 0 ? 'at-base' : 'at-target', guard: order.version };
}

/** Nothing of ours stands in an order that people typed: neither its title nor a revision was left there by us. */
function changedSince(base: PostedBase, order: Order): string[] {
  const [left, found] = [formOfBody(base.body), formOfOrder(order, ALL, namesIn(base))];
  if (base.body.revision !== AS_FOUND) return differenceWords(left, found);
  const asTyped = ({ title: _, revision: __, ...form }: Form): Form => form;
  return differenceWords(asTyped(left), asTyped(found));
}

function lockedWords(order: Order, body: PurchaseOrderBody, base: PostedBase): string[] {
  if (order.status !== 'open') return [`order ${order.id} is ${order.status} in Ledgerline`];
  const deltas = new Map(
    changeLines(body, base).flatMap(({ line }) =>
      'line' in line ? [[line.line, line.amount] as const] : [],
    ),
  );
  return standingLines(order, ALL).flatMap(({ line, description, amount, invoiced }) => {
    const delta = deltas.get(line);
    if (delta === undefined) return [];
    const why = belowInvoiced(add(amount, parseMoney(delta, body.currency)), invoiced);
    return why === null ? [] : [`line ${line} "${description}" ${why}`];
  });
}
