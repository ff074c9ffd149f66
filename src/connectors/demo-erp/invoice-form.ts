import type { ApInvoiceBody } from '../../domain/documents.ts';
import { formatMoney, magnitude, parseMoney } from '../../domain/money.ts';
import { type Form, lineFacts } from './form.ts';
import type { Invoice } from './wire.ts';

// A longer reason is cut here; the whole text stands with the document in Tiebeam.
const HOLD_WIDTH = 200;

/**
 * An invoice in Ledgerline's words. It has a field for retainage, so what is withheld is no line, and its release is
 * a document of another type. Both carry the plain amount: which way it goes is in the type.
 */
export function invoiceOf(body: ApInvoiceBody) {
  const { purpose, application, currency, dueDate, paymentHold, retainage } = body;
  const isWork = purpose === 'progress';
  const plain = (amount: string) => formatMoney(parseMoney(amount, currency));
  const unsigned = (amount: string) =>
    formatMoney({ minor: magnitude(parseMoney(amount, currency)), currency });
  const lines = body.lines.map(({ key, orderLine, description, amount }) => {
    return { key, order_line: Number(orderLine), description, amount: plain(amount) };
  });
  const [kept] = retainage.map(({ account, amount }) => ({ account, amount: unsigned(amount) }));
  return {
    order: body.orderId,
    vendor: body.vendorCode,
    currency,
    vendor_number: body.invoiceNumber,
    title: `${isWork ? 'Application' : 'Retainage of application'} ${application}`,
    invoice_date: body.documentDate,
    ...(dueDate === null ? {} : { due_date: dueDate }),
    ...(paymentHold === null ? {} : { hold: [...paymentHold].slice(0, HOLD_WIDTH).join('') }),
    // Only work has lines: the field is unknown to a release.
    ...(isWork ? { lines } : {}),
    ...(kept === undefined ? {} : { retainage: kept }),
  };
}

export function invoiceType({ purpose }: ApInvoiceBody): Invoice['type'] {
  return purpose === 'progress' ? 'invoice' : 'retainage-release';
}

export function formOfInvoiceBody(body: ApInvoiceBody): Form {
  const { revision, accountingDate: date } = body;
  const none = { lines: [], retainage: null };
  return formOfInvoice({ ...none, ...invoiceOf(body), type: invoiceType(body), revision, date });
}

type Compared = Omit<Invoice, 'id' | 'reference' | 'status' | 'lines'> & {
  readonly lines: readonly Omit<Invoice['lines'][number], 'line'>[];
};

/** Hold and due date are in no form: they belong to the people who pay. */
export function formOfInvoice({ lines, retainage, ...header }: Compared): Form {
  const { type, revision, order, vendor, currency, vendor_number, date, invoice_date } = header;
  const compared = lines.map(({ key, order_line, description, amount }, index) => ({
    key: key ?? `number ${index + 1}`,
    on: `order line ${order_line}`,
    description,
    amount: parseMoney(amount, currency),
  }));
  return {
    ...{ type, revision: String(revision), order, vendor, currency, vendor_number, date, invoice_date },
    ...(retainage === null ? {} : { retainage: `${retainage.amount} on ${retainage.account}` }),
    ...lineFacts(compared),
  };
}
