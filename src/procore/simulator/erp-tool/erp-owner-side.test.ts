import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  COST_CODE,
  COST_TYPE,
  type Loose,
  PROJECT,
  smallSeed,
  startBench,
  USER,
  VENDOR,
} from '../simulator-fixture.ts';

const PRIME = 562_949_950_000_901;
const PRIME_LINE = 562_949_950_000_902;
const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;
const inProject = `project_id=${PROJECT}`;

let bench: Bench;
beforeEach(async () => {
  const line = { id: PRIME_LINE, amount: '10000.00', description: 'Bridge', cost_code_id: COST_CODE };
  const owner = { vendor_id: VENDOR, title: 'Bridge', status: 'Approved', retainage_percent: '10' } as const;
  bench = await startBench(
    smallSeed({
      prime_contracts: [{ ...owner, id: PRIME, project_id: PROJECT, origin_id: 'PC-1', line_items: [line] }],
      change_order_packages: [],
      insurances: [{ vendor_id: VENDOR, policy_number: 'P-1' }],
    }),
  );
});
afterEach(() => bench.stop());

type Kind = 'prime_contract_change_order' | 'payment_application' | 'company_level_direct_cost';

const requestOf = async (id: number) => (await bench.rest('GET', erp(`erp_requests/${id}`))).body;
async function exported(kind: Kind, id: number): Promise<Loose> {
  const ids = [id];
  const sent = await bench.act({ as: USER, action: 'send_object_to_erp', kind, ids });
  expect(sent.body).toEqual({ ids });
  const made = await bench.act({ as: USER, action: 'approve_object_export', kind, ids });
  return requestOf(made.body.erp_request_ids[0]);
}
const mark = (item_type: string, item_id: number, origin_id: string) =>
  bench.rest('PATCH', erp('external_data/sync'), { updates: [{ item_type, item_id, origin_id }] });
const unlinked = async (kind: Kind, id: number): Promise<Loose> => {
  const { body } = await bench.act({ as: USER, action: 'unlink_object', kind, id });
  return requestOf(body.erp_request_ids[0]);
};

async function changeOrder(): Promise<{ id: number; lineId: number }> {
  const line = { amount: '500.00', prime_line_item_id: PRIME_LINE, cost_code_id: COST_CODE };
  const { body } = await bench.act({
    as: USER,
    action: 'create_change_order',
    contract_id: PRIME,
    title: 'Railing',
    status: 'approved',
    line_items: [{ ...line, markups: [{ percentage: '10', amount: '50.00' }] }],
  });
  return { id: body.change_order_package_id, lineId: body.line_ids[0] };
}

test('a prime change order carries its contract, its parent line and its markups', async () => {
  const { id, lineId } = await changeOrder();
  const { request_name, request_data } = await exported('prime_contract_change_order', id);
  expect(request_name).toBe('create_prime_contract_change_order');
  expect(request_data).toMatchObject({
    project: { id: PROJECT, origin_id: 'JOB-100' },
    prime_contract: { id: PRIME, origin_id: 'PC-1', grand_total: '10000.0' },
    prime_contract_items: [{ id: PRIME_LINE, holder: { holder_type: 'PrimeContract' } }],
    prime_contract_change_order: { id, status: 'approved', number: '001' },
    prime_contract_change_order_items: [
      {
        id: lineId,
        amount: '500.0',
        prime_line_item_id: PRIME_LINE,
        markup_line_items: [{ amount: '50.0', markup: { percentage: '10.0', markup_set: 'vertical' } }],
      },
    ],
  });
  const [item] = request_data.prime_contract_change_order_items;
  expect((await mark('markup', item.markup_line_items[0].id, 'PC-1/M')).body.errors).toEqual([]);
  await mark('change_order', id, 'PC-1/CO-1');
  const gone = await unlinked('prime_contract_change_order', id);
  expect(gone.request_data.prime_contract_change_order_line_items).toMatchObject([
    { estimate_amount: 500, revenue_amount: 550, prime_contract_item_id: PRIME_LINE },
  ]);
  const reset = { as: USER, kind: 'prime_contract_change_order', id } as const;
  const { body } = await bench.act({ ...reset, action: 'staff_reset_object' });
  expect(await requestOf(body.erp_request_ids[0])).toMatchObject({
    prime_contract_change_order_id: id,
    prime_contract_change_order_origin_id: 'PC-1/CO-1',
    job_id: 'JOB-100',
  });
  expect((await bench.act({ ...reset, action: 'staff_reset_object' })).status).toBe(422);
  const newer = `/rest/v1.0/projects/${PROJECT}/prime_change_orders`;
  expect((await bench.rest('GET', newer)).body).toMatchObject([
    { legacy_package_id: id, type: 'PrimeChangeOrder' },
  ]);
});

test('an owner invoice bills lines and change orders, less what is retained and was certified', async () => {
  const dates = { billing_date: '2026-08-31', period_start: '2026-08-01', period_end: '2026-08-31' };
  const bill = { as: USER, action: 'bill_owner', prime_contract_id: PRIME, ...dates } as const;
  const first = (await bench.act({ ...bill, percent_to_date: '30', status: 'approved' })).body;
  const changed = await changeOrder();
  const lines = [{ source_id: changed.id, work_completed_this_period: '550' }];
  const second = (await bench.act({ ...bill, percent_to_date: '50', lines })).body.payment_application_id;
  const send = { as: USER, action: 'send_object_to_erp', kind: 'payment_application' as const } as const;
  expect((await bench.act({ ...send, ids: [second] })).body.errors).toHaveProperty('status');
  const review = { as: USER, action: 'review_owner_invoice', payment_application_id: second } as const;
  await bench.act({ ...review, status: 'approved' });
  const { request_data } = await exported('payment_application', second);
  expect(request_data.payment_application.summary).toMatchObject({
    application_number: 2,
    contract_original_sum: 10_000,
    contract_sum_to_date: 10_550,
    total_completed_and_stored_to_date: 5_550,
    total_retainage: 555,
    total_earned_less_retainage: 4_995,
    less_previous_certificates_for_payment: 2_700,
    current_payment_due: 2_295,
    positive_new_change_order_item_total: 550,
    to_owner: { id: VENDOR },
  });
  const item = { origin_type: 'LineItem', origin_id: PRIME_LINE, scheduled_value: 10_000 };
  expect(request_data.payment_application.items[0]).toMatchObject({
    ...item,
    work_completed_from_previous_application: 3_000,
    work_completed_this_period: 2_000,
    work_completed_retainage_currently_retained: 500,
  });
  await mark('payment_application', second, 'AR-2');
  expect((await bench.act({ ...review, status: 'draft' })).body.errors.base[0]).toMatch(/synced with ERP/);
  expect((await unlinked('payment_application', second)).request_name).toBe('unlink_payment_application');
  const shown = await bench.rest(
    'GET',
    `/rest/v1.0/payment_applications/${first.payment_application_id}?${inProject}`,
  );
  expect(shown.body.g702).toMatchObject({ current_payment_due: '2700.00', total_retainage: '300.00' });
});

test('a seed may hold owner invoices, and insurances of vendors', async () => {
  const dates = { billing_date: '2026-08-31', period_start: '2026-08-01', period_end: '2026-08-31' };
  const prime = { id: PRIME + 50, project_id: PROJECT + 50, line_items: [{ amount: '200.00' }] };
  const seeded = await bench.send('POST', '/_sim/seed', {
    company: { id: COMPANY + 1, name: 'Second' },
    projects: [{ id: PROJECT + 50, name: 'Yard' }],
    prime_contracts: [prime],
    payment_applications: [{ prime_contract_id: PRIME + 50, percent_to_date: '25', ...dates }],
  });
  expect(seeded.body.payment_applications).toHaveLength(1);
  const { payment_applications: invoices, insurances } = await bench.state();
  expect(invoices[0].g702.current_payment_due).toBe('50.00');
  expect(insurances).toMatchObject([{ vendor_id: VENDOR, details: { policy_number: 'P-1' } }]);
});

test('a company level direct cost names its projects, and every id is text', async () => {
  const coding = { project_id: PROJECT, cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };
  const dates = { accounting_date: '2026-08-31', direct_cost_date: '2026-08-20' };
  const made = await bench.act({
    as: USER,
    action: 'create_company_direct_cost',
    vendor_id: VENDOR,
    invoice_number: 'R-7',
    ...dates,
    line_items: [{ ...coding, quantity: '3', unit_cost: '10.10' }],
  });
  const id = made.body.direct_cost_id;
  const { request_data } = await exported('company_level_direct_cost', id);
  expect(request_data.direct_cost).toMatchObject({
    id: String(id),
    billed_amount: '30.3',
    erp: { status: 'exporting' },
    projects: [{ id: PROJECT }],
    vendor: { id: String(VENDOR), origin_id: 'V-9' },
    line_items: [{ job_origin_id: 'JOB-100', total_amount: '30.3', cost_code_id: COST_CODE }],
  });
  await mark('company_level_direct_cost', id, 'AP-1');
  const gone = await unlinked('company_level_direct_cost', id);
  expect(gone.request_data.direct_cost).not.toHaveProperty('line_items');
  const reset = { as: USER, action: 'staff_reset_object', kind: 'company_level_direct_cost', id } as const;
  const { body } = await bench.act({ ...reset, reset_override: true });
  expect((await requestOf(body.erp_request_ids[0])).request_data).toEqual({
    direct_cost: { id: String(id) },
    origin_id: 'AP-1',
    origin_code: null,
    origin_data: null,
    reset_override: true,
  });
});

test('a payment received is created on the prime contract, names no application, and is locked by its origin id', async () => {
  const base = '/rest/v1.0/contract_payments';
  const payment = { amount: '900.00', date: '2026-09-20', invoice_number: 'PC-1-1', draw_request_number: 1 };
  const create = (more: object) =>
    bench.rest('POST', base, {
      project_id: PROJECT,
      contract_id: PRIME,
      contract_payment: { ...payment, ...more },
    });
  expect((await create({ requisition_id: 1 })).status).toBe(422);
  const { status, body } = await create({ origin_id: 'B1-RCT-1' });
  expect([status, body.contract_id, body.requisition_id]).toEqual([201, PRIME, null]);
  expect((await create({ origin_id: 'B1-RCT-1' })).body.errors).toHaveProperty('origin_id');
  const { body: shown } = await bench.rest('GET', `/rest/v1.0/prime_contract/${PRIME}?${inProject}`);
  expect(shown.payments_received).toMatchObject([
    { id: body.id, amount: '900.0', draw_request_number: 1, origin_id: 'B1-RCT-1' },
  ]);
  const gone = `${base}/${body.id}?${inProject}&contract_id=${PRIME}`;
  expect((await bench.rest('DELETE', gone)).status).toBe(422);
});
