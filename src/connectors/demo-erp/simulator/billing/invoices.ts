import {
  centsOf,
  countInvoiced,
  dayOf,
  effectiveLines,
  type Invoice,
  isPostable,
  type LineError,
  type Order,
  takeId,
  type World,
} from '../company/state.ts';
import { fault } from '../http/line-error.ts';
import { billDelivery, deliveredCents, openOn } from '../orders/deliveries.ts';
import type { ImportDocument } from './group-form.ts';

export type InvoiceImport = ImportDocument & { type: 'invoice' | 'retainage-release' };

/** What the job finds wrong with an invoice of work, or with one that pays retainage out. */
export function checkInvoice(world: World, document: InvoiceImport): LineError[] {
  const bad = (field: string, code: string, message: string, line: number | null = null) =>
    fault(document, line, field, code, message);
  const order = world.orders.get(document.order);
  if (!order) return [bad('order', 'unknown', `there is no order ${document.order}`)];
  const errors: LineError[] = [];
  for (const field of ['vendor', 'currency'] as const)
    if (document[field] !== order[field])
      errors.push(bad(field, 'not-of-order', `order ${order.id} has the ${field} ${order[field]}`));
  const taken = invoiceNumbered(world, document.vendor, document.vendor_number);
  if (taken !== undefined)
    errors.push(bad('vendor_number', 'number-taken', `invoice ${taken.id} of the vendor has this number`));
  const { retainage } = document;
  if (retainage !== undefined && !isPostable(world, retainage.account))
    errors.push(
      bad('retainage.account', 'not-postable', `account ${retainage.account} takes no bookings or is none`),
    );
  return [
    ...errors,
    ...(document.type === 'invoice' ? checkWork(world, order, document) : checkRelease(world, document)),
  ];
}

function checkWork(world: World, order: Order, document: InvoiceImport & { type: 'invoice' }): LineError[] {
  const bad = (line: number | null, field: string, code: string, message: string) =>
    fault(document, line, field, code, message);
  if (order.status !== 'open')
    return [bad(null, 'order', 'not-open', `order ${order.id} is ${order.status}`)];
  const open = new Map(
    effectiveLines(order).map(({ line, cents }) => {
      const gone = (order.invoicedCents.get(line) ?? 0n) + deliveredCents(world, order.id, line);
      return [line, cents - gone];
    }),
  );
  const onDelivery = new Map<string, bigint>();
  const errors = document.lines.flatMap(({ order_line: at, delivery, amount }, index): LineError[] => {
    if (delivery !== undefined) {
      const place = `${delivery} ${at}`;
      const rest = onDelivery.get(place) ?? openOn(world, delivery, order.id, at);
      if (rest === undefined)
        return [
          bad(index + 1, 'delivery', 'not-open', `delivery ${delivery} has nothing open of line ${at}`),
        ];
      const billed = centsOf(amount);
      onDelivery.set(place, rest - billed);
      if (billed > 0n ? billed <= rest : billed < 0n && billed >= rest) return [];
      return [bad(index + 1, 'amount', 'over-delivered', `delivery ${delivery} has less than that open`)];
    }
    const left = open.get(at);
    if (left === undefined)
      return [bad(index + 1, 'order_line', 'unknown', `order ${order.id} has no line ${at}`)];
    const drawn = centsOf(amount);
    open.set(at, left - drawn);
    if (drawn > 0n ? drawn <= left : drawn < 0n && drawn >= left) return [];
    return [bad(index + 1, 'amount', 'over-open', `line ${at} has less than that open`)];
  });
  const work = document.lines.reduce((sum, { amount }) => sum + centsOf(amount), 0n);
  const withheld = document.retainage && centsOf(document.retainage.amount);
  if (withheld !== undefined && (withheld <= 0n || withheld > work))
    errors.push(bad(null, 'retainage.amount', 'not-a-part', 'retainage is a part of what is billed'));
  return errors;
}

function checkRelease(world: World, document: InvoiceImport & { type: 'retainage-release' }): LineError[] {
  const { account, amount } = document.retainage;
  const released = centsOf(amount);
  if (released > 0n && released <= heldCents(world, document.order, account)) return [];
  const message = `order ${document.order} has less than that held on ${account}`;
  return [fault(document, null, 'retainage.amount', 'over-held', message)];
}

/** What invoices of an order withheld on an account and no release has paid out yet. */
export function heldCents(world: World, order: string, account: string): bigint {
  return [...world.invoices.values()]
    .filter((each) => each.order === order && each.status === 'posted' && each.retainage?.account === account)
    .reduce((held, { type, retainage }) => {
      const cents = retainage?.cents ?? 0n;
      return type === 'invoice' ? held + cents : held - cents;
    }, 0n);
}

/** A vendor's number is used once, by a bill or by what is given back; that of a cancelled invoice is free again. */
export function invoiceNumbered(world: World, vendor: string, number: string): Invoice | undefined {
  return [...world.invoices.values()].find(
    (each) => each.vendor === vendor && each.vendor_number === number && each.status === 'posted',
  );
}

export function bookInvoice(world: World, document: InvoiceImport, nowMs: number) {
  const today = dayOf(nowMs);
  const id = takeId(world, 'LI');
  const order = world.orders.get(document.order)!;
  const { note, due_date, hold, retainage, ...rest } = document;
  const lines = document.type === 'invoice' ? document.lines : [];
  const invoice: Invoice = {
    ...rest,
    id,
    note: note ?? '',
    due_date: due_date ?? null,
    hold: hold ?? null,
    version: 1,
    retainage: retainage ? { account: retainage.account, cents: centsOf(retainage.amount) } : null,
    lines: lines.map(({ amount, key, ...line }, index) => {
      const ofOrder = { account: null, project: null };
      return { ...line, ...ofOrder, line: index + 1, key: key ?? null, cents: centsOf(amount) };
    }),
    bookedAtMs: nowMs,
    touchedOn: today,
    status: 'posted',
    paidCents: 0n,
  };
  world.invoices.set(id, invoice);
  draw(world, order, invoice, today, 1n);
  return { id, order_id: order.id };
}

/** Draws the lines of an invoice from its order and its deliveries, or gives them back by the direction -1. */
export function draw(
  world: World,
  order: Order,
  { lines }: Invoice,
  today: string,
  direction: 1n | -1n,
): void {
  for (const { order_line: at, delivery, cents } of lines) {
    if (at === null) continue;
    countInvoiced(order, at, direction * cents);
    if (delivery !== undefined) billDelivery(world, delivery, at, direction * cents);
  }
  order.version += 1;
  order.touchedOn = today;
}

/** Work less what is withheld of it; of a release what it pays out, and of a credit memo what comes back. */
export function payableCents({ type, lines, retainage }: Invoice): bigint {
  const work = lines.reduce((sum, { cents }) => sum + cents, 0n);
  if (type === 'credit-memo') return -work;
  const kept = retainage?.cents ?? 0n;
  return type === 'retainage-release' ? kept : work - kept;
}
