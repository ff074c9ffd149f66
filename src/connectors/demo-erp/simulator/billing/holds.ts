import type { z } from 'zod';
import { dayOf, type Invoice, type LineError, versionOf, type World } from '../company/state.ts';
import { fault } from '../http/line-error.ts';
import type { payDeeds } from '../payments/pay.ts';
import type { ImportDocument } from './group-form.ts';

type InvoiceHold = ImportDocument & { type: 'invoice-hold' };

/** What the job finds wrong with a change of a hold: it says what its sender saw, as a change of an order does. */
export function checkHold(world: World, document: InvoiceHold): LineError[] {
  const bad = (field: string, code: string, message: string) => [fault(document, null, field, code, message)];
  const invoice = world.invoices.get(document.invoice);
  if (!invoice) return bad('invoice', 'unknown', `there is no invoice ${document.invoice}`);
  if (invoice.status !== 'posted')
    return bad('invoice', 'not-open', `invoice ${invoice.id} is ${invoice.status}`);
  if (invoice.type === 'credit-memo') return bad('invoice', 'not-payable', `${invoice.id} is paid by nobody`);
  return document.based_on === versionOf(invoice)
    ? []
    : bad('based_on', 'stale', `invoice ${invoice.id} is at ${versionOf(invoice)} by now`);
}

export function bookHold(world: World, { invoice: id, hold }: InvoiceHold, nowMs: number) {
  setHold(world.invoices.get(id)!, hold, dayOf(nowMs));
  return { id, order_id: id };
}

type Deed = Extract<z.output<(typeof payDeeds)[number]>, { action: 'hold_invoice' | 'lift_hold' }>;

/** Holds an invoice, or lifts whatever holds it: the people who pay may do both at any time. */
export function performHold(invoice: Invoice, deed: Deed, today: string): null {
  setHold(invoice, deed.action === 'hold_invoice' ? deed.hold : null, today);
  return null;
}

function setHold(invoice: Invoice, hold: string | null, today: string): void {
  invoice.hold = hold;
  invoice.version += 1;
  invoice.touchedOn = today;
}
