import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { drawOnReceipts } from '../../../domain/billing/receipt-draws.ts';
import type { ApInvoiceBody, PostedBase } from '../../../domain/documents.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { parseMoney } from '../../../domain/values/money.ts';
import { deliver, matches, type Opened, open, posted } from '../../conformance/steps.ts';
import { openControl, SAMPLE_COMPANY, sampleConfig } from '../fixtures/company.ts';
import { draw, sampleInvoice } from '../fixtures/invoices.ts';
import { SAMPLE_ORDER } from '../fixtures/orders.ts';
import { sapBusinessOne } from '../index.ts';
import { openOrderLines } from '../orders/open-order.ts';
import { startBusinessOneSimulator } from '../simulator/server.ts';

let simulator: Awaited<ReturnType<typeof startBusinessOneSimulator>>;
let control: ReturnType<typeof openControl>;
let opened: Opened;
let order: PostedBase;
beforeAll(async () => {
  simulator = await startBusinessOneSimulator({ port: 0 });
  control = openControl(simulator.url);
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await control.post('reset', {});
  await control.post('seed', SAMPLE_COMPANY);
  opened = open(sapBusinessOne, sampleConfig(simulator.url));
  order = await posted(opened.connection, SAMPLE_ORDER);
});
afterEach(() => opened.close());

const act = (body: object) => control.post('act', body);
const receive = (amount: string) =>
  act({ action: 'receive_line', docEntry: Number(order.id), lineNum: 0, amount });
const lines = async () => (await opened.connection.openOrderLines!(order.id))!;

/** The first line of the order, billed as the plan would draw it. */
async function billed(amount: string): Promise<ApInvoiceBody> {
  const line = draw(order, '11', 'Footings', amount);
  const there = (await lines()).find(({ key }) => key === line.orderLine);
  const wanted = { name: 'Footings', amount: parseMoney(amount, 'USD'), ordered: null };
  const { draws, trouble } = drawOnReceipts(wanted, there);
  expect(trouble).toBeNull();
  return sampleInvoice(order, { lines: [{ ...line, received: draws }], retainage: [], total: amount });
}

it('tells what came in on a line, oldest first, and the rest of it as open on the order', async () => {
  expect((await lines())[0]).toEqual({ key: '0', open: '100000', closed: false });
  await receive('300.50');
  await receive('200');
  expect((await lines())[0]).toEqual({
    ...{ key: '0', open: '99499.5', closed: false },
    received: [
      { receipt: '1', number: '7001', line: '0', amount: '300.5', open: '300.5', unusable: null },
      { receipt: '2', number: '7002', line: '0', amount: '200', open: '200', unusable: null },
    ],
  });
  await act({ action: 'close_goods_receipt', docEntry: 1 });
  await act({ action: 'cancel_goods_receipt', docEntry: 2 });
  expect((await lines())[0]?.received).toMatchObject([{ receipt: '1', open: '0', unusable: 'closed' }]);
});

it('draws on receipts and on the order in one invoice, once, that reads back as it was approved', async () => {
  await receive('300.50');
  await receive('200');
  const body = await billed('700.25');
  const operation = { kind: 'create-invoice', body, orderLines: await lines() } as const;
  expect(opened.connection.preflight(operation)).toEqual([]);
  const [write] = opened.connection.writes(operation);
  expect(await deliver(opened.connection, write!)).toMatchObject({ kind: 'posted' });
  const found = await matches(opened.connection, write!);
  expect(found).toMatchObject([{ state: 'posted', hash: write!.targetHash, lineKeys: { '11': '0' } }]);
  const { invoices } = await control.truth();
  const rows = (invoices[0] as unknown as { document: { DocumentLines: readonly object[] } }).document;
  expect(rows.DocumentLines).toMatchObject([
    { BaseType: 20, BaseEntry: 1, BaseLine: 0, LineTotal: 300.5 },
    { BaseType: 20, BaseEntry: 2, BaseLine: 0, LineTotal: 200 },
    { BaseType: 22, BaseEntry: Number(order.id), BaseLine: 0, LineTotal: 199.75 },
  ]);
  expect((await lines())[0]).toMatchObject({ open: '99299.75', received: [{ open: '0' }, { open: '0' }] });
});

it('draws all of a line on its receipt, whose order is closed by then', async () => {
  for (const lineNum of [0, 1, 2]) await act({ action: 'receive_line', docEntry: Number(order.id), lineNum });
  const body = await billed('100000.00');
  const operation = { kind: 'create-invoice', body, orderLines: await lines() } as const;
  expect(opened.connection.preflight(operation)).toEqual([]);
  expect(await deliver(opened.connection, opened.connection.writes(operation)[0]!)).toMatchObject({
    kind: 'posted',
  });
});

it('lists an invoice of ours that draws on a receipt, and none that a person drew from one', async () => {
  await receive('300');
  const body = await billed('100.00');
  await deliver(opened.connection, opened.connection.writes({ kind: 'create-invoice', body })[0]!);
  const dates = { DocDate: '2026-08-20', TaxDate: '2026-08-20', DocDueDate: '2026-08-31' };
  await act({
    action: 'create_invoice',
    document: {
      ...{ CardCode: body.vendorCode, DocType: 'dDocument_Service', NumAtCard: 'X', ...dates },
      // The client takes the user fields of the receipt along, which took those of the order.
      U_TiebeamRef: SAMPLE_ORDER.reference,
      DocumentLines: [{ BaseType: 20, BaseEntry: 1, BaseLine: 0, LineTotal: 50 }],
    },
  });
  const listed = await Array.fromAsync(opened.connection.list!('TAC', calendarDate('2000-01-01')));
  expect(listed.map(({ reference }) => reference).sort()).toEqual(
    [SAMPLE_ORDER.reference, body.reference].sort(),
  );
});

it('names a receipt that is in another currency, or at another price than its order, as one to leave alone', async () => {
  const line = { LineNum: 0, LineTotal: 90, OpenAmount: 10, LineStatus: 'bost_Open', UnitPrice: 1 };
  const ordered = {
    DocEntry: 7,
    DocDate: '2026-08-01',
    CardCode: 'V1',
    DocCurrency: 'USD',
    DocType: 'dDocument_Items',
  };
  const order = {
    ...ordered,
    DocumentStatus: 'bost_Open',
    CreationDate: '2026-08-01',
    DocumentLines: [line],
  };
  const came = (DocEntry: number, DocDate: string, DocCurrency: string, UnitPrice: number) => ({
    ...{
      DocEntry,
      DocNum: 7000 + DocEntry,
      DocDate,
      CardCode: 'V1',
      DocCurrency,
      DocumentStatus: 'bost_Open',
    },
    CancelStatus: 'csNo',
    DocumentLines: [{ ...line, UnitPrice, LineTotal: 20, BaseType: 22, BaseEntry: 7, BaseLine: 0 }],
  });
  const receipts = [
    came(3, '2026-08-09', 'USD', 1),
    came(2, '2026-08-05', 'EUR', 1),
    came(1, '2026-08-05', 'USD', 1.5),
  ];
  const read: Read = async ({ path }) => ({
    ...{ status: 200, headers: {} },
    body: JSON.stringify(path.startsWith('/PurchaseOrders') ? order : { value: receipts }),
  });
  expect((await openOrderLines(read, '7'))?.[0]?.received).toMatchObject([
    { receipt: '1', unusable: 'other-price' },
    { receipt: '2', unusable: 'other-currency' },
    { receipt: '3', unusable: null },
  ]);
});
