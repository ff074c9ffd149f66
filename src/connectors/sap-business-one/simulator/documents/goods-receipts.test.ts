import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  lineBody,
  linesOf,
  openCompany,
  orderBody,
  refusalOf,
  SEED,
  type TestCompany,
  valuesOf,
} from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
  await company.seed(SEED);
  await company.logIn();
  const lines = [lineBody({ ItemDescription: 'Doors', LineTotal: 500 })];
  await company.call('POST', 'PurchaseOrders', orderBody({ Project: 'P1', DocumentLines: lines }));
});
afterEach(() => company.stop());

const read = async (path: string) => company.call('GET', path);
const bill = (LineTotal: number, BaseEntry = 1) =>
  company.call('POST', 'PurchaseInvoices', {
    DocType: 'dDocument_Service',
    CardCode: 'V100',
    DocDate: '2026-08-15',
    DocumentLines: [{ BaseType: 20, BaseEntry, BaseLine: 0, LineTotal }],
  });

test('what came in is open on the receipt, and the order is open for the rest', async () => {
  await company.act({ action: 'receive_line', docEntry: 1, lineNum: 0, amount: '300.50' });
  const receipt = await read('PurchaseDeliveryNotes(1)');
  expect(receipt.body).toMatchObject({ DocNum: 7001, Project: 'P1', CancelStatus: 'csNo' });
  expect(linesOf(receipt)).toMatchObject([
    { BaseType: 22, BaseEntry: 1, BaseLine: 0, LineTotal: 300.5, OpenAmount: 300.5 },
  ]);
  expect(linesOf(await read('PurchaseOrders(1)'))).toMatchObject([{ OpenAmount: 199.5 }]);
});

test('an invoice of the receipt leaves less of it open, and closes it with the last', async () => {
  await company.act({ action: 'receive_line', docEntry: 1, lineNum: 0 });
  expect((await bill(200)).status).toBe(201);
  expect(linesOf(await read('PurchaseDeliveryNotes(1)'))).toMatchObject([{ OpenAmount: 300 }]);
  await bill(300);
  expect((await read('PurchaseDeliveryNotes(1)')).body).toMatchObject({ DocumentStatus: 'bost_Close' });
  expect(refusalOf(await bill(1))).toContain('already been closed');
});

test('a receipt that is closed is billed no more, opens no order, and more may come in than is ordered', async () => {
  await company.act({ action: 'receive_line', docEntry: 1, lineNum: 0, amount: '600' });
  expect(linesOf(await read('PurchaseDeliveryNotes(1)'))).toMatchObject([{ OpenAmount: 600 }]);
  await company.act({ action: 'close_goods_receipt', docEntry: 1 });
  expect((await read('PurchaseOrders(1)')).body).toMatchObject({ DocumentStatus: 'bost_Close' });
  expect(refusalOf(await bill(1))).toContain('already been closed');
});

test('where receipts are cost at once, an invoice of one books what is received, and not the cost again', async () => {
  await company.settings({ receiptsPostCost: true });
  await company.act({ action: 'receive_line', docEntry: 1, lineNum: 0, amount: '300' });
  await bill(200);
  const journals = valuesOf(await read('JournalEntries?$orderby=JdtNum'));
  const booked = journals.map(({ OriginalJournal, JournalEntryLines: lines }) => [
    OriginalJournal,
    ...(lines as { AccountCode: string; Debit: number; Credit: number }[]).map(
      ({ AccountCode, Debit, Credit }) => `${AccountCode} ${Debit - Credit}`,
    ),
  ]);
  expect(booked).toEqual([
    ['ttPurchaseDeliveryNote', '5100 300', '2150 -300'],
    ['ttAPInvoice', '2150 200', '2000 -200'],
  ]);
  expect((await company.act({ action: 'cancel_goods_receipt', docEntry: 1 })).status).toBe(409);
});

test('a receipt that is taken back opens its order again, and one that was billed stays', async () => {
  await company.act({ action: 'receive_line', docEntry: 1, lineNum: 0 });
  expect((await read('PurchaseOrders(1)')).body).toMatchObject({ DocumentStatus: 'bost_Close' });
  await company.act({ action: 'cancel_goods_receipt', docEntry: 1 });
  expect((await read('PurchaseOrders(1)')).body).toMatchObject({ DocumentStatus: 'bost_Open' });
  const [line] = linesOf(await read('PurchaseDeliveryNotes(1)'));
  expect(line).toMatchObject({ OpenAmount: 0, LineStatus: 'bost_Close' });
  expect(refusalOf(await bill(1))).toContain('already been closed');
  await company.act({ action: 'receive_line', docEntry: 1, lineNum: 0 });
  await bill(5, 2);
  expect((await company.act({ action: 'cancel_goods_receipt', docEntry: 2 })).status).toBe(409);
});
