import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  lineBody,
  linesOf,
  openCompany,
  refusalOf,
  type TestCompany,
  valuesOf,
} from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const requestBody = (changes: Record<string, unknown> = {}) => ({
  DocType: 'dDocument_Service',
  DocDate: '2026-08-15',
  DocDueDate: '2026-08-15',
  RequriedDate: '2026-08-31',
  NumAtCard: 'SC-1',
  Project: 'P1',
  U_TbRef: 'OURS',
  DocumentLines: [lineBody({ LineVendor: 'V100' }), lineBody({ LineVendor: 'V100', LineTotal: 250.5 })],
  ...changes,
});
const made = () => company.call('POST', 'PurchaseRequests', requestBody());
const read = (path: string) => company.call('GET', path);

test('keeps a request with numbers of its own, which no vendor and no order knows of', async () => {
  const request = await made();
  expect(request.status).toBe(201);
  expect(request.body).toMatchObject({ DocEntry: 1, DocNum: 2001, CardCode: null, DocTotal: 1750.5 });
  expect(linesOf(request)).toMatchObject([{ LineVendor: 'V100', BaseType: -1, OpenAmount: 1500 }, {}]);
  expect(valuesOf(await read('PurchaseOrders'))).toEqual([]);
});

test('an order of a whole request draws on each of its rows, takes its user fields along and closes it', async () => {
  await made();
  await company.act({ action: 'buy_request', docEntry: 1 });
  const order = await read('PurchaseOrders(1)');
  expect(order.body).toMatchObject({ CardCode: 'V100', NumAtCard: 'SC-1', Project: 'P1', U_TbRef: 'OURS' });
  expect(linesOf(order)).toMatchObject([
    { BaseType: 1470000113, BaseEntry: 1, BaseLine: 0, LineTotal: 1500, AccountCode: '5100' },
    { BaseType: 1470000113, BaseEntry: 1, BaseLine: 1, LineTotal: 250.5 },
  ]);
  expect((await read('PurchaseRequests(1)')).body).toMatchObject({ DocumentStatus: 'bost_Close' });
  expect((await company.act({ action: 'buy_request', docEntry: 1, lines: [{ lineNum: 0 }] })).status).toBe(
    409,
  );
});

test('a request that is ordered in part stays open, is not cancelled, and is open again once its order is', async () => {
  await made();
  await company.act({ action: 'buy_request', docEntry: 1, lines: [{ lineNum: 1, amount: 200 }] });
  expect(linesOf(await read('PurchaseRequests(1)'))).toMatchObject([{}, { OpenAmount: 50.5 }]);
  expect((await company.act({ action: 'cancel_request', docEntry: 1 })).status).toBe(409);
  await company.act({ action: 'cancel_order', docEntry: 1 });
  expect(linesOf(await read('PurchaseRequests(1)'))).toMatchObject([{}, { OpenAmount: 250.5 }]);
  await company.act({ action: 'cancel_request', docEntry: 1 });
  expect((await read('PurchaseRequests(1)')).body).toMatchObject({ Cancelled: 'tYES' });
});

test.each([
  ['without the day by which it is needed', { RequriedDate: null }, 'OPRQ.ReqDate'],
  ['that is needed before its own date', { RequriedDate: '2026-08-14' }, 'OPRQ.ReqDate'],
  ['with a partner', { CardCode: 'V100' }, 'OPRQ.CardCode'],
  ['for an unknown vendor', { DocumentLines: [lineBody({ LineVendor: 'V9' })] }, 'PRQ1.LineVendor'],
  ['for a vendor on hold', { DocumentLines: [lineBody({ LineVendor: 'V200' })] }, 'on hold'],
  ['on a title account', { DocumentLines: [lineBody({ AccountCode: '5000' })] }, 'PRQ1.AcctCode'],
  ['of no rows', { DocumentLines: [] }, 'line'],
])('refuses a request %s', async (_, changes, what) => {
  expect(refusalOf(await company.call('POST', 'PurchaseRequests', requestBody(changes)))).toContain(what);
});
