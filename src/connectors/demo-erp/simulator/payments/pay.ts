import { z } from 'zod';
import { performHold } from '../billing/holds.ts';
import { draw, heldCents, payableCents } from '../billing/invoices.ts';
import { centsOf, type Invoice, takeId, type World } from '../company/state.ts';
import { day } from '../http/form-fields.ts';
import { enterPayment, entryOf, mirror } from '../journal/journal.ts';
import { takeBack } from '../journal/journal-deeds.ts';
import { periodFault } from '../journal/periods.ts';

const [id, text] = [z.string(), z.string().min(1)];
const amount = z.string().regex(/^\d{1,15}\.\d{2}$/);

/** What the people who pay do with invoices. */
export const payDeeds = [
  z.strictObject({ action: z.literal('hold_invoice'), id, hold: text }),
  z.strictObject({ action: z.literal('lift_hold'), id }),
  z.strictObject({ action: z.literal('cancel_invoice'), id, date: day.optional() }),
  z.strictObject({
    action: z.literal('pay_invoices'),
    method: z.enum(['check', 'transfer']),
    number: text,
    invoices: z.array(z.strictObject({ id, amount })).min(1),
  }),
  z.strictObject({ action: z.literal('void_payment'), id }),
] as const;

type Deed = z.output<(typeof payDeeds)[number]>;

/** Does it, or says why not. */
export function performPay(world: World, deed: Deed, today: string): string | null {
  if (deed.action === 'pay_invoices') return payInvoices(world, deed, today);
  if (deed.action === 'void_payment') return voidPayment(world, deed.id, today);
  const invoice = world.invoices.get(deed.id);
  if (!invoice) return `there is no invoice ${deed.id}`;
  if (deed.action === 'cancel_invoice') return cancelInvoice(world, invoice, deed.date, today);
  return performHold(invoice, deed, today);
}

/** Takes its cost back in its own month while that is open, else today. */
function cancelInvoice(
  world: World,
  invoice: Invoice,
  typed: string | undefined,
  today: string,
): string | null {
  if (invoice.status === 'cancelled' || invoice.paidCents !== 0n)
    return `invoice ${invoice.id} is cancelled or paid`;
  const { order, type, retainage } = invoice;
  if (
    type === 'invoice' &&
    order !== null &&
    retainage &&
    heldCents(world, order, retainage.account) < retainage.cents
  )
    return `the retainage of invoice ${invoice.id} is paid out already`;
  const own = periodFault(world, invoice.date) === null ? invoice.date : today;
  const booked = entryOf(world, invoice.id);
  const shut = booked ? takeBack(world, booked, 'cancellation', typed ?? own) : null;
  if (shut !== null) return shut;
  invoice.status = 'cancelled';
  invoice.version += 1;
  invoice.touchedOn = today;
  const drawn = order === null ? undefined : world.orders.get(order);
  if (drawn) draw(world, drawn, invoice, today, -1n);
  return null;
}

function payInvoices(world: World, deed: Deed & { action: 'pay_invoices' }, today: string): string | null {
  const paid = deed.invoices.map((part) => ({ ...part, invoice: world.invoices.get(part.id) }));
  const [first] = paid;
  for (const { id: named, amount: part, invoice } of paid) {
    if (invoice?.status !== 'posted' || invoice.hold !== null) return `invoice ${named} cannot be paid`;
    if (invoice.vendor !== first?.invoice?.vendor) return 'a payment goes to one vendor';
    if (centsOf(part) > payableCents(invoice) - invoice.paidCents) return `invoice ${named} has less to pay`;
  }
  for (const { invoice, amount: part } of paid) if (invoice) invoice.paidCents += centsOf(part);
  const code = takeId(world, 'LP');
  world.records.payments.set(code, {
    code,
    change: ++world.changeCount,
    vendor: first?.invoice?.vendor,
    currency: first?.invoice?.currency,
    date: today,
    method: deed.method,
    number: deed.number,
    cancelled: false,
    invoices: deed.invoices.map((part) => ({ invoice: part.id, amount: part.amount })),
  });
  enterPayment(
    world,
    { code, vendor: first?.invoice?.vendor ?? '', date: today },
    deed.invoices.map(({ amount: part }) => part),
  );
  return null;
}

function voidPayment(world: World, code: string, today: string): string | null {
  const payment = world.records.payments.get(code);
  if (!payment || payment.cancelled === true) return `there is no payment ${code} to void`;
  for (const part of payment.invoices as { invoice: string; amount: string }[]) {
    const invoice = world.invoices.get(part.invoice);
    if (invoice) invoice.paidCents -= centsOf(part.amount);
  }
  world.records.payments.set(code, { ...payment, change: ++world.changeCount, cancelled: true });
  const booked = entryOf(world, code);
  if (booked) mirror(world, booked, 'void', today);
  return null;
}
