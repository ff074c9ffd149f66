import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  lineBody,
  linesOf,
  openCompany,
  orderBody,
  refusalOf,
  SEED,
  type TestCompany,
} from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const post = (changes: Record<string, unknown> = {}) =>
  company.call('POST', 'PurchaseOrders', orderBody(changes));
const refusedWith = async (changes: Record<string, unknown>) => refusalOf(await post(changes));
const withLine = (changes: Record<string, unknown>) => ({ DocumentLines: [lineBody(changes)] });

test('answers a new order with its keys, numbers, totals and version', async () => {
  const got = await post({ U_TbRef: 'TB-1', DocumentLines: [lineBody(), lineBody({ LineTotal: 0.1 })] });
  expect(got.status).toBe(201);
  expect(got.headers.get('location')).toBe('/b1s/v2/PurchaseOrders(1)');
  expect(got.headers.get('etag')).toBe(got.body['@odata.etag']);
  expect(got.body).toMatchObject({
    DocEntry: 1,
    DocNum: 1001,
    DocDate: '2026-08-15T00:00:00Z',
    DocumentStatus: 'bost_Open',
    Cancelled: 'tNO',
    DataVersion: 1,
    U_TbRef: 'TB-1',
  });
  expect(got.text).toContain('"DocTotal":1500.1,');
  expect(linesOf(got).map((line) => [line.LineNum, line.OpenAmount])).toEqual([
    [0, 1500],
    [1, 0.1],
  ]);
});

test('keeps every digit of an amount beyond what a float holds', async () => {
  const body = JSON.stringify(orderBody()).replace('1500', '90071992547409.93');
  const got = await company.call('POST', 'PurchaseOrders', body);
  expect(got.text).toContain('"DocTotal":90071992547409.93,');
});

test('rounds a line to the decimals of the company', async () => {
  const got = await post(withLine({ LineTotal: 10.005 }));
  expect(got.text).toContain('"LineTotal":10.01,');
});

test('computes an item line from price, quantity and discount', async () => {
  const line = { ItemCode: 'REBAR', Quantity: 3, UnitPrice: 19.99, DiscountPercent: 10 };
  const got = await post({ DocType: 'dDocument_Items', DocumentLines: [line] });
  expect(linesOf(got)[0]).toMatchObject({ Price: 17.991, LineTotal: 53.97 });
  expect(got.body).toMatchObject({ DocTotal: 53.97 });
});

test('answers with 204 and the place of the order when no content is preferred', async () => {
  const got = await company.call('POST', 'PurchaseOrders', orderBody(), { prefer: 'return-no-content' });
  expect([got.status, got.headers.get('location'), got.headers.get('preference-applied')]).toEqual([
    204,
    '/b1s/v2/PurchaseOrders(1)',
    'return-no-content',
  ]);
});

describe('refuses a body the service would not read:', () => {
  test('an unknown property, in the vendor’s words', async () => {
    expect(await refusedWith({ Vendor: 'x' })).toBe("400/-1000 Property 'Vendor' of 'Document' is invalid");
    expect(await refusedWith(withLine({ CostCode: 'x' }))).toBe(
      "400/-1000 Property 'CostCode' of 'DocumentLine' is invalid",
    );
  });

  test('a user field nobody has defined', async () => {
    expect(await refusedWith({ U_Other: 'x' })).toBe("400/-1000 Property 'U_Other' of 'Document' is invalid");
  });

  test('a property only the service sets', async () => {
    expect(await refusedWith({ DocTotal: 1500 })).toContain('read-only');
    expect(await refusedWith(withLine({ OpenAmount: 1 }))).toContain('read-only');
  });

  test('a value of another JSON type', async () => {
    expect(await refusedWith(withLine({ LineTotal: '1500.00' }))).toContain('not a Double');
    expect(await refusedWith({ NumAtCard: 7 })).toContain('not a String');
    expect(await refusedWith({ DocDate: '08/15/2026' })).toContain('not a DateTimeOffset');
    expect(await refusedWith({ DocDate: '2026-02-30' })).toContain('not a DateTimeOffset');
    expect(await refusedWith({ DocType: 'service' })).toContain('not a BoDocumentTypes');
  });

  test('a value that is too long', async () => {
    expect(await refusedWith({ NumAtCard: 'x'.repeat(101) })).toContain('-5002 Value too long');
    expect(await refusedWith({ U_TbRef: 'x'.repeat(21) })).toContain('-5002 Value too long');
    expect((await post({ U_TbRef: 'x'.repeat(20) })).status).toBe(201);
  });

  test('text that is not JSON', async () => {
    const got = await company.call('POST', 'PurchaseOrders', '{"CardCode": "V1');
    expect(refusalOf(got)).toContain('400/-1000');
  });
});

describe('refuses an order the business would not take:', () => {
  test.each([
    ['an unknown vendor', { CardCode: 'V999' }],
    ['a customer', { CardCode: 'C100' }],
    ['a vendor on hold', { CardCode: 'V200' }],
    ['an inactive vendor', { CardCode: 'V300' }],
    ['an unknown project', withLine({ ProjectCode: 'P9' })],
    ['a closed project', withLine({ ProjectCode: 'P2' })],
    ['an unknown account', withLine({ AccountCode: '9999' })],
    ['a title account', withLine({ AccountCode: '5000' })],
    ['a frozen account', withLine({ AccountCode: '5200' })],
    ['an account locked for manual posting', withLine({ AccountCode: '2000' })],
    ['a service line without an account', withLine({ AccountCode: null })],
    ['a service line with an item', withLine({ ItemCode: 'REBAR' })],
    ['an item line without an item', { DocType: 'dDocument_Items' }],
    ['no lines', { DocumentLines: [] }],
    ['no due date', { DocDueDate: null }],
    ['an unknown currency', { DocCurrency: 'XXX' }],
    ['a negative total', withLine({ LineTotal: -1 })],
    ['an unknown tax code', withLine({ TaxCode: 'NO' })],
    ['an unknown distribution rule', withLine({ CostingCode: 'NO' })],
  ])('%s', async (_title, changes) => {
    expect(await refusedWith(changes)).toMatch(/^400\/-5002 /);
    const { body } = await company.sim('GET', 'state');
    expect(body.orders).toEqual([]);
  });

  test('a date in a locked period, in no period, or outside the due date window', async () => {
    expect(await refusedWith({ DocDate: '2026-09-01' })).toMatch(/^400\/-4013 /);
    expect(await refusedWith({ DocDate: '2026-07-01' })).toContain(
      'deviates from permissible range  [OPOR.DocDate]',
    );
    expect(await refusedWith({ DocDueDate: '2028-01-01' })).toContain('[OPOR.DocDueDate]');
  });

  test('a series that is not one of purchase orders', async () => {
    expect(await refusedWith({ Series: 99 })).toMatch(/^400\/-4002 /);
  });
});

test('takes the due date from the posting date where the company allows it', async () => {
  await company.settings({ dueDateRequired: false });
  expect((await post({ DocDueDate: null })).body.DocDueDate).toBe('2026-08-15T00:00:00Z');
});

test('uses up no document number for a refused order', async () => {
  await post({ CardCode: 'V999' });
  expect((await post()).body.DocNum).toBe(1001);
});

test('takes the same user field twice, until the field is unique', async () => {
  await post({ U_TbRef: 'TB-1' });
  expect((await post({ U_TbRef: 'TB-1' })).status).toBe(201);
  await company.settings({ uniqueUdf: 'U_TbRef' });
  expect(await refusedWith({ U_TbRef: 'TB-1' })).toMatch(/^400\/-2035 This entry already exists/);
  expect((await post({ U_TbRef: 'TB-2' })).status).toBe(201);
});

test('books a second order under a unique user field where the company only warns', async () => {
  await company.settings({ uniqueUdf: true, uniqueUdfOnlyWarns: true });
  await post({ U_TbRef: 'TB-1' });
  expect((await post({ U_TbRef: 'TB-1' })).status).toBe(201);
});

test('takes the header discount off before tax', async () => {
  await company.seed({ ...SEED, taxCodes: [{ code: 'TX', ratePercent: '8.25' }] });
  await company.logIn();
  const got = await post({
    DiscountPercent: 10,
    DocumentLines: [lineBody({ LineTotal: 99.99, TaxCode: 'TX' })],
  });
  expect(got.body).toMatchObject({ TotalDiscount: 10, VatSum: 7.42, DocTotal: 97.41 });
});

test('keeps a foreign order in both currencies, and refuses one without a rate', async () => {
  await company.seed({ ...SEED, currencies: [{ code: 'EUR', name: 'Euro', decimals: 2 }] });
  await company.logIn();
  await company.act({ action: 'edit_vendor', cardCode: 'V100', changes: { Currency: '##' } });
  const lines = [{ AccountCode: '5100', RowTotalFC: 100.1 }];
  expect(await refusedWith({ DocCurrency: 'EUR', DocumentLines: lines })).toContain('exchange rate');
  const got = await post({ DocCurrency: 'EUR', DocRate: 1.25, DocumentLines: lines });
  expect(got.body).toMatchObject({ DocTotalFc: 100.1, DocTotal: 125.13 });
});

test('refuses a line total that disagrees with price and quantity', async () => {
  const line = { ItemCode: 'REBAR', Quantity: 2, UnitPrice: 5, LineTotal: 11 };
  expect(await refusedWith({ DocType: 'dDocument_Items', DocumentLines: [line] })).toContain('disagrees');
});

test('refuses to delete an order', async () => {
  await post();
  expect(refusalOf(await company.call('DELETE', 'PurchaseOrders(1)'))).toMatch(/^400\/-5006 /);
});
