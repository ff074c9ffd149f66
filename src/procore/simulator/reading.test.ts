import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  PROJECT,
  smallSeed,
  startBench,
  VENDOR,
} from './simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  const vendors = Array.from({ length: 250 }, (_, index) => ({
    id: 5_000_000_000 + index,
    name: `Vendor ${index}`,
  }));
  bench = await startBench(
    smallSeed({ vendors: [{ id: VENDOR, name: 'Steel Brothers', origin_id: 'V-9' }, ...vendors] }),
  );
});
afterEach(() => bench.stop());

const vendors = `/rest/v1.0/vendors?company_id=${COMPANY}`;
const contracts = `/rest/v1.0/work_order_contracts?project_id=${PROJECT}`;

test('pages lists with Total, Per-Page and Link, 100 rows unless asked', async () => {
  const first = await bench.rest('GET', vendors);
  expect(first.body).toHaveLength(100);
  expect(first.headers.get('total')).toBe('251');
  expect(first.headers.get('per-page')).toBe('100');
  expect(first.headers.get('link')).toMatch(
    /page=3&per_page=100>; rel="last".*page=2&per_page=100>; rel="next"/,
  );
  const last = await bench.rest('GET', `${vendors}&page=3`);
  expect(last.body).toHaveLength(51);
  expect(last.headers.get('link')).not.toContain('rel="next"');
  expect(last.headers.get('link')).toContain('rel="prev"');
});

test('gives every row exactly once over all pages', async () => {
  const seen = new Set<number>();
  for (let page = 1; page <= 4; page += 1) {
    const { body } = await bench.rest('GET', `${vendors}&page=${page}&per_page=80`);
    for (const vendor of body) seen.add(vendor.id);
  }
  expect(seen.size).toBe(251);
});

test('caps per_page at the configured maximum', async () => {
  await bench.send('POST', '/_sim/config', { paging: { max_per_page: 30 } });
  const capped = await bench.rest('GET', `${vendors}&per_page=2000`);
  expect(capped.body).toHaveLength(30);
  expect(capped.headers.get('per-page')).toBe('30');
});

test('finds a vendor by its origin id and by its ids', async () => {
  const byOrigin = await bench.rest('GET', `${vendors}&filters[origin_id]=V-9`);
  expect(byOrigin.body.map((vendor: { id: number }) => vendor.id)).toEqual([VENDOR]);
  const byIds = await bench.rest('GET', `${vendors}&filters[id][]=5000000003&filters[id][]=5000000004`);
  expect(byIds.body).toHaveLength(2);
});

test('reads date ranges with three dots, quoted or not, and refuses others', async () => {
  const inRange = encodeURIComponent('"2020-01-01...2099-01-01"');
  expect((await bench.rest('GET', `${contracts}&filters[updated_at]=${inRange}`)).body).toHaveLength(1);
  const past = '2019-01-01T00:00:00Z...2020-01-01T00:00:00Z';
  expect((await bench.rest('GET', `${contracts}&filters[updated_at]=${past}`)).body).toEqual([]);
  expect((await bench.rest('GET', `${contracts}&filters[updated_at]=2019-01-01`)).status).toBe(400);
});

test('refuses filters and values the endpoint does not have', async () => {
  const packages = `/rest/v1.0/change_order_packages?project_id=${PROJECT}&filters[origin_id]=X`;
  expect((await bench.rest('GET', packages)).status).toBe(400);
  expect((await bench.rest('GET', `${contracts}&filters[status]=approved`)).status).toBe(400);
  expect((await bench.rest('GET', `${contracts}&filters[status]=Draft`)).body).toEqual([]);
});

test('writes money as text, ids as integers beyond 32 bits and totals to the cent', async () => {
  const shown = await bench.rest('GET', `/rest/v1.0/work_order_contracts/${CONTRACT}?project_id=${PROJECT}`);
  expect(shown.body).toMatchObject({
    id: CONTRACT,
    grand_total: '2000.0',
    retainage_percent: '10.0',
    pending_change_orders: '100.05',
    pending_revised_contract: '2100.05',
    revised_contract: '2000.0',
  });
  expect(shown.body.line_items[0]).toMatchObject({ amount: '1000.05', quantity: '2.5', unit_cost: '400.02' });
});

test('an approved change order raises the contract it belongs to', async () => {
  const [{ id }] = (await bench.rest('GET', `/rest/v1.0/change_order_packages?project_id=${PROJECT}`)).body;
  await bench.act({ as: 562_949_950_000_001, action: 'approve_change_order', change_order_package_id: id });
  const [contract] = (await bench.rest('GET', contracts)).body;
  expect(contract).toMatchObject({ approved_change_orders: '100.05', revised_contract: '2100.05' });
  const shown = await bench.rest('GET', `/rest/v1.0/change_order_packages/${id}?project_id=${PROJECT}`);
  expect(shown.body.status).toBe('approved');
});

test('answers unknown routes, also those in wrong case, with 404', async () => {
  expect((await bench.rest('GET', '/rest/v1.0/Vendors?company_id=1')).status).toBe(404);
  expect((await bench.rest('GET', '/rest/v9.0/vendors')).status).toBe(404);
  expect((await bench.rest('DELETE', vendors)).status).toBe(404);
});

test('uses the not-found form of each family of endpoints', async () => {
  const contract = await bench.rest('GET', `/rest/v1.0/work_order_contracts/1?project_id=${PROJECT}`);
  expect([contract.status, contract.body.exception]).toEqual([404, 'ActiveRecord::RecordNotFound']);
  const changeOrder = await bench.rest('GET', `/rest/v1.0/change_order_packages/1?project_id=${PROJECT}`);
  expect(changeOrder.body.error.details[0].source).toBe('id');
});

test('tells the e-mail address of the person behind a user id', async () => {
  const path = `/rest/v1.3/companies/${COMPANY}/users`;
  const shown = await bench.rest('GET', `${path}/562949950000001`);
  expect(shown.body).toMatchObject({ name: 'Ann', email_address: 'ann@granite.example' });
  expect((await bench.rest('GET', path)).body).toHaveLength(2);
  expect((await bench.rest('GET', `${path}/12`)).status).toBe(404);
});
