import type { ImportDocument } from '../billing/group-form.ts';
import { payableCents } from '../billing/invoices.ts';
import { centsOf, type LineError, takeId, type World } from '../company/state.ts';
import { fault } from '../http/line-error.ts';
import { enterPayment } from '../journal/journal.ts';

type Payment = ImportDocument & { type: 'payment' };

/** What the job finds wrong with a payment: it goes to one vendor, and never beyond what is payable. */
export function checkPayment(world: World, document: Payment): LineError[] {
  const bad = (line: number | null, field: string, code: string, message: string) =>
    fault(document, line, field, code, message);
  const errors: LineError[] = [];
  const vendor = world.records.vendors.get(document.vendor);
  if (vendor?.active !== true)
    errors.push(bad(null, 'vendor', vendor ? 'blocked' : 'unknown', `vendor ${document.vendor} is not open`));
  if (document.currency !== world.company.currency)
    errors.push(bad(null, 'currency', 'foreign', `the company books in ${world.company.currency} only`));
  const paid = new Map<string, bigint>();
  const parts = document.invoices.flatMap(({ invoice: id, amount }, index): LineError[] => {
    const at = index + 1;
    const invoice = world.invoices.get(id);
    if (invoice?.status !== 'posted' || invoice.vendor !== document.vendor)
      return [bad(at, 'invoice', 'unknown', `there is no invoice ${id} of the vendor`)];
    if (invoice.hold !== null) return [bad(at, 'invoice', 'on-hold', `invoice ${id} is on hold`)];
    const before = paid.get(id) ?? invoice.paidCents;
    const cents = centsOf(amount);
    paid.set(id, before + cents);
    if (cents > 0n && before + cents <= payableCents(invoice)) return [];
    return [bad(at, 'amount', 'over-payable', `invoice ${id} has less to pay`)];
  });
  return [...errors, ...parts];
}

export function bookPayment(world: World, document: Payment) {
  const { vendor, currency, date, method, number, reference, invoices } = document;
  for (const { invoice: id, amount } of invoices) {
    const invoice = world.invoices.get(id);
    if (invoice) invoice.paidCents += centsOf(amount);
  }
  const code = takeId(world, 'LP');
  world.changeCount += 1;
  world.records.payments.set(code, {
    ...{ code, change: world.changeCount, reference, vendor, currency, date, method, cancelled: false },
    number: number ?? null,
    invoices,
  });
  enterPayment(
    world,
    { code, vendor, date },
    invoices.map(({ amount }) => amount),
  );
  return { id: code, order_id: code };
}
