import { SERIES, type SimState, timeOfDay, today } from '../company/state.ts';
import { checkBases, checkDrawn, inheritedFromBase, relieve } from '../invoices/invoice-base.ts';
import { bookInvoice, bookSalesInvoice } from '../journals/journals.ts';
import { owe } from '../masters/vendor-balance.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { negated, ONE, ZERO } from '../odata/decimal.ts';
import { badRequest, businessError } from '../odata/errors.ts';
import { applyLineAmounts, applyRate, applyTotals } from './document-amounts.ts';
import {
  checkHasLines,
  checkHeader,
  checkLine,
  checkUniqueFields,
  checkVendorReference,
  periodOf,
} from './document-checks.ts';
import {
  CREDIT_NOTE,
  type DocumentKind,
  INVOICE,
  kindOf,
  ORDER,
  PURCHASE_REQUEST,
  SALES_INVOICE,
} from './document-kinds.ts';
import { keepDraft, keepNew } from './document-store.ts';
import { amount, INVOICED, integer, NEXT_LINE_NUM, type Row, rows, text } from './rows.ts';

export interface CreatedDocument {
  set: DocumentKind['set'] | 'Drafts';
  row: Row;
}

/** Creates a document from a request body, or a draft of it where its kind needs approval. */
export function createDocument(state: SimState, kind: DocumentKind, requestText: string): CreatedDocument {
  const approval = state.settings.approvalProcedure;
  const needsApproval = approval === true || approval === kind.store;
  return createDocumentFrom(state, kind, parseRequestBody(requestText), needsApproval);
}

export function createDocumentFrom(
  state: SimState,
  kind: DocumentKind,
  body: Record<string, unknown>,
  needsApproval = false,
): CreatedDocument {
  const document = builtDocument(state, kind, checkedRow(state, 'Document', body, 'create'));
  if (needsApproval) return { set: 'Drafts', row: keepDraft(state, document) };
  return { set: kind.set, row: post(state, document) };
}

/** Books a document that was checked when it was built: what came in between is checked again. */
export function post(state: SimState, document: Row): Row {
  checkUniqueFields(state, document);
  checkVendorReference(state, document);
  if (kindOf(document) === PURCHASE_REQUEST) return keepNew(state, document);
  if (kindOf(document) === ORDER) {
    const order = keepNew(state, document);
    relieve(state, order);
    return order;
  }
  if (kindOf(document) === SALES_INVOICE) return postSale(state, document);
  if (kindOf(document) === CREDIT_NOTE) return postCredit(state, document);
  checkBases(state, document);
  const invoice = keepNew(state, document);
  invoice.TransNum = bookInvoice(state, invoice, 1);
  relieve(state, invoice);
  owe(state, invoice, amount(invoice, 'DocTotal'));
  return invoice;
}

/** Booked with the sides changed over: the vendor is owed less, and the accounts of its rows are credited. */
function postCredit(state: SimState, document: Row): Row {
  const credit = keepNew(state, document);
  credit.TransNum = bookInvoice(state, credit, -1);
  owe(state, credit, negated(amount(credit, 'DocTotal')));
  return credit;
}

/** A customer owes what a vendor is owed, so the balance goes the other way. */
function postSale(state: SimState, document: Row): Row {
  const invoice = keepNew(state, document);
  invoice.TransNum = bookSalesInvoice(state, invoice);
  owe(state, invoice, negated(amount(invoice, 'DocTotal')));
  return invoice;
}

function builtDocument(state: SimState, kind: DocumentKind, sent: Row): Row {
  const docDate = text(sent, 'DocDate') ?? today(state);
  const dueDate = text(sent, 'DocDueDate');
  // The client form demands a delivery date on orders; how the service words its refusal is inferred.
  if (kind === ORDER && dueDate === null && state.settings.dueDateRequired) {
    throw businessError('Due date is missing  [OPOR.DocDueDate]');
  }
  const vendor = state.partners.get(text(sent, 'CardCode') ?? '');
  const own = vendor === undefined ? null : text(vendor, 'Currency');
  const order: Row = {
    ...sent,
    DocType: sent.DocType ?? 'dDocument_Items',
    DocObjectCode: kind.objectCode,
    DocumentSubType: 'bod_None',
    DocDate: docDate,
    DocDueDate: dueDate ?? docDate,
    TaxDate: sent.TaxDate ?? docDate,
    CardName: sent.CardName ?? vendor?.CardName ?? null,
    DocCurrency: sent.DocCurrency ?? (own === null || own === '##' ? (state.company?.currency ?? null) : own),
    DiscountPercent: sent.DiscountPercent ?? ZERO,
    Confirmed: sent.Confirmed ?? 'tYES',
    PaymentBlock: sent.PaymentBlock ?? vendor?.PaymentBlock ?? 'tNO',
    DocumentLines: [],
    [NEXT_LINE_NUM]: 0,
  };
  if (text(sent, 'DocObjectCode') !== null && sent.DocObjectCode !== kind.objectCode) {
    throw badRequest(`'${String(sent.DocObjectCode)}' does not belong to '${kind.set}'`);
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
export function addLine(state: SimState, document: Row, sent: Row): void {
  const lines = rows(document, 'DocumentLines');
  const lineNum = integer(document, NEXT_LINE_NUM) ?? 0;
  const position = lines.length + 1;
  const wanted = integer(sent, 'LineNum');
  if (wanted !== null && wanted !== lineNum)
    throw businessError(`Row ${wanted} does not exist  [${kindOf(document).lineTable}.LineNum]`);
  const isInvoice = kindOf(document) === INVOICE;
  const isBased = ['BaseEntry', 'BaseLine'].some((name) => integer(sent, name) !== null);
  const draws = isInvoice || (kindOf(document) === ORDER && isBased);
  const base = draws ? inheritedFromBase(state, document, sent, position) : {};
  const said = { ...base, ...sent };
  const given: Row = { ...said, ...taxOf(state, document, said) };
  const line: Row = {
    ...given,
    LineNum: lineNum,
    VisualOrder: lines.length,
    BaseType: given.BaseType ?? -1,
    LineStatus: 'bost_Open',
    DiscountPercent: given.DiscountPercent ?? ZERO,
    OpenAmountFC: ZERO,
    [INVOICED]: ZERO,
  };
  checkLine(state, document, line, position);
  if (document.DocType !== 'dDocument_Service') line.Quantity = given.Quantity ?? ONE;
  applyLineAmounts(state, document, line, given);
  if (draws || kindOf(document) === CREDIT_NOTE) checkDrawn(state, document, line, position);
  line.RemainingOpenQuantity = line.Quantity ?? ZERO;
  lines.push(line);
  document[NEXT_LINE_NUM] = lineNum + 1;
}

/** A row that names no tax gets the vendor's (inferred: accounts and items may have one of their own as well). */
function taxOf(state: SimState, document: Row, given: Row): Row {
  if (text(given, 'VatGroup') !== null || text(given, 'TaxCode') !== null) return {};
  const group = text(state.partners.get(text(document, 'CardCode') ?? '') ?? {}, 'VatGroup');
  return group === null ? {} : { VatGroup: group };
}
