import { afterEach, beforeEach, expect, test } from 'vitest';
import { linesOf, openCompany, refusalOf, SEED, type TestCompany } from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
  const accounts = [
    ...SEED.accounts,
    { code: '4000', name: 'Billings' },
    { code: '1250', name: 'Retainage' },
  ];
  await company.seed({
    ...SEED,
    accounts,
    vendors: [...SEED.vendors, { code: 'C100', name: 'Port Authority', type: 'cCustomer' }],
  });
  await company.logIn();
});
afterEach(() => company.stop());

const billed = [
  { AccountCode: '4000', ItemDescription: 'Foundations', LineTotal: 1000.1 },
  { AccountCode: '1250', ItemDescription: 'Retainage', LineTotal: -100.01 },
];
const post = (changes: Record<string, unknown> = {}) =>
  company.call('POST', 'Invoices', {
    DocType: 'dDocument_Service',
    CardCode: 'C100',
    DocDate: '2026-08-15',
    NumAtCard: 'PC-1-1',
    DocumentLines: billed,
    ...changes,
  });

test('books an invoice to a customer, apart from those of vendors', async () => {
  const got = await post();
  expect(got).toMatchObject({ status: 201, body: { DocEntry: 1, DocNum: 3001, DocTotal: 900.09 } });
  expect(linesOf(got)).toMatchObject([{ LineTotal: 1000.1 }, { LineTotal: -100.01 }]);
  expect((await company.call('GET', 'PurchaseInvoices(1)')).status).toBe(404);
  const entry = (await company.call('GET', `JournalEntries(${got.body.TransNum})`)).body;
  expect(entry).toMatchObject({
    OriginalJournal: 'ttARInvoice',
    Original: 1,
    JournalEntryLines: [
      { AccountCode: '4000', Credit: 1000.1 },
      { AccountCode: '1250', Debit: 100.01 },
      { ShortName: 'C100', Debit: 900.09 },
    ],
  });
  expect((await company.call('GET', "BusinessPartners('C100')")).body.CurrentAccountBalance).toBe(900.09);
});

test('takes one that a person enters, by the same rules', async () => {
  const typed = { DocType: 'dDocument_Service', CardCode: 'C100', DocumentLines: billed };
  await company.act({ action: 'create_sales_invoice', document: typed });
  expect((await company.call('GET', 'Invoices(1)')).body.DocTotal).toBe(900.09);
});

test('refuses vendors as customers, base documents, less than nothing and a period that is closed to sales', async () => {
  expect(refusalOf(await post({ CardCode: 'V100' }))).toMatch(/not a customer {2}\[OINV\.CardCode\]/);
  expect(
    refusalOf(await company.call('POST', 'PurchaseInvoices', { CardCode: 'C100', DocumentLines: billed })),
  ).toMatch(/not a vendor/);
  const based = [{ ...billed[0], BaseType: 17, BaseEntry: 1, BaseLine: 0 }];
  expect(refusalOf(await post({ DocumentLines: based }))).toMatch(/base documents .*INV1/);
  expect(refusalOf(await post({ DocumentLines: [billed[1]] }))).toMatch(/negative/);
  await company.settings({ periods: [{ code: '2026-08', status: 'ltUnlockedExceptSales' }] });
  expect((await post()).status).toBe(400);
});

test('is paid by its customer up to what is due, closed by that, and open again once the receipt is cancelled', async () => {
  await post();
  const pay = (sum: number, more: object = {}) =>
    company.call('POST', 'IncomingPayments', {
      CardCode: 'C100',
      DocDate: '2026-08-20',
      TransferAccount: '4000',
      TransferSum: sum,
      PaymentInvoices: [{ DocEntry: 1, InvoiceType: 'it_Invoice', SumApplied: sum }],
      ...more,
    });
  const balance = async () =>
    (await company.call('GET', "BusinessPartners('C100')")).body.CurrentAccountBalance;
  expect(refusalOf(await pay(900.1))).toMatch(/balance due {2}\[RCT2/);
  expect(refusalOf(await pay(1, { CardCode: 'V100' }))).toMatch(/not a customer {2}\[ORCT\.CardCode\]/);
  const bill = [{ DocEntry: 1, InvoiceType: 'it_PurchaseInvoice', SumApplied: 1 }];
  expect(refusalOf(await pay(1, { PaymentInvoices: bill }))).toMatch(/Only it_Invoice/);
  expect((await pay(900.09)).body).toMatchObject({ DocEntry: 1, DocNum: 9001, DocType: 'rCustomer' });
  const invoice = async () => (await company.call('GET', 'Invoices(1)')).body;
  expect(await invoice()).toMatchObject({ PaidToDate: 900.09, DocumentStatus: 'bost_Close' });
  expect(await balance()).toBe(0);
  expect((await company.call('GET', 'VendorPayments(1)')).status).toBe(404);
  expect((await company.call('POST', 'IncomingPayments(1)/Cancel')).status).toBe(204);
  expect(await invoice()).toMatchObject({ PaidToDate: 0, DocumentStatus: 'bost_Open' });
  expect(await balance()).toBe(900.09);
});

test('takes files and notes after it is posted, and no other amount', async () => {
  await post();
  const change = (body: object) => company.call('PATCH', 'Invoices(1)', body);
  expect(refusalOf(await change({ AttachmentEntry: 1 }))).toMatch(/not found {2}\[OINV\.AtcEntry\]/);
  expect(refusalOf(await change({ DocDate: '2026-08-16' }))).toMatch(
    /cannot be changed {2}\[OINV\.DocDate\]/,
  );
  expect((await change({ Comments: 'Sent by post' })).status).toBe(204);
});
