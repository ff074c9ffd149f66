import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCompany, orderBody, refusalOf, type TestCompany, valuesOf } from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
  await company.act({ action: 'create_invoice', document: orderBody() });
});
afterEach(() => company.stop());

const invoice = async () => (await company.call('GET', 'PurchaseInvoices(1)')).body;
const pay = (more: Record<string, unknown> = {}) =>
  company.call('POST', 'VendorPayments', {
    CardCode: 'V100',
    DocDate: '2026-08-20',
    TransferAccount: '5100',
    TransferSum: 500.25,
    PaymentInvoices: [{ DocEntry: 1, InvoiceType: 'it_PurchaseInvoice', SumApplied: 500.25 }],
    ...more,
  });

test('pays an invoice in parts and closes it with the last', async () => {
  const got = await pay();
  expect(got.status).toBe(201);
  expect(got.headers.get('etag')).toBeNull();
  expect(got.body).toMatchObject({ DocEntry: 1, DocNum: 8001, DocType: 'rSupplier', Cancelled: 'tNO' });
  expect(await invoice()).toMatchObject({ PaidToDate: 500.25, DocumentStatus: 'bost_Open' });
  await company.act({ action: 'pay_invoice', docEntry: 1, method: 'check', number: '1042' });
  expect(await invoice()).toMatchObject({ PaidToDate: 1500, DocumentStatus: 'bost_Close' });
  const rows = valuesOf(await company.call('GET', 'VendorPayments?$filter=DocEntry gt 1&$orderby=DocEntry'));
  expect(rows).toMatchObject([
    {
      PaymentChecks: [{ CheckNumber: 1042, CheckSum: 999.75 }],
      PaymentInvoices: [{ DocEntry: 1, SumApplied: 999.75 }],
    },
  ]);
  expect((await company.call('GET', "BusinessPartners('V100')")).body).toMatchObject({
    CurrentAccountBalance: 0,
  });
});

test('opens the invoice again when its payment is cancelled, and knows no change date of it', async () => {
  await company.act({ action: 'pay_invoice', docEntry: 1 });
  expect((await company.call('POST', 'VendorPayments(1)/Cancel')).status).toBe(204);
  expect(await invoice()).toMatchObject({ PaidToDate: 0, DocumentStatus: 'bost_Open' });
  const { body } = await company.call('GET', 'VendorPayments(1)');
  expect(body).toMatchObject({ Cancelled: 'tYES', CancelStatus: 'csYes' });
  expect(Object.keys(body)).not.toContain('UpdateDate');
  expect(refusalOf(await company.call('POST', 'VendorPayments(1)/Cancel'))).toMatch(/^400\/-5006 /);
});

test.each([
  ['more than is due', { TransferSum: 1500.01, PaymentInvoices: [{ DocEntry: 1, SumApplied: 1500.01 }] }],
  ['more than it pays', { PaymentInvoices: [{ DocEntry: 1, SumApplied: 600 }] }],
  ['an invoice of another vendor', { CardCode: 'V200' }],
  ['no invoice there is', { PaymentInvoices: [{ DocEntry: 9, SumApplied: 1 }] }],
  ['from no account', { TransferAccount: null }],
  ['in no period', { DocDate: '2026-07-01' }],
  ['in a locked period', { DocDate: '2026-09-01' }],
  ['nothing', { TransferSum: 0, PaymentInvoices: [] }],
])('refuses a payment of %s', async (_title, more) => {
  expect((await pay(more)).status).toBe(400);
  expect(await invoice()).toMatchObject({ PaidToDate: 0 });
});

test('pays no blocked invoice, and cancels none that is paid', async () => {
  await company.act({ action: 'edit_invoice', docEntry: 1, changes: { PaymentBlock: 'tYES' } });
  expect(refusalOf(await pay())).toContain('blocked');
  await company.act({ action: 'edit_invoice', docEntry: 1, changes: { PaymentBlock: 'tNO' } });
  await pay();
  const cancelled = await company.act({ action: 'cancel_invoice', docEntry: 1 });
  expect(cancelled).toMatchObject({ status: 409, body: { error: expect.stringContaining('payment') } });
  await company.act({ action: 'void_payment', docEntry: 1 });
  expect((await company.act({ action: 'cancel_invoice', docEntry: 1 })).status).toBe(200);
});

const draft = (more: Record<string, unknown> = {}) =>
  company.call('POST', 'PaymentDrafts', {
    CardCode: 'V100',
    DocObjectCode: 'bopot_OutgoingPayments',
    DocDate: '2026-08-20',
    PaymentInvoices: [{ DocEntry: 1, InvoiceType: 'it_PurchaseInvoice', SumApplied: 500.25 }],
    ...more,
  });

test('keeps a payment as a draft that settles nothing until a person adds it', async () => {
  const got = await draft();
  expect(got.status).toBe(201);
  expect(got.body).toMatchObject({ DocNum: 8001, AuthorizationStatus: 'pasWithout', TransferSum: null });
  expect(await invoice()).toMatchObject({ PaidToDate: 0 });
  expect(valuesOf(await company.call('GET', 'VendorPayments'))).toEqual([]);
  const docEntry = Number(got.body.DocEntry);
  const early = await company.act({ action: 'release_payment_draft', docEntry, account: '2999' });
  expect(early.status).toBe(409);
  await company.act({ action: 'release_payment_draft', docEntry, account: '5100', date: '2026-08-25' });
  expect(await invoice()).toMatchObject({ PaidToDate: 500.25 });
  expect(valuesOf(await company.call('GET', 'VendorPayments'))).toMatchObject([
    { DocEntry: 1, DocNum: 8001, DocDate: '2026-08-25T00:00:00Z', TransferSum: 500.25 },
  ]);
  expect(valuesOf(await company.call('GET', 'PaymentDrafts'))).toEqual([]);
});

test.each([
  ['an incoming one', { DocObjectCode: 'bopot_IncomingPayments' }],
  ['one that says neither', { DocObjectCode: null }],
  ['one to a customer', { CardCode: 'C100' }],
  ['one of an invoice of another vendor', { CardCode: 'V200' }],
  ['one with a property that is none', { Bank: 'x' }],
])('keeps no draft of %s', async (_title, more) => {
  expect((await draft(more)).status).toBe(400);
  expect(valuesOf(await company.call('GET', 'PaymentDrafts'))).toEqual([]);
});
