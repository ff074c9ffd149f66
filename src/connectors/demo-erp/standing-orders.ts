import type { StandingOrder, StandingOrderLine } from '../../domain/orders/standing-order.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, sum } from '../../domain/values/money.ts';
import { readAll } from './client.ts';
import { type StandingLine, standingLines } from './order-form.ts';
import { type Order, order as orderSchema } from './wire.ts';

const ALL = Number.POSITIVE_INFINITY;
// Any tool may write a reference there; ours have this form.
const OURS = /^T[A-Z0-9]{2}[A-Z2-7]{13}$/;

/** Orders of a project that are not cancelled, as their changes left them. */
export async function* standingOrders(read: Read, project: string): AsyncIterable<StandingOrder> {
  for await (const order of readAll(read, 'orders', orderSchema, { project }))
    if (order.status !== 'cancelled') yield standingOrder(order);
}

function standingOrder(order: Order): StandingOrder {
  const { id, reference, vendor: vendorCode, project: projectCode, currency, status } = order;
  const { number, date } = order.changes.at(-1) ?? order;
  // An emptied line cannot be deleted there: it says nothing.
  const lines = standingLines(order, ALL).filter(
    ({ amount, invoiced }) => amount.minor !== 0n || invoiced.minor !== 0n,
  );
  const total = sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  return {
    ...{ id, number, vendorReference: number, vendorCode, projectCode, currency },
    reference: reference !== null && OURS.test(reference) ? reference : null,
    date: calendarDate(date),
    total: formatMoney(total),
    closed: status === 'closed',
    lines: lines.map((line) => standingLine(line, order)),
  };
}

function standingLine(line: StandingLine, { project: projectCode, status }: Order): StandingOrderLine {
  const { line: number, description, account: code, subJob, costCode: assignedCode, drawsOn: base } = line;
  return {
    key: String(number),
    ...{ description, projectCode },
    amount: formatMoney(line.amount),
    coding: { kind: 'account', code },
    ...(subJob === null ? {} : { subJob }),
    ...(assignedCode === null ? {} : { assignedCode }),
    ...(base == null ? {} : { drawsOn: { requisition: base.requisition, line: String(base.line) } }),
    invoiced: formatMoney(line.invoiced),
    closed: status !== 'open',
  };
}
