import type { ApInvoiceBody, DirectInvoiceBody } from '../../domain/documents.ts';
import { hashWithFields } from '../../domain/planning/document-fields.ts';
import type { SettleObject } from '../../domain/posting/settle-row.ts';
import type { Match, Read, Write } from '../../domain/posting/writes.ts';
import type { NumberedInvoice } from '../connector.ts';
import { billedLines } from './bill.ts';
import { readAll } from './client.ts';
import { formHash } from './form.ts';
import { encodeImport, followed } from './import.ts';
import { drawnLines, formOfInvoice, formOfInvoiceBody, sentInvoice } from './invoice-form.ts';
import { numbered } from './numbered.ts';
import { type Invoice, invoice as invoiceSchema } from './wire.ts';

/** Bills work against its order, pays retainage out, bills what was ordered nowhere, or takes back what a vendor gives. */
export function createInvoice(body: ApInvoiceBody | DirectInvoiceBody): Write {
  const { reference } = body;
  const { order, ...sent } = sentInvoice(body);
  const invoice = { ...sent, ...(order === null ? {} : { order }) };
  return {
    name: invoice.type,
    kind: 'create',
    object: OBJECTS[invoice.type],
    reference,
    targetHash: formHash(formOfInvoiceBody(body)),
    encode: () => encodeImport(body, invoice),
    async probe(read) {
      const found = await Array.fromAsync(readAll(read, 'invoices', invoiceSchema, { reference }));
      // Retainage has no line there, and needs no other name than its field.
      const retainage = body.purpose === 'direct-cost' ? [] : body.retainage;
      const kept = Object.fromEntries(retainage.map(({ key }) => [key, 'retainage']));
      const matches = found.map((each) => {
        const match = invoiceMatch(each);
        const hash = hashWithFields(match.hash, body.fields, each.fields ?? {});
        return { ...match, hash, lineKeys: { ...match.lineKeys, ...kept } };
      });
      return { kind: 'found', matches };
    },
    ...followed({
      reference,
      keys: () =>
        (body.purpose === 'direct-cost'
          ? billedLines(body)
          : body.lines.flatMap((line) => drawnLines(line, body.currency).map(() => line))
        ).map(({ key }) => key),
      idOf: (booked) => booked.id,
      // A vendor's number is taken once, perhaps by a lost attempt of ours that no list shows yet.
      async mayBeOurs(errors, read) {
        if (!errors.some(({ code }) => code === 'number-taken')) return false;
        const { vendorCode: vendor, invoiceNumber: vendor_number } = body;
        const taken = await Array.fromAsync(
          readAll(read, 'invoices', invoiceSchema, { vendor, vendor_number }),
        );
        return taken.every((each) => each.status !== 'posted' || each.reference === reference);
      },
    }),
  };
}

const OBJECTS = {
  invoice: 'ap-invoice',
  bill: 'ap-invoice',
  'credit-memo': 'vendor-credit',
  'retainage-release': 'retainage-release',
} as const satisfies Readonly<Record<Invoice['type'], SettleObject>>;

export function invoiceMatch(invoice: Invoice): Match {
  const keyed = invoice.lines.filter(({ key }) => key !== null);
  return {
    id: invoice.id,
    state: invoice.status,
    hash: formHash(formOfInvoice(invoice)),
    lineKeys: Object.fromEntries(keyed.map(({ key, line }) => [key, String(line)])),
  };
}

/** Those of a kind only: Ledgerline keeps credit memos among its invoices. */
export async function invoicesNumbered(
  read: Read,
  of: 'invoices' | 'credits',
  vendor: string,
  number: string,
): Promise<readonly NumberedInvoice[]> {
  const query = { vendor, vendor_number: number };
  const found = await Array.fromAsync(readAll(read, 'invoices', invoiceSchema, query));
  return found
    .filter(({ type }) => (type === 'credit-memo') === (of === 'credits'))
    .map((invoice) => numbered(invoice, invoice.type));
}
