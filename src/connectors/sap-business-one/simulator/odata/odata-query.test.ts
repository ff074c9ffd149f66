import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openCompany,
  orderBody,
  refusalOf,
  SEED,
  type TestCompany,
  valuesOf,
} from '../company/test-company.ts';

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
  const purchaseOrders = Array.from({ length: 45 }, (_, index) =>
    orderBody({
      NumAtCard: index === 7 ? "it's 7" : `SC-${index}`,
      U_TbRef: `TB-${index}`,
      DocDate: index < 10 ? '2026-08-01' : '2026-08-20',
      DocumentLines: [{ AccountCode: '5100', LineTotal: 100 + index }],
    }),
  );
  await company.seed({ ...SEED, purchaseOrders });
  await company.logIn();
});
afterAll(() => company.stop());

const query = (options: string, headers: Record<string, string> = {}) =>
  company.call('GET', `PurchaseOrders?${options}`, undefined, headers);
const entries = async (filter: string) => {
  const got = await query(`$filter=${encodeURIComponent(filter)}`, { prefer: 'odata.maxpagesize=0' });
  expect(got.status, got.text).toBe(200);
  return valuesOf(got).map((row) => row.DocEntry);
};
const refused = async (options: string) => refusalOf(await query(options));

test('finds by text with doubled quotes, by amount, by date, by enumeration and by user field', async () => {
  expect(await entries("NumAtCard eq 'it''s 7'")).toEqual([8]);
  expect(await entries("U_TbRef eq 'TB-3'")).toEqual([4]);
  expect(await entries('DocTotal gt 142.5')).toEqual([44, 45]);
  expect(await entries('DocTotal le 101.00')).toEqual([1, 2]);
  expect(await entries("DocDate lt '2026-08-20'")).toHaveLength(10);
  expect(await entries("DocumentStatus eq 'bost_Open' and DocEntry ge 44")).toEqual([44, 45]);
  expect(await entries('Comments eq null')).toHaveLength(45);
  expect(await entries('Comments ne null')).toEqual([]);
});

test('binds and tighter than or, and brackets and not tighter still', async () => {
  expect(await entries('DocEntry eq 1 or DocEntry eq 2 and DocEntry eq 3')).toEqual([1]);
  expect(await entries('(DocEntry eq 1 or DocEntry eq 3) and DocEntry eq 3')).toEqual([3]);
  expect(await entries('not (DocEntry gt 2)')).toEqual([1, 2]);
});

test('searches within text', async () => {
  expect(await entries("startswith(NumAtCard,'SC-4') and DocEntry lt 10")).toEqual([5]);
  expect(await entries("contains(NumAtCard, 's 7')")).toEqual([8]);
  expect(await entries("endswith(NumAtCard,'-44')")).toEqual([45]);
});

test('refuses a filter it would have to guess at', async () => {
  expect(await refused('$filter=Nope eq 1')).toContain("Property 'Nope' of 'Document' is invalid");
  expect(await refused('$filter=docentry eq 1')).toContain("Property 'docentry'");
  expect(await refused("$filter=DocEntry eq '1'")).toContain('400/-1000');
  expect(await refused('$filter=NumAtCard eq 1')).toContain('400/-1000');
  expect(await refused("$filter=DocumentStatus eq 'open'")).toContain('400/-1000');
  expect(await refused("$filter=NumAtCard eq 'open")).toContain('400/-1000');
  expect(await refused('$filter=DocumentLines eq null')).toContain('collection');
  expect(await refused("$filter=NumAtCard like 'x'")).toContain('400/-1000');
  expect(await refused(`$filter=${'('.repeat(60)}`)).toContain('nested too deep');
});

test('refuses an option it does not know', async () => {
  expect(await refused('filter=DocEntry eq 1')).toContain("'filter' is not supported");
  expect(await refused('$expand=DocumentLines')).toContain("'$expand' is not supported");
});

test('pages by twenty with a relative link that has forgotten the query', async () => {
  const got = await query('$filter=DocEntry gt 5&$count=true');
  expect(valuesOf(got)).toHaveLength(20);
  expect(got.body).toMatchObject({ '@odata.count': 40, '@odata.nextLink': 'PurchaseOrders?$skip=20' });
  const last = await query('$skip=40');
  expect(valuesOf(last).map((row) => row.DocEntry)).toEqual([41, 42, 43, 44, 45]);
  expect(last.body['@odata.nextLink']).toBeUndefined();
});

test('follows the preferred page size, and none at all for zero', async () => {
  expect(valuesOf(await query('', { prefer: 'odata.maxpagesize=7' }))).toHaveLength(7);
  expect(valuesOf(await query('', { prefer: 'odata.maxpagesize=0' }))).toHaveLength(45);
  expect(valuesOf(await query('$top=30'))).toHaveLength(20);
  expect(valuesOf(await query('$top=3'))).toHaveLength(3);
});

test('orders by several properties and projects to the named ones', async () => {
  const got = await query('$orderby=DocDate desc,DocEntry desc&$top=2&$select=DocEntry,DocTotal');
  expect(valuesOf(got).map(({ DocEntry, DocTotal }) => [DocEntry, DocTotal])).toEqual([
    [45, 144],
    [44, 143],
  ]);
  expect(Object.keys(valuesOf(got)[0] ?? {})).toEqual(['@odata.etag', 'DocEntry', 'DocTotal']);
});

test('counts as plain text', async () => {
  const got = await company.call('GET', 'PurchaseOrders/$count?$filter=DocEntry gt 40');
  expect(got.text).toBe('5');
});

test('speaks the older protocol on v1: other names, plain dates, substringof', async () => {
  const address = "/b1s/v1/PurchaseOrders?$inlinecount=allpages&$filter=substringof('-44',NumAtCard)";
  const got = await company.call('GET', address);
  expect(got.body).toMatchObject({ 'odata.count': 1 });
  expect(valuesOf(got)[0]).toMatchObject({ DocDate: '2026-08-20', 'odata.etag': expect.any(String) });
});
