import type { OpenOrderLine } from '../../../domain/documents.ts';
import type { FieldError } from '../../../domain/posting/outcomes.ts';
import { formatDecimal, parseDecimal, rescale } from '../../../domain/values/decimal.ts';
import { exponentOf } from '../../../domain/values/money.ts';
import { amountErrors, lengthErrorsOf } from '../constraints.ts';
import { tidy } from '../orders/order-form.ts';
import { type InvoiceBody, type InvoiceRow, type SentInvoice, sentInvoice } from './sent-invoice.ts';

const lengthErrors = lengthErrorsOf('ap-invoice');

/** What SAP Business One would refuse about an invoice, or take in a way that nobody meant. */
export function invoiceErrors(body: InvoiceBody, orderLines?: readonly OpenOrderLine[]): FieldError[] {
  const sent = sentInvoice(body);
  const { rows } = sent;
  return [
    ...lengthErrors('reference', body.reference, 'reference', 'Our reference'),
    ...lengthErrors('revision', String(body.revision), 'revision', 'The revision'),
    ...lengthErrors('invoiceNumber', tidy(body.invoiceNumber), 'invoiceNumber', 'The number of the invoice'),
    ...partnerErrors(sent),
    ...projectsOf(sent).flatMap((code) =>
      lengthErrors('projectCode', code, 'projectCode', 'The project code'),
    ),
    ...lengthErrors('currency', body.currency, 'currency', 'The currency'),
    ...lengthErrors('sourceUrl', body.sourceUrl, 'sourceUrl', 'The link to the source'),
    ...rows.flatMap((row, index) => rowErrors(row, index, body.currency)),
    ...shapeErrors(sent),
    ...(orderLines === undefined ? [] : drawErrors(body, rows, orderLines)),
  ];
}

function partnerErrors({ set, partnerCode }: SentInvoice): FieldError[] {
  return set === 'Invoices'
    ? lengthErrors('vendorCode', partnerCode, 'customerCode', 'The customer code')
    : lengthErrors('vendorCode', partnerCode, 'vendorCode', 'The vendor code');
}

function projectsOf({ rows }: SentInvoice): string[] {
  return [...new Set(rows.map(({ projectCode }) => projectCode))];
}

function rowErrors(row: InvoiceRow, index: number, currency: string): FieldError[] {
  const name = `Line ${index + 1}`;
  const { kind, code } = row.coding;
  return [
    ...lengthErrors(
      'lines.description',
      tidy(row.description),
      `${row.path}.description`,
      `${name}: the description`,
    ),
    ...lengthErrors(`lines.${kind}`, code, `${row.path}.coding`, `${name}: the ${kind}`),
    ...amountErrors(row.amount, currency, `${row.path}.amount`, name),
  ];
}

function shapeErrors(sent: SentInvoice): FieldError[] {
  const { rows } = sent;
  if (rows.length === 0) return [{ field: 'lines', message: 'The invoice bills nothing.', code: 'required' }];
  const errors: FieldError[] = [];
  if (new Set(rows.map(({ coding }) => coding.kind)).size > 1) {
    const message =
      'Some lines are coded to accounts and some to items; an invoice of SAP Business One is either a service or an ' +
      'item document, and retainage needs an account. Code all lines to accounts.';
    errors.push({ field: 'lines', message, code: 'mixed-coding' });
  }
  const isKey = (text: string) => /^\d{1,10}$/.test(text);
  const isLinked = ({ purpose }: InvoiceRow) =>
    purpose.kind !== 'draw' ||
    (isKey(purpose.orderLine) && isKey(purpose.orderId) && isKey(purpose.receipt?.id ?? '0'));
  if (!rows.every(isLinked)) {
    const message =
      'A line names no order line of SAP Business One: the order has to be posted and linked first.';
    errors.push({ field: 'lines.orderLine', message, code: 'not-linked' });
  }
  return [...errors, ...totalErrors(sent)];
}

function totalErrors({ body, rows, total }: SentInvoice): FieldError[] {
  const exponent = exponentOf(body.currency);
  const minor = (amount: string) => rescale(parseDecimal(amount), exponent, 'half-up');
  const units = rows.reduce((sum, { amount }) => sum + minor(amount), 0n);
  const errors: FieldError[] = [];
  if (units !== minor(total)) {
    const lines = formatDecimal({ units, scale: exponent });
    const message = `The lines add up to ${lines}, the total says ${total}.`;
    errors.push({ field: 'total', message, code: 'total' });
  }
  if (units < 0n) {
    const message = 'The invoice adds up to less than zero, which SAP Business One does not take.';
    errors.push({ field: 'total', message, code: 'negative' });
  }
  return errors;
}

/** Several rows may draw from one line of the order: together they must leave something, or exactly nothing. */
function drawErrors(
  body: InvoiceBody,
  rows: readonly InvoiceRow[],
  orderLines: readonly OpenOrderLine[],
): FieldError[] {
  const exponent = exponentOf(body.currency);
  const left = new Map(
    orderLines.map(({ key, open }) => [key, rescale(parseDecimal(open), exponent, 'half-up')]),
  );
  return rows.flatMap(({ path, description, amount, purpose }): FieldError[] => {
    // What is drawn on receipts was taken from what is open on them.
    if (purpose.kind !== 'draw' || purpose.receipt !== undefined) return [];
    const { orderLine } = purpose;
    const refused = (code: string, what: string) => [
      { field: `${path}.amount`, message: `${tidy(description)}: ${what}`, code },
    ];
    const line = orderLines.find(({ key }) => key === orderLine);
    const open = left.get(orderLine);
    if (line === undefined || open === undefined) return refused('missing', 'its order line does not exist.');
    if (line.closed) return refused('closed', 'its order line is closed: reopen it in SAP Business One.');
    const drawn = rescale(parseDecimal(amount), exponent, 'half-up');
    left.set(orderLine, open - drawn);
    if (drawn > 0n !== open > 0n && open !== 0n)
      return refused('sign', `${amount} cannot be drawn from an order line with ${line.open} open.`);
    if (drawn > 0n ? drawn <= open : drawn >= open) return [];
    return refused('over-open', `${amount} is billed, but only ${line.open} of its order line is open.`);
  });
}
