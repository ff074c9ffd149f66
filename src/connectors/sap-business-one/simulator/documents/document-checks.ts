import { SERIES, type SimState } from '../company/state.ts';
import { compare, ZERO } from '../odata/decimal.ts';
import { alreadyExists, businessError, dateOutOfRange, periodLocked, wrongSeries } from '../odata/errors.ts';
import { CREDIT_NOTE, INVOICE, kindOf, ORDER, PURCHASE_REQUEST, SALES_INVOICE } from './document-kinds.ts';
import { amount, decimal, integer, type Row, rows, text } from './rows.ts';
import { isTax } from './taxes.ts';

/** Checks a document's header against the masters and the posting periods. */
export function checkHeader(state: SimState, order: Row): void {
  const docDate = text(order, 'DocDate') ?? '';
  if (kindOf(order) === PURCHASE_REQUEST) checkNeed(state, order);
  else checkPartner(state, order, text(order, 'CardCode'), `${kindOf(order).table}.CardCode`);
  checkPeriods(state, order);
  const project = text(order, 'Project');
  if (project !== null) checkProject(state, project, docDate, `${kindOf(order).table}.Project`);
  if (order.Series !== undefined && order.Series !== null && order.Series !== SERIES) throw wrongSeries();
  const discount = amount(order, 'DiscountPercent');
  if (compare(discount, ZERO) < 0)
    throw businessError(`Enter valid discount  [${kindOf(order).table}.DiscPrcnt]`);
  const attached = integer(order, 'AttachmentEntry');
  if (attached !== null && !state.attachments.has(attached)) {
    throw businessError(`Attachment ${attached} not found  [${kindOf(order).table}.AtcEntry]`);
  }
  checkMandatoryUserFields(state, 'Document', order);
}

/** Of a request: by when it is needed, and no vendor but on its rows. How the service words it is inferred. */
function checkNeed(state: SimState, request: Row): void {
  const needed = text(request, 'RequriedDate');
  if (needed === null) throw businessError('Required date is missing  [OPRQ.ReqDate]');
  if (needed < (text(request, 'DocDate') ?? '')) throw dateOutOfRange('OPRQ.ReqDate');
  if (text(request, 'CardCode') !== null)
    throw businessError('A purchase request has no business partner  [OPRQ.CardCode]');
  const currency = text(request, 'DocCurrency');
  if (currency === null || !state.currencies.has(currency))
    throw businessError(`Currency '${currency ?? ''}' not found  [OPRQ.DocCur]`);
}

function checkPartner(state: SimState, order: Row, code: string | null, column: string): void {
  const docDate = text(order, 'DocDate') ?? '';
  const { table } = kindOf(order);
  const isSale = kindOf(order) === SALES_INVOICE;
  const [type, word] = isSale ? (['cCustomer', 'customer'] as const) : (['cSupplier', 'vendor'] as const);
  const name = isSale ? 'Customer' : 'Vendor';
  const vendor = code === null ? undefined : state.partners.get(code);
  if (code === null || vendor === undefined) {
    throw businessError(`Business partner code '${code ?? ''}' not found  [${column}]`);
  }
  if (vendor.CardType !== type) throw businessError(`'${code}' is not a ${word}  [${column}]`);
  const outside = !within(docDate, text(vendor, 'ValidFrom'), text(vendor, 'ValidTo'));
  if (vendor.Valid === 'tNO' || outside) throw businessError(`${name} '${code}' is inactive  [${column}]`);
  if (vendor.Frozen === 'tYES' && within(docDate, text(vendor, 'FrozenFrom'), text(vendor, 'FrozenTo'))) {
    throw businessError(`${name} '${code}' is on hold  [${column}]`);
  }
  const own = text(vendor, 'Currency');
  const used = text(order, 'DocCurrency');
  if (used === null || !state.currencies.has(used)) {
    throw businessError(`Currency '${used ?? ''}' not found  [${table}.DocCur]`);
  }
  if (own !== null && own !== '##' && used !== own && used !== state.company?.currency) {
    throw businessError(`Currency '${used}' is not allowed for '${code}'  [${table}.DocCur]`);
  }
}

/** All three dates have their own window in the period, and the posting date finds the period. */
export function checkPeriods(state: SimState, order: Row): void {
  const { table } = kindOf(order);
  const docDate = text(order, 'DocDate') ?? '';
  const period = periodOf(state, docDate);
  if (period === undefined) throw dateOutOfRange(`${table}.DocDate`);
  const status = text(period, 'PeriodStatus');
  const closedToIt = status === 'ltUnlockedExceptSales' && kindOf(order) === SALES_INVOICE;
  if (status === 'ltLocked' || status === 'ltPeriodClosing' || closedToIt) throw periodLocked();
  const dueDate = text(order, 'DocDueDate') ?? '';
  if (!within(dueDate, text(period, 'ValueDateFrom'), text(period, 'ValueDateTo'))) {
    throw dateOutOfRange(`${table}.DocDueDate`);
  }
  const taxDate = text(order, 'TaxDate') ?? '';
  if (!within(taxDate, text(period, 'TaxDateFrom'), text(period, 'TaxDateTo'))) {
    throw dateOutOfRange(`${table}.TaxDate`);
  }
}

export function periodOf(state: SimState, day: string): Row | undefined {
  return state.periods.find((p) => within(day, text(p, 'PostingDateFrom'), text(p, 'PostingDateTo')));
}

/** Checks one line against items, accounts, projects, cost centres and tax codes. */
export function checkLine(state: SimState, order: Row, line: Row, position: number): void {
  const docDate = text(order, 'DocDate') ?? '';
  const { lineTable } = kindOf(order);
  const at = (column: string) => `[${lineTable}.${column}][line: ${position}]`;
  const draws = kindOf(order) === INVOICE || kindOf(order) === ORDER;
  if (!draws && ['BaseEntry', 'BaseLine'].some((name) => integer(line, name) !== null)) {
    throw businessError(`This company has no base documents of it  ${at('BaseEntry')}`);
  }
  const wished = text(line, 'LineVendor');
  if (wished !== null) checkPartner(state, order, wished, `${lineTable}.LineVendor][line: ${position}`);
  if (order.DocType === 'dDocument_Service') checkServiceLine(state, line, at);
  else checkItemLine(state, line, at);
  const account = text(line, 'AccountCode');
  if (account !== null) checkAccount(state, account, line, at('AcctCode'));
  const project = text(line, 'ProjectCode');
  if (project !== null) checkProject(state, project, docDate, `${lineTable}.Project][line: ${position}`);
  for (const name of ['CostingCode', 'CostingCode2', 'CostingCode3', 'CostingCode4', 'CostingCode5']) {
    const rule = text(line, name);
    if (rule !== null && state.distributionRules.get(rule)?.Active !== 'tYES') {
      throw businessError(`Distribution rule '${rule}' not found or inactive  ${at(name)}`);
    }
  }
  for (const name of ['TaxCode', 'VatGroup']) {
    const code = text(line, name);
    if (code !== null && !isTax(state, code)) {
      throw businessError(`Tax code '${code}' not found  ${at(name)}`);
    }
  }
  checkMandatoryUserFields(state, 'DocumentLine', line);
}

type At = (column: string) => string;

function checkServiceLine(state: SimState, line: Row, at: At): void {
  if (text(line, 'ItemCode') !== null)
    throw businessError(`No item in a service document  ${at('ItemCode')}`);
  if (decimal(line, 'Quantity') !== null) {
    throw businessError(`No quantity in a service document  ${at('Quantity')}`);
  }
  const code = text(line, 'AccountCode');
  if (code === null || code === '') throw businessError(`G/L account is missing  ${at('AcctCode')}`);
  if (!state.accounts.has(code)) throw businessError(`G/L account '${code}' not found  ${at('AcctCode')}`);
}

function checkItemLine(state: SimState, line: Row, at: At): void {
  const code = text(line, 'ItemCode');
  const item = code === null ? undefined : state.items.get(code);
  if (item === undefined) throw businessError(`Item '${code ?? ''}' not found  ${at('ItemCode')}`);
  if (item.PurchaseItem !== 'tYES' || item.Frozen === 'tYES' || item.Valid === 'tNO') {
    throw businessError(`Item '${code ?? ''}' cannot be purchased  ${at('ItemCode')}`);
  }
  const quantity = decimal(line, 'Quantity');
  if (quantity !== null && compare(quantity, ZERO) <= 0) {
    throw businessError(`Enter a quantity above zero  ${at('Quantity')}`);
  }
}

function checkAccount(state: SimState, code: string, line: Row, at: string): void {
  const account = state.accounts.get(code);
  if (account === undefined) throw businessError(`G/L account '${code}' not found  ${at}`);
  if (account.ActiveAccount !== 'tYES')
    throw businessError(`G/L account '${code}' is a title account  ${at}`);
  if (account.FrozenFor === 'tYES') throw businessError(`G/L account '${code}' is inactive  ${at}`);
  if (account.LockManualTransaction === 'tYES' || account.BlockManualPosting === 'tYES') {
    throw businessError(`G/L account '${code}' is locked for manual posting  ${at}`);
  }
  if (account.ProjectRelevant === 'tYES' && text(line, 'ProjectCode') === null) {
    throw businessError(`G/L account '${code}' needs a project  ${at}`);
  }
  if (account.DistributionRuleRelevant === 'tYES' && text(line, 'CostingCode') === null) {
    throw businessError(`G/L account '${code}' needs a distribution rule  ${at}`);
  }
}

function checkProject(state: SimState, code: string, docDate: string, column: string): void {
  const project = state.projects.get(code);
  if (project === undefined) throw businessError(`Project '${code}' not found  [${column}]`);
  const valid = within(docDate, text(project, 'ValidFrom'), text(project, 'ValidTo'));
  if (project.Active !== 'tYES' || !valid) throw businessError(`Project '${code}' is inactive  [${column}]`);
}

function checkMandatoryUserFields(state: SimState, typeName: 'Document' | 'DocumentLine', row: Row): void {
  for (const [name, field] of state.fieldTables[typeName]) {
    if (field.mandatory === true && (row[name] ?? '') === '') {
      throw businessError(`Mandatory property '${name}' is missing`);
    }
  }
}

/** With the unique switch on, a header user field may hold a value once in its table, cancelled included. */
export function checkUniqueFields(state: SimState, order: Row): void {
  const unique = state.settings.uniqueUdf;
  if (unique === false || state.settings.uniqueUdfOnlyWarns) return;
  const { store, table } = kindOf(order);
  for (const name of state.fieldTables.Document.keys()) {
    if (!name.startsWith('U_') || (unique !== true && unique !== name)) continue;
    const value = order[name] ?? null;
    if (value === null || value === '') continue;
    for (const other of state[store].values()) {
      if (other.DocEntry !== order.DocEntry && other[name] === value) throw alreadyExists(table);
    }
  }
}

/**
 * One vendor's number once among invoices, and once among credit memos, where the company blocks a second one. Cancelled
 * ones free their number. The vendor's words are not known; where the company only warns, nobody is there to be warned.
 */
export function checkVendorReference(state: SimState, invoice: Row): void {
  const number = text(invoice, 'NumAtCard');
  const kind = kindOf(invoice);
  const isNumbered = kind === INVOICE || kind === CREDIT_NOTE;
  if (!isNumbered || state.settings.duplicateVendorReference !== 'block') return;
  if (number === null || number === '') return;
  for (const other of state[kind.store].values()) {
    if (other.DocEntry === invoice.DocEntry || other.CancelStatus !== 'csNo') continue;
    if (other.CardCode !== invoice.CardCode || other.NumAtCard !== number) continue;
    throw businessError(`Vendor reference number '${number}' already exists  [${kind.table}.NumAtCard]`);
  }
}

export function checkHasLines(order: Row): void {
  if (rows(order, 'DocumentLines').length === 0)
    throw businessError('No matching rows: enter at least one line');
}

function within(day: string, from: string | null, to: string | null): boolean {
  return (from === null || day >= from) && (to === null || day <= to);
}
