import { expect, it } from 'vitest';
import type { VendorPaymentBody } from '../../domain/payments/vendor-payment.ts';
import type { Write } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { parseMoney } from '../../domain/values/money.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import { deliver, invoiceWrite, matches, posted } from './steps.ts';

/** How invoices are paid, for a connector that says that it can; skipped for the others. */
export function promisesOfPayments<Config>(bench: Bench<Config>): void {
  const { connection, another, target } = bench;

  it('makes a payment that reads back equal, once although the reply was lost', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const { body, write } = found;
    expect(connection().preflight({ kind: 'create-vendor-payment', body })).toEqual([]);
    expect(JSON.stringify(write.encode({ earlierIds: {} }))).toBe(
      JSON.stringify(paymentWrite(connection(), body).encode({ earlierIds: {} })),
    );
    await target().fault('lost-reply', 'write');
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'unknown' });
    expect(await target().faultReached('lost-reply')).toBe(1);
    await target().elapse(10_000);
    expect(await matches(connection(), write)).toMatchObject([{ state: 'posted', hash: write.targetHash }]);
    expect(await target().documents(body.reference)).toBe(1);
    const listed = await Array.fromAsync(
      connection().list!(body.reference.slice(0, 3), calendarDate('2000-01-01')),
    );
    expect(listed).toContainEqual(
      expect.objectContaining({ reference: body.reference, state: 'posted', hash: write.targetHash }),
    );
  });

  it('tells what of an invoice is open, and takes it off where the payment itself is made', async ({
    skip,
  }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const { body, write } = found;
    const invoiceId = body.invoices[0]!.invoiceId;
    const openOf = async () =>
      parseMoney((await connection().payments!.payable(invoiceId))!.open, body.currency).minor;
    const before = await openOf();
    await deliver(connection(), write);
    const paid = body.making === 'draft' ? 0n : parseMoney(body.total, body.currency).minor;
    expect(await openOf()).toBe(before - paid);
  });

  it('sends no payment through a read-only door', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const readOnly = another(target().config, false).connection;
    const write = paymentWrite(readOnly, found.body);
    expect(await deliver(readOnly, write)).toMatchObject({ kind: 'not-sent' });
    expect(await target().documents(found.body.reference)).toBe(0);
  });
}

/** A payment of the sample invoice; null where the ERP takes none from outside. */
async function caseOf<Config>({
  connection,
  target,
}: Bench<Config>): Promise<{ readonly body: VendorPaymentBody; readonly write: Write } | null> {
  if (!connection().supports.has('create-vendor-payment')) return null;
  const { create, invoices, payment } = target().samples;
  if (invoices === undefined || payment === undefined)
    throw new Error('a connector that makes payments brings samples of an invoice and of a payment');
  const order = await posted(connection(), create);
  const invoice = await deliver(connection(), invoiceWrite(connection(), invoices.progress(order)));
  if (invoice.kind !== 'posted') throw new Error(`the invoice was not posted: ${JSON.stringify(invoice)}`);
  const body = payment(invoice.id);
  return { body, write: paymentWrite(connection(), body) };
}

function paymentWrite(connection: Connection, body: VendorPaymentBody): Write {
  const [write] = connection.writes({ kind: 'create-vendor-payment', body });
  if (write === undefined) throw new Error('a payment is one write');
  return write;
}
