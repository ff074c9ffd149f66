import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  LINE,
  type Loose,
  PROJECT,
  startBench,
  UNSYNCED_PROJECT,
  USER,
  VENDOR,
} from '../simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;
const contractState = async (id = CONTRACT) =>
  (await bench.state()).contracts.find((contract: { id: number }) => contract.id === id);

async function exported(): Promise<{ requestId: number; detailId: number }> {
  await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [CONTRACT] });
  const { body } = await bench.act({
    as: USER,
    action: 'approve_export',
    contract_ids: [CONTRACT],
    code: '4500001',
    accounting_date: '2026-08-31',
    erp_custom_fields: { plant: '1000' },
  });
  return { requestId: body.erp_request_ids[0], detailId: body.request_detail_ids[0] };
}

const close = (id: number, status: string, messages: string[] = []) =>
  bench.rest('PATCH', erp(`erp_request_details/${id}`), { request_detail: { status, messages } });

test('sends only approved commitments of a synced project to the ERP', async () => {
  const draft = await bench.act({
    as: USER,
    action: 'create_commitment',
    kind: 'purchase_order_contract',
    project_id: PROJECT,
    title: 'Draft',
  });
  const elsewhere = await bench.act({
    as: USER,
    action: 'create_commitment',
    kind: 'work_order_contract',
    project_id: UNSYNCED_PROJECT,
    status: 'Approved',
  });
  for (const made of [draft, elsewhere]) {
    const sent = await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [made.body.contract_id] });
    expect(sent.status).toBe(422);
  }
  expect((await bench.act({ as: USER, action: 'approve_export', contract_ids: [CONTRACT] })).status).toBe(
    422,
  );
  await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [CONTRACT] });
  expect((await contractState()).erp_status).toBe('ready_to_export');
  await bench.act({ as: USER, action: 'reject_export', contract_ids: [CONTRACT] });
  expect((await contractState()).erp_status).toBe('not_in_erp');
});

test('an approved export gives one request with everything the accountant typed', async () => {
  const { requestId, detailId } = await exported();
  const { body } = await bench.rest('GET', erp(`erp_requests/${requestId}`));
  expect(body).toMatchObject({
    id: requestId,
    company_id: COMPANY,
    request_name: 'create_commitment',
    request_data: {
      job_id: 'JOB-100',
      request_detail_id: detailId,
      company_id: COMPANY,
      additional_data: { accounting_date: '2026-08-31' },
      commitment: {
        id: CONTRACT,
        type: 'WorkOrderContract',
        code: '4500001',
        grand_total: '2000.0',
        erp_custom_fields: { plant: '1000' },
        project: { id: PROJECT, origin_id: 'JOB-100' },
        vendor: { id: VENDOR, origin_id: 'V-9' },
      },
    },
  });
  expect(body.request_data.commitment_items.map((item: Loose) => item.amount)).toEqual(['1000.05', '999.95']);
  expect(body.request_data.commitment_items[0].cost_code.biller_origin_id).toBe('JOB-100');
});

test('puts request_detail_id inside, beside, in both places or nowhere, as told', async () => {
  const placements = {
    inside: [true, false],
    beside: [false, true],
    both: [true, true],
    absent: [false, false],
  };
  for (const [placement, expected] of Object.entries(placements)) {
    await bench.send('POST', '/_sim/config', { request_detail_id_placement: placement });
    const { requestId, detailId } = await exported();
    const { body } = await bench.rest('GET', erp(`erp_requests/${requestId}`));
    const found = ['request_detail_id' in body.request_data, 'request_detail_id' in body];
    expect(found).toEqual(expected);
    await close(detailId, 'failed', ['try again']);
  }
});

test('lists requests in pages and by the time they were made', async () => {
  const { requestId } = await exported();
  const since = encodeURIComponent('2000-01-01...2099-01-01');
  const listed = await bench.rest(
    'GET',
    `${erp('erp_requests')}?filters[created_at]=${since}&page=1&per_page=1`,
  );
  expect(listed.body.map((request: Loose) => request.id)).toEqual([requestId]);
  expect(listed.headers.get('total')).toBe('1');
  const before = '2000-01-01...2001-01-01';
  expect((await bench.rest('GET', `${erp('erp_requests')}?filters[created_at]=${before}`)).body).toEqual([]);
});

test('a closed detail takes the same status again and refuses any other', async () => {
  const { detailId } = await exported();
  expect((await close(detailId, 'success')).body.status).toBe('success');
  expect((await close(detailId, 'success')).status).toBe(200);
  expect((await close(detailId, 'failed', ['late'])).status).toBe(422);
  expect((await close(detailId, 'in_progress')).status).toBe(422);
  const [detail] = (await bench.rest('GET', `${erp('erp_request_details')}?filters[item_id]=${CONTRACT}`))
    .body;
  expect(detail).toMatchObject({ id: detailId, status: 'success', item_id: CONTRACT });
  expect((await bench.state()).erp_request_details[0].times_written).toBe(2);
});

test('closes details by PUT and in bulk, as a bare array or under updates', async () => {
  const first = await exported();
  const put = await bench.rest('PUT', erp(`erp_request_details/${first.detailId}`), {
    request_detail: { status: 'failed', messages: ['The code is taken'] },
  });
  expect(put.body.messages).toEqual(['The code is taken']);
  expect((await contractState()).erp_status).toBe('failed_to_export');

  const second = await exported();
  const rows = [{ id: second.detailId, status: 'failed', messages: [] }];
  expect((await bench.rest('PATCH', erp('erp_request_details/sync'), rows)).body.entities).toHaveLength(1);
  const third = await exported();
  const updates = [
    { id: third.detailId, status: 'success', messages: [] },
    { id: 5, status: 'success' },
  ];
  const { body } = await bench.rest('PATCH', erp('erp_request_details/sync'), { updates });
  expect([body.entities.length, body.errors[0].errors]).toEqual([
    1,
    { id: ['Entity with this ID not found'] },
  ]);
});

test('external data marks header and lines as synced and shows on every view', async () => {
  await exported();
  const updates = [
    {
      item_type: 'work_order_contract',
      item_id: CONTRACT,
      origin_id: 'PO-1',
      origin_code: '4500001',
      origin_data: '{"rev":1}',
    },
    { item_type: 'line_item', item_id: LINE, origin_id: 'PO-1/10' },
  ];
  const written = await bench.rest('PATCH', erp('external_data/sync'), { updates });
  expect(written.body.errors).toEqual([]);
  expect(written.body.entities[1]).toMatchObject({
    item_type: 'line_item',
    item_id: LINE,
    origin_id: 'PO-1/10',
  });
  const shown = await bench.rest('GET', `/rest/v1.0/work_order_contracts/${CONTRACT}?project_id=${PROJECT}`);
  expect(shown.body).toMatchObject({ origin_id: 'PO-1', origin_code: '4500001', origin_data: '{"rev":1}' });
  expect(shown.body.line_items[0].origin_id).toBe('PO-1/10');
  expect((await contractState()).erp_status).toBe('synced');
  const path = `${erp('external_data')}?item_type=work_order_contract&item_id=${CONTRACT}`;
  expect((await bench.rest('GET', path)).body[0].origin_code).toBe('4500001');
});

test('an origin id is unique per item type in a company, and null clears it', async () => {
  const { body: other } = await bench.act({
    as: USER,
    action: 'create_commitment',
    kind: 'work_order_contract',
    project_id: PROJECT,
    title: 'Other',
  });
  const write = (item_type: string, item_id: number, origin_id: string | null) =>
    bench.rest('PATCH', erp('external_data/sync'), { updates: [{ item_type, item_id, origin_id }] });
  await write('work_order_contract', CONTRACT, 'PO-1');
  const clash = await write('work_order_contract', other.contract_id, 'PO-1');
  expect(clash.status).toBe(200);
  expect(clash.body.errors[0].errors).toEqual({ origin_id: ['has already been taken'] });
  expect((await write('line_item', LINE, 'PO-1')).body.errors).toEqual([]);
  await write('work_order_contract', CONTRACT, null);
  expect((await contractState()).erp_status).toBe('not_in_erp');
  expect((await write('work_order_contract', other.contract_id, 'PO-1')).body.errors).toEqual([]);
});

test('refuses item types nobody published and ids nobody has', async () => {
  const write = (item_type: string) =>
    bench.rest('PATCH', erp('external_data/sync'), { updates: [{ item_type, item_id: 5, origin_id: 'X' }] });
  expect((await write('commitment')).status).toBe(422);
  expect((await write('vendor')).body.errors[0].errors).toHaveProperty('item_id');
});

test('unlinking asks the integrator, who clears the external data', async () => {
  expect((await bench.act({ as: USER, action: 'unlink', contract_id: CONTRACT })).status).toBe(422);
  const updates = [{ item_type: 'work_order_contract', item_id: CONTRACT, origin_id: 'PO-1' }];
  await bench.rest('PATCH', erp('external_data/sync'), { updates });
  const { body } = await bench.act({ as: USER, action: 'unlink', contract_id: CONTRACT });
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  expect(request.body).toMatchObject({
    request_name: 'unlink_commitment',
    request_data: { procore_commitment_id: CONTRACT, commitment_origin_id: 'PO-1', job_origin_id: 'JOB-100' },
  });
  expect((await close(body.request_detail_ids[0], 'success')).status).toBe(200);
});

test('a company has one ERP connection, whose metadata can be replaced', async () => {
  const connection = { service_url: 'https://tiebeam.example/erp', metadata: { settings: {} } };
  const made = await bench.rest('POST', erp('erp_connections'), { connection });
  expect(made.body).toMatchObject({ id: COMPANY });
  expect((await bench.rest('POST', erp('erp_connections'), { connection })).status).toBe(422);
  const settings = { entities: { vendors: { enabled: true } } };
  expect((await bench.rest('PATCH', erp('erp_connections/metadata'), { settings })).status).toBe(200);
  expect((await bench.state()).companies[0].erp.metadata).toEqual({ settings });
});
