import { checkedRow, parseRequestBody } from './body.ts';
import { ONE, ZERO } from './decimal.ts';
import { applyLineAmounts, applyRate, applyTotals } from './document-amounts.ts';
import { checkHasLines, checkHeader, checkLine, checkUniqueFields, periodOf } from './document-checks.ts';
import { badRequest, businessError } from './errors.ts';
import { INVOICED, integer, NEXT_LINE_NUM, type Row, rows, text } from './rows.ts';
import { SERIES, type SimState, timeOfDay, today } from './state.ts';

export interface CreatedDocument {
  set: 'PurchaseOrders' | 'Drafts';
  row: Row;
}

/** Creates an order from a request body, or a draft of it where orders need approval. */
export function createOrder(state: SimState, requestText: string): CreatedDocument {
  return createOrderFrom(state, parseRequestBody(requestText), state.settings.approvalProcedure);
}

export function createOrderFrom(
  state: SimState,
  body: Record<string, unknown>,
  needsApproval: boolean,
): CreatedDocument {
  const sent = checkedRow(state, 'Document', body, 'create');
  const order = builtOrder(state, sent);
  if (needsApproval) return { set: 'Drafts', row: keptDraft(state, order) };
  checkUniqueFields(state, order);
  return { set: 'PurchaseOrders', row: keptOrder(state, order) };
}

function builtOrder(state: SimState, sent: Row): Row {
  const docDate = text(sent, 'DocDate') ?? today(state);
  const dueDate = text(sent, 'DocDueDate');
  // The client form demands a delivery date on orders; how the service words its refusal is inferred.
  if (dueDate === null && state.settings.dueDateRequired) {
    throw businessError('Due date is missing  [OPOR.DocDueDate]');
  }
  const vendor = state.partners.get(text(sent, 'CardCode') ?? '');
  const own = vendor === undefined ? null : text(vendor, 'Currency');
  const order: Row = {
    ...sent,
    DocType: sent.DocType ?? 'dDocument_Items',
    DocObjectCode: 'oPurchaseOrders',
    DocumentSubType: 'bod_None',
    DocDate: docDate,
    DocDueDate: dueDate ?? docDate,
    TaxDate: sent.TaxDate ?? docDate,
    CardName: sent.CardName ?? vendor?.CardName ?? null,
    DocCurrency: sent.DocCurrency ?? (own === null || own === '##' ? (state.company?.currency ?? null) : own),
    DiscountPercent: sent.DiscountPercent ?? ZERO,
    Confirmed: sent.Confirmed ?? 'tYES',
    DocumentLines: [],
    [NEXT_LINE_NUM]: 0,
  };
  if (text(sent, 'DocObjectCode') !== null && sent.DocObjectCode !== 'oPurchaseOrders') {
    throw badRequest(`'${String(sent.DocObjectCode)}' is not a purchase order`);
  }
  checkHeader(state, order);
  applyRate(state, order);
  for (const line of rows(sent, 'DocumentLines')) addLine(state, order, line);
  checkHasLines(order);
  applyTotals(state, order);
  return { ...order, ...openedNow(state, order) };
}

function openedNow(state: SimState, order: Row): Row {
  const period = periodOf(state, text(order, 'DocDate') ?? '');
  return {
    Series: SERIES,
    DocumentStatus: 'bost_Open',
    Cancelled: 'tNO',
    CancelStatus: 'csNo',
    AuthorizationStatus: 'dasWithout',
    PaidToDate: ZERO,
    VatSumFc: ZERO,
    CreationDate: today(state),
    DocTime: timeOfDay(state),
    UpdateDate: today(state),
    UpdateTime: timeOfDay(state),
    FinancialPeriod: period === undefined ? null : integer(period, 'AbsoluteEntry'),
    PeriodIndicator: period === undefined ? null : text(period, 'PeriodIndicator'),
    DataVersion: 1,
  };
}

/** Appends a new line; its number follows the highest ever given, so a deleted number never comes back. */
export function addLine(state: SimState, order: Row, sent: Row): void {
  const lines = rows(order, 'DocumentLines');
  const lineNum = integer(order, NEXT_LINE_NUM) ?? 0;
  const wanted = integer(sent, 'LineNum');
  if (wanted !== null && wanted !== lineNum)
    throw businessError(`Row ${wanted} does not exist  [POR1.LineNum]`);
  const line: Row = {
    ...sent,
    LineNum: lineNum,
    VisualOrder: lines.length,
    BaseType: -1,
    LineStatus: 'bost_Open',
    DiscountPercent: sent.DiscountPercent ?? ZERO,
    OpenAmountFC: ZERO,
    [INVOICED]: ZERO,
  };
  checkLine(state, order, line, lines.length + 1);
  if (order.DocType !== 'dDocument_Service') line.Quantity = sent.Quantity ?? ONE;
  applyLineAmounts(state, order, line, sent);
  line.RemainingOpenQuantity = line.Quantity ?? ZERO;
  lines.push(line);
  order[NEXT_LINE_NUM] = lineNum + 1;
}

/** Files a checked order under the next keys; the document number is consumed here and not given back. */
export function keptOrder(state: SimState, order: Row): Row {
  const docEntry = state.nextEntry.order++;
  const row = withEntry(order, docEntry);
  row.DocNum = state.nextDocNum.order++;
  state.orders.set(docEntry, row);
  return row;
}

function keptDraft(state: SimState, order: Row): Row {
  const row = withEntry(order, state.nextEntry.draft++);
  row.DocNum = state.nextDocNum.order;
  row.AuthorizationStatus = 'dasPending';
  state.drafts.set(integer(row, 'DocEntry') ?? 0, row);
  return row;
}

export function withEntry(order: Row, docEntry: number): Row {
  const lines = rows(order, 'DocumentLines').map((line) => ({ ...line, DocEntry: docEntry }));
  return { ...order, DocEntry: docEntry, DocumentLines: lines };
}
