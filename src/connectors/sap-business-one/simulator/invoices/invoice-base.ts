import { type SimState, today } from '../company/state.ts';
import { applyTotals, openOf } from '../documents/document-amounts.ts';
import {
  type DocumentKind,
  GOODS_RECEIPT,
  kindOf,
  ORDER,
  PURCHASE_REQUEST,
} from '../documents/document-kinds.ts';
import { keepChanged } from '../documents/document-store.ts';
import { amount, copied, decimal, INVOICED, integer, type Row, rows, text } from '../documents/rows.ts';
import { compare, minus, negated, plus, ZERO } from '../odata/decimal.ts';
import { businessError } from '../odata/errors.ts';

const INHERITED = [
  'ItemCode',
  'ItemDescription',
  'AccountCode',
  'ProjectCode',
  'TaxCode',
  'VatGroup',
] as const;
/** What documents may draw on: an order on a request, an invoice on an order or on what came in against one. */
const BASES = [PURCHASE_REQUEST, ORDER, GOODS_RECEIPT];
const AMOUNTS = ['LineTotal', 'RowTotalFC', 'UnitPrice', 'Price'] as const;

/** What an invoice line takes over from the order line it is based on, where it does not say otherwise. */
export function inheritedFromBase(state: SimState, invoice: Row, sent: Row, position: number): Row {
  const base = baseLine(state, invoice, sent, position);
  if (base === null) return {};
  const taken: Row = Object.fromEntries(INHERITED.map((name) => [name, base[name] ?? null]));
  if (invoice.DocType !== 'dDocument_Service') taken.Quantity = base.RemainingOpenQuantity ?? null;
  if (AMOUNTS.every((name) => decimal(sent, name) === null)) {
    if (invoice.DocType === 'dDocument_Service') taken.LineTotal = openOf(base);
    else taken.UnitPrice = base.UnitPrice ?? null;
  }
  return taken;
}

/** Refuses an invoice line that its base does not allow, or that is negative where no account takes it. */
export function checkDrawn(state: SimState, invoice: Row, line: Row, position: number): void {
  const base = baseLine(state, invoice, line, position);
  const total = amount(line, 'LineTotal');
  const at = `[${kindOf(invoice).lineTable}.LineTotal][line: ${position}]`;
  if (base === null) {
    if (invoice.DocType !== 'dDocument_Service' && total.digits < 0n)
      throw businessError(`A negative amount needs a G/L account  ${at}`);
    return;
  }
  // Both sides of an order line have one sign: a negative row can be drawn from a deduction only.
  if (total.digits !== 0n && total.digits > 0n !== amount(base, 'LineTotal').digits > 0n)
    throw businessError(`The amount has another sign than its base document  ${at}`);
}

/** The order line that a row names as its base; null for a row of its own. */
function baseLine(state: SimState, invoice: Row, row: Row, position: number): Row | null {
  const [type, entry, lineNum] = ['BaseType', 'BaseEntry', 'BaseLine'].map((name) => integer(row, name));
  if (entry === null && lineNum === null && (type === null || type === -1)) return null;
  const { lineTable } = kindOf(invoice);
  const refused = (what: string) => businessError(`${what}  [${lineTable}.BaseEntry][line: ${position}]`);
  const isOrder = kindOf(invoice) === ORDER;
  const kind = BASES.find((base) => base.objectNumber === type && (base === PURCHASE_REQUEST) === isOrder);
  if (kind === undefined) throw refused(`Base document type ${String(type)} is not supported`);
  const order = state[kind.store].get(entry ?? 0);
  const line = order && rows(order, 'DocumentLines').find((candidate) => candidate.LineNum === lineNum);
  if (order === undefined || line === undefined) throw refused('The base document does not exist');
  // A request names no vendor, and who buys may buy in another currency (inferred).
  for (const name of isOrder ? ['DocType'] : ['CardCode', 'DocCurrency', 'DocType'])
    if (text(order, name) !== text(invoice, name)) throw refused(`'${name}' differs from the base document`);
  if (order.DocumentStatus !== 'bost_Open' || line.LineStatus !== 'bost_Open')
    throw businessError('One of the base documents has already been closed');
  const item = text(row, 'ItemCode');
  if (item !== null && item !== text(line, 'ItemCode'))
    throw refused('The item differs from the base document');
  return line;
}

/** Checks every base again: an invoice that waited as a draft may find its order closed meanwhile. */
export function checkBases(state: SimState, invoice: Row): void {
  for (const [index, line] of rows(invoice, 'DocumentLines').entries())
    checkDrawn(state, invoice, line, index + 1);
}

/** Takes an invoice off the order lines it is based on; a line that is drawn whole closes, and the order with its last. */
export function relieve(state: SimState, invoice: Row): void {
  for (const { order, draws } of drawnOrders(state, invoice)) {
    for (const [line, drawn] of draws) {
      line[INVOICED] = plus(amount(line, INVOICED), amount(drawn, 'LineTotal'));
      line.RemainingOpenQuantity = minus(amount(line, 'RemainingOpenQuantity'), amount(drawn, 'Quantity'));
      if (isWhole(order, line)) {
        line.LineStatus = 'bost_Close';
        line.RemainingOpenQuantity = ZERO;
      }
    }
    closeWhenDone(state, order);
    applyTotals(state, order);
    keepChanged(state, order);
  }
}

/** Gives a cancelled invoice back to its order: the lines are open again, and so is the order. */
export function giveBack(state: SimState, invoice: Row): void {
  for (const { order, draws } of drawnOrders(state, invoice)) {
    for (const [line, drawn] of draws) {
      line[INVOICED] = minus(amount(line, INVOICED), amount(drawn, 'LineTotal'));
      line.RemainingOpenQuantity = plus(amount(line, 'RemainingOpenQuantity'), amount(drawn, 'Quantity'));
      line.LineStatus = 'bost_Open';
    }
    order.DocumentStatus = 'bost_Open';
    order.ClosingDate = null;
    applyTotals(state, order);
    keepChanged(state, order);
  }
}

/** Closes an order whose last open line has gone. */
export function closeWhenDone(state: SimState, order: Row): void {
  if (rows(order, 'DocumentLines').some((line) => line.LineStatus === 'bost_Open')) return;
  order.DocumentStatus = 'bost_Close';
  order.ClosingDate = today(state);
}

interface Drawn {
  order: Row;
  /** Each order line with the invoice line that draws from it. */
  draws: [line: Row, drawn: Row][];
}

/** Copies of the orders and goods receipts that a document is based on. */
function drawnOrders(state: SimState, invoice: Row): Drawn[] {
  return BASES.flatMap((kind) => drawnOf(state, invoice, kind));
}

function drawnOf(state: SimState, invoice: Row, kind: DocumentKind): Drawn[] {
  const drawing = rows(invoice, 'DocumentLines').filter((line) => line.BaseType === kind.objectNumber);
  const entries = new Set(drawing.map((line) => integer(line, 'BaseEntry') ?? 0));
  return [...entries].flatMap((entry) => {
    const stored = state[kind.store].get(entry);
    if (stored === undefined) return [];
    const order = copied(stored);
    const draws = drawing.flatMap((drawn): [Row, Row][] => {
      if (integer(drawn, 'BaseEntry') !== entry) return [];
      const line = rows(order, 'DocumentLines').find(({ LineNum }) => LineNum === drawn.BaseLine);
      return line === undefined ? [] : [[line, drawn]];
    });
    return [{ order, draws }];
  });
}

/** Items are drawn by quantity, services by amount; more than was open closes the line as well. */
function isWhole(order: Row, line: Row): boolean {
  if (order.DocType !== 'dDocument_Service') return compare(amount(line, 'RemainingOpenQuantity'), ZERO) <= 0;
  const open = openOf(line);
  return compare(amount(line, 'LineTotal').digits < 0n ? negated(open) : open, ZERO) <= 0;
}
