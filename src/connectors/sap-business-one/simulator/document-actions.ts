import { compare, type Decimal, minus, plus, ZERO } from './decimal.ts';
import { applyTotals, openOf } from './document-amounts.ts';
import { checkUniqueFields } from './document-checks.ts';
import { keepChanged } from './document-update.ts';
import { keptOrder } from './documents.ts';
import { businessError, notFound, notSupported } from './errors.ts';
import { amount, copied, INVOICED, integer, type Row, rows } from './rows.ts';
import { type SimState, timeOfDay, today } from './state.ts';

export const ORDER_ACTIONS = ['Cancel', 'Close', 'Reopen'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** Runs a bound action of a purchase order. */
export function actOnOrder(state: SimState, stored: Row, action: OrderAction): void {
  const order = copied(stored);
  if (action === 'Reopen') reopen(order);
  else end(state, order, action);
  applyTotals(state, order);
  keepChanged(state, order);
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

/** Books an A/P invoice over part or all of one line and returns it. */
export function invoiceLine(state: SimState, stored: Row, lineNum: number, wanted: Decimal | null): Row {
  const order = copied(stored);
  const line = openLine(order, lineNum);
  const open = openOf(line);
  const invoiced = wanted ?? open;
  if (compare(invoiced, ZERO) === 0) throw businessError('Nothing to invoice');
  line[INVOICED] = plus(amount(line, INVOICED), invoiced);
  const isWhole = open.digits >= 0n ? compare(invoiced, open) >= 0 : compare(invoiced, open) <= 0;
  if (isWhole) {
    line.LineStatus = 'bost_Close';
    line.RemainingOpenQuantity = ZERO;
  }
  const invoice = keptInvoice(state, order, line, invoiced);
  closeWhenDone(state, order);
  applyTotals(state, order);
  keepChanged(state, order);
  return invoice;
}

function keptInvoice(state: SimState, order: Row, line: Row, invoiced: Decimal): Row {
  const docEntry = state.nextEntry.invoice++;
  const net = minus(invoiced, ZERO);
  const invoice: Row = {
    ...order,
    DocEntry: docEntry,
    DocNum: state.nextDocNum.invoice++,
    DocObjectCode: 'oPurchaseInvoices',
    DocDate: today(state),
    TaxDate: today(state),
    DocTotal: net,
    DocTotalSys: net,
    DocTotalFc: ZERO,
    VatSum: ZERO,
    TotalDiscount: ZERO,
    DiscountPercent: ZERO,
    PaidToDate: ZERO,
    DocumentStatus: 'bost_Open',
    CreationDate: today(state),
    UpdateDate: today(state),
    UpdateTime: timeOfDay(state),
    DataVersion: 1,
  };
  const row: Row = {
    ...line,
    DocEntry: docEntry,
    LineNum: 0,
    VisualOrder: 0,
    BaseType: 22,
    BaseEntry: integer(order, 'DocEntry'),
    BaseLine: integer(line, 'LineNum'),
    LineTotal: net,
    OpenAmount: net,
    TaxTotal: ZERO,
    LineStatus: 'bost_Open',
  };
  invoice.DocumentLines = [row];
  state.invoices.set(docEntry, invoice);
  return invoice;
}

function openLine(order: Row, lineNum: number): Row {
  const line = rows(order, 'DocumentLines').find((candidate) => candidate.LineNum === lineNum);
  if (line === undefined) throw notFound();
  if (order.DocumentStatus !== 'bost_Open' || line.LineStatus !== 'bost_Open') {
    throw businessError('One of the base documents has already been closed');
  }
  return line;
}

function closeWhenDone(state: SimState, order: Row): void {
  if (rows(order, 'DocumentLines').some((line) => line.LineStatus === 'bost_Open')) return;
  order.DocumentStatus = 'bost_Close';
  order.ClosingDate = today(state);
}

/** Turns a waiting draft into an order: other key, next number, the same user fields. */
export function approveDraft(state: SimState, docEntry: number): Row {
  const draft = waitingDraft(state, docEntry);
  checkUniqueFields(state, draft);
  const order = keptOrder(state, { ...copied(draft), AuthorizationStatus: 'dasApproved', DataVersion: 1 });
  settleDraft(state, draft, 'dasGenerated');
  return order;
}

export function rejectDraft(state: SimState, docEntry: number): void {
  settleDraft(state, waitingDraft(state, docEntry), 'dasRejected');
}

function waitingDraft(state: SimState, docEntry: number): Row {
  const draft = state.drafts.get(docEntry);
  if (draft === undefined) throw notFound();
  if (draft.AuthorizationStatus !== 'dasPending') throw notSupported('the draft is decided already');
  return draft;
}

function settleDraft(state: SimState, draft: Row, status: string): void {
  const decided = copied(draft);
  decided.AuthorizationStatus = status;
  if (status === 'dasGenerated') decided.DocumentStatus = 'bost_Close';
  decided.DataVersion = (integer(decided, 'DataVersion') ?? 0) + 1;
  decided.UpdateDate = today(state);
  decided.UpdateTime = timeOfDay(state);
  state.drafts.set(integer(decided, 'DocEntry') ?? 0, decided);
}
