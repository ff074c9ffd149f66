import { z } from 'zod';
import type { PayableInvoice, VendorPaymentBody } from '../../domain/payments/vendor-payment.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import type { Match, Read, Write } from '../../domain/posting/writes.ts';
import { formatMoney, parseMoney, subtract } from '../../domain/values/money.ts';
import { readIfThere, readJson, unreadablePages } from './client.ts';
import { type Form, formHash } from './form.ts';
import { encodeImport, followed } from './import.ts';
import { amount, payment } from './wire.ts';

/** Pays invoices of one vendor. Ledgerline has no drafts: what is imported is paid. */
export function createVendorPayment(body: VendorPaymentBody): Write {
  const { reference } = body;
  return {
    name: 'payment',
    kind: 'create',
    object: 'payment',
    reference,
    targetHash: formHash(formOfBody(body)),
    encode: () => encodeImport(body, paymentOf(body)),
    probe: async (read) => ({ kind: 'found', matches: await paymentsUnder(read, reference) }),
    ...followed({
      reference,
      keys: () => body.invoices.map(({ invoiceId }) => invoiceId),
      idOf: (booked) => booked.id,
      // Nothing is open any more where a lost attempt of ours paid it.
      mayBeOurs: async (errors, read) =>
        errors.some(({ code }) => code === 'over-payable') &&
        (await paymentsUnder(read, reference)).length > 0,
    }),
  };
}

/** What Ledgerline would refuse of a payment. */
export function vendorPaymentErrors({ making, sourceUrl }: VendorPaymentBody): FieldError[] {
  const errors: FieldError[] = [];
  if (making === 'draft')
    errors.push({ field: 'making', message: 'Ledgerline keeps no drafts of payments.', code: 'draft' });
  if ([...sourceUrl].length > NOTE_WIDTH)
    errors.push({ field: 'sourceUrl', message: 'The link to the source is too long.', code: 'max-length' });
  return errors;
}

const NOTE_WIDTH = 500;
// A longer number is cut here; the whole one stands with the document in Tiebeam.
const NUMBER_WIDTH = 30;

function paymentOf({ revision, vendorCode, currency, method, methodNumber, invoices }: VendorPaymentBody) {
  return {
    type: 'payment',
    revision,
    vendor: vendorCode,
    currency,
    method,
    ...(methodNumber === null ? {} : { number: [...methodNumber].slice(0, NUMBER_WIDTH).join('') }),
    invoices: invoices.map(({ invoiceId, amount: paid }) => {
      return { invoice: invoiceId, amount: formatMoney(parseMoney(paid, currency)) };
    }),
  };
}

function formOfBody(body: VendorPaymentBody): Form {
  return formOf({ ...paymentOf(body), date: body.accountingDate });
}

type Paid = Pick<z.output<typeof payment>, 'vendor' | 'currency' | 'date' | 'invoices'>;

function formOf({ vendor, currency, date, invoices }: Paid): Form {
  const parts = invoices.map(({ invoice, amount: paid }) => [`invoice ${invoice}`, paid]);
  return { vendor, currency, date, ...Object.fromEntries(parts) };
}

const records = z.object({ records: z.array(payment) });

async function paymentsUnder(read: Read, reference: string): Promise<Match[]> {
  const path = `/payments?reference=${encodeURIComponent(reference)}&limit=100`;
  return (await readJson(read, path, records)).records.map(matchOf);
}

function matchOf(row: z.output<typeof payment>): Match {
  return { id: row.code, state: row.cancelled ? 'cancelled' : 'posted', hash: formHash(formOf(row)) };
}

const MAX_PAGES = 10_000;

/** Payments under our prefix. Payments have no such filter, so all of them are read. */
export async function* listPayments(
  read: Read,
  prefix: string,
): AsyncGenerator<Match & { readonly reference: string }> {
  let after = 0;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const found = await readJson(read, `/payments?changed_after=${after}&limit=100`, records);
    for (const row of found.records)
      if (row.reference?.startsWith(prefix)) yield { ...matchOf(row), reference: row.reference };
    const last = found.records.at(-1);
    if (last === undefined) return;
    after = last.change;
  }
  throw unreadablePages('/payments', MAX_PAGES);
}

const payable = z.object({
  vendor: z.string(),
  currency: z.string(),
  status: z.enum(['posted', 'cancelled']),
  hold: z.string().nullable(),
  payable: amount,
  paid: amount,
});

/** An invoice just before it is paid. */
export async function payableInvoice(read: Read, invoiceId: string): Promise<PayableInvoice | null> {
  const found = await readIfThere(read, `/invoices/${encodeURIComponent(invoiceId)}`, payable);
  if (found === null) return null;
  const { vendor: vendorCode, currency, status, hold } = found;
  const open = subtract(parseMoney(found.payable, currency), parseMoney(found.paid, currency));
  const held = hold === null ? null : `it is on hold: ${hold}`;
  return {
    vendorCode,
    currency,
    open: formatMoney(open),
    blocked: status === 'cancelled' ? 'it is cancelled.' : held,
  };
}
