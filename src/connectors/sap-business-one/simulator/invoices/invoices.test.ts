import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Got,
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
  await company.seed({ ...SEED, accounts: [...SEED.accounts, { code: '2050', name: 'Retainage payable' }] });
  await company.logIn();
  await company.call(
    'POST',
    'PurchaseOrders',
    orderBody({ DocumentLines: [lineBody(), lineBody({ LineTotal: 200 })] }),
  );
});
afterEach(() => company.stop());

const drawn = (changes: Record<string, unknown> = {}) => ({
  BaseType: 22,
  BaseEntry: 1,
  BaseLine: 0,
  LineTotal: 500.25,
  ...changes,
});
const post = (lines: unknown[] = [drawn()], changes: Record<string, unknown> = {}) =>
  company.call('POST', 'PurchaseInvoices', {
    DocType: 'dDocument_Service',
    CardCode: 'V100',
    DocDate: '2026-08-15',
    NumAtCard: 'INV-1',
    DocumentLines: lines,
    ...changes,
  });
const read = async (path: string) => (await company.call('GET', path)).body;
const orderLine = async (at: number) => linesOf(await company.call('GET', 'PurchaseOrders(1)'))[at];
const refused = async (got: Promise<Got>) => refusalOf(await got);

test('draws an invoice from an order line, which keeps the rest open', async () => {
  const got = await post([drawn(), { AccountCode: '2050', ItemDescription: 'Retainage', LineTotal: -50.02 }]);
  expect(got.status).toBe(201);
  expect(got.body).toMatchObject({
    DocEntry: 1,
    DocNum: 5001,
    DocTotal: 450.23,
    PaidToDate: 0,
    CancelStatus: 'csNo',
  });
  expect(linesOf(got)).toMatchObject([
    {
      BaseType: 22,
      BaseEntry: 1,
      BaseLine: 0,
      AccountCode: '5100',
      ProjectCode: 'P1',
      ItemDescription: 'Footings',
    },
    { BaseType: -1, BaseEntry: null, AccountCode: '2050', LineTotal: -50.02 },
  ]);
  expect(await orderLine(0)).toMatchObject({ LineStatus: 'bost_Open', OpenAmount: 999.75, LineTotal: 1500 });
  expect(await read("BusinessPartners('V100')")).toMatchObject({ CurrentAccountBalance: -450.23 });
});

test('closes a line that is drawn whole, and the order with its last', async () => {
  await post([drawn({ LineTotal: 1500 })]);
  expect(await orderLine(0)).toMatchObject({ LineStatus: 'bost_Close', OpenAmount: 0 });
  expect(await read('PurchaseOrders(1)')).toMatchObject({ DocumentStatus: 'bost_Open' });
  await post([drawn({ BaseLine: 1, LineTotal: undefined })]);
  expect(await read('PurchaseOrders(1)')).toMatchObject({ DocumentStatus: 'bost_Close' });
  expect(await refused(post([drawn({ LineTotal: 1 })]))).toBe(
    '400/-5002 One of the base documents has already been closed',
  );
});

test('draws items by quantity', async () => {
  const items = {
    DocType: 'dDocument_Items',
    DocumentLines: [{ ItemCode: 'REBAR', Quantity: 100.5, UnitPrice: 1 }],
  };
  await company.call('POST', 'PurchaseOrders', orderBody(items));
  const row = { BaseType: 22, BaseEntry: 2, BaseLine: 0, Quantity: 40.25, UnitPrice: 1 };
  expect((await post([row], { DocType: 'dDocument_Items' })).body).toMatchObject({ DocTotal: 40.25 });
  const line = async () => linesOf(await company.call('GET', 'PurchaseOrders(2)'))[0];
  expect(await line()).toMatchObject({ RemainingOpenQuantity: 60.25, LineStatus: 'bost_Open' });
  await post([{ ...row, Quantity: 60.25 }], { DocType: 'dDocument_Items' });
  expect(await line()).toMatchObject({ RemainingOpenQuantity: 0, LineStatus: 'bost_Close' });
});

describe('refuses an invoice, and draws nothing from the order,', () => {
  test.each([
    ['of another vendor than its order', () => post([drawn()], { CardCode: 'V400' })],
    [
      'of another type than its order',
      () => post([drawn({ ItemCode: 'REBAR' })], { DocType: 'dDocument_Items' }),
    ],
    ['on an order that does not exist', () => post([drawn({ BaseEntry: 9 })])],
    ['on a line that does not exist', () => post([drawn({ BaseLine: 7 })])],
    ['on a base of another type', () => post([drawn({ BaseType: 20 })])],
    ['with half a base', () => post([drawn({ BaseType: undefined })])],
    ['that is negative where its base is not', () => post([drawn({ LineTotal: -1 }), drawn()])],
    ['that is negative as a whole', () => post([{ AccountCode: '2050', LineTotal: -1 }])],
    ['on an account that is locked', () => post([drawn(), { AccountCode: '2000', LineTotal: -1 }])],
    ['on an account that does not exist', () => post([drawn(), { AccountCode: '9', LineTotal: -1 }])],
    ['on a closed project', () => post([drawn()], { Project: 'P2' })],
    ['with an attachment that does not exist', () => post([drawn()], { AttachmentEntry: 4 })],
    ['with a total of its own', () => post([drawn()], { DocTotal: 1 })],
  ])('%s', async (_title, attempt) => {
    const vendor = { code: 'V400', name: 'Other' };
    await company.call('POST', 'BusinessPartners', {
      CardCode: vendor.code,
      CardName: vendor.name,
      CardType: 'cSupplier',
    });
    expect((await attempt()).status).toBe(400);
    expect(valuesOf(await company.call('GET', 'PurchaseInvoices'))).toEqual([]);
    expect(await orderLine(0)).toMatchObject({ OpenAmount: 1500, LineStatus: 'bost_Open' });
  });

  test('whose dates are in a locked period, in none, or outside the windows', async () => {
    expect(await refused(post([drawn()], { DocDate: '2026-09-01' }))).toMatch(/^400\/-4013 /);
    expect(await refused(post([drawn()], { DocDate: '2026-07-01' }))).toContain('[OPCH.DocDate]');
    expect(await refused(post([drawn()], { DocDueDate: '2028-01-01' }))).toContain('[OPCH.DocDueDate]');
    expect(await refused(post([drawn()], { TaxDate: '2020-01-01' }))).toContain('[OPCH.TaxDate]');
  });
});

test('refuses orders that name a base', async () => {
  expect(
    await refused(company.call('POST', 'PurchaseOrders', orderBody({ DocumentLines: [drawn()] }))),
  ).toContain('[POR1.BaseEntry]');
});

test('takes a second invoice with one number from a vendor unless the company blocks it', async () => {
  const again = () => post([drawn({ LineTotal: 1 })]);
  await post();
  expect((await again()).status).toBe(201);
  await company.settings({ duplicateVendorReference: 'warn' });
  expect((await again()).status).toBe(201);
  await company.settings({ duplicateVendorReference: 'block' });
  expect(await refused(again())).toMatch(/^400\/-5002 .*'INV-1'.*\[OPCH\.NumAtCard\]$/);
  expect((await post([drawn({ LineTotal: 1 })], { NumAtCard: 'INV-2' })).status).toBe(201);
  const renamed = company.call('PATCH', 'PurchaseInvoices(1)', { NumAtCard: 'INV-2' });
  expect(await refused(renamed)).toContain('[OPCH.NumAtCard]');
});

test('taxes a line that names no tax by the group of the vendor, and another as it says', async () => {
  const taxCodes = [
    { code: 'V20', ratePercent: '20' },
    { code: 'V0', ratePercent: '0' },
  ];
  await company.seed({ ...SEED, vendors: [{ code: 'V100', name: 'Acme', vatGroup: 'V20' }], taxCodes });
  await company.logIn();
  const lines = [
    { AccountCode: '5100', LineTotal: 1000 },
    { AccountCode: '5100', LineTotal: -100, VatGroup: 'V0' },
  ];
  expect((await post(lines)).body).toMatchObject({ VatSum: 200, DocTotal: 1100 });
});

test('makes a draft that draws nothing until it is approved, and not when its order closed meanwhile', async () => {
  await company.settings({ approvalProcedure: 'invoices' });
  expect((await company.call('POST', 'PurchaseOrders', orderBody())).body.DocEntry).toBe(2);
  const first = await post([drawn({ LineTotal: 1500 })], { U_TbRef: 'TB-9' });
  const second = await post([drawn()]);
  expect(await read('Drafts(900001)')).toMatchObject({ DocObjectCode: 'oPurchaseInvoices', U_TbRef: 'TB-9' });
  expect(await orderLine(0)).toMatchObject({ OpenAmount: 1500 });
  const approved = await company.act({ action: 'approve_draft', docEntry: Number(first.body.DocEntry) });
  expect(await read(`PurchaseInvoices(${String(approved.body.docEntry)})`)).toMatchObject({
    U_TbRef: 'TB-9',
  });
  expect(await orderLine(0)).toMatchObject({ LineStatus: 'bost_Close' });
  const late = await company.act({ action: 'approve_draft', docEntry: Number(second.body.DocEntry) });
  expect(late).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining('already been closed') },
  });
});

test('cancels an invoice by a mirror and opens the order again', async () => {
  await post([drawn({ LineTotal: 1500 }), drawn({ BaseLine: 1, LineTotal: 200 })], { U_TbRef: 'TB-1' });
  expect(await read('PurchaseOrders(1)')).toMatchObject({ DocumentStatus: 'bost_Close' });
  const mirror = await company.call('POST', 'PurchaseInvoices(1)/CreateCancellationDocument');
  expect(mirror.body).toMatchObject({
    DocEntry: 2,
    CancelStatus: 'csCancellation',
    DocTotal: 1700,
    U_TbRef: 'TB-1',
  });
  expect(linesOf(mirror)[1]).toMatchObject({ BaseType: 18, BaseEntry: 1, BaseLine: 1 });
  expect(await read('PurchaseInvoices(1)')).toMatchObject({ Cancelled: 'tYES', CancelStatus: 'csYes' });
  expect(await read('PurchaseOrders(1)')).toMatchObject({ DocumentStatus: 'bost_Open' });
  expect(await orderLine(0)).toMatchObject({ LineStatus: 'bost_Open', OpenAmount: 1500 });
  expect(await read("BusinessPartners('V100')")).toMatchObject({ CurrentAccountBalance: 0 });
  for (const entry of [1, 2]) {
    const again = company.call('POST', `PurchaseInvoices(${entry})/CreateCancellationDocument`);
    expect(await refused(again)).toMatch(/^400\/-5006 /);
  }
});

test('cancels no invoice in a locked period', async () => {
  await post();
  await company.act({ action: 'lock_period', code: '2026-08' });
  expect(await refused(company.call('POST', 'PurchaseInvoices(1)/CreateCancellationDocument'))).toMatch(
    /^400\/-4013 /,
  );
});

test('changes what moves no amount, guarded by the version', async () => {
  const { headers } = await post();
  const patch = (body: unknown, more = {}) => company.call('PATCH', 'PurchaseInvoices(1)', body, more);
  const guard = { 'if-match': String(headers.get('etag')) };
  expect((await patch({ PaymentBlock: 'tYES', Comments: 'waiver missing' }, guard)).status).toBe(204);
  expect((await patch({ PaymentBlock: 'tNO' }, guard)).status).toBe(412);
  expect(await read('PurchaseInvoices(1)')).toMatchObject({
    PaymentBlock: 'tYES',
    Comments: 'waiver missing',
  });
  expect(await refused(patch({ DocDate: '2026-08-16' }))).toContain('[OPCH.DocDate]');
  expect(await refused(patch({ DocumentLines: [{ LineNum: 0, LineTotal: 1 }] }))).toContain(
    'cannot be changed',
  );
});

test('closes and reopens an invoice, and cancels none in place', async () => {
  await post();
  const act = (name: string) => company.call('POST', `PurchaseInvoices(1)/${name}`);
  expect((await act('Close')).status).toBe(204);
  expect(await read('PurchaseInvoices(1)')).toMatchObject({ DocumentStatus: 'bost_Close' });
  expect((await act('Reopen')).status).toBe(204);
  expect(await refused(act('Reopen'))).toMatch(/^400\/-5006 /);
  expect(await refused(act('Cancel'))).toMatch(/^400\/-5006 /);
});

test('lets a person draw an invoice, which takes the user fields of the order along', async () => {
  const order = await company.call('POST', 'PurchaseOrders', orderBody({ U_TbRef: 'TB-ORDER' }));
  const docEntry = Number(order.body.DocEntry);
  await company.act({ action: 'invoice_line', docEntry, lineNum: 0, amount: '100.00' });
  const found = valuesOf(await company.call('GET', "PurchaseInvoices?$filter=U_TbRef eq 'TB-ORDER'"));
  expect(found).toMatchObject([{ DocTotal: 100, DocDate: '2026-08-15T00:00:00Z' }]);
});
