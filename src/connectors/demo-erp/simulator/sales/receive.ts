import { z } from 'zod';
import { centsOf, takeId, type World } from '../company/state.ts';
import { dueCents, keptCents, type SalesInvoice } from './sales.ts';

const [id, text] = [z.string(), z.string().min(1)];
const amount = z.string().regex(/^\d{1,15}\.\d{2}$/);

/** What people do with what customers owe and pay, and with contracts. */
export const salesDeeds = [
  z.strictObject({
    action: z.literal('receive_payment'),
    method: z.enum(['check', 'transfer']),
    number: text,
    invoices: z.array(z.strictObject({ id, amount })).min(1),
  }),
  z.strictObject({ action: z.literal('void_receipt'), id }),
  z.strictObject({ action: z.literal('cancel_sales_invoice'), id }),
  z.strictObject({ action: z.literal('cancel_contract_change'), id }),
  z.strictObject({ action: z.literal('edit_contract'), code: z.string(), title: text }),
  z.strictObject({ action: z.literal('close_contract'), code: z.string() }),
  z.strictObject({ action: z.literal('freeze_customer'), code: z.string() }),
] as const;

type Deed = z.output<(typeof salesDeeds)[number]>;

export const isSalesDeed = (deed: { readonly action: string }): deed is Deed =>
  salesDeeds.some(({ shape }) => shape.action.value === deed.action);

/** Does it, or says why not. */
export function performSales(world: World, deed: Deed, today: string): string | null {
  switch (deed.action) {
    case 'receive_payment':
      return receive(world, deed, today);
    case 'void_receipt':
      return voidReceipt(world, deed.id);
    case 'cancel_sales_invoice':
      return cancelInvoice(world, deed.id, today);
    case 'cancel_contract_change':
      return cancelChange(world, deed.id, today);
    case 'freeze_customer': {
      const customer = world.records.customers.get(deed.code);
      if (!customer) return `there is no customer ${deed.code}`;
      const change = ++world.changeCount;
      world.records.customers.set(deed.code, { ...customer, active: false, change });
      return null;
    }
    default: {
      const contract = world.sales.contracts.get(deed.code);
      if (!contract) return `there is no contract ${deed.code}`;
      if (deed.action === 'edit_contract') contract.title = deed.title;
      else contract.status = 'closed';
      contract.change = ++world.changeCount;
      return null;
    }
  }
}

function receive(world: World, deed: Deed & { action: 'receive_payment' }, today: string): string | null {
  const parts = deed.invoices.map((part) => ({ ...part, invoice: world.sales.invoices.get(part.id) }));
  const [first] = parts;
  for (const { id: named, amount: part, invoice } of parts) {
    if (invoice?.status !== 'posted') return `invoice ${named} is none or cancelled`;
    if (invoice.customer !== first?.invoice?.customer) return 'a receipt comes from one customer';
    if (centsOf(part) > dueCents(invoice) - invoice.receivedCents) return `invoice ${named} has less due`;
  }
  for (const { invoice, amount: part } of parts) if (invoice) invoice.receivedCents += centsOf(part);
  const code = takeId(world, 'LR');
  world.records.receipts.set(code, {
    code,
    change: ++world.changeCount,
    customer: first?.invoice?.customer,
    currency: first?.invoice?.currency,
    date: today,
    method: deed.method,
    number: deed.number,
    cancelled: false,
    invoices: deed.invoices.map((part) => ({ invoice: part.id, amount: part.amount })),
  });
  return null;
}

function voidReceipt(world: World, code: string): string | null {
  const receipt = world.records.receipts.get(code);
  if (!receipt || receipt.cancelled === true) return `there is no receipt ${code} to void`;
  for (const part of receipt.invoices as { invoice: string; amount: string }[]) {
    const invoice = world.sales.invoices.get(part.invoice);
    if (invoice) invoice.receivedCents -= centsOf(part.amount);
  }
  world.records.receipts.set(code, { ...receipt, change: ++world.changeCount, cancelled: true });
  return null;
}

function cancelInvoice(world: World, named: string, today: string): string | null {
  const invoice = world.sales.invoices.get(named);
  if (invoice?.status !== 'posted' || invoice.receivedCents !== 0n)
    return `invoice ${named} is none, cancelled or paid`;
  if (isReleased(world, invoice)) return `the retainage of invoice ${named} is made due already`;
  invoice.status = 'cancelled';
  invoice.touchedOn = today;
  return null;
}

function isReleased(world: World, invoice: SalesInvoice): boolean {
  const { type, retainage } = invoice;
  return (
    type === 'sales-invoice' &&
    retainage !== null &&
    keptCents(world, invoice, retainage.account) < retainage.cents
  );
}

function cancelChange(world: World, named: string, today: string): string | null {
  const change = world.sales.changes.get(named);
  if (change?.status !== 'posted') return `there is no change ${named} to cancel`;
  change.status = 'cancelled';
  change.touchedOn = today;
  const contract = world.sales.contracts.get(change.contract);
  if (contract) contract.change = ++world.changeCount;
  return null;
}
