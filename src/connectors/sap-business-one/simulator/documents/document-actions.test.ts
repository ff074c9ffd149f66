import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  lineBody,
  linesOf,
  openCompany,
  orderBody,
  refusalOf,
  type TestCompany,
  valuesOf,
} from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const post = (changes: Record<string, unknown> = {}) =>
  company.call('POST', 'PurchaseOrders', orderBody(changes));
const read = (entry: unknown) => company.call('GET', `PurchaseOrders(${String(entry)})`);

test('cancels an order once, with no body in the answer', async () => {
  await post();
  expect((await company.call('POST', 'PurchaseOrders(1)/Cancel')).status).toBe(204);
  expect((await read(1)).body).toMatchObject({
    Cancelled: 'tYES',
    CancelStatus: 'csYes',
    DocumentStatus: 'bost_Close',
  });
  expect(refusalOf(await company.call('POST', 'PurchaseOrders(1)/Cancel'))).toMatch(/^400\/-5006 /);
  expect(refusalOf(await company.call('POST', 'PurchaseOrders(1)/Reopen'))).toMatch(/^400\/-5006 /);
});

test('does not cancel an order that is partly invoiced', async () => {
  await post();
  await company.act({ action: 'invoice_line', docEntry: 1, lineNum: 0, amount: '1.00' });
  expect(refusalOf(await company.call('POST', 'PurchaseOrders(1)/Cancel'))).toMatch(/^400\/-5006 /);
});

test('closes an order and opens it again with what was open', async () => {
  await post();
  await company.act({ action: 'invoice_line', docEntry: 1, lineNum: 0, amount: '500.25' });
  await company.call('POST', 'PurchaseOrders(1)/Close');
  expect(linesOf(await read(1))[0]).toMatchObject({ LineStatus: 'bost_Close', OpenAmount: 0 });
  await company.call('POST', 'PurchaseOrders(1)/Reopen');
  expect(linesOf(await read(1))[0]).toMatchObject({ LineStatus: 'bost_Open', OpenAmount: 999.75 });
});

test('closes the order with its last invoiced line and shows the invoice with its base', async () => {
  await post({ DocumentLines: [lineBody(), lineBody({ LineTotal: 20 })] });
  await company.act({ action: 'invoice_line', docEntry: 1, lineNum: 0 });
  expect((await read(1)).body.DocumentStatus).toBe('bost_Open');
  await company.act({ action: 'invoice_line', docEntry: 1, lineNum: 1, amount: '20.00' });
  expect((await read(1)).body.DocumentStatus).toBe('bost_Close');
  const invoices = await company.call(
    'GET',
    "PurchaseInvoices?$filter=CardCode eq 'V100'&$orderby=DocEntry desc",
  );
  expect(valuesOf(invoices).map((row) => row.DocTotal)).toEqual([20, 1500]);
  const lines = valuesOf(invoices)[0]?.DocumentLines;
  expect(lines).toMatchObject([{ BaseType: 22, BaseEntry: 1, BaseLine: 1, LineTotal: 20 }]);
});

test('makes only a draft where approval is needed, and another order key when it is approved', async () => {
  await company.settings({ approvalProcedure: true });
  const posted = await post({ U_TbRef: 'TB-1' });
  expect(posted.status).toBe(201);
  expect(refusalOf(await read(posted.body.DocEntry))).toMatch(/^404\/-2028 /);
  const drafts = await company.call(
    'GET',
    "Drafts?$filter=U_TbRef eq 'TB-1' and AuthorizationStatus eq 'dasPending'",
  );
  expect(valuesOf(drafts)).toMatchObject([
    { DocEntry: posted.body.DocEntry, DocObjectCode: 'oPurchaseOrders' },
  ]);
  const draftEntry = Number(posted.body.DocEntry);
  const approved = await company.act({ action: 'approve_draft', docEntry: draftEntry });
  expect(approved.body.docEntry).not.toBe(draftEntry);
  expect((await read(approved.body.docEntry)).body).toMatchObject({ U_TbRef: 'TB-1', DocTotal: 1500 });
  const again = await company.act({ action: 'approve_draft', docEntry: draftEntry });
  expect(again.status).toBe(409);
});

test('approves no draft whose unique user field is in use by then', async () => {
  await company.settings({ approvalProcedure: true, uniqueUdf: true });
  const posted = await post({ U_TbRef: 'TB-1' });
  await company.act({ action: 'create_order', document: orderBody({ U_TbRef: 'TB-1' }) });
  const approved = await company.act({ action: 'approve_draft', docEntry: Number(posted.body.DocEntry) });
  expect(approved).toMatchObject({ status: 409, body: { code: -2035 } });
});

test('leaves a rejected draft without an order', async () => {
  await company.settings({ approvalProcedure: true });
  const posted = await post();
  await company.act({ action: 'reject_draft', docEntry: Number(posted.body.DocEntry) });
  expect(valuesOf(await company.call('GET', 'PurchaseOrders'))).toEqual([]);
  expect((await company.call('GET', `Drafts(${String(posted.body.DocEntry)})`)).body).toMatchObject({
    AuthorizationStatus: 'dasRejected',
  });
});

test('lets a person change a line, so that the version moves and the old tag is stale', async () => {
  const posted = await post();
  await company.act({ action: 'edit_order_line', docEntry: 1, lineNum: 0, changes: { LineTotal: 1600.5 } });
  const body = { Comments: 'x' };
  const headers = { 'if-match': String(posted.headers.get('etag')) };
  expect((await company.call('PATCH', 'PurchaseOrders(1)', body, headers)).status).toBe(412);
  expect((await read(1)).body).toMatchObject({ DocTotal: 1600.5 });
});

test('lets a person freeze a vendor and lock a period, which then stops an order', async () => {
  await company.act({ action: 'freeze_vendor', cardCode: 'V100' });
  expect(refusalOf(await post())).toContain('on hold');
  await company.act({ action: 'freeze_vendor', cardCode: 'V100', frozen: false });
  await company.act({ action: 'lock_period', code: '2026-08' });
  expect(refusalOf(await post())).toMatch(/^400\/-4013 /);
});
