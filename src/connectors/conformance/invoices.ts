import { expect, it } from 'vitest';
import type { ApInvoiceBody, PostedBase } from '../../domain/documents.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, parseMoney } from '../../domain/values/money.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import type { InvoiceSamples } from './harness.ts';
import { deliver, invoiceWrite, matches, posted } from './steps.ts';

/** How invoices are drawn from orders, for a connector that says that it can; skipped for the others. */
export function promisesOfInvoices<Config>(bench: Bench<Config>): void {
  promisesOfInvoiceForm(bench);
  promisesOfInvoicePosting(bench);
  promisesOfInvoiceTrouble(bench);
}

type Case = { readonly order: PostedBase; readonly samples: InvoiceSamples };

/** The posted sample order to draw from; null where the ERP takes no invoices. */
async function caseOf<Config>({ connection, target }: Bench<Config>): Promise<Case | null> {
  if (!connection().supports.has('create-invoice')) return null;
  const { create, invoices } = target().samples;
  if (invoices === undefined) throw new Error('a connector that takes invoices brings samples of them');
  return { order: await posted(connection(), create), samples: invoices };
}

function promisesOfInvoiceForm<Config>(bench: Bench<Config>): void {
  const { harness, connection, target } = bench;

  it('gives an invoice the same bytes and hash each time, and a settle rule that fits', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const rules = harness.connector.settle(target().config);
    for (const body of [found.samples.progress(found.order), found.samples.release(found.order)]) {
      const print = () => {
        const { encode, ...write } = invoiceWrite(connection(), body);
        return JSON.stringify([write, encode({ earlierIds: {} })]);
      };
      expect(print()).toBe(print());
      const { object, reference, kind } = invoiceWrite(connection(), body);
      expect([kind, reference]).toEqual(['create', body.reference]);
      expect(reference.length).toBeLessThanOrEqual(rules[object]?.referenceWidth ?? 0);
    }
  });

  it('finds nothing to object to in an invoice that fits its order, and says when a cent too much is billed', async ({
    skip,
  }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const body = found.samples.progress(found.order);
    const orderLines = (await connection().openOrderLines?.(found.order.id)) ?? undefined;
    const asked = (billed: ApInvoiceBody) =>
      connection().preflight({ kind: 'create-invoice', body: billed, ...(orderLines ? { orderLines } : {}) });
    expect(asked(body)).toEqual([]);
    const [line] = body.lines;
    const open = orderLines?.find(({ key }) => key === line?.orderLine)?.open;
    if (line === undefined || open === undefined) return;
    const over = { ...line, amount: addCent(open, body.currency) };
    const errors = asked({ ...body, lines: [over], retainage: [], total: over.amount });
    expect(errors.map(({ field }) => field)).toContainEqual(expect.stringContaining(line.key));
  });
}

function promisesOfInvoicePosting<Config>(bench: Bench<Config>): void {
  const { connection, target } = bench;

  it('posts an invoice that reads back equal, with a key for every line, and draws it from the order', async ({
    skip,
  }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const body = found.samples.progress(found.order);
    const before = await openAmounts(connection(), found.order.id);
    const write = invoiceWrite(connection(), body);
    const outcome = await deliver(connection(), write);
    const [match, ...more] = await matches(connection(), write);
    expect(more).toEqual([]);
    expect(match).toMatchObject({ state: 'posted', hash: write.targetHash });
    expect(outcome).toEqual({ kind: 'posted', id: match?.id });
    const keys = [...body.lines, ...body.retainage].map(({ key }) => key);
    expect(Object.keys(match?.lineKeys ?? {}).sort()).toEqual(keys.sort());
    expect(await target().documents(body.reference)).toBe(1);
    const after = await openAmounts(connection(), found.order.id);
    for (const { orderLine, amount } of body.lines) {
      const was = before.get(orderLine) ?? '0';
      const drawn = parseMoney(was, body.currency).minor - parseMoney(amount, body.currency).minor;
      if (before.size > 0) expect(parseMoney(after.get(orderLine) ?? '', body.currency).minor).toBe(drawn);
    }
  });

  it('pays retainage out without touching the order', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    await deliver(connection(), invoiceWrite(connection(), found.samples.progress(found.order)));
    const before = await openAmounts(connection(), found.order.id);
    const write = invoiceWrite(connection(), found.samples.release(found.order));
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'posted' });
    expect(await matches(connection(), write)).toMatchObject([{ state: 'posted', hash: write.targetHash }]);
    expect(await openAmounts(connection(), found.order.id)).toEqual(before);
  });

  it('lists an invoice beside its order, with the hash that it was posted with', async ({ skip }) => {
    const found = await caseOf(bench);
    const { list } = connection();
    if (found === null || list === undefined) return skip();
    const body = found.samples.progress(found.order);
    const write = invoiceWrite(connection(), body);
    await deliver(connection(), write);
    const listed = await Array.fromAsync(list(body.reference.slice(0, 3), calendarDate('2000-01-01')));
    expect(listed.map(({ reference }) => reference).sort()).toEqual(
      [found.order.body.reference, body.reference].sort(),
    );
    expect(listed).toContainEqual(
      expect.objectContaining({ reference: body.reference, state: 'posted', hash: write.targetHash }),
    );
  });

  it('finds an invoice by the vendor and its number', async ({ skip }) => {
    const found = await caseOf(bench);
    const { invoicesNumbered } = connection();
    if (found === null || invoicesNumbered === undefined) return skip();
    const body = found.samples.progress(found.order);
    expect(await invoicesNumbered(body.vendorCode, body.invoiceNumber)).toEqual([]);
    await deliver(connection(), invoiceWrite(connection(), body));
    expect(await invoicesNumbered(body.vendorCode, body.invoiceNumber)).toMatchObject([
      { reference: body.reference, state: 'posted', currency: body.currency },
    ]);
    const [shown] = await invoicesNumbered(body.vendorCode, body.invoiceNumber);
    expect(parseMoney(shown!.amount, body.currency)).toEqual(parseMoney(body.total, body.currency));
  });
}

function promisesOfInvoiceTrouble<Config>(bench: Bench<Config>): void {
  const { connection, another, target } = bench;

  it('finds exactly one equal invoice after the reply was lost', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const write = invoiceWrite(connection(), found.samples.progress(found.order));
    await target().fault('lost-reply', 'write');
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'unknown' });
    expect(await target().faultReached('lost-reply')).toBe(1);
    await target().elapse(10_000);
    expect(await matches(connection(), write)).toMatchObject([{ state: 'posted', hash: write.targetHash }]);
    expect(await target().documents(write.reference)).toBe(1);
  });

  it('passes the refusal of an invoice on by field, and nothing is drawn', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const body = found.samples.invalid.body(found.order);
    const before = await openAmounts(connection(), found.order.id);
    const outcome = await deliver(connection(), invoiceWrite(connection(), body));
    expect(outcome).toMatchObject({ kind: 'refused' });
    const errors = outcome.kind === 'refused' ? outcome.errors : [];
    expect(errors.map(({ field }) => field)).toContainEqual(
      expect.stringMatching(found.samples.invalid.field),
    );
    expect(await target().documents(body.reference)).toBe(0);
    expect(await openAmounts(connection(), found.order.id)).toEqual(before);
  });

  it('sends no invoice through a read-only door', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const body = found.samples.progress(found.order);
    const readOnly = another(target().config, false).connection;
    expect(await deliver(readOnly, invoiceWrite(readOnly, body))).toMatchObject({ kind: 'not-sent' });
    expect(await target().documents(body.reference)).toBe(0);
  });
}

async function openAmounts(connection: Connection, orderId: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await connection.openOrderLines?.(orderId)) ?? [];
  return new Map(lines.map(({ key, open }) => [key, open]));
}

function addCent(amount: string, currency: string): string {
  return formatMoney({ minor: parseMoney(amount, currency).minor + 1n, currency });
}
