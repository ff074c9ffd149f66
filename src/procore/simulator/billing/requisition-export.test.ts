import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  LINE,
  type Loose,
  PROJECT,
  startBench,
  USER,
} from '../simulator-fixture.ts';

const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

async function syncOrder(): Promise<void> {
  const updates = [
    { item_type: 'work_order_contract', item_id: CONTRACT, origin_id: 'PO-1' },
    { item_type: 'line_item', item_id: LINE, origin_id: 'PO-1/0' },
  ];
  await bench.rest('PATCH', erp('external_data/sync'), { updates });
}

async function approved(percent_to_date: string): Promise<number> {
  const act = { as: USER, action: 'submit_application', contract_id: CONTRACT, percent_to_date } as const;
  const { requisition_id } = (await bench.act(act)).body;
  await bench.act({ as: USER, action: 'review_application', requisition_id, decision: 'approve' });
  return requisition_id;
}

async function exported(requisition_ids: number[]): Promise<Loose> {
  await bench.act({ as: USER, action: 'send_applications_to_erp', requisition_ids });
  const { body } = await bench.act({ as: USER, action: 'approve_application_export', requisition_ids });
  const request = (await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`))).body;
  return { request, details: body.request_detail_ids };
}

test('sends only approved invoices of synced commitments', async () => {
  const send = async (requisition_ids: number[]) =>
    (await bench.act({ as: USER, action: 'send_applications_to_erp', requisition_ids })).status;
  const id = await approved('20');
  expect(await send([id])).toBe(422);
  await syncOrder();
  const act = {
    as: USER,
    action: 'submit_application',
    contract_id: CONTRACT,
    percent_to_date: '40',
  } as const;
  expect(await send([(await bench.act(act)).body.requisition_id])).toBe(422);
  expect(await send([id])).toBe(200);
  expect(await send([id])).toBe(422);
});

test('exports a batch in one request, with the amounts of the period and no project', async () => {
  await syncOrder();
  const ids = [await approved('20'), await approved('50')];
  const { request, details } = await exported(ids);
  expect(details).toHaveLength(2);
  expect(request.request_name).toBe('create_requisitions');
  expect(Object.keys(request.request_data)).toEqual(['requisitions']);
  const rows = request.request_data.requisitions;
  expect(rows.map((row: Loose) => row.procore_requisition_id)).toEqual(ids);
  expect(rows[1]).toMatchObject({
    accounting_method: 'amount',
    contract_id: CONTRACT,
    contract_origin_id: 'PO-1',
    job_origin_id: 'JOB-100',
    formatted_payment_due: '$540.01',
  });
  expect(rows[1]).not.toHaveProperty('project_id');
  expect(rows[1].line_items[0]).toMatchObject({
    amount: '300.02',
    formatted_amount: '$300.02',
    commitment_item_origin_id: 'PO-1/0',
    requisition_item_type: 'Billings::ContractItem',
    retainage_this_period: '30.0',
    scheduled_total_amount: '1000.05',
  });
});

test('puts the detail ids into each row, once for all of them or nowhere, as told', async () => {
  await syncOrder();
  const ids = [await approved('20'), await approved('50')];
  const expected = {
    row: [2, false, false],
    inside: [0, true, false],
    beside: [0, false, true],
    absent: [0, false, false],
  };
  for (const [placement, wanted] of Object.entries(expected)) {
    await bench.send('POST', '/_sim/config', { requisition_detail_id_placement: placement });
    const { request, details } = await exported(ids);
    const rows = request.request_data.requisitions;
    expect([
      rows.filter((row: Loose) => 'request_detail_id' in row).length,
      'request_detail_id' in request.request_data,
      'request_detail_id' in request,
    ]).toEqual(wanted);
    for (const id of details)
      await bench.rest('PATCH', erp(`erp_request_details/${id}`), {
        request_detail: { status: 'failed', messages: ['once more'] },
      });
  }
  const [invoice] = (await bench.state()).requisitions;
  expect(invoice.erp_status).toBe('failed_to_export');
});

test('closes each invoice of a batch by its own detail, found by the invoice', async () => {
  await syncOrder();
  const id = await approved('20');
  await exported([id]);
  const [detail] = (await bench.rest('GET', `${erp('erp_request_details')}?filters[item_id]=${id}`)).body;
  expect(detail).toMatchObject({ item_type: 'requisition', item_id: id, status: 'in_progress' });
  const updates = [{ item_type: 'requisition', item_id: id, origin_id: 'INV-1' }];
  await bench.rest('PATCH', erp('external_data/sync'), { updates });
  const request_detail = { status: 'success', messages: [] };
  await bench.rest('PATCH', erp(`erp_request_details/${detail.id}`), { request_detail });
  const shown = await bench.rest('GET', `/rest/v1.1/requisitions/${id}?project_id=${PROJECT}`);
  expect(shown.body).toMatchObject({ erp_status: 'synced', origin_id: 'INV-1' });
});

test('a reset by a super user forgets the origin ids and asks for nothing', async () => {
  await syncOrder();
  const id = await approved('20');
  expect((await bench.act({ as: USER, action: 'reset_application', requisition_id: id })).status).toBe(422);
  const updates = [{ item_type: 'requisition', item_id: id, origin_id: 'INV-1' }];
  await bench.rest('PATCH', erp('external_data/sync'), { updates });
  const { body } = await bench.act({ as: USER, action: 'reset_application', requisition_id: id });
  expect(body.request_detail_ids).toEqual([]);
  const request = (await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`))).body;
  expect(request).toMatchObject({
    request_name: 'reset_requisition',
    request_data: {
      requisition_id: id,
      project_id: PROJECT,
      requisition_origin_id: 'INV-1',
      reset_override: false,
    },
  });
  const [invoice] = (await bench.state()).requisitions;
  expect([invoice.origin_id, invoice.erp_status]).toEqual([null, 'not_in_erp']);
});
