import { type SimState, today } from '../company/state.ts';
import { periodOf } from '../documents/document-checks.ts';
import { keepChanged } from '../documents/document-store.ts';
import { amount, copied, integer, type Row, rows, text } from '../documents/rows.ts';
import { unpaid } from '../invoices/invoice-actions.ts';
import { owe } from '../masters/vendor-balance.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { compare, type Decimal, minus, negated, plus, ZERO } from '../odata/decimal.ts';
import { businessError, dateOutOfRange, notSupported, periodLocked } from '../odata/errors.ts';

export const PAYMENT_ACTIONS = ['Cancel', 'CancelbyCurrentSystemDate'] as const;

/** What tells payments to vendors from those of customers, which share one form. */
export interface PaymentSide {
  readonly store: 'payments' | 'receipts';
  readonly counter: 'payment' | 'receipt';
  readonly docType: 'rSupplier' | 'rCustomer';
  readonly partner: { readonly type: string; readonly word: 'vendor' | 'customer' };
  readonly invoiceType: 'it_PurchaseInvoice' | 'it_Invoice';
  readonly invoices: 'invoices' | 'salesInvoices';
  readonly table: 'OVPM' | 'ORCT';
  readonly rowTable: 'VPM2' | 'RCT2';
}

export const OUTGOING: PaymentSide = {
  store: 'payments',
  counter: 'payment',
  docType: 'rSupplier',
  partner: { type: 'cSupplier', word: 'vendor' },
  invoiceType: 'it_PurchaseInvoice',
  invoices: 'invoices',
  table: 'OVPM',
  rowTable: 'VPM2',
};

export const INCOMING: PaymentSide = {
  store: 'receipts',
  counter: 'receipt',
  docType: 'rCustomer',
  partner: { type: 'cCustomer', word: 'customer' },
  invoiceType: 'it_Invoice',
  invoices: 'salesInvoices',
  table: 'ORCT',
  rowTable: 'RCT2',
};

function sideOf({ DocType }: Row): PaymentSide {
  return DocType === INCOMING.docType ? INCOMING : OUTGOING;
}

/** Books a payment from a request body. */
export function createPayment(state: SimState, requestText: string, side = OUTGOING): Row {
  return createPaymentFrom(state, parseRequestBody(requestText), side);
}

export function createPaymentFrom(state: SimState, body: Record<string, unknown>, side = OUTGOING): Row {
  const sent = checkedRow(state, 'Payment', body, 'create');
  const partner = state.partners.get(text(sent, 'CardCode') ?? '');
  if (partner?.CardType !== side.partner.type)
    throw businessError(
      `'${text(sent, 'CardCode') ?? ''}' is not a ${side.partner.word}  [${side.table}.CardCode]`,
    );
  const DocDate = text(sent, 'DocDate') ?? today(state);
  checkDate(state, DocDate, side);
  const payment: Row = {
    ...sent,
    DocType: sent.DocType ?? side.docType,
    CardName: partner.CardName ?? null,
    DocDate,
    TaxDate: sent.TaxDate ?? DocDate,
    DocCurrency: sent.DocCurrency ?? state.company?.currency ?? null,
    Cancelled: 'tNO',
    CancelStatus: 'csNo',
    PaymentInvoices: rows(sent, 'PaymentInvoices').map((row, LineNum) => ({ ...row, LineNum })),
  };
  checkPayment(state, payment, side);
  const docEntry = state.nextEntry[side.counter]++;
  const row = { ...payment, DocEntry: docEntry, DocNum: state.nextDocNum[side.counter]++ };
  state[side.store].set(docEntry, row);
  settle(state, row, 1);
  return row;
}

/** Takes a payment back: it stays as cancelled, and its invoices are open again. */
export function cancelPayment(state: SimState, stored: Row): void {
  if (stored.Cancelled === 'tYES') throw notSupported('Cancel on a cancelled payment');
  const payment: Row = { ...copied(stored), Cancelled: 'tYES', CancelStatus: 'csYes' };
  state[sideOf(payment).store].set(integer(payment, 'DocEntry') ?? 0, payment);
  settle(state, payment, -1);
}

function checkDate(state: SimState, day: string, { table }: PaymentSide): void {
  const period = periodOf(state, day);
  if (period === undefined) throw dateOutOfRange(`${table}.DocDate`);
  const status = text(period, 'PeriodStatus');
  if (status === 'ltLocked' || status === 'ltPeriodClosing') throw periodLocked();
}

function checkPayment(state: SimState, payment: Row, side: PaymentSide): void {
  const { table, rowTable } = side;
  if (payment.DocType !== side.docType)
    throw businessError(`Only ${side.docType} payments are kept here  [${table}.DocType]`);
  if (payment.DocCurrency !== state.company?.currency)
    throw businessError(`Only payments in the local currency are kept  [${table}.DocCurr]`);
  for (const [sum, account] of MEANS) {
    const given = sum === 'CheckSum' ? checkSum(payment) : amount(payment, sum);
    if (given.digits !== 0n && !state.accounts.has(text(payment, account) ?? ''))
      throw businessError(`G/L account is missing  [${table}.${account}]`);
  }
  const paid = paidBy(payment);
  if (compare(paid, ZERO) <= 0) throw businessError(`Enter a means of payment  [${table}.DocTotal]`);
  const applied = rows(payment, 'PaymentInvoices').map((row, index) =>
    appliedTo(state, payment, row, { position: index + 1, side }),
  );
  if (compare(applied.reduce(plus, ZERO), paid) > 0)
    throw businessError(`More is applied than was paid  [${rowTable}.SumApplied]`);
}

const MEANS = [
  ['CashSum', 'CashAccount'],
  ['TransferSum', 'TransferAccount'],
  ['CheckSum', 'CheckAccount'],
] as const;

function paidBy(payment: Row): Decimal {
  return plus(plus(amount(payment, 'CashSum'), amount(payment, 'TransferSum')), checkSum(payment));
}

function checkSum(payment: Row): Decimal {
  return rows(payment, 'PaymentChecks')
    .map((check) => amount(check, 'CheckSum'))
    .reduce(plus, ZERO);
}

/** What one row pays of its invoice. A blocked invoice is left out, as the payment wizard does (inferred). */
function appliedTo(
  state: SimState,
  payment: Row,
  row: Row,
  { position, side }: { readonly position: number; readonly side: PaymentSide },
): Decimal {
  const refused = (what: string) => businessError(`${what}  [${side.rowTable}.DocEntry][line: ${position}]`);
  if ((row.InvoiceType ?? side.invoiceType) !== side.invoiceType)
    throw refused(`Only ${side.invoiceType} is paid here`);
  const invoice = state[side.invoices].get(integer(row, 'DocEntry') ?? 0);
  if (invoice === undefined || invoice.CardCode !== payment.CardCode || invoice.CancelStatus !== 'csNo')
    throw refused(`No such invoice of this ${side.partner.word}`);
  if (invoice.DocumentStatus !== 'bost_Open') throw refused('The invoice is closed');
  if (invoice.PaymentBlock === 'tYES') throw refused('The invoice is blocked for payment');
  const applied = amount(row, 'SumApplied');
  if (compare(applied, ZERO) <= 0 || compare(applied, unpaid(invoice)) > 0)
    throw refused('The amount is more than the balance due');
  return applied;
}

function settle(state: SimState, payment: Row, sign: 1 | -1): void {
  const side = sideOf(payment);
  for (const row of rows(payment, 'PaymentInvoices')) {
    const stored = state[side.invoices].get(integer(row, 'DocEntry') ?? 0);
    if (stored === undefined) continue;
    const invoice = copied(stored);
    const applied = amount(row, 'SumApplied');
    invoice.PaidToDate = (sign === 1 ? plus : minus)(amount(invoice, 'PaidToDate'), applied);
    const isPaid = unpaid(invoice).digits === 0n;
    invoice.DocumentStatus = isPaid ? 'bost_Close' : 'bost_Open';
    invoice.ClosingDate = isPaid ? today(state) : null;
    keepChanged(state, invoice);
  }
  const paid = paidBy(payment);
  // A vendor is owed less afterwards, and a customer owes less.
  owe(state, payment, (sign === 1) === (side === OUTGOING) ? negated(paid) : paid);
}
