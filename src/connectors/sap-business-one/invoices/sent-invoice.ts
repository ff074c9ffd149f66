import { givenBack, isVendorCredit } from '../../../domain/billing/vendor-credit.ts';
import type {
  ApInvoiceBody,
  ArInvoiceBody,
  DirectInvoiceBody,
  LineCoding,
} from '../../../domain/documents.ts';
import { formatMoney, parseMoney, subtract, sum } from '../../../domain/values/money.ts';
import { plainAmount } from '../orders/order-form.ts';

/** The sets that invoices of vendors, what vendors give back, and invoices to customers stand in: one form, three kinds of keys. */
export type InvoiceSet = 'PurchaseInvoices' | 'PurchaseCreditNotes' | 'Invoices';

const CREDIT = 'credit-';

/** A credit memo may have the key of an invoice: its id says what it is, so that none is ever taken for the other. */
export function idIn(set: InvoiceSet, docEntry: string): string {
  return set === 'PurchaseCreditNotes' ? `${CREDIT}${docEntry}` : docEntry;
}

/** The key behind the id of a credit memo. */
export function creditEntry(id: string): string {
  return id.slice(CREDIT.length);
}

/** What a row is for: it draws on an order line, bears cost or revenue by itself, or holds retainage. */
type RowPurpose =
  | {
      readonly kind: 'draw';
      readonly orderId: string;
      readonly orderLine: string;
      /** What came in on that line, where it is drawn on that. */
      readonly receipt?: { readonly id: string; readonly line: string };
    }
  | { readonly kind: 'own' }
  | { readonly kind: 'retainage' };

/** One row of an invoice as it is sent. */
export type InvoiceRow = {
  /** Where it comes from in the body, such as `lines[11]` or `retainage[11]`. */
  readonly path: string;
  readonly key: string;
  readonly description: string;
  readonly amount: string;
  readonly coding: LineCoding;
  readonly projectCode: string;
  readonly purpose: RowPurpose;
};

/** An invoice as it is sent, whichever of our documents it is of. */
export type SentInvoice = {
  readonly set: InvoiceSet;
  readonly body: InvoiceBody;
  /** Vendor or customer: both are business partners. */
  readonly partnerCode: string;
  /** Empty where its rows are for several projects. */
  readonly projectCode: string;
  readonly dueDate: string | null;
  readonly title: string;
  readonly paymentHold: string | null;
  readonly rows: readonly InvoiceRow[];
  /** What they add up to as they are sent. */
  readonly total: string;
};

export type InvoiceBody = ApInvoiceBody | DirectInvoiceBody | ArInvoiceBody;

/** Rows come in the order in which they are sent. */
export function sentInvoice(body: InvoiceBody): SentInvoice {
  const sent =
    body.kind === 'ar-invoice'
      ? ownerInvoice(body)
      : body.purpose === 'direct-cost'
        ? directInvoice(body)
        : payApplication(body);
  // A row of zero draws nothing and would close an empty line.
  return { ...sent, rows: sent.rows.filter(({ amount }) => plainAmount(amount) !== '0') };
}

function payApplication(body: ApInvoiceBody): SentInvoice {
  const { orderId, projectCode } = body;
  const draws = body.lines.flatMap((line) => drawRows(line, orderId, projectCode, body.currency));
  return {
    set: 'PurchaseInvoices',
    body,
    partnerCode: body.vendorCode,
    projectCode,
    dueDate: body.dueDate,
    title: titleOf(body),
    paymentHold: body.paymentHold,
    total: body.total,
    rows: [...draws, ...retainageRows(body)],
  };
}

/** A row for each receipt that is drawn on, and one on the order's line for what is beyond them. */
function drawRows(
  { orderLine, received = [], ...line }: ApInvoiceBody['lines'][number],
  orderId: string,
  projectCode: string,
  currency: string,
): InvoiceRow[] {
  const onOrder = { kind: 'draw', orderId, orderLine } as const;
  const path = `lines[${line.key}]`;
  const rest = restOf(line.amount, received, currency);
  const rows = received.map(({ receipt: id, line: at, amount }): InvoiceRow => {
    return { ...line, amount, projectCode, purpose: { ...onOrder, receipt: { id, line: at } }, path };
  });
  const all = [...rows, { ...line, amount: rest, projectCode, purpose: onOrder, path }].filter(
    ({ amount }) => plainAmount(amount) !== '0',
  );
  // The first bears the key of the line in the source, the others one of their own.
  return all.map((row, index) => (index === 0 ? row : { ...row, key: `${row.key}#${index + 1}` }));
}

function restOf(amount: string, received: readonly { readonly amount: string }[], currency: string): string {
  const drawn = sum(
    received.map((draw) => parseMoney(draw.amount, currency)),
    currency,
  );
  return received.length === 0 ? amount : formatMoney(subtract(parseMoney(amount, currency), drawn));
}

/** A bill; or a credit memo, whose rows are above zero where they give back. */
function directInvoice(body: DirectInvoiceBody): SentInvoice {
  const isCredit = isVendorCredit(body);
  const { lines, total } = isCredit ? givenBack(body) : body;
  const projects = new Set(lines.map(({ projectCode }) => projectCode));
  return {
    set: isCredit ? 'PurchaseCreditNotes' : 'PurchaseInvoices',
    body,
    partnerCode: body.vendorCode,
    projectCode: projects.size === 1 ? [...projects][0]! : '',
    dueDate: body.dueDate,
    title: body.title,
    paymentHold: null,
    total,
    rows: lines.map(({ key, description, amount, coding, projectCode }) => {
      return { key, description, amount, coding, projectCode, purpose: OWN, path: `lines[${key}]` };
    }),
  };
}

function ownerInvoice(body: ArInvoiceBody): SentInvoice {
  const { projectCode } = body;
  const billed = body.lines.map(({ account, ...line }): InvoiceRow => {
    return { ...line, coding: onAccount(account), projectCode, purpose: OWN, path: `lines[${line.key}]` };
  });
  return {
    set: 'Invoices',
    body,
    partnerCode: body.customerCode,
    projectCode,
    // The payment terms of the customer give it.
    dueDate: null,
    title: titleOf(body),
    paymentHold: null,
    total: body.total,
    rows: [...billed, ...retainageRows(body)],
  };
}

const OWN = { kind: 'own' } as const;

function retainageRows({ retainage, projectCode }: ApInvoiceBody | ArInvoiceBody): InvoiceRow[] {
  return retainage.map(({ account, ...line }) => ({
    ...line,
    coding: onAccount(account),
    projectCode,
    purpose: { kind: 'retainage' },
    path: `retainage[${line.key}]`,
  }));
}

function onAccount(code: string): LineCoding {
  return { kind: 'account', code };
}

function titleOf({ purpose, application }: ApInvoiceBody | ArInvoiceBody): string {
  return purpose === 'progress' ? `Application ${application}.` : `Retainage of application ${application}.`;
}
