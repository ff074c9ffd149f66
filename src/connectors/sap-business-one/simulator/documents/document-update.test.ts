import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  lineBody,
  linesOf,
  openCompany,
  orderBody,
  refusalOf,
  type TestCompany,
} from '../company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
  const lines = [lineBody(), lineBody({ ItemDescription: 'Walls', LineTotal: 200 })];
  await company.call('POST', 'PurchaseOrders', orderBody({ DocumentLines: lines }));
});
afterEach(() => company.stop());

const read = () => company.call('GET', 'PurchaseOrders(1)');
const patch = (body: unknown, headers: Record<string, string> = {}) =>
  company.call('PATCH', 'PurchaseOrders(1)', body, headers);

test('changes the line that is named, adds the one that is not and leaves the rest alone', async () => {
  const got = await patch({
    DocumentLines: [{ LineNum: 1, LineTotal: 250.5 }, lineBody({ ItemDescription: 'Roof', LineTotal: 1 })],
  });
  expect(got.status).toBe(204);
  const order = await read();
  expect(linesOf(order).map((line) => [line.LineNum, line.ItemDescription, line.LineTotal])).toEqual([
    [0, 'Footings', 1500],
    [1, 'Walls', 250.5],
    [2, 'Roof', 1],
  ]);
  expect(order.body).toMatchObject({ DocTotal: 1751.5, DataVersion: 2 });
});

test('replaces the lines when asked to, and never gives a removed number again', async () => {
  const replace = { 'B1S-ReplaceCollectionsOnPatch': 'true' };
  await patch({ DocumentLines: [{ LineNum: 0 }] }, replace);
  await patch({ DocumentLines: [lineBody({ LineTotal: 5 })] });
  expect(linesOf(await read()).map((line) => line.LineNum)).toEqual([0, 2]);
});

test('keeps nothing of a change that is refused half way', async () => {
  const got = await patch({ Comments: 'x', DocumentLines: [{ LineNum: 0, LineTotal: 9 }, { LineNum: 7 }] });
  expect(refusalOf(got)).toMatch(/^400\/-5002 Row 7/);
  expect((await read()).body).toMatchObject({ DocTotal: 1700, DataVersion: 1, Comments: null });
});

test('refuses what may only be given when the order is made', async () => {
  expect(refusalOf(await patch({ CardCode: 'V100' }))).toContain('read-only');
  expect(refusalOf(await patch({ Nonsense: 1 }))).toContain("Property 'Nonsense' of 'Document' is invalid");
});

test('checks the version only when one is sent, and answers 412 for an old one', async () => {
  const tag = (await read()).headers.get('etag') ?? '';
  expect(tag).toMatch(/^W\/"[0-9A-F]{40}"$/);
  expect((await patch({ Comments: 'a' }, { 'if-match': tag })).status).toBe(204);
  expect(refusalOf(await patch({ Comments: 'b' }, { 'if-match': tag }))).toMatch(/^412\/-2039 Another user/);
  expect((await patch({ Comments: 'c' })).status).toBe(204);
});

test('gives the tag of a projection no header and a value that never matches', async () => {
  const projected = await company.call('GET', 'PurchaseOrders(1)?$select=DocNum');
  expect(projected.headers.get('etag')).toBeNull();
  const bogus = String(projected.body['@odata.etag']);
  expect(refusalOf(await patch({ Comments: 'a' }, { 'if-match': bogus }))).toMatch(/^412\//);
});

test('keeps a line at what is invoiced on it or above, on its account, and a closed one as it is', async () => {
  await company.act({ action: 'invoice_line', docEntry: 1, lineNum: 0, amount: '500.00' });
  const change = (fields: object) => patch({ DocumentLines: [{ LineNum: 0, ...fields }] });
  expect(refusalOf(await change({ LineTotal: 499.99 }))).toContain('cannot fall below');
  expect(refusalOf(await change({ AccountCode: '5200' }))).toContain('partly invoiced');
  expect((await change({ LineTotal: 500.01 })).status).toBe(204);
  expect((await change({ LineTotal: 1500 })).status).toBe(204);
  expect(linesOf(await read())[0]).toMatchObject({ LineTotal: 1500, OpenAmount: 1000 });
  await company.act({ action: 'close_line', docEntry: 1, lineNum: 0 });
  expect(refusalOf(await patch({ DocumentLines: [{ LineNum: 0, LineTotal: 1 }] }))).toContain('closed');
  expect((await patch({ DocumentLines: [{ LineNum: 1, LineTotal: 1 }] })).status).toBe(204);
});

test('does not remove a partly invoiced line by replacing', async () => {
  await company.act({ action: 'invoice_line', docEntry: 1, lineNum: 0, amount: '500.00' });
  const got = await patch({ DocumentLines: [{ LineNum: 1 }] }, { 'B1S-ReplaceCollectionsOnPatch': 'true' });
  expect(refusalOf(got)).toContain('partly invoiced');
});

test('changes no closed and no cancelled order', async () => {
  await company.call('POST', 'PurchaseOrders(1)/Close');
  expect(refusalOf(await patch({ Comments: 'x' }))).toContain('closed');
  await company.call('POST', 'PurchaseOrders(1)/Reopen');
  expect((await patch({ Comments: 'x' })).status).toBe(204);
  await company.call('POST', 'PurchaseOrders(1)/Cancel');
  expect(refusalOf(await patch({ Comments: 'y' }))).toContain('cancelled');
});

test('answers 404 for an order that is not there, since a patch never creates', async () => {
  const got = await company.call('PATCH', 'PurchaseOrders(9)', { Comments: 'x' });
  expect(refusalOf(got)).toBe('404/-2028 No matching records found (ODBC -2028)');
});
