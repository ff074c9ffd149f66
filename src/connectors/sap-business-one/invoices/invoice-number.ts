import type { Outcome } from '../../../domain/posting/outcomes.ts';
import type { Read, WireResponse } from '../../../domain/posting/writes.ts';
import { formatDecimal, parseDecimal, sumDecimals } from '../../../domain/values/decimal.ts';
import type { NumberedInvoice } from '../../connector.ts';
import { amountOf, tidy } from '../orders/order-form.ts';
import { quoted } from '../service-layer/odata.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import type { InvoiceEntity } from '../service-layer/wire.ts';
import { findInvoice, invoicesWhere } from './invoice-probe.ts';
import type { InvoiceSet, SentInvoice } from './sent-invoice.ts';

/** What messages call the partner and the document of a set. */
const WORDS: Readonly<Record<InvoiceSet, readonly [partner: string, document: string]>> = {
  PurchaseInvoices: ['vendor', 'A/P invoice'],
  PurchaseCreditNotes: ['vendor', 'A/P credit memo'],
  Invoices: ['customer', 'A/R invoice'],
};

/** Invoices of one partner that bear a number, drafts included, cancelled ones not. */
export async function invoicesNumbered(
  read: Read,
  kind: InvoiceSet,
  partnerCode: string,
  number: string,
): Promise<readonly NumberedInvoice[]> {
  const found: NumberedInvoice[] = [];
  const filter = `CardCode eq ${quoted(partnerCode)} and NumAtCard eq ${quoted(tidy(number))}`;
  for await (const { entity, match } of invoicesWhere(read, kind, filter)) {
    if (match.state === 'cancelled') continue;
    const { id, state, number: shown = id } = match;
    found.push({
      id,
      state,
      number: shown,
      reference: entity.U_TiebeamRef === '' ? null : entity.U_TiebeamRef,
      currency: entity.DocCurrency,
      amount: payableBy(kind, entity),
    });
  }
  return found;
}

function payableBy(set: InvoiceSet, { DocumentLines }: InvoiceEntity): string {
  const total = sumDecimals(DocumentLines.map((row) => parseDecimal(amountOf(row))));
  return formatDecimal(set === 'PurchaseCreditNotes' ? { ...total, units: -total.units } : total);
}

/**
 * A refusal that speaks of the vendor's number. The company may block a second invoice with one number, and the
 * first may be our own, made by a request whose answer was lost: the poll looks which.
 */
export function saysNumberIsTaken(response: WireResponse): boolean {
  const error = response.status === 400 ? vendorError(response) : null;
  // Neither code nor words are published; -1000 is about the form of a request, and a long number is no taken one.
  if (error === null || error.code === '-1000' || /too long/i.test(error.message)) return false;
  return /NumAtCard|vendor ref/i.test(error.message);
}

export const NUMBER_TAKEN = 'number-taken';

/** Whose invoice has the number: ours, then it is posted; another one, then ours was really refused. */
export async function whoHasTheNumber(read: Read, sent: SentInvoice): Promise<Outcome> {
  const { invoiceNumber } = sent.body;
  const own = await findInvoice(read, sent);
  const [match] = own.kind === 'found' ? own.matches : [];
  if (match?.state === 'posted') return { kind: 'posted', id: match.id };
  const why = `SAP Business One says that the number ${invoiceNumber} is taken`;
  if (match !== undefined) return { kind: 'unknown', why: `${why}; ours stands there as ${match.state}` };
  const others = await invoicesNumbered(read, sent.set, sent.partnerCode, invoiceNumber);
  const [other] = others.filter(({ state }) => state === 'posted');
  const [partner, invoice] = WORDS[sent.set];
  if (other === undefined)
    return { kind: 'unknown', why: `${why}, but no ${invoice} of the ${partner} has it` };
  const message =
    `${invoiceNumber} is the number of ${invoice} ${other.number} of this ${partner} already. If that is the same ` +
    'bill, reject this one; else give it another number.';
  return { kind: 'refused', errors: [{ field: 'invoiceNumber', message, code: 'duplicate' }] };
}
