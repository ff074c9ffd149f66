import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  type Loose,
  listen,
  PROJECT,
  startBench,
  startReceiver,
  USER,
  until,
} from '../simulator-fixture.ts';

const NOTICE = 'The Contract Payment cannot be edited or deleted because it is synced with an ERP system';
const base = '/rest/v1.0/contract_payments';
const inContract = `project_id=${PROJECT}&contract_id=${CONTRACT}`;

let bench: Bench;
let invoice: number;
beforeEach(async () => {
  bench = await startBench();
  const act = {
    as: USER,
    action: 'submit_application',
    contract_id: CONTRACT,
    percent_to_date: '50',
  } as const;
  invoice = (await bench.act(act)).body.requisition_id;
});
afterEach(() => bench.stop());

const create = (fields: object) =>
  bench.rest('POST', base, {
    project_id: PROJECT,
    contract_id: CONTRACT,
    contract_payment: { amount: '900.00', date: '2026-09-20', requisition_id: invoice, ...fields },
  });
const change = (id: number, fields: object) =>
  bench.rest('PATCH', `${base}/${id}`, {
    project_id: PROJECT,
    contract_id: CONTRACT,
    contract_payment: fields,
  });
const listed = async (): Promise<Loose[]> => (await bench.rest('GET', `${base}?${inContract}`)).body;

test('a payment counts on its commitment, and webhooks tell of it', async () => {
  const receiver = await startReceiver();
  await listen(bench, receiver.url, 'Contract Payments/create');
  const { status, body } = await create({ check_number: '1007' });
  expect([status, body.amount, body.requisition_id, body.payment_number]).toEqual([201, '900.0', invoice, 1]);
  await until('the webhook', () => receiver.received.length === 1);
  expect(receiver.received[0]?.body).toMatchObject({ resource_id: body.id, project_id: PROJECT });
  const contract = await bench.rest(
    'GET',
    `/rest/v1.0/work_order_contracts/${CONTRACT}?project_id=${PROJECT}`,
  );
  expect(contract.body).toMatchObject({ total_payments: '900.0', remaining_balance_outstanding: '1100.0' });
  expect(contract.body.payments_issued[0].check_number).toBe('1007');
  await receiver.stop();
});

test('an origin id belongs to one payment, and locks everything but itself', async () => {
  const first = await create({ origin_id: 'PAY-1' });
  expect((await create({ origin_id: 'PAY-1' })).body.errors).toEqual({
    origin_id: ['has already been taken'],
  });
  expect(await listed()).toHaveLength(1);
  const id = first.body.id;
  for (const fields of [{ amount: '1.00' }, { notes: 'x' }])
    expect((await change(id, fields)).body.errors).toEqual({ base: [NOTICE] });
  const removed = await bench.rest('DELETE', `${base}/${id}?${inContract}`);
  expect([removed.status, removed.body.errors.base]).toEqual([422, [NOTICE]]);
  expect((await change(id, { origin_data: '{"void":true}' })).body.origin_data).toBe('{"void":true}');
  expect((await change(id, { origin_id: null })).status).toBe(200);
  expect((await bench.rest('DELETE', `${base}/${id}?${inContract}`)).status).toBe(200);
  expect(await listed()).toEqual([]);
});

test('refuses payments without an amount, of other contracts and in unknown ways', async () => {
  expect((await create({ amount: undefined })).body.errors.amount).toBeDefined();
  expect((await create({ requisition_id: CONTRACT })).body.errors.requisition_id).toBeDefined();
  expect((await create({ payment_method: 'ach' })).status).toBe(422);
  expect((await create({ paid: true })).status).toBe(406);
  expect((await bench.rest('GET', `${base}?project_id=${PROJECT}`)).status).toBe(400);
});

test('the bulk route of the ERP tool says per row what is wrong, and updates by origin id', async () => {
  const row = { invoice_type: 'Billings::Requisition', invoice_id: invoice, amount: '10.00' };
  const sync = (updates: object[]) =>
    bench.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/invoice_payments/sync`, {
      company_id: COMPANY,
      updates,
    });
  const { status, body } = await sync([
    { ...row, origin_id: 'P-1', origin_code: '71' },
    row,
    { ...row, origin_id: 'P-2', invoice_id: 5 },
    { ...row, origin_id: 'P-3', invoice_type: 'Invoice' },
    { ...row, origin_id: 'P-4', amount: undefined },
  ]);
  expect(status).toBe(200);
  expect(body.entities).toHaveLength(1);
  expect(body.errors.map((each: Loose) => Object.keys(each.errors)[0])).toEqual([
    'origin_id',
    'invoice_id',
    'invoice_type',
    'amount',
  ]);
  await sync([{ ...row, origin_id: 'P-1', amount: '12.00' }]);
  expect((await listed()).map(({ amount, origin_id }) => [amount, origin_id])).toEqual([['12.0', 'P-1']]);
});

test('a payment of Procore Pay goes to the ERP under either of its names', async () => {
  for (const name of ['create_contract_payment', 'create_payment']) {
    await bench.send('POST', '/_sim/config', { payment_request_name: name });
    const { body } = await bench.act({
      as: USER,
      action: 'record_payment',
      contract_id: CONTRACT,
      requisition_id: invoice,
      amount: '450.00',
      send_to_erp: true,
    });
    const path = `/rest/v1.0/companies/${COMPANY}/erp_requests/${body.erp_request_ids[0]}`;
    const { body: request } = await bench.rest('GET', path);
    expect(request.request_name).toBe(name);
    expect(request.request_data).toMatchObject({
      request_detail_id: body.request_detail_ids[0],
      contract_payment: { id: body.payment_id, requisition_id: invoice, amount: '450.0', status: 'paid' },
    });
  }
});
