import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  COST_CODE,
  COST_TYPE,
  PROJECT,
  startBench,
  USER,
} from '../simulator-fixture.ts';

const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;
const transactions = `/rest/v1.0/erp_transactions`;
const asked = `company_id=${COMPANY}&project_id=${PROJECT}`;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

async function exported(amount: string) {
  const lines = [{ cost_code_id: COST_CODE, line_item_type_id: COST_TYPE, amount }];
  await bench.act({ as: USER, action: 'set_budget', project_id: PROJECT, lines });
  const sent = { as: USER, kind: 'budget' as const, ids: [PROJECT] };
  await bench.act({ ...sent, action: 'send_object_to_erp' });
  const { body } = await bench.act({ ...sent, action: 'approve_object_export' });
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  return { request: request.body, detailId: body.request_detail_ids[0] };
}

test('a budget goes out whole and later only by what it moved', async () => {
  const empty = { as: USER, action: 'send_object_to_erp', kind: 'budget' as const, ids: [PROJECT] } as const;
  expect((await bench.act({ ...empty, ids: [PROJECT] })).body.errors).toHaveProperty('budget');
  const first = await exported('1000.10');
  expect(first.request).toMatchObject({
    request_name: 'create_budget',
    request_data: {
      job_id: 'JOB-100',
      budget: { origin_id: null, synced: false, project_id: PROJECT },
      job_costs: [{ new_amount: 1000.1, line_item_type_origin_id: 'M', job_origin_id: 'JOB-100' }],
      transactions: [{ value: 1000.1, synced: false, type: 'Erp::OriginalEstimateTransaction' }],
    },
  });
  expect(first.request.request_data).not.toHaveProperty('request_detail_id');
  const budgetId = first.request.request_data.budget.id;
  const [{ id }] = first.request.request_data.transactions;
  const mark = [{ item_type: 'budget', item_id: budgetId, origin_id: 'B-1' }];
  await bench.rest('PATCH', erp('external_data/sync'), { updates: mark });
  const updates = [
    { id, origin_id: 'T-1', synced: true },
    { id: 12, synced: true },
  ];
  const synced = await bench.rest('PATCH', `${transactions}/sync`, { project_id: PROJECT, updates });
  expect([synced.body.entities.length, synced.body.errors.length]).toEqual([1, 1]);
  await bench.rest('PATCH', erp(`erp_request_details/${first.detailId}`), {
    request_detail: { status: 'success' },
  });
  const second = await exported('900.00');
  expect(second.request).toMatchObject({
    request_name: 'update_budget',
    request_data: { budget: { synced: true }, transactions: [{ value: -100.1, synced: false }] },
  });
  expect((await bench.rest('GET', `${transactions}?${asked}&view=extended`)).body).toHaveLength(2);
  const taken = { transaction: { origin_id: 'T-1' } };
  const other = second.request.request_data.transactions[0].id;
  expect((await bench.rest('PATCH', `${transactions}/${other}?${asked}`, taken)).status).toBe(422);
});

test('an imported budget is told, and one that was exported does not come back', async () => {
  const lines = [{ cost_code_id: COST_CODE, line_item_type_id: COST_TYPE, quantity: '3', unit_cost: '2.5' }];
  const act = { as: USER, action: 'import_budget', project_id: PROJECT } as const;
  const { body } = await bench.act({ ...act, lines });
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  expect(request.body).toMatchObject({
    request_name: 'create_budget_in_procore',
    request_data: { project_origin_id: 'JOB-100' },
  });
  const [id] = body.budget_line_item_ids;
  const line = await bench.rest('GET', `/rest/v1.1/budget_line_items/${id}?project_id=${PROJECT}`);
  expect(line.body).toMatchObject({ original_budget_amount: 7.5, calculation_strategy: 'automatic' });
  const mark = [{ item_type: 'budget', item_id: request.body.request_data.budget.id, origin_id: 'B-1' }];
  await bench.rest('PATCH', erp('external_data/sync'), { updates: mark });
  expect((await bench.act({ ...act, lines })).status).toBe(422);
});

test('a budget is shown line by line with its codes, and its changes with what they come to', async () => {
  const coding = { cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };
  const { body } = await bench.act({
    ...{ as: USER, action: 'set_budget', project_id: PROJECT },
    lines: [{ ...coding, amount: '1000.10' }],
  });
  await bench.act({
    ...{ as: USER, action: 'create_budget_change', project_id: PROJECT, title: 'Piles', status: 'approved' },
    lines: [
      { ...coding, amount: '10.05' },
      { ...coding, amount: '-0.05' },
    ],
  });
  const [view] = (await bench.rest('GET', `/rest/v1.0/budget_views?project_id=${PROJECT}`)).body;
  const rows = await bench.rest(
    'GET',
    `${view.links.detail_rows}?project_id=${PROJECT}&budget_row_type=budgeted`,
  );
  expect(rows.body).toMatchObject([
    { cost_code_id: COST_CODE, category_id: COST_TYPE, original_budget_amount: '1000.1' },
  ]);
  const [id] = body.budget_line_item_ids;
  const line = await bench.rest('GET', `/rest/v1.1/budget_line_items/${id}?project_id=${PROJECT}`);
  expect(line.body.wbs_code).toMatchObject({ flat_code: '05-120.M' });
  const changes = await bench.rest('GET', `/rest/v1.0/projects/${PROJECT}/budget_changes`);
  expect(changes.body.data).toMatchObject([
    { number: 1, title: 'Piles', status: 'approved', erp_status: 'not_in_erp', amount: 10 },
  ]);
});

test('one action may be told as two events, which carry the same transactions', async () => {
  const first = await exported('1000.10');
  const { body } = await bench.act({ as: USER, action: 'repeat_budget_export', project_id: PROJECT });
  const again = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  expect(again.body.request_data.transactions).toEqual(first.request.request_data.transactions);
});

test('a budget change shows its lines by codes of the budget, and ends the time of modifications', async () => {
  const coding = { cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };
  const of = { as: USER, project_id: PROJECT } as const;
  await bench.act({ ...of, action: 'set_budget', lines: [{ ...coding, amount: '10.00' }] });
  const [row] = (
    await bench
      .rest('GET', `/rest/v1.0/budget_views?project_id=${PROJECT}`)
      .then(({ body }) =>
        bench.rest('GET', `/rest/v1.0/budget_views/${body[0].id}/detail_rows?project_id=${PROJECT}`),
      )
  ).body;
  const transfer = { ...of, action: 'transfer_budget', to_budget_line_item_id: row.id } as const;
  await bench.act({ ...transfer, transfer_amount: '2.50' });
  const project = `/rest/v1.0/projects/${PROJECT}`;
  expect((await bench.rest('GET', `${project}/budget_modifications`)).body).toMatchObject([
    { to_budget_line_item_id: row.id, from_budget_line_item_id: null, transfer_amount: '2.5' },
  ]);
  const lines = [{ ...coding, amount: '-4.05' }];
  const made = await bench.act({ ...of, action: 'create_budget_change', status: 'approved', lines });
  const id = made.body.budget_change_id;
  const page = (await bench.rest('GET', `${project}/budget_changes/${id}`)).body.data;
  expect(page).toMatchObject({ status: 'approved', amount: -4.05 });
  expect(page.adjustment_line_items).toMatchObject([
    { amount: -4.05, type: 'budget_change', wbs_code: { id: row.wbs_code_id, flat_code: '05-120.M' } },
  ]);
  const codes = (await bench.rest('GET', `${project}/work_breakdown_structure/wbs_codes`)).body;
  expect(codes).toMatchObject([{ id: row.wbs_code_id, status: 'active', flat_code: '05-120.M' }]);
  expect(
    codes[0].segment_items.map((item: { path_code: string; segment: { type: string } }) => [
      item.segment.type,
      item.path_code,
    ]),
  ).toEqual([
    ['cost_code', '05-120'],
    ['line_item_type', 'M'],
  ]);
  const edit = { ...of, action: 'edit_budget_change', budget_change_id: id } as const;
  expect((await bench.act({ ...edit, lines })).status).toBe(422);
  expect((await bench.act({ ...edit, status: 'void' })).status).toBe(200);
  expect((await bench.act({ ...transfer, transfer_amount: '1.00' })).status).toBe(422);
});
