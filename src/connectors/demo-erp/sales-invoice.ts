import type { ArInvoiceBody } from '../../domain/documents.ts';
import { hashWithFields, withFields } from '../../domain/planning/document-fields.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import type { Match, Read, Write } from '../../domain/posting/writes.ts';
import { formatMoney, magnitude, parseMoney, sum } from '../../domain/values/money.ts';
import type { NumberedInvoice } from '../connector.ts';
import { readAll } from './client.ts';
import { type Form, formHash, lineFacts } from './form.ts';
import { encodeImport, followed } from './import.ts';
import { numbered } from './numbered.ts';
import { type SalesInvoice, salesInvoice } from './wire.ts';

/** Bills an owner, or makes due what the owner kept back. */
export function createSalesInvoice(body: ArInvoiceBody): Write {
  const { reference } = body;
  const sent = salesInvoiceOf(body);
  return {
    name: 'create-ar-invoice',
    kind: 'create',
    object: 'owner-invoice',
    reference,
    targetHash: formHash(formOf({ retainage: null, lines: [], ...sent })),
    encode: () => encodeImport(body, sent),
    async probe(read) {
      const found = await Array.fromAsync(readAll(read, 'sales-invoices', salesInvoice, { reference }));
      const kept = Object.fromEntries(body.retainage.map(({ key }) => [key, 'retainage']));
      const matches = found.map((invoice) => {
        const match = salesInvoiceMatch(invoice);
        const hash = hashWithFields(match.hash, body.fields, invoice.fields ?? {});
        return { ...match, hash, lineKeys: { ...match.lineKeys, ...kept } };
      });
      return { kind: 'found', matches };
    },
    ...followed({
      reference,
      keys: () => billedLines(body).map(({ key }) => key),
      idOf: (booked) => booked.id,
      // Our own number is taken once, perhaps by a lost attempt of ours that no list shows yet.
      async mayBeOurs(errors, read) {
        if (!errors.some(({ code }) => code === 'number-taken')) return false;
        const taken = await salesInvoicesNumbered(read, body.invoiceNumber);
        return taken.every((each) => each.state !== 'posted' || each.reference === reference);
      },
    }),
  };
}

/** In Ledgerline's words: a field holds what is kept back, and which way it goes is in the type. */
function salesInvoiceOf(body: ArInvoiceBody) {
  const { currency, application } = body;
  const isWork = body.purpose === 'progress';
  const [retainage] = body.retainage.map(({ account, amount }) => {
    return { account, amount: formatMoney({ minor: magnitude(parseMoney(amount, currency)), currency }) };
  });
  const lines = billedLines(body).map(({ key, description, account, amount }) => {
    return { key, description, account, amount: formatMoney(parseMoney(amount, currency)) };
  });
  return {
    type: isWork ? ('sales-invoice' as const) : ('sales-release' as const),
    revision: body.revision,
    customer: body.customerCode,
    project: body.projectCode,
    currency,
    number: body.invoiceNumber,
    title: `${isWork ? 'Application' : 'Retainage of application'} ${application}`,
    date: body.accountingDate,
    invoice_date: body.documentDate,
    ...withFields(body.fields ?? {}),
    ...(isWork ? { lines } : {}),
    ...(retainage === undefined ? {} : { retainage }),
  };
}

function billedLines({ lines, currency }: ArInvoiceBody): ArInvoiceBody['lines'] {
  return lines.filter(({ amount }) => parseMoney(amount, currency).minor !== 0n);
}

type Compared = Omit<SalesInvoice, 'id' | 'reference' | 'status' | 'lines'> & {
  readonly lines: readonly Omit<SalesInvoice['lines'][number], 'line'>[];
};

function formOf({ lines, retainage, ...header }: Compared): Form {
  const { type, revision, customer, project, currency, number, date, invoice_date } = header;
  const compared = lines.map(({ key, account, description, amount }, index) => ({
    key: key ?? `number ${index + 1}`,
    on: `account ${account}`,
    description,
    amount: parseMoney(amount, currency),
  }));
  return {
    ...{ type, revision: String(revision), customer, project, currency, number, date, invoice_date },
    ...(retainage === null ? {} : { retainage: `${retainage.amount} on ${retainage.account}` }),
    ...lineFacts(compared),
  };
}

export function salesInvoiceMatch(invoice: SalesInvoice): Match {
  const keyed = invoice.lines.filter(({ key }) => key !== null);
  return {
    id: invoice.id,
    state: invoice.status,
    hash: formHash(formOf(invoice)),
    lineKeys: Object.fromEntries(keyed.map(({ key, line }) => [key, String(line)])),
  };
}

/** Ledgerline takes a number once in the company, whoever the customer is. */
export async function salesInvoicesNumbered(read: Read, number: string): Promise<readonly NumberedInvoice[]> {
  const found = await Array.fromAsync(readAll(read, 'sales-invoices', salesInvoice, { number }));
  return found.map((invoice) => numbered(invoice, invoice.type));
}

/** What Ledgerline would refuse of it that its widths say nothing of. */
export function salesInvoiceErrors(body: ArInvoiceBody): FieldError[] {
  const { purpose, retainage, currency } = body;
  const isWork = purpose === 'progress';
  const billed = sum(
    body.lines.map(({ amount }) => parseMoney(amount, currency)),
    currency,
  ).minor;
  const [first, ...more] = retainage.map(({ amount }) => parseMoney(amount, currency).minor);
  const errors: FieldError[] = [];
  const fits = first === undefined ? isWork : isWork ? first < 0n && -first <= billed : first > 0n;
  if (!fits || more.length > 0)
    errors.push({
      field: 'retainage',
      code: 'retainage',
      message: isWork
        ? 'Ledgerline takes one amount of retainage by invoice, as a part of what is billed.'
        : 'Ledgerline makes retainage due by one amount, above zero.',
    });
  if (isWork && billedLines(body).length === 0)
    errors.push({ field: 'lines', code: 'required', message: 'The invoice bills nothing.' });
  if (isWork && billed < 0n)
    errors.push({
      field: 'total',
      code: 'negative',
      message: 'Ledgerline takes no invoice to a customer below zero: enter a credit memo there.',
    });
  return errors;
}
