import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  COST_CODE,
  COST_TYPE,
  LINE,
  type Loose,
  PROJECT,
  smallSeed,
  startBench,
  UNSYNCED_PROJECT,
  USER,
  VENDOR,
} from '../simulator-fixture.ts';

const APPROVER = 562_949_950_000_002;
const SUB_JOB = 562_949_950_000_301;
const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;

let bench: Bench;
beforeEach(async () => {
  const approver = {
    id: APPROVER,
    login: 'acc@granite.example',
    name: 'Acc',
    roles: ['accounting_approver'],
  };
  const seed = smallSeed();
  bench = await startBench({
    ...seed,
    company: { ...seed.company, erp: {} },
    users: [...(seed.users ?? []), approver],
    vendors: [...(seed.vendors ?? []), { id: VENDOR + 1, name: 'New Glass' }],
    sub_jobs: [{ id: SUB_JOB, project_id: PROJECT, code: 'A', name: 'East pier' }],
    standard_cost_codes: [
      { id: 562_949_950_000_401, code: '05', name: 'Metals', origin_id: 'S-05' },
      { id: 562_949_950_000_402, code: '120', name: 'Steel', parent_id: 562_949_950_000_401 },
    ],
    cost_codes: [
      ...(seed.cost_codes ?? []),
      { id: COST_CODE + 1, project_id: PROJECT, sub_job_id: SUB_JOB, code: '9', name: 'Pier' },
    ],
  });
});
afterEach(() => bench.stop());

type Kind = 'vendor' | 'project' | 'sub_job' | 'standard_cost_code';

async function exported(kind: Kind, ids: number[]): Promise<{ request: Loose; details: number[] }> {
  await bench.act({ as: USER, action: 'send_object_to_erp', kind, ids });
  const { body } = await bench.act({ as: APPROVER, action: 'approve_object_export', kind, ids });
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  return { request: request.body, details: body.request_detail_ids };
}

const requestOf = async (made: Promise<{ body: Loose }>) =>
  (await bench.rest('GET', erp(`erp_requests/${(await made).body.erp_request_ids[0]}`))).body;
const mark = (item_type: string, item_id: number, origin_id: string) =>
  bench.rest('PATCH', erp('external_data/sync'), { updates: [{ item_type, item_id, origin_id }] });
const close = (id: number) =>
  bench.rest('PATCH', erp(`erp_request_details/${id}`), { request_detail: { status: 'success' } });

test('only an accounting approver exports, and a vendor goes out once', async () => {
  const ids = [VENDOR + 1];
  await bench.act({ as: USER, action: 'send_object_to_erp', kind: 'vendor', ids });
  const approve = { action: 'approve_object_export', kind: 'vendor', ids } as const;
  expect((await bench.act({ as: USER, ...approve })).body.errors).toHaveProperty('as');
  await bench.act({ as: APPROVER, action: 'reject_object_export', kind: 'vendor', ids });
  const { request, details } = await exported('vendor', ids);
  expect(request).toMatchObject({
    request_name: 'create_vendor',
    request_data: {
      request_detail_id: details[0],
      company_id: COMPANY,
      vendor: { id: ids[0], name: 'New Glass', synced_to_erp: false, erp_custom_fields: {}, attachments: [] },
    },
  });
  await mark('vendor', VENDOR + 1, 'V-10');
  await close(details[0] ?? 0);
  const again = await bench.act({ as: USER, action: 'send_object_to_erp', kind: 'vendor', ids });
  expect(again.body.errors).toHaveProperty('erp_status');
});

test('a job carries its codes, its detail stands beside, and it goes out again once synced', async () => {
  const { request, details } = await exported('project', [PROJECT]);
  expect(request).toMatchObject({
    request_name: 'create_or_update_job',
    request_detail_id: details[0],
    company_id: COMPANY,
    request_data: {
      job: { id: PROJECT, origin_id: 'JOB-100', origin_code: '100', synced: true, active: true },
      all_cost_codes: [{ id: COST_CODE, long_name_helper: [['120'], ['Steel']], biller_type: 'Project' }],
    },
  });
  expect(request.request_data).not.toHaveProperty('request_detail_id');
  const sub = (await exported('sub_job', [SUB_JOB])).request;
  expect(sub.request_data.sub_job).toMatchObject({ id: SUB_JOB, synced: false, project: { id: PROJECT } });
  expect(sub.request_data.all_cost_codes).toMatchObject([{ id: COST_CODE + 1, biller_type: 'SubJob' }]);
});

test('another code for a job can be typed only after a message about the code', async () => {
  const ids = [UNSYNCED_PROJECT];
  const again = async (message: string, code: string) => {
    const { details } = await exported('project', ids);
    const request_detail = { status: 'failed', messages: [message] };
    await bench.rest('PATCH', erp(`erp_request_details/${details[0]}`), { request_detail });
    const approve = { as: APPROVER, action: 'approve_object_export', kind: 'project' } as const;
    return (await bench.act({ ...approve, ids, code })).status;
  };
  expect(await again('The ERP is closed for the night', 'J-2')).toBe(422);
  expect(await again('The code is taken', 'J-2')).toBe(200);
});

test('standard cost codes go in one array with a detail in each row', async () => {
  const ids = [562_949_950_000_402];
  const { request, details } = await exported('standard_cost_code', ids);
  expect(request.request_data).toMatchObject([
    {
      id: ids[0],
      code: '120',
      full_code: '05-120',
      parent_origin_id: 'S-05',
      long_name_helper: [
        ['05', '120'],
        ['Metals', 'Steel'],
      ],
      request_detail_id: details[0],
    },
  ]);
});

test('codes and cost types go when the integrator lets them go, or at once by the vendor', async () => {
  const types = { as: APPROVER, action: 'ask_to_delete_cost_types', cost_code_id: COST_CODE } as const;
  expect((await bench.act({ ...types, line_item_type_ids: [COST_TYPE] })).status).toBe(422);
  const synced = [{ cost_code_id: COST_CODE, line_item_type_id: COST_TYPE, synced: true }];
  const sync = `/rest/v1.0/cost_code_line_item_types/sync?project_id=${PROJECT}`;
  const [assignment] = (await bench.rest('PATCH', sync, { updates: synced })).body.entities;
  const asked = await requestOf(bench.act({ ...types, line_item_type_ids: [COST_TYPE] }));
  const [row] = asked.request_data.cost_type_assignments;
  expect(row).toMatchObject({ id: assignment.id, line_item_type_origin_id: 'M' });
  for (const path of [`cost_codes_line_item_types/${row.id}`, `erp_job_costs/${row.job_cost_id}`])
    expect((await bench.rest('DELETE', `/rest/v1.0/${path}`)).status).toBe(200);

  const deleteCodes = { as: APPROVER, action: 'ask_to_delete_cost_codes' } as const;
  const gone = await requestOf(bench.act({ ...deleteCodes, cost_code_ids: [COST_CODE] }));
  const listed = async () =>
    (await bench.rest('GET', `/rest/v1.0/cost_codes?project_id=${PROJECT}`)).body.length;
  expect(await listed()).toBe(1);
  await close(gone.request_data.cost_codes[0].request_detail_id);
  expect(await listed()).toBe(0);
  const cost_code_ids = [COST_CODE + 1];
  const told = requestOf(bench.act({ as: USER, action: 'staff_delete_cost_codes', cost_code_ids }));
  expect((await told).request_data).toMatchObject({
    project_origin_id: 'JOB-100',
    procore_sub_job_id: SUB_JOB,
  });
});

test('a reset of a job unsyncs the whole tree and asks for nothing', async () => {
  await mark('work_order_contract', CONTRACT, 'PO-1');
  await mark('line_item', LINE, 'PO-1/1');
  const request = await requestOf(bench.act({ as: USER, action: 'staff_reset_job', project_id: PROJECT }));
  expect(request.request_data).toEqual({
    project: { id: PROJECT, name: 'Bridge', origin_data: null, origin_id: 'JOB-100' },
  });
  const state = await bench.state();
  expect(state.projects[0]).toMatchObject({ origin_id: null, erp_status: 'not_in_erp' });
  expect(state.contracts[0]).toMatchObject({ origin_id: null, line_items: [{ origin_id: null }, {}] });
});

test('directory syncs upsert by origin id, and codes of a sub job are its own', async () => {
  const jobs = `/rest/v1.0/sub_jobs/sync?project_id=${UNSYNCED_PROJECT}`;
  const rows = [{ name: 'North', code: 'N', origin_id: 'J-N' }, { name: 'nameless' }];
  const made = await bench.rest('PATCH', jobs, { project_id: UNSYNCED_PROJECT, updates: rows });
  expect([made.body.entities[0].code, made.body.errors[0].errors]).toEqual([
    'N',
    { code: ["can't be blank"] },
  ]);
  const codes = `project_id=${UNSYNCED_PROJECT}&sub_job_id=${made.body.entities[0].id}`;
  const updates = [{ code: '01', name: 'General', origin_id: 'C-01' }];
  await bench.rest('PATCH', `/rest/v1.0/cost_codes/sync?${codes}`, { updates });
  const again = [{ origin_id: 'C-01', name: 'General work' }];
  await bench.rest('PATCH', `/rest/v1.0/cost_codes/sync?${codes}`, { updates: again });
  const listed = await bench.rest('GET', `/rest/v1.0/cost_codes?${codes}`);
  expect(listed.body).toMatchObject([{ name: 'General work', biller_type: 'SubJob', biller: 'North' }]);
  const insurances = erp(`vendors/${VENDOR}/insurances`);
  const policy = [{ name: 'Acme', policy_number: 'P-1', expiration_date: '2027-01-31', origin_id: 'I-1' }];
  await bench.rest('PATCH', `${insurances}/sync`, { updates: policy });
  expect((await bench.rest('GET', insurances)).body).toMatchObject([
    { insurance_provider: 'Acme', policy_number: 'P-1', status: 'undecided' },
  ]);
});
