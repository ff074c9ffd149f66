import { afterEach, beforeEach, expect, test } from 'vitest';
import {
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
});
afterEach(() => company.stop());

const get = (path: string) => company.call('GET', path);
const patchVendor = (body: unknown, headers: Record<string, string> = {}) =>
  company.call('PATCH', "BusinessPartners('V100')", body, headers);

test('reads every master by key and by list, with the key in quotes', async () => {
  expect((await get("BusinessPartners('V200')")).body).toMatchObject({
    CardName: "O'Hara Steel",
    Frozen: 'tYES',
  });
  expect((await get("Projects('P2')")).body).toMatchObject({ Active: 'tNO' });
  expect((await get("ChartOfAccounts('5000')")).body).toMatchObject({ ActiveAccount: 'tNO' });
  expect((await get("Items('REBAR')")).body).toMatchObject({ PurchaseItem: 'tYES' });
  expect((await get("Currencies('USD')")).body).toMatchObject({ Decimals: 'cd2Digits' });
  expect(valuesOf(await get("BusinessPartners?$filter=CardType eq 'cSupplier'"))).toHaveLength(3);
  expect(refusalOf(await get("Projects('p1')"))).toMatch(/^404\/-2028 /);
  expect(refusalOf(await get('Projects(P1)'))).toMatch(/^400\/-1000 /);
});

test('tags business partners and not projects', async () => {
  expect((await get("BusinessPartners('V100')")).headers.get('etag')).not.toBeNull();
  expect((await get("Projects('P1')")).headers.get('etag')).toBeNull();
});

test('creates a vendor once, and refuses the same code and unknown properties', async () => {
  const vendor = { CardCode: 'V500', CardName: 'New', CardType: 'cSupplier' };
  expect((await company.call('POST', 'BusinessPartners', vendor)).status).toBe(201);
  expect(refusalOf(await company.call('POST', 'BusinessPartners', vendor))).toMatch(/^400\/-2035 /);
  const odd = await company.call('POST', 'BusinessPartners', { ...vendor, Vendor: 1 });
  expect(refusalOf(odd)).toBe("400/-1000 Property 'Vendor' of 'BusinessPartner' is invalid");
  const order = await company.call('POST', 'PurchaseOrders', orderBody({ CardCode: 'V500' }));
  expect(order.status).toBe(201);
});

test('updates an address only when all four of its keys are named', async () => {
  const key = { AddressName: 'Yard', AddressType: 'bo_BillTo' };
  await patchVendor({ BPAddresses: [{ ...key, City: 'Oslo' }] });
  expect(refusalOf(await patchVendor({ BPAddresses: [{ ...key, City: 'Bergen' }] }))).toMatch(/^400\/-2035 /);
  await patchVendor({ BPAddresses: [{ AddressName: 'Yard', City: 'Bergen' }] });
  await patchVendor({ BPAddresses: [{ ...key, BPCode: 'V100', RowNum: 0, City: 'Tromso' }] });
  expect((await get("BusinessPartners('V100')")).body.BPAddresses).toMatchObject([
    { AddressType: 'bo_BillTo', City: 'Tromso', RowNum: 0 },
    { AddressType: 'bo_ShipTo', City: 'Bergen', RowNum: 1 },
  ]);
});

test('answers 412 for a vendor changed by a person meanwhile', async () => {
  const tag = (await get("BusinessPartners('V100')")).headers.get('etag') ?? '';
  await company.act({ action: 'edit_vendor', cardCode: 'V100', changes: { Phone1: '555' } });
  expect(refusalOf(await patchVendor({ CardName: 'X' }, { 'if-match': tag }))).toMatch(/^412\/-2039 /);
});

test('numbers a vendor by the series of the company, where no code is typed', async () => {
  const vendor = { CardName: 'New', CardType: 'cSupplier' };
  const create = (body: unknown) => company.call('POST', 'BusinessPartners', body);
  expect(refusalOf(await create(vendor))).toMatch(/^400\/-5002 Enter a code/);
  expect(refusalOf(await create({ ...vendor, Series: 71 }))).toMatch(/^400\/-4002 /);
  await company.settings({ vendorSeries: 71 });
  const made = await create({ ...vendor, Series: 71 });
  expect(made.body.CardCode).toBe('S00005');
  expect((await get("BusinessPartners('S00005')")).body).toMatchObject({ CardName: 'New' });
  expect(refusalOf(await create({ ...vendor, Series: 71, CardCode: 'V9' }))).toMatch(/^400\/-5002 /);
});

test('creates a project once, and keeps its code for ever', async () => {
  const create = (body: unknown) => company.call('POST', 'Projects', body);
  const made = await create({ Code: 'P9', Name: 'Harbour' });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ Code: 'P9', Active: 'tYES' });
  expect(refusalOf(await create({ Code: 'P9', Name: 'Again' }))).toMatch(/^400\/-2035 /);
  expect(refusalOf(await create({ Code: 'x'.repeat(21), Name: 'Long' }))).toMatch(/too long/);
  expect(refusalOf(await create({ Code: 'P10' }))).toMatch(/OPRJ\.PrjName/);
  expect(refusalOf(await create({ Code: 'P10', Name: 'X', U_TbRef: 'a' }))).toMatch(/^400\/-1000 /);
  const patch = (body: unknown) => company.call('PATCH', "Projects('P9')", body);
  expect((await patch({ Active: 'tNO' })).status).toBe(204);
  expect(refusalOf(await patch({ Code: 'P8' }))).toMatch(/^400\/-1000 /);
  expect((await get("Projects('P9')")).body).toMatchObject({ Name: 'Harbour', Active: 'tNO' });
});

test('takes no new account', async () => {
  expect(refusalOf(await company.call('POST', 'ChartOfAccounts', { Code: '9' }))).toMatch(/^400\/-5006 /);
});

test('defines a user field once, and knows it from then on', async () => {
  const field = { TableName: 'OPOR', Name: 'Key', Type: 'db_Alpha', Size: 10, Description: 'Key' };
  const made = await company.call('POST', 'UserFieldsMD', field);
  expect(made.status).toBe(201);
  expect(refusalOf(await company.call('POST', 'UserFieldsMD', field))).toMatch(/^400\/-2035 /);
  expect((await company.call('POST', 'PurchaseOrders', orderBody({ U_Key: 'a' }))).status).toBe(201);
  const found = await get("UserFieldsMD?$filter=TableName eq 'OPOR' and Name eq 'Key'");
  expect(valuesOf(found)).toMatchObject([{ Name: 'Key', FieldID: made.body.FieldID, Size: 10 }]);
  expect((await get(`UserFieldsMD(TableName='OPOR',FieldID=${String(made.body.FieldID)})`)).status).toBe(200);
});

test('tells settings and periods of the company', async () => {
  const admin = await company.call('POST', 'CompanyService_GetAdminInfo');
  expect(admin.body).toMatchObject({
    LocalCurrency: 'USD',
    TotalsAccuracy: 2,
    EnableApprovalProcedureInDI: 'tNO',
  });
  expect((await get('CompanyService_GetAdminInfo')).body).toMatchObject({ LocalCurrency: 'USD' });
  const info = await company.call('POST', 'CompanyService_GetCompanyInfo');
  expect(info.body).toMatchObject({ CompanyName: 'North Builders' });
  const years = await company.call('POST', 'CompanyService_GetPeriods');
  expect(valuesOf(years)).toEqual([{ AbsoluteEntry: 1, PeriodCategory: '2026' }]);
  const params = { PeriodCategoryParams: { AbsoluteEntry: 1 } };
  const periods = await company.call('POST', 'CompanyService_GetFinancePeriods', params);
  expect(valuesOf(periods)).toMatchObject([
    { PeriodCode: '2026-08', PeriodStatus: 'ltUnlocked', PostingDateTo: '2026-08-31T00:00:00Z' },
    { PeriodCode: '2026-09', PeriodStatus: 'ltLocked', Locked: 'tYES' },
  ]);
});

test('shows taxes with one rate, and groups whose rate changes on a day, which lines then bear', async () => {
  await company.seed({
    ...SEED,
    taxCodes: [{ code: 'TX', name: 'Texas', ratePercent: '8.25' }],
    vatGroups: [{ code: 'V1', name: 'Input', rates: [{ from: '2020-01-01', ratePercent: '19' }] }],
  });
  await company.logIn();
  expect((await get("SalesTaxCodes('TX')")).body).toMatchObject({ Rate: 8.25, Inactive: 'tNO' });
  await company.act({ action: 'edit_tax', code: 'V1', rate: { from: '2026-01-01', ratePercent: '20' } });
  await company.act({
    action: 'edit_tax',
    code: 'TX',
    inactive: true,
    rate: { from: '2026-01-01', ratePercent: '8.5' },
  });
  expect((await get("SalesTaxCodes('TX')")).body).toMatchObject({ Rate: 8.5, Inactive: 'tYES' });
  const { body } = await get("VatGroups('V1')");
  expect(body).toMatchObject({
    Category: 'bovcInputTax',
    VatGroups_Lines: [{ Rate: 19 }, { Effectivefrom: '2026-01-01T00:00:00Z', Rate: 20 }],
  });
  const taxed = [{ AccountCode: '5100', LineTotal: 100, VatGroup: 'V1' }];
  const order = await company.call('POST', 'PurchaseOrders', orderBody({ DocumentLines: taxed }));
  expect(order.body).toMatchObject({ VatSum: 20 });
});
