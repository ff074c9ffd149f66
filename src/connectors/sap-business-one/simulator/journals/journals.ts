import { type SimState, today } from '../company/state.ts';
import { periodOf } from '../documents/document-checks.ts';
import { CREDIT_NOTE, GOODS_RECEIPT, kindOf } from '../documents/document-kinds.ts';
import { amount, copied, integer, type Row, rows, text } from '../documents/rows.ts';
import { compare, type Decimal, minus, negated, plus, ZERO } from '../odata/decimal.ts';
import { businessError, dateOutOfRange } from '../odata/errors.ts';

/** Accounts of the general ledger's own set-up, which no document line names. Their codes are ours. */
export const PAYABLES = '2000';
const RECEIVABLES = '1200';
const INPUT_TAX = '1900';
const OUTPUT_TAX = '2200';
const STOCK = '1400';
/** What came in and was not invoiced yet. */
const RECEIVED = '2150';

const DIMENSIONS = ['CostingCode', 'CostingCode2', 'CostingCode3', 'CostingCode4', 'CostingCode5'] as const;

/**
 * Books an A/P invoice: its lines gross by account, the tax, and what the vendor is owed. Lines of one account,
 * project and cost centre become one, as the ledger joins them. Its mirror, and a credit memo, are booked with the sides
 * changed over.
 */
export function bookInvoice(state: SimState, invoice: Row, sign: 1 | -1): number {
  const net = (value: Decimal) => (sign === 1 ? value : negated(value));
  const cost = rows(invoice, 'DocumentLines').map((line) => ({
    ...codingOf(line, isCostAlready(state, line) ? RECEIVED : (text(line, 'AccountCode') ?? STOCK)),
    sum: net(amount(line, 'LineTotal')),
  }));
  const project = text(invoice, 'Project');
  const discount = negated(net(amount(invoice, 'TotalDiscount')));
  const tax = {
    AccountCode: INPUT_TAX,
    ProjectCode: project,
    VatLine: 'tYES',
    sum: net(amount(invoice, 'VatSum')),
  };
  const owed = {
    AccountCode: PAYABLES,
    ShortName: text(invoice, 'CardCode'),
    ControlAccount: PAYABLES,
    ProjectCode: project,
    sum: negated(net(amount(invoice, 'DocTotal'))),
  };
  const off = { AccountCode: '4900', sum: discount };
  const isCredit = kindOf(invoice) === CREDIT_NOTE;
  const name = isCredit ? 'A/P Credit Memos' : 'A/P Invoices';
  return keepJournal(state, joined([...cost, off, tax]).concat(owed), {
    ReferenceDate: text(invoice, 'DocDate'),
    Memo: text(invoice, 'JournalMemo') ?? `${name} - ${text(invoice, 'CardCode') ?? ''}`,
    OriginalJournal: isCredit ? 'ttAPCreditNote' : 'ttAPInvoice',
    Original: integer(invoice, 'DocEntry'),
    BaseReference: String(integer(invoice, 'DocNum') ?? ''),
  });
}

/** Whether a row bills what was booked as cost when it came in. */
function isCostAlready(state: SimState, line: Row): boolean {
  if (line.BaseType !== GOODS_RECEIPT.objectNumber) return false;
  return integer(state.goodsReceipts.get(integer(line, 'BaseEntry') ?? 0) ?? {}, 'TransNum') !== null;
}

/** Books what came in as cost, where the company has it so. */
export function bookReceipt(state: SimState, receipt: Row): number {
  const cost = rows(receipt, 'DocumentLines').map((line) => ({
    ...codingOf(line, text(line, 'AccountCode') ?? STOCK),
    sum: amount(line, 'LineTotal'),
  }));
  const owed = cost.map(({ sum, ...coding }) => ({ ...coding, AccountCode: RECEIVED, sum: negated(sum) }));
  return keepJournal(state, joined([...cost, ...owed]), {
    ReferenceDate: text(receipt, 'DocDate'),
    Memo: `Goods Receipt PO - ${text(receipt, 'CardCode') ?? ''}`,
    OriginalJournal: 'ttPurchaseDeliveryNote',
    Original: integer(receipt, 'DocEntry'),
    BaseReference: String(integer(receipt, 'DocNum') ?? ''),
  });
}

/** Books an A/R invoice: what the customer owes, against its lines gross by account and the tax. */
export function bookSalesInvoice(state: SimState, invoice: Row): number {
  const billed = rows(invoice, 'DocumentLines').map((line) => ({
    ...codingOf(line, text(line, 'AccountCode') ?? STOCK),
    sum: negated(amount(line, 'LineTotal')),
  }));
  const ProjectCode = text(invoice, 'Project');
  const tax = {
    AccountCode: OUTPUT_TAX,
    ProjectCode,
    VatLine: 'tYES',
    sum: negated(amount(invoice, 'VatSum')),
  };
  const off = { AccountCode: '4900', sum: amount(invoice, 'TotalDiscount') };
  const owed = {
    AccountCode: RECEIVABLES,
    ShortName: text(invoice, 'CardCode'),
    ControlAccount: RECEIVABLES,
    ProjectCode,
    sum: amount(invoice, 'DocTotal'),
  };
  return keepJournal(state, joined([...billed, off, tax]).concat(owed), {
    ReferenceDate: text(invoice, 'DocDate'),
    Memo: text(invoice, 'JournalMemo') ?? `A/R Invoices - ${text(invoice, 'CardCode') ?? ''}`,
    OriginalJournal: 'ttARInvoice',
    Original: integer(invoice, 'DocEntry'),
    BaseReference: String(integer(invoice, 'DocNum') ?? ''),
  });
}

export type JournalLine = {
  account: string;
  debit: Decimal | null;
  credit: Decimal | null;
  project?: string | undefined;
  costingCode?: string | undefined;
};

/** A person books a journal entry: it must balance, in a period that there is. */
export function bookByHand(
  state: SimState,
  { date, memo, lines }: { date?: string | undefined; memo?: string | undefined; lines: JournalLine[] },
): number {
  const day = date ?? today(state);
  if (periodOf(state, day) === undefined) throw dateOutOfRange('OJDT.RefDate');
  for (const { account } of lines)
    if (!state.accounts.has(account))
      throw businessError(`G/L account '${account}' is missing  [JDT1.Account]`);
  const booked = lines.map(({ account, debit, credit, project, costingCode }) => ({
    AccountCode: account,
    ProjectCode: project ?? null,
    CostingCode: costingCode ?? null,
    sum: minus(debit ?? ZERO, credit ?? ZERO),
  }));
  return keepJournal(state, booked, {
    ReferenceDate: day,
    Memo: memo ?? null,
    OriginalJournal: 'ttJournalEntry',
    Original: null,
  });
}

/** The Cancel of a journal entry posts the entry that reverses it; the first one stays as it is. */
export function reverse(state: SimState, stored: Row): number {
  const entry = copied(stored);
  const turned = rows(entry, 'JournalEntryLines').map((line) => ({
    ...line,
    sum: minus(amount(line, 'Credit'), amount(line, 'Debit')),
  }));
  return keepJournal(state, turned, {
    ReferenceDate: text(entry, 'ReferenceDate'),
    Memo: `${text(entry, 'Memo') ?? ''} (Reversal)`,
    OriginalJournal: 'ttJournalEntry',
    Original: integer(entry, 'JdtNum'),
  });
}

type Booked = Row & { sum: Decimal };

function keepJournal(state: SimState, lines: readonly Row[], head: Row): number {
  const booked = (lines as readonly Booked[]).filter(({ sum }) => sum.digits !== 0n);
  if (booked.reduce((total, { sum }) => plus(total, sum), ZERO).digits !== 0n)
    throw businessError('Unbalanced Transaction  [OJDT.LocTotal]');
  const date = text(head, 'ReferenceDate') ?? today(state);
  const number = state.nextEntry.journal++;
  const entryLines = booked.map(
    ({ sum, ...line }, Line_ID): Row => ({
      ...line,
      Line_ID,
      ShortName: line.ShortName ?? line.AccountCode ?? null,
      VatLine: line.VatLine ?? 'tNO',
      Debit: compare(sum, ZERO) > 0 ? sum : ZERO,
      Credit: compare(sum, ZERO) < 0 ? negated(sum) : ZERO,
      FCDebit: ZERO,
      FCCredit: ZERO,
    }),
  );
  const dates = { ReferenceDate: date, DueDate: date, TaxDate: date };
  const journal: Row = { ...head, ...dates, JdtNum: number, Number: number, JournalEntryLines: entryLines };
  state.journals.set(number, journal);
  return number;
}

function codingOf(line: Row, account: string): Row {
  const dimensions = DIMENSIONS.map((name) => [name, line[name] ?? null]);
  return { AccountCode: account, ProjectCode: line.ProjectCode ?? null, ...Object.fromEntries(dimensions) };
}

function joined(lines: readonly Row[]): Booked[] {
  const byCoding = new Map<string, Booked>();
  for (const line of lines as readonly Booked[]) {
    const { sum, ...coding } = line;
    const key = JSON.stringify(coding);
    byCoding.set(key, { ...coding, sum: plus(byCoding.get(key)?.sum ?? ZERO, sum) });
  }
  return [...byCoding.values()];
}
