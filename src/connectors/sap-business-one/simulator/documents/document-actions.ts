import { type SimState, today } from '../company/state.ts';
import { closeWhenDone, giveBack } from '../invoices/invoice-base.ts';
import { type Decimal, dividedBy, ONE, ZERO } from '../odata/decimal.ts';
import { businessError, notFound, notSupported } from '../odata/errors.ts';
import { applyTotals, openOf } from './document-amounts.ts';
import { INVOICE, ORDER } from './document-kinds.ts';
import { keepChanged } from './document-store.ts';
import { post } from './documents.ts';
import { amount, copied, INVOICED, integer, type Row, rows } from './rows.ts';

export const ORDER_ACTIONS = ['Cancel', 'Close', 'Reopen'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** Runs a bound action of a purchase order. */
export function actOnOrder(state: SimState, stored: Row, action: OrderAction): void {
  const order = copied(stored);
  if (action === 'Reopen') reopen(order);
  else end(state, order, action);
  applyTotals(state, order);
  keepChanged(state, order);
  if (action === 'Cancel') giveBack(state, order);
}

function end(state: SimState, order: Row, action: 'Cancel' | 'Close'): void {
  if (order.DocumentStatus !== 'bost_Open') throw notSupported(`${action} on a closed document`);
  const lines = rows(order, 'DocumentLines');
  if (action === 'Cancel') {
    if (lines.some((line) => amount(line, INVOICED).digits !== 0n)) {
      throw notSupported('Cancel on a document that is partly invoiced');
    }
    order.Cancelled = 'tYES';
    order.CancelStatus = 'csYes';
    order.CancelDate = today(state);
  }
  order.DocumentStatus = 'bost_Close';
  order.ClosingDate = today(state);
  for (const line of lines) line.LineStatus = 'bost_Close';
}

function reopen(order: Row): void {
  if (order.Cancelled === 'tYES') throw notSupported('Reopen on a cancelled document');
  if (order.DocumentStatus !== 'bost_Close') throw notSupported('Reopen on an open document');
  const open = rows(order, 'DocumentLines').filter((line) => openOf(line).digits !== 0n);
  if (open.length === 0) throw notSupported('Reopen on a document that is fully invoiced');
  for (const line of open) line.LineStatus = 'bost_Open';
  order.DocumentStatus = 'bost_Open';
  order.ClosingDate = null;
}

/** Closes one line; the order closes with its last open line. */
export function closeLine(state: SimState, stored: Row, lineNum: number): void {
  const order = copied(stored);
  const line = openLine(order, lineNum);
  line.LineStatus = 'bost_Close';
  closeWhenDone(state, order);
  applyTotals(state, order);
  keepChanged(state, order);
}

/**
 * Books an invoice over part or all of one line as the client draws it from an order, whatever the periods say: with
 * the order's header and its user fields, which the client copies to the new document. Returns it.
 */
export function invoiceLine(state: SimState, order: Row, lineNum: number, wanted: Decimal | null): Row {
  const line = openLine(order, lineNum);
  const drawn = wanted ?? openOf(line);
  if (drawn.digits === 0n) throw businessError('Nothing to invoice');
  const day = { DocDate: today(state), TaxDate: today(state), CreationDate: today(state) };
  const row: Row = {
    ...line,
    LineNum: 0,
    VisualOrder: 0,
    BaseType: ORDER.objectNumber,
    BaseEntry: integer(order, 'DocEntry'),
    BaseLine: integer(line, 'LineNum'),
    LineTotal: drawn,
    LineStatus: 'bost_Open',
    [INVOICED]: ZERO,
  };
  if (order.DocType !== 'dDocument_Service') row.Quantity = quantityFor(line, drawn);
  const invoice: Row = {
    ...order,
    ...day,
    DocObjectCode: INVOICE.objectCode,
    DocumentLines: [row],
    DiscountPercent: ZERO,
    DataVersion: 1,
  };
  applyTotals(state, invoice);
  return post(state, invoice);
}

function quantityFor(line: Row, drawn: Decimal): Decimal {
  const price = amount(line, 'Price');
  return price.digits === 0n ? ONE : dividedBy(drawn, price, 6);
}

function openLine(order: Row, lineNum: number): Row {
  const line = rows(order, 'DocumentLines').find((candidate) => candidate.LineNum === lineNum);
  if (line === undefined) throw notFound();
  if (order.DocumentStatus !== 'bost_Open' || line.LineStatus !== 'bost_Open') {
    throw businessError('One of the base documents has already been closed');
  }
  return line;
}
