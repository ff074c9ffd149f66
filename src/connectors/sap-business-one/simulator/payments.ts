import { checkedRow, parseRequestBody } from './body.ts';
import { compare, type Decimal, minus, negated, plus, ZERO } from './decimal.ts';
import { periodOf } from './document-checks.ts';
import { keepChanged } from './document-store.ts';
import { businessError, dateOutOfRange, notSupported, periodLocked } from './errors.ts';
import { unpaid } from './invoice-actions.ts';
import { amount, copied, integer, type Row, rows, text } from './rows.ts';
import { type SimState, today } from './state.ts';
import { owe } from './vendor-balance.ts';

export const PAYMENT_ACTIONS = ['Cancel', 'CancelbyCurrentSystemDate'] as const;

/** Books an outgoing payment from a request body. */
export function createPayment(state: SimState, requestText: string): Row {
  return createPaymentFrom(state, parseRequestBody(requestText));
}

export function createPaymentFrom(state: SimState, body: Record<string, unknown>): Row {
  const sent = checkedRow(state, 'Payment', body, 'create');
  const vendor = state.partners.get(text(sent, 'CardCode') ?? '');
  if (vendor?.CardType !== 'cSupplier')
    throw businessError(`'${text(sent, 'CardCode') ?? ''}' is not a vendor  [OVPM.CardCode]`);
  const DocDate = text(sent, 'DocDate') ?? today(state);
  checkDate(state, DocDate);
  const payment: Row = {
    ...sent,
    DocType: sent.DocType ?? 'rSupplier',
    CardName: vendor.CardName ?? null,
    DocDate,
    TaxDate: sent.TaxDate ?? DocDate,
    DocCurrency: sent.DocCurrency ?? state.company?.currency ?? null,
    Cancelled: 'tNO',
    CancelStatus: 'csNo',
    PaymentInvoices: rows(sent, 'PaymentInvoices').map((row, LineNum) => ({ ...row, LineNum })),
  };
  checkPayment(state, payment);
  const docEntry = state.nextEntry.payment++;
  const row = { ...payment, DocEntry: docEntry, DocNum: state.nextDocNum.payment++ };
  state.payments.set(docEntry, row);
  settle(state, row, 1);
  return row;
}

/** Takes a payment back: it stays as cancelled, and its invoices are open again. */
export function cancelPayment(state: SimState, stored: Row): void {
  if (stored.Cancelled === 'tYES') throw notSupported('Cancel on a cancelled payment');
  const payment: Row = { ...copied(stored), Cancelled: 'tYES', CancelStatus: 'csYes' };
  state.payments.set(integer(payment, 'DocEntry') ?? 0, payment);
  settle(state, payment, -1);
}

function checkDate(state: SimState, day: string): void {
  const period = periodOf(state, day);
  if (period === undefined) throw dateOutOfRange('OVPM.DocDate');
  const status = text(period, 'PeriodStatus');
  if (status === 'ltLocked' || status === 'ltPeriodClosing') throw periodLocked();
}

function checkPayment(state: SimState, payment: Row): void {
  if (payment.DocType !== 'rSupplier')
    throw businessError('Only payments to vendors are kept  [OVPM.DocType]');
  if (payment.DocCurrency !== state.company?.currency)
    throw businessError('Only payments in the local currency are kept  [OVPM.DocCurr]');
  for (const [sum, account] of MEANS) {
    const given = sum === 'CheckSum' ? checkSum(payment) : amount(payment, sum);
    if (given.digits !== 0n && !state.accounts.has(text(payment, account) ?? ''))
      throw businessError(`G/L account is missing  [OVPM.${account}]`);
  }
  const paid = paidBy(payment);
  if (compare(paid, ZERO) <= 0) throw businessError('Enter a means of payment  [OVPM.DocTotal]');
  const applied = rows(payment, 'PaymentInvoices').map((row, index) =>
    appliedTo(state, payment, row, index + 1),
  );
  if (compare(applied.reduce(plus, ZERO), paid) > 0)
    throw businessError('More is applied than was paid  [VPM2.SumApplied]');
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
function appliedTo(state: SimState, payment: Row, row: Row, position: number): Decimal {
  const refused = (what: string) => businessError(`${what}  [VPM2.DocEntry][line: ${position}]`);
  if ((row.InvoiceType ?? 'it_PurchaseInvoice') !== 'it_PurchaseInvoice')
    throw refused('Only A/P invoices are paid here');
  const invoice = state.invoices.get(integer(row, 'DocEntry') ?? 0);
  if (invoice === undefined || invoice.CardCode !== payment.CardCode || invoice.CancelStatus !== 'csNo')
    throw refused('No such invoice of this vendor');
  if (invoice.DocumentStatus !== 'bost_Open') throw refused('The invoice is closed');
  if (invoice.PaymentBlock === 'tYES') throw refused('The invoice is blocked for payment');
  const applied = amount(row, 'SumApplied');
  if (compare(applied, ZERO) <= 0 || compare(applied, unpaid(invoice)) > 0)
    throw refused('The amount is more than the balance due');
  return applied;
}

function settle(state: SimState, payment: Row, sign: 1 | -1): void {
  for (const row of rows(payment, 'PaymentInvoices')) {
    const stored = state.invoices.get(integer(row, 'DocEntry') ?? 0);
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
  owe(state, payment, sign === 1 ? negated(paid) : paid);
}
