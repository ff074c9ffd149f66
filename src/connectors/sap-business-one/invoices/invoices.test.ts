import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApInvoiceBody, PostedBase } from '../../../domain/documents.ts';
import type { PaymentRecord } from '../../../domain/records.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { formatMoney, parseMoney, sum } from '../../../domain/values/money.ts';
import { deliver, matches, type Opened, open, posted, pullAll } from '../../conformance/steps.ts';
import type { Connection } from '../../connector.ts';
import { openControl, SAMPLE_COMPANY, sampleConfig } from '../fixtures/company.ts';
import { draw, sampleInvoice, withheld } from '../fixtures/invoices.ts';
import { SAMPLE_ORDER, sampleLine } from '../fixtures/orders.ts';
import { sapBusinessOne } from '../index.ts';
import { startBusinessOneSimulator } from '../simulator/server.ts';

let simulator: Awaited<ReturnType<typeof startBusinessOneSimulator>>;
let control: ReturnType<typeof openControl>;
let opened: Opened;
let connection: Connection;
let order: PostedBase;

beforeAll(async () => {
  simulator = await startBusinessOneSimulator({ port: 0 });
  control = openControl(simulator.url);
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await begin(SAMPLE_COMPANY);
});
afterEach(() => opened.close());

async function begin(seed: object, more = {}): Promise<void> {
  await control.post('reset', {});
  await control.post('seed', seed);
  opened = open(sapBusinessOne, sampleConfig(simulator.url, more));
  ({ connection } = opened);
  order = await posted(connection, SAMPLE_ORDER);
}

const act = (body: object) => control.post('act', body);
const writeOf = (body: ApInvoiceBody) => connection.writes({ kind: 'create-invoice', body })[0]!;
const send = (body: ApInvoiceBody) => deliver(connection, writeOf(body));
const found = (body: ApInvoiceBody) => matches(connection, writeOf(body));
const openLines = async () =>
  (await connection.openOrderLines!(order.id))?.map(({ open, closed }) => [open, closed]);
const listed = () => Array.fromAsync(connection.list!('TAC', calendarDate('2000-01-01')));

async function post(body: ApInvoiceBody): Promise<string> {
  const outcome = await send(body);
  if (outcome.kind !== 'posted') throw new Error(JSON.stringify(outcome));
  return outcome.id;
}

const second = (more: Partial<ApInvoiceBody> = {}) =>
  sampleInvoice(order, {
    reference: 'TAC2345INVOICE33',
    application: 2,
    invoiceNumber: 'ACME-0902',
    lines: [draw(order, '11', 'Footings', '60000.00')],
    retainage: [withheld('-6000.00')],
    total: '54000.00',
    ...more,
  });
const release = () =>
  sampleInvoice(order, {
    reference: 'TAC2345RELEASE22',
    purpose: 'retainage-release',
    invoiceNumber: 'ACME-0902-R',
    lines: [],
    retainage: [withheld('11000.05')],
    total: '11000.05',
  });

describe('an invoice', () => {
  it('goes from order over two applications and the release of retainage to its payments', async () => {
    const first = await post(sampleInvoice(order));
    expect(await found(sampleInvoice(order))).toMatchObject([
      {
        id: first,
        state: 'posted',
        hash: writeOf(sampleInvoice(order)).targetHash,
        lineKeys: { 11: '0', 12: '1', retainage: '2' },
      },
    ]);
    expect(await openLines()).toEqual([
      ['60000', false],
      ['40000', false],
      ['1000', false],
    ]);
    const next = await post(second());
    expect(await openLines()).toEqual([
      ['0', true],
      ['40000', false],
      ['1000', false],
    ]);
    const released = await post(release());
    expect(await found(release())).toMatchObject([{ id: released, lineKeys: { retainage: '0' } }]);
    expect(await openLines()).toEqual([
      ['0', true],
      ['40000', false],
      ['1000', false],
    ]);
    expect(writeOf(release()).object).toBe('retainage-release');

    await act({
      action: 'pay_invoice',
      docEntry: Number(first),
      amount: '45000.00',
      method: 'check',
      number: '1042',
      date: '2026-08-31',
    });
    await act({ action: 'pay_invoice', docEntry: Number(next), number: 'WIRE-7', date: '2026-08-31' });
    const { records, cursor } = await pullAll(connection.pull.payment!);
    expect([...records.values()].map(({ record }) => record)).toMatchObject([
      {
        number: '8001',
        vendorId: 'V1003',
        method: 'check',
        methodNumber: '1042',
        date: '2026-08-31',
        cancelled: false,
        invoices: [{ invoiceId: first, amount: '45000.00' }],
      },
      {
        method: 'transfer',
        methodNumber: 'WIRE-7',
        currency: 'USD',
        invoices: [{ invoiceId: next, amount: '54000.00' }],
      },
    ]);
    await act({ action: 'void_payment', docEntry: 1 });
    await act({ action: 'pay_invoice', docEntry: Number(released), method: 'cash', date: '2026-08-31' });
    const later = (await pullAll(connection.pull.payment!, cursor)).records;
    expect(later.get('1')?.record).toMatchObject({ cancelled: true });
    expect(later.get('3')?.record).toMatchObject({ method: 'cash', methodNumber: null, cancelled: false });
  });

  it('is found once after its answer was lost', async () => {
    await control.post('faults', {
      seed: 1,
      rules: [{ kind: 'lost-reply', times: 1, match: { path_regex: 'PurchaseInvoices' } }],
    });
    expect(await send(sampleInvoice(order))).toMatchObject({ kind: 'unknown' });
    expect(await found(sampleInvoice(order))).toMatchObject([
      { state: 'posted', hash: writeOf(sampleInvoice(order)).targetHash },
    ]);
    expect((await control.truth()).invoices).toHaveLength(1);
  });

  it('that needs approval is a pending draft, which draws nothing until it becomes an invoice', async () => {
    await control.post('settings', { approvalProcedure: 'invoices' });
    await send(sampleInvoice(order));
    expect(await found(sampleInvoice(order))).toMatchObject(
      [{ id: /^draft-/, state: 'pending', hash: writeOf(sampleInvoice(order)).targetHash }].map((each) => ({
        ...each,
        id: expect.stringMatching(each.id),
      })),
    );
    expect(await openLines()).toContainEqual(['100000', false]);
    const [draft] = (await control.truth()).drafts;
    await act({ action: 'approve_draft', docEntry: draft?.docEntry });
    expect(await found(sampleInvoice(order))).toMatchObject([{ id: '1', state: 'posted' }]);
    expect(await openLines()).toContainEqual(['60000', false]);
  });

  it('whose draft was rejected is found as cancelled', async () => {
    await control.post('settings', { approvalProcedure: true });
    await send(sampleInvoice(order));
    await act({ action: 'reject_draft', docEntry: (await control.truth()).drafts[0]?.docEntry });
    expect(await found(sampleInvoice(order))).toMatchObject([{ state: 'cancelled' }]);
  });

  it('on a closed order line is refused by that line', async () => {
    await act({ action: 'close_line', docEntry: Number(order.id), lineNum: 0 });
    expect(await send(sampleInvoice(order))).toMatchObject({
      kind: 'refused',
      errors: [{ field: 'lines.orderLine', message: expect.stringMatching(/reopen/) }],
    });
    expect((await control.truth()).invoices).toEqual([]);
  });

  it.each([
    [{ vendorCode: "V'9" }, 'vendorCode', /on hold/],
    [{ accountingDate: calendarDate('2026-07-15') }, 'accountingDate', /locked/],
    [{ documentDate: calendarDate('2019-01-01') }, 'accountingDate', /range/],
    [{ retainage: [{ ...withheld('-5000.05'), account: '2000' }] }, 'retainage[retainage].coding', /locked/],
    [
      { retainage: [{ ...withheld('-5000.05'), account: '999' }] },
      'retainage[retainage].coding',
      /not found/,
    ],
    [{ orderId: '99' }, 'lines[11].orderLine', /does not exist/],
  ])('is refused by field for %o', async (more, field, said) => {
    const outcome = await send(sampleInvoice(order, more));
    expect(outcome).toMatchObject({
      kind: 'refused',
      errors: [{ field, message: expect.stringMatching(said) }],
    });
  });

  it('is held back from payment by its block, and the block is nobody’s drift', async () => {
    const body = sampleInvoice(order, { paymentHold: 'insurance lapsed on 2026-08-01' });
    await post(body);
    expect((await control.truth()).invoices[0]?.document).toMatchObject({
      PaymentBlock: 'tYES',
      Comments: expect.stringContaining('insurance lapsed'),
    });
    await act({
      action: 'edit_invoice',
      docEntry: 1,
      changes: { PaymentBlock: 'tNO', DocDueDate: '2026-12-01' },
    });
    expect(await found(body)).toMatchObject([{ hash: writeOf(body).targetHash }]);
    await act({ action: 'edit_invoice', docEntry: 1, changes: { NumAtCard: 'other' } });
    expect((await found(body))[0]?.hash).not.toBe(writeOf(body).targetHash);
  });

  it('keeps retainage out of the tax where a tax group for it is configured', async () => {
    await opened.close();
    const seed = {
      ...SAMPLE_COMPANY,
      vendors: [
        { code: 'V1003', name: 'Acme', vatGroup: 'V20' },
        { code: 'V1000', name: 'Fence' },
      ],
      taxCodes: [
        { code: 'V20', ratePercent: '20' },
        { code: 'V0', ratePercent: '0' },
      ],
    };
    await begin(seed, { retainageVatGroup: 'V0' });
    await post(sampleInvoice(order));
    expect((await control.truth()).invoices[0]?.document).toMatchObject({
      VatSum: 10000.1,
      DocTotal: 55000.55,
    });
  });

  it('draws a deduction off its own line of the order, and the ERP takes no minus from another', async () => {
    const lines = [sampleLine('1', 'Walls', '1000.00'), sampleLine('2', 'Credit for fence', '-250.00')];
    order = await posted(connection, {
      ...SAMPLE_ORDER,
      reference: 'TAC2345ABCDEFGH8',
      lines,
      total: '750.00',
    });
    const [walls, credit] = [draw(order, '1', 'Walls', '400.00'), draw(order, '2', 'Credit', '-250.00')];
    await post(sampleInvoice(order, { lines: [walls, credit], retainage: [], total: '150.00' }));
    expect(await openLines()).toEqual([
      ['600', false],
      ['0', true],
    ]);
    const minus = sampleInvoice(order, {
      reference: 'TAC2345INVOICE33',
      lines: [draw(order, '1', 'Walls', '-1.00')],
      retainage: [withheld('2.00')],
      total: '1.00',
    });
    expect(await send(minus)).toMatchObject({ kind: 'refused', errors: [{ field: 'lines[1].amount' }] });
  });

  it('of items draws them by quantity', async () => {
    const items = [sampleLine('1', 'Pump', '749.25', 'PUMP', 'item')];
    order = await posted(connection, {
      ...SAMPLE_ORDER,
      reference: 'TAC2345ABCDEFGH9',
      lines: items,
      total: '749.25',
    });
    const body = sampleInvoice(order, {
      lines: [draw(order, '1', 'Pump', '249.25')],
      retainage: [],
      total: '249.25',
    });
    await post(body);
    expect(await found(body)).toMatchObject([{ state: 'posted', hash: writeOf(body).targetHash }]);
    expect(await openLines()).toEqual([['500', false]]);
  });

  it('reads back equal whatever it draws and withholds', async () => {
    const cents = (max: number) =>
      fc.integer({ min: 1, max }).map((minor) => ({ minor: BigInt(minor), currency: 'USD' }));
    let runs = 0;
    const one = fc.record({
      footings: cents(1_000),
      walls: cents(1_000),
      held: fc.integer({ min: 0, max: 99 }),
      words: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(one, async ({ footings, walls, held, words }) => {
        runs += 1;
        const gross = sum([footings, walls], 'USD');
        const kept = { minor: (-gross.minor * BigInt(held)) / 100n, currency: 'USD' };
        const body = sampleInvoice(order, {
          reference: `TAC${String(runs).padStart(13, '0')}`,
          invoiceNumber: `N-${runs}`,
          lines: [
            draw(order, '11', `x${words}`, formatMoney(footings)),
            draw(order, '12', 'Walls', formatMoney(walls)),
          ],
          retainage: [withheld(formatMoney(kept))],
          total: formatMoney(sum([gross, kept], 'USD')),
        });
        const id = await post(body);
        expect(await found(body)).toMatchObject([{ id, hash: writeOf(body).targetHash }]);
      }),
      { numRuns: 25 },
    );
    const drawn = (await control.truth()).invoices.length;
    expect(drawn).toBe(runs);
  });
});

describe('the number of a vendor’s invoice', () => {
  const again = () => second({ invoiceNumber: sampleInvoice(order).invoiceNumber });

  it.each(['off', 'warn'])(
    'is taken twice where the company has it %s, so it is looked for first',
    async (setting) => {
      await control.post('settings', { duplicateVendorReference: setting });
      expect(await connection.invoicesNumbered!('V1003', 'ACME-0817')).toEqual([]);
      const id = await post(sampleInvoice(order));
      expect(await connection.invoicesNumbered!('V1003', 'ACME-0817')).toEqual([
        {
          ...{ id, number: '5001', state: 'posted', reference: 'TAC2345INVOICE22' },
          ...{ currency: 'USD', amount: '45000.45' },
        },
      ]);
      expect(await connection.invoicesNumbered!('V1004', 'ACME-0817')).toEqual([]);
      expect(await send(again())).toMatchObject({ kind: 'posted' });
    },
  );

  it('is refused the second time where the company blocks it, naming the invoice that has it', async () => {
    await control.post('settings', { duplicateVendorReference: 'block' });
    await post(sampleInvoice(order));
    expect(await send(again())).toMatchObject({
      kind: 'refused',
      errors: [{ field: 'invoiceNumber', message: expect.stringContaining('A/P invoice 5001') }],
    });
  });

  it('that our own lost request took is no refusal', async () => {
    await control.post('settings', { duplicateVendorReference: 'block' });
    const id = await post(sampleInvoice(order));
    expect(await send(sampleInvoice(order))).toEqual({ kind: 'posted', id });
    expect((await control.truth()).invoices).toHaveLength(1);
  });

  it('is free again when its invoice was cancelled', async () => {
    await control.post('settings', { duplicateVendorReference: 'block' });
    const id = await post(sampleInvoice(order));
    await act({ action: 'cancel_invoice', docEntry: Number(id) });
    expect(await connection.invoicesNumbered!('V1003', 'ACME-0817')).toEqual([]);
    expect(await send(again())).toMatchObject({ kind: 'posted' });
  });
});

describe('the daily list', () => {
  it('has orders and invoices, each once', async () => {
    const id = await post(sampleInvoice(order));
    expect(await listed()).toMatchObject([
      { id: order.id, reference: SAMPLE_ORDER.reference },
      {
        id,
        reference: 'TAC2345INVOICE22',
        number: '5001',
        state: 'posted',
        hash: writeOf(sampleInvoice(order)).targetHash,
      },
    ]);
  });

  it('shows a cancelled invoice as cancelled, and its mirror not at all', async () => {
    const id = await post(sampleInvoice(order));
    await act({ action: 'cancel_invoice', docEntry: Number(id) });
    expect((await listed()).slice(1)).toMatchObject([{ id, state: 'cancelled' }]);
    expect(await found(sampleInvoice(order))).toMatchObject([{ id, state: 'cancelled' }]);
    expect(await openLines()).toContainEqual(['100000', false]);
  });

  it('leaves out what a person drew from an order of ours, although it carries the order’s reference', async () => {
    await act({ action: 'invoice_line', docEntry: Number(order.id), lineNum: 0, amount: '10.00' });
    expect((await control.truth()).invoices[0]?.udfs.U_TiebeamRef).toBe(SAMPLE_ORDER.reference);
    expect((await listed()).map(({ reference }) => reference)).toEqual([SAMPLE_ORDER.reference]);
  });
});

describe('payments', () => {
  it('are read page by page, and a cancelled one of any age again in each cycle', async () => {
    const id = Number(await post(sampleInvoice(order)));
    for (let count = 0; count < 230; count += 1)
      await act({ action: 'pay_invoice', docEntry: id, amount: '0.01', date: '2026-08-31' });
    const first = await pullAll(connection.pull.payment!);
    expect(first.records.size).toBe(230);
    await act({ action: 'void_payment', docEntry: 3 });
    const { records } = await pullAll(connection.pull.payment!, first.cursor);
    const cancelled = [...records.values()]
      .map(({ record }) => record as PaymentRecord)
      .filter((each) => each.cancelled);
    expect(cancelled.map((each) => each.id)).toEqual(['3']);
    expect(records.size).toBeLessThan(30);
    expect(parseMoney(cancelled[0]?.invoices[0]?.amount ?? '', 'USD').minor).toBe(1n);
  });
});
