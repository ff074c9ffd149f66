import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  COST_CODE,
  type Loose,
  PROJECT,
  smallSeed,
  startBench,
  USER,
  VENDOR,
} from '../simulator-fixture.ts';

const BASE = `/rest/v1.0/companies/${COMPANY}/staged_records`;
const staging = { configs: { staged_records: { enabled: true } } };

let bench: Bench;
beforeEach(async () => {
  const entities = {
    vendors: staging,
    jobs: staging,
    commitments: staging,
    commitment_change_orders: staging,
  };
  const seed = smallSeed();
  bench = await startBench({
    ...seed,
    company: { ...seed.company, erp: { metadata: { settings: { entities } } } },
    vendors: [...(seed.vendors ?? []), { id: VENDOR + 1, name: 'New Glass' }],
    cost_codes: (seed.cost_codes ?? []).map((code) => ({ ...code, origin_id: 'C-120' })),
  });
});
afterEach(() => bench.stop());

const order = (change: object = {}) => ({
  item_type: 'purchase_order_contract',
  origin_id: 'PO-1',
  origin_code: '4500',
  origin_data: { rev: 1 },
  data: {
    title: 'Steel',
    number: 'PO-1',
    status: 'Approved',
    project_origin_id: 'JOB-100',
    vendor_origin_id: 'V-9',
  },
  children: [
    {
      item_type: 'line_item',
      origin_id: 'PO-1/10',
      data: { amount: 1000.1, position: 1, cost_code_origin_id: 'C-120', line_item_type_origin_id: 'M' },
    },
  ],
  ...change,
});
const sync = (updates: object[]) => bench.rest('PATCH', `${BASE}/sync`, { updates });
const importIt = (staged_record_id: number) =>
  bench.act({ as: USER, action: 'import_staged_record', staged_record_id });
const stateOf = async (id: number) =>
  (await bench.state()).staged_records.find((row: Loose) => row.id === id);
const requestOf = async (made: Promise<{ body: Loose }>) => {
  const [id] = (await made).body.erp_request_ids;
  return (await bench.rest('GET', `/rest/v1.0/companies/${COMPANY}/erp_requests/${id}`)).body;
};

test('an order with its lines is staged, imported with the ids of the ERP, and staged again when unlinked', async () => {
  const [staged] = (await sync([order()])).body.entities;
  expect(staged).toMatchObject({
    status: 'staged',
    origin_data: '{"rev":1}',
    children: [{ parent_id: staged.id }],
  });
  expect((await sync([order({ origin_code: '4501' })])).body.entities[0].id).toBe(staged.id);
  expect(await stateOf(staged.id)).toMatchObject({ ready_to_import: true });
  const made = await importIt(staged.id);
  expect(made.body.item_type).toBe('purchase_order_contract');
  const { item_id } = made.body;
  const shown = await bench.rest(
    'GET',
    `/rest/v1.0/purchase_order_contracts/${item_id}?project_id=${PROJECT}`,
  );
  expect(shown.body).toMatchObject({
    origin_id: 'PO-1',
    origin_code: '4501',
    grand_total: '1000.1',
    vendor: { id: VENDOR },
    line_items: [{ origin_id: 'PO-1/10', cost_code: { id: COST_CODE } }],
  });
  const [erp_request_id] = made.body.erp_request_ids;
  const told = await bench.rest('GET', `/rest/v1.0/companies/${COMPANY}/erp_requests/${erp_request_id}`);
  expect(told.body).toMatchObject({
    request_name: 'create_commitment_in_procore',
    request_data: { project_origin_id: 'JOB-100', commitment: { id: item_id, origin_id: 'PO-1' } },
  });
  const child = staged.children[0].id;
  expect([(await stateOf(staged.id)).status, (await stateOf(child)).status]).toEqual([
    'imported',
    'imported',
  ]);
  expect((await importIt(staged.id)).status).toBe(422);
  const unlinked = (await bench.act({ as: USER, action: 'unlink', contract_id: item_id })).body;
  expect((await stateOf(staged.id)).status).toBe('imported');
  const detail = `/rest/v1.0/companies/${COMPANY}/erp_request_details/${unlinked.request_detail_ids[0]}`;
  await bench.rest('PATCH', detail, { request_detail: { status: 'success' } });
  expect([(await stateOf(staged.id)).status, (await stateOf(child)).status]).toEqual(['staged', 'staged']);
});

test('an import names what is missing, and leaves nothing behind', async () => {
  const child = {
    item_type: 'line_item',
    origin_id: 'PO-1/10',
    data: { amount: 1, cost_code_origin_id: 'C-9' },
  };
  const data = { ...order().data, vendor_origin_id: 'V-404' };
  const [staged] = (await sync([order({ data, children: [child] })])).body.entities;
  const before = (await bench.state()).contracts.length;
  expect((await importIt(staged.id)).body.errors.vendor_origin_id[0]).toMatch(/V-404/);
  await sync([order({ children: [child] })]);
  expect((await importIt(staged.id)).body.errors.cost_code_origin_id[0]).toMatch(/C-9/);
  expect((await bench.state()).contracts.length).toBe(before);
  expect((await stateOf(staged.id)).status).toBe('staged');
});

test('a change order waits for its project and its commitment', async () => {
  const data = { title: 'More', project_origin_id: 'JOB-100', commitment_origin_id: 'PO-7' };
  const row = { item_type: 'commitment_change_order', origin_id: 'CO-1', data };
  const [staged] = (await sync([row])).body.entities;
  expect((await stateOf(staged.id)).ready_to_import).toBe(false);
  const updates = [{ item_type: 'work_order_contract', item_id: CONTRACT, origin_id: 'PO-7' }];
  await bench.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/external_data/sync`, { updates });
  expect((await stateOf(staged.id)).ready_to_import).toBe(true);
  const line = {
    item_type: 'line_item',
    parent_origin_id: 'CO-1',
    data: { amount: -5, cost_code_origin_id: 'C-120', line_item_type_origin_id: 'M' },
  };
  await sync([line]);
  expect((await importIt(staged.id)).body.errors).toHaveProperty('commitment_line_item_origin_id');
});

test('refuses row by row, inside 200: types, fields, parents, switches', async () => {
  const vendor = (data: object) => ({ item_type: 'vendor', origin_id: 'V-1', data });
  const { status, body } = await sync([
    { item_type: 'budget', data: {} },
    vendor({ name: 'A', colour: 'red' }),
    { item_type: 'sub_job', data: { project_origin_id: 'JOB-100', code: 'A' } },
    { item_type: 'line_item', parent_origin_id: 'nobody', data: {} },
    order({ data: { title: 'No project' }, children: [] }),
    { item_type: 'vendor', id: 5, data: {} },
    vendor({ name: 'B', bidding_small_business: true }),
  ]);
  expect([status, body.entities.length]).toEqual([200, 1]);
  expect(body.errors.map((row: Loose) => Object.keys(row.errors)[0])).toEqual([
    'item_type',
    'colour',
    'item_type',
    'parent_origin_id',
    'project_origin_id',
    'id',
  ]);
  const many = Array.from({ length: 501 }, (_, index) => order({ origin_id: `PO-${index}` }));
  expect((await sync(many)).status).toBe(413);
});

test('one row is made, shown, listed, archived and deleted by itself', async () => {
  const row = { item_type: 'vendor', origin_id: 'V-20', data: { name: 'Lone Star' } };
  const made = await bench.rest('POST', BASE, row);
  expect(made.status).toBe(201);
  expect((await bench.rest('POST', BASE, { staged_record: row })).body.errors).toHaveProperty('origin_id');
  const at = `${BASE}/${made.body.id}`;
  await bench.rest('PUT', at, { item_type: 'vendor', status: 'archived' });
  expect((await bench.rest('GET', at)).body).toMatchObject({
    status: 'archived',
    data: { name: 'Lone Star' },
  });
  expect((await importIt(made.body.id)).status).toBe(422);
  expect((await bench.rest('GET', `${BASE}?filters[status]=archived`)).body).toHaveLength(1);
  expect((await bench.rest('DELETE', at)).status).toBe(200);
  expect((await bench.rest('GET', at)).status).toBe(404);
  expect((await bench.rest('POST', BASE, row)).status).toBe(201);
});

test('vendors are linked one by one or by name, unlinked and merged, each with its notice', async () => {
  const rows = ['New Glass', 'Other'].map((name, index) => ({
    item_type: 'vendor',
    origin_id: `V-${index + 30}`,
    data: { name },
  }));
  const [glass, other] = (await sync(rows)).body.entities;
  const all = await requestOf(bench.act({ as: USER, action: 'link_all_vendors' }));
  expect(all.request_data).toEqual({ vendors: [{ id: VENDOR + 1, origin_id: 'V-30' }], company_id: COMPANY });
  const link = { as: USER, action: 'link_vendor', vendor_id: VENDOR + 1 } as const;
  expect((await bench.act({ ...link, staged_record_id: other.id })).status).toBe(422);
  await requestOf(bench.act({ as: USER, action: 'unlink_vendor', vendor_id: VENDOR + 1 }));
  expect((await stateOf(glass.id)).status).toBe('staged');
  const linked = await requestOf(bench.act({ ...link, staged_record_id: other.id }));
  expect(linked).toMatchObject({
    request_name: 'link_vendor',
    request_data: { vendor: { origin_id: 'V-31' } },
  });
  const merge = { as: USER, action: 'merge_vendors', master_vendor_id: VENDOR + 1 } as const;
  const merged = await requestOf(bench.act({ ...merge, source_vendor_ids: [VENDOR] }));
  expect(merged.request_data).toMatchObject({ source_vendors: [{ id: VENDOR, origin_id: 'V-9' }] });
  expect((await bench.state()).contracts[0].vendor_id).toBe(VENDOR + 1);
});
