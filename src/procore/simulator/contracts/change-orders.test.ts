import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  LINE,
  type Loose,
  PROJECT,
  smallSeed,
  startBench,
  USER,
} from '../simulator-fixture.ts';

const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;
const newer = `/rest/v1.0/projects/${PROJECT}/commitment_change_orders`;

let bench: Bench;
beforeEach(async () => {
  const company = { id: COMPANY, name: 'Granite Works', erp: {} };
  bench = await startBench(smallSeed({ company, change_order_packages: [] }));
});
afterEach(() => bench.stop());

async function made(status: 'draft' | 'approved' = 'approved'): Promise<{ id: number; lines: number[] }> {
  const { body } = await bench.act({
    as: USER,
    action: 'create_change_order',
    contract_id: CONTRACT,
    title: 'More steel',
    status,
    line_items: [
      { amount: '100.05', description: 'Plates', commitment_line_item_id: LINE },
      { amount: '-20.10', description: 'Credit' },
    ],
  });
  return { id: body.change_order_package_id, lines: body.line_ids };
}

const mark = (item_type: string, item_id: number, origin_id: string | null) =>
  bench.rest('PATCH', erp('external_data/sync'), { updates: [{ item_type, item_id, origin_id }] });
const send = (id: number) =>
  bench.act({ as: USER, action: 'send_change_orders_to_erp', change_order_package_ids: [id] });

async function exported(id: number): Promise<{ request: Loose; detailId: number }> {
  await send(id);
  const { body } = await bench.act({
    as: USER,
    action: 'approve_change_order_export',
    change_order_package_ids: [id],
    code: 'CO-77',
    accounting_date: '2026-09-30',
  });
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  return { request: request.body, detailId: body.request_detail_ids[0] };
}

const close = (id: number, status: 'success' | 'failed') =>
  bench.rest('PATCH', erp(`erp_request_details/${id}`), { request_detail: { status, messages: [] } });
const stateOf = async (id: number) =>
  (await bench.state()).change_order_packages.find((row: Loose) => row.id === id);

test('sends only approved packages of a synced commitment to the ERP', async () => {
  const { id } = await made('draft');
  await mark('work_order_contract', CONTRACT, 'PO-1');
  expect((await send(id)).body.errors).toHaveProperty('status');
  await bench.act({ as: USER, action: 'approve_change_order', change_order_package_id: id });
  await mark('work_order_contract', CONTRACT, null);
  expect((await send(id)).body.errors).toHaveProperty('commitment');
  await mark('work_order_contract', CONTRACT, 'PO-1');
  expect((await send(id)).status).toBe(200);
  expect((await send(id)).status).toBe(422);
  const change_order_package_ids = [id];
  await bench.act({ as: USER, action: 'reject_change_order_export', change_order_package_ids });
  expect((await stateOf(id)).erp_status).toBe('not_in_erp');
});

test('an export carries the commitment, the package and lines that name what they change', async () => {
  await mark('work_order_contract', CONTRACT, 'PO-1');
  const { id, lines } = await made();
  const { request, detailId } = await exported(id);
  expect(request).toMatchObject({
    request_name: 'create_commitment_change_order',
    request_data: {
      job_origin_id: 'JOB-100',
      request_detail_id: detailId,
      company_id: COMPANY,
      additional_data: { accounting_date: '2026-09-30' },
      commitment: { id: CONTRACT, type: 'WorkOrderContract', origin_id: 'PO-1' },
      change_order: { id, contract_id: CONTRACT, number: '001', status: 'Approved', code: 'CO-77' },
    },
  });
  const { commitment_items, change_order_items } = request.request_data;
  expect(commitment_items).toHaveLength(2);
  expect(change_order_items).toMatchObject([
    { id: lines[0], amount: '100.05', commitment_line_item_id: LINE, origin_id: null },
    { id: lines[1], amount: '-20.1', commitment_line_item_id: null },
  ]);
  await close(detailId, 'failed');
  expect((await stateOf(id)).erp_status).toBe('failed_to_export');
});

test('a line that changes none can be given a line of zero to stand under', async () => {
  await bench.send('POST', '/_sim/config', { change_order_parents: 'zero_lines' });
  await mark('work_order_contract', CONTRACT, 'PO-1');
  const { request } = await exported((await made()).id);
  const { commitment_items, change_order_items } = request.request_data;
  expect(commitment_items).toHaveLength(3);
  expect(commitment_items[2]).toMatchObject({ amount: '0.0', description: 'Credit', position: 3 });
  expect(change_order_items[1].commitment_line_item_id).toBe(commitment_items[2].id);
});

test('external data of package and lines locks it until it is unlinked', async () => {
  await mark('work_order_contract', CONTRACT, 'PO-1');
  const { id, lines } = await made();
  const { detailId } = await exported(id);
  await mark('change_order', id, 'PO-1/CO-1');
  await mark('line_item', lines[0] ?? 0, 'PO-1/2');
  expect((await mark('line_item', LINE, 'PO-1/2')).body.errors[0].errors).toHaveProperty('origin_id');
  await close(detailId, 'success');
  expect(await stateOf(id)).toMatchObject({
    erp_status: 'synced',
    line_items: [{ origin_id: 'PO-1/2' }, {}],
  });

  const edit = { as: USER, action: 'void_change_order', change_order_package_id: id } as const;
  expect((await bench.act(edit)).body.errors.base[0]).toMatch(/synced with ERP/);
  const { body } = await bench.act({ as: USER, action: 'unlink_change_order', change_order_package_id: id });
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  expect(request.body).toMatchObject({
    request_name: 'unlink_commitment_change_order',
    request_data: {
      commitment_origin_id: 'PO-1',
      commitment_type: 'WorkOrderContract',
      commitment_change_order_origin_id: 'PO-1/CO-1',
      procore_commitment_change_order_id: id,
    },
  });
  await mark('change_order', id, null);
  await close(body.request_detail_ids[0], 'success');
  expect((await bench.act(edit)).status).toBe(200);
  expect(await stateOf(id)).toMatchObject({ erp_status: 'not_in_erp', status: 'void' });
});

test('lines of an approved package stand fast, and what is deleted shows only when asked for', async () => {
  const { id } = await made('draft');
  const edit = (amount: string) =>
    bench.act({
      as: USER,
      action: 'edit_change_order',
      change_order_package_id: id,
      line_items: [{ amount }],
    });
  await edit('5');
  await bench.act({ as: USER, action: 'approve_change_order', change_order_package_id: id });
  expect((await edit('6')).status).toBe(422);
  const [shown] = (await bench.rest('GET', `/rest/v1.0/change_order_packages?project_id=${PROJECT}`)).body;
  expect(shown.grand_total).toBe('84.95');
  const remove = { as: USER, action: 'delete_change_order', change_order_package_id: id } as const;
  expect((await bench.act(remove)).status).toBe(422);
  await bench.act({ as: USER, action: 'void_change_order', change_order_package_id: id });
  expect((await bench.act(remove)).status).toBe(200);
  const listed = async (more: string) =>
    (await bench.rest('GET', `/rest/v1.0/change_order_packages?project_id=${PROJECT}${more}`)).body.length;
  expect([await listed(''), await listed('&filters[include_deleted]=only')]).toEqual([0, 1]);
});

test('the newer API has ids of its own, names the package and no origin', async () => {
  const { id, lines } = await made();
  await mark('change_order', id, 'X-1');
  const [row] = (await bench.rest('GET', `${newer}?filters[legacy_package_id]=${id}`)).body;
  expect(row).toMatchObject({ legacy_package_id: id, type: 'CommitmentChangeOrder', grand_total: '79.95' });
  expect(row).not.toHaveProperty('origin_id');
  expect((await bench.rest('GET', `${newer}/${id}`)).status).toBe(404);
  const v2 = `/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/commitment_change_orders/${row.id}`;
  const [line] = (await bench.rest('GET', `${v2}/line_items`)).body.data;
  expect(line).toMatchObject({ id: String(lines[0]), commitment_line_item_id: String(LINE) });
});

test('Refresh asks for one sync at a time', async () => {
  const refresh = { as: USER, action: 'refresh_from_erp', what: 'commitment_change_orders' } as const;
  const { body } = await bench.act(refresh);
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  const [detailId] = body.request_detail_ids;
  expect(request.body).toMatchObject({
    request_name: 'sync_commitment_change_orders',
    request_data: { request_detail_id: detailId },
  });
  expect((await bench.act(refresh)).status).toBe(422);
  await close(detailId, 'success');
  expect((await bench.act(refresh)).status).toBe(200);
});
