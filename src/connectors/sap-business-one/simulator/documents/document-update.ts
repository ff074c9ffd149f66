import type { SimState } from '../company/state.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { compare, minus } from '../odata/decimal.ts';
import { businessError, staleVersion } from '../odata/errors.ts';
import { etagOf } from '../odata/render.ts';
import { applyLineAmounts, applyTotals } from './document-amounts.ts';
import { checkHasLines, checkHeader, checkLine, checkUniqueFields, periodOf } from './document-checks.ts';
import { keepChanged } from './document-store.ts';
import { addLine } from './documents.ts';
import { amount, copied, decimal, INVOICED, integer, type Row, rows, sameValue, text } from './rows.ts';

/** Applies a PATCH to an order; nothing is kept unless all of it is accepted. */
export function updateOrder(state: SimState, stored: Row, requestText: string, replaceLines: boolean): void {
  updateOrderFrom(state, stored, parseRequestBody(requestText), replaceLines);
}

export function updateOrderFrom(
  state: SimState,
  stored: Row,
  body: Record<string, unknown>,
  replaceLines: boolean,
): void {
  const { DocumentLines: sentLines, ...header } = checkedRow(state, 'Document', body, 'update');
  if (stored.Cancelled === 'tYES') throw businessError('The document is cancelled and cannot be changed');
  if (stored.DocumentStatus !== 'bost_Open')
    throw businessError('The document is closed and cannot be changed');
  const order = { ...copied(stored), ...header };
  for (const name of ['DocDate', 'DocDueDate', 'TaxDate']) {
    if (text(order, name) === null) throw businessError(`Date '${name}' may not be empty`);
  }
  const attached = integer(order, 'AttachmentEntry');
  if (attached !== null && !state.attachments.has(attached))
    throw businessError(`Attachment ${attached} not found  [OPOR.AtcEntry]`);
  checkHeader(state, order);
  if (Array.isArray(sentLines)) applyLines(state, order, sentLines, replaceLines);
  checkHasLines(order);
  applyTotals(state, order);
  checkUniqueFields(state, order);
  const period = periodOf(state, text(order, 'DocDate') ?? '');
  order.FinancialPeriod = period === undefined ? null : integer(period, 'AbsoluteEntry');
  keepChanged(state, order);
}

function applyLines(state: SimState, order: Row, sentLines: Row[], replaceLines: boolean): void {
  const named = new Set<number>();
  const before = new Map(rows(order, 'DocumentLines').map((line) => [integer(line, 'LineNum') ?? -1, line]));
  for (const sent of sentLines) {
    const lineNum = integer(sent, 'LineNum');
    if (lineNum === null) continue;
    if (named.has(lineNum)) throw businessError(`Row ${lineNum} is named twice  [POR1.LineNum]`);
    named.add(lineNum);
    const line = before.get(lineNum);
    if (line === undefined) throw businessError(`Row ${lineNum} does not exist  [POR1.LineNum]`);
    changeLine(state, order, line, sent);
  }
  if (replaceLines) removeUnnamed(order, named);
  for (const sent of sentLines) {
    if (integer(sent, 'LineNum') === null) addLine(state, order, sent);
  }
  renumberShown(order);
}

function changeLine(state: SimState, order: Row, line: Row, sent: Row): void {
  const changed = Object.entries(sent).filter(([name, value]) => !sameValue(line[name], value));
  if (changed.length === 0) return;
  const position = (integer(line, 'VisualOrder') ?? 0) + 1;
  refuseIfClosed(line, position);
  if (changed.some(([name]) => CODING.has(name))) refuseIfInvoiced(line, position);
  const drawnQuantity = minus(amount(line, 'Quantity'), amount(line, 'RemainingOpenQuantity'));
  Object.assign(line, sent);
  checkLine(state, order, line, position);
  applyLineAmounts(state, order, line, Object.fromEntries(changed));
  refuseBelowInvoiced(line, position);
  if (decimal(line, 'Quantity') !== null)
    line.RemainingOpenQuantity = minus(amount(line, 'Quantity'), drawnQuantity);
}

/** What a row is booked on stays once something is invoiced on it. */
const CODING: ReadonlySet<string> = new Set(['AccountCode', 'ItemCode', 'ProjectCode']);

function refuseIfClosed(line: Row, position: number): void {
  if (line.LineStatus !== 'bost_Open')
    throw businessError(`Row is closed and cannot be changed  [POR1.LineStatus][line: ${position}]`);
}

function refuseIfInvoiced(line: Row, position: number): void {
  if (amount(line, INVOICED).digits !== 0n)
    throw businessError(`Row is partly invoiced and cannot be changed  [POR1.OpenSum][line: ${position}]`);
}

/** An open row may become more or less, as long as what is invoiced on it stays within; a deduction the other way. */
function refuseBelowInvoiced(line: Row, position: number): void {
  const invoiced = amount(line, INVOICED);
  const total = amount(line, 'LineTotal');
  const fits = invoiced.digits < 0n ? compare(total, invoiced) <= 0 : compare(total, invoiced) >= 0;
  if (invoiced.digits !== 0n && !fits)
    throw businessError(
      `Row is partly invoiced and cannot fall below that  [POR1.OpenSum][line: ${position}]`,
    );
}

function removeUnnamed(order: Row, named: Set<number>): void {
  const kept: Row[] = [];
  for (const line of rows(order, 'DocumentLines')) {
    if (named.has(integer(line, 'LineNum') ?? -1)) kept.push(line);
    else {
      const position = (integer(line, 'VisualOrder') ?? 0) + 1;
      refuseIfClosed(line, position);
      refuseIfInvoiced(line, position);
    }
  }
  order.DocumentLines = kept;
}

function renumberShown(order: Row): void {
  const docEntry = integer(order, 'DocEntry');
  for (const [index, line] of rows(order, 'DocumentLines').entries()) {
    line.VisualOrder = index;
    line.DocEntry = docEntry;
  }
}

/** Refuses a write whose If-Match names another version; without the header nothing is checked. */
export function checkIfMatch(row: Row, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(row)) throw staleVersion();
}
