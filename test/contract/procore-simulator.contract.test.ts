import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  COST_CODE,
  COST_TYPE,
  LINE,
  type Loose,
  listen,
  PROJECT,
  type Receiver,
  type Reply,
  smallSeed,
  startBench,
  startReceiver,
  USER,
  until,
  VENDOR,
} from '../../src/procore/simulator/simulator-fixture.ts';
import {
  erpConnection,
  erpRequest,
  erpRequestDetail,
  externalDataRow,
  jobCost,
  syncOf,
} from './erp-tool-schemas.ts';
import { compare, type Findings, type PublishedSchema } from './procore-schema-check.ts';

type Operation = {
  responses: Record<string, { content?: Record<string, { schema?: PublishedSchema }> }>;
};
type Catalogue = { paths: Record<string, Record<string, Operation>> };

const specs = resolve(process.env.TIEBEAM_SPECS ?? '../shared/specs', 'procore/operations.json');
const present = existsSync(specs);
if (!present)
  console.log('Procore contract test: no specs folder at TIEBEAM_SPECS, published shapes not compared.');

let bench: Bench;
let receiver: Receiver;
let hook: number;
beforeAll(async () => {
  const line_items = [{ amount: '100.05', description: 'Plates', commitment_line_item_id: LINE }];
  const changes = [{ contract_id: CONTRACT, title: 'More steel', status: 'pending' as const, line_items }];
  bench = await startBench(smallSeed({ change_order_packages: changes }));
  receiver = await startReceiver();
  hook = await listen(bench, receiver.url, 'Company Vendors/update');
  await bench.act({ as: USER, action: 'edit_vendor', vendor_id: VENDOR, fields: { city: 'Sparks' } });
  await until('a delivery', () => receiver.received.length === 1);
});
afterAll(async () => {
  await bench.stop();
  await receiver.stop();
});

/** Fields that the simulator serves although the catalogue lacks them, each with its other source. */
const EXTRA_FIELDS = new Set([
  // The page on webhooks lists the id of a delivery row.
  'get /rest/v1.0/webhooks/hooks/{hook_id}/deliveries[].id',
]);

type Call = { operation: string; run: () => Promise<Reply> };
const get = (operation: string, path: string): Call => ({
  operation: `get ${operation}`,
  run: () => bench.rest('GET', path),
});
const inProject = `project_id=${PROJECT}`;
const inCompany = `company_id=${COMPANY}`;

function commitmentCalls(kind: 'work_order_contract' | 'purchase_order_contract'): Call[] {
  const base = `/rest/v1.0/${kind}s`;
  const lines = `${base}/{${kind}_id}/line_items`;
  let id = CONTRACT;
  let lineId = 0;
  return [
    {
      operation: `post ${base}`,
      run: async () => {
        const header = { title: 'Doors', vendor_id: VENDOR, status: 'Approved', contract_date: '2026-08-31' };
        const made = await bench.rest('POST', base, { project_id: PROJECT, [kind]: header });
        id = made.body.id;
        return made;
      },
    },
    {
      operation: `post ${lines}`,
      run: async () => {
        const line_item = { extended_type: 'calculated', quantity: '3', unit_cost: '10.25', uom: 'ea' };
        const made = await bench.rest('POST', `${base}/${id}/line_items`, { project_id: PROJECT, line_item });
        lineId = made.body.id;
        return made;
      },
    },
    {
      operation: `patch ${base}/{id}`,
      run: () =>
        bench.rest('PATCH', `${base}/${id}`, { project_id: PROJECT, [kind]: { title: 'Steel doors' } }),
    },
    get(base, `${base}?${inProject}`),
    { operation: `get ${base}/{id}`, run: () => bench.rest('GET', `${base}/${id}?${inProject}`) },
    { operation: `get ${lines}`, run: () => bench.rest('GET', `${base}/${id}/line_items?${inProject}`) },
    {
      operation: `get ${lines}/{id}`,
      run: () => bench.rest('GET', `${base}/${id}/line_items/${lineId}?${inProject}`),
    },
    {
      operation: `patch ${lines}/{id}`,
      run: () =>
        bench.rest('PATCH', `${base}/${id}/line_items/${lineId}`, {
          project_id: PROJECT,
          line_item: { description: 'Hung' },
        }),
    },
  ];
}

/** An application on the seeded contract, its items of two kinds, and a payment of it. */
function billingCalls(): Call[] {
  const base = '/rest/v1.1/requisitions';
  const older = '/rest/v1.0/requisitions/{requisition_id}';
  const payments = '/rest/v1.0/contract_payments';
  const periods = `/rest/v1.0/projects/${PROJECT}/billing_periods`;
  let [id, itemId, changeId, periodId, paymentId] = [0, 0, 0, 0, 0];
  const at = (rest: string) => `/rest/v1.0/requisitions/${id}/${rest}`;
  const billed = { project_id: PROJECT, commitment_id: CONTRACT };
  const paid = { project_id: PROJECT, contract_id: CONTRACT };
  const call = (operation: string, run: Call['run']): Call => ({ operation, run });
  return [
    call('post /rest/v1.0/projects/{project_id}/billing_periods', async () => {
      const dates = { start_date: '2026-08-01', end_date: '2026-08-31', due_date: '2026-08-25' };
      const made = await bench.rest('POST', periods, { billing_period: { ...dates, status: 'open' } });
      periodId = made.body.id;
      return made;
    }),
    get('/rest/v1.0/projects/{project_id}/billing_periods', periods),
    call('get /rest/v1.0/projects/{project_id}/billing_periods/{id}', () =>
      bench.rest('GET', `${periods}/${periodId}`),
    ),
    call(`post ${base}`, async () => {
      const [{ id: packageId }] = (await bench.rest('GET', `/rest/v1.0/change_order_packages?${inProject}`))
        .body;
      await bench.act({ as: USER, action: 'approve_change_order', change_order_package_id: packageId });
      const requisition = { period_id: periodId, invoice_number: 123, status: 'draft' };
      const made = await bench.rest('POST', `${base}?view=extended`, { ...billed, requisition });
      id = made.body.id;
      const ofKind = (kind: string) => made.body.items.find((each: Loose) => each.item_type === kind)?.id;
      [itemId, changeId] = [ofKind('contract_item'), ofKind('change_order_item')];
      return made;
    }),
    call(`patch ${base}/{id}`, () => {
      const items = [{ id: itemId, item_type: 'contract_item', work_completed_this_period: '100.00' }];
      return bench.rest('PATCH', `${base}/${id}?view=items`, { ...billed, requisition: { items } });
    }),
    get(base, `${base}?${inProject}&view=extended`),
    call(`get ${base}/{id}`, () => bench.rest('GET', `${base}/${id}?${inProject}&view=extended`)),
    call(`get ${older}/detail`, () => bench.rest('GET', `${at('detail')}?${inProject}`)),
    call(`get ${older}/change_histories`, () => bench.rest('GET', `${at('change_histories')}?${inProject}`)),
    ...(['contract_item', 'change_order_item', 'contract_detail_item'] as const).map((kind) =>
      call(`get ${older}/${kind}s`, () => bench.rest('GET', `${at(`${kind}s`)}?${inProject}`)),
    ),
    ...(['contract_item', 'change_order_item'] as const).flatMap((kind) => {
      const item = () => `${at(`${kind}s`)}/${kind === 'contract_item' ? itemId : changeId}?${inProject}`;
      const input = { work_completed_this_period: '5.00' };
      return [
        call(`get ${older}/${kind}s/{id}`, () => bench.rest('GET', item())),
        call(`patch ${older}/${kind}s/{id}`, () =>
          bench.rest('PATCH', item(), { [`requisition_${kind}`]: input }),
        ),
      ];
    }),
    get(
      '/rest/v1.0/projects/{project_id}/contracts/{contract_id}/invoice_configuration',
      `/rest/v1.0/projects/${PROJECT}/contracts/${CONTRACT}/invoice_configuration`,
    ),
    call(`post ${payments}`, async () => {
      const contract_payment = { amount: '90.00', date: '2026-09-20', check_number: '7', requisition_id: id };
      const made = await bench.rest('POST', payments, { ...paid, contract_payment });
      paymentId = made.body.id;
      return made;
    }),
    get(payments, `${payments}?${inProject}&contract_id=${CONTRACT}`),
    call(`get ${payments}/{id}`, () =>
      bench.rest('GET', `${payments}/${paymentId}?${inProject}&contract_id=${CONTRACT}`),
    ),
    call(`patch ${payments}/{id}`, () =>
      bench.rest('PATCH', `${payments}/${paymentId}`, { ...paid, contract_payment: { notes: 'by cheque' } }),
    ),
  ];
}

/** A direct cost with a line, and a mistake beside each. */
function costCalls(): Call[] {
  const route = '/rest/v1.0/projects/{project_id}/direct_costs';
  const base = `/rest/v1.0/projects/${PROJECT}/direct_costs`;
  const coding = { cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };
  let head = 0;
  const call = (operation: string, run: Call['run']): Call => ({ operation, run });
  return [
    call(`patch ${route}/sync`, async () => {
      const row = { origin_id: 'JC-1', direct_cost_type: 'expense', status: 'approved' };
      const more = { direct_cost_date: '2026-08-31', description: 'August' };
      const made = await bench.rest('PATCH', `${base}/sync`, { updates: [{ ...row, ...more }, { id: 12 }] });
      head = made.body.entities[0].id;
      return made;
    }),
    call(`patch ${route}/line_items/sync`, () => {
      const updates = [{ origin_id: 'JC-1-a', direct_cost_id: head, amount: 10.05, ...coding }, { id: 12 }];
      return bench.rest('PATCH', `${base}/line_items/sync`, { updates });
    }),
    get(`${route}/line_items`, `${base}/line_items`),
    get('/rest/v1.1/projects/{project_id}/direct_costs', `/rest/v1.1/projects/${PROJECT}/direct_costs`),
  ];
}

function webhookCalls(): Call[] {
  const base = '/rest/v1.0/webhooks/hooks';
  const at = (rest: string) => `${base}/${hook}${rest}`;
  const trigger = (resource_name: string) => ({ resource_name, event_type: 'create' });
  const owned = (rest: object) => ({ company_id: COMPANY, api_version: 'v2', ...rest });
  return [
    { operation: `post ${base}`, run: () => bench.rest('POST', base, hookBody()) },
    get(base, `${base}?${inCompany}`),
    {
      operation: `patch ${base}/{id}`,
      run: () => bench.rest('PATCH', at(''), { company_id: COMPANY, hook: { namespace: 'renamed' } }),
    },
    {
      operation: `post ${base}/{hook_id}/triggers`,
      run: () => bench.rest('POST', at('/triggers'), owned({ trigger: trigger('Projects') })),
    },
    {
      operation: `get ${base}/{hook_id}/triggers`,
      run: () => bench.rest('GET', at(`/triggers?${inCompany}`)),
    },
    {
      operation: `post ${base}/{hook_id}/triggers/bulk`,
      run: () => bench.rest('POST', at('/triggers/bulk'), owned({ triggers: [trigger('Cost Codes')] })),
    },
    {
      operation: `delete ${base}/{hook_id}/triggers/bulk`,
      run: () => bench.rest('DELETE', at('/triggers/bulk'), { company_id: COMPANY, triggers: [] }),
    },
    {
      operation: `get ${base}/{hook_id}/deliveries`,
      run: () => bench.rest('GET', at(`/deliveries?${inCompany}`)),
    },
    get('/rest/v1.0/webhooks/resources', '/rest/v1.0/webhooks/resources'),
    get('/rest/v1.0/webhooks/resources/api_versions', '/rest/v1.0/webhooks/resources/api_versions'),
  ];
}

const hookBody = () => ({
  company_id: COMPANY,
  hook: { api_version: 'v2', namespace: 'tiebeam-2', destination_url: receiver.url },
});

const syncCall = (kind: 'vendors' | 'projects'): Call => ({
  operation: `patch /rest/v1.0/${kind}/sync`,
  run: () =>
    bench.rest('PATCH', `/rest/v1.0/${kind}/sync`, {
      company_id: COMPANY,
      updates: [
        { name: 'Synced', origin_id: 'S-1' },
        { id: 12, name: 'Ghost' },
      ],
    }),
});

const grant = { grant_type: 'client_credentials', client_id: 'app', client_secret: 'secret' };
const calls: Call[] = [
  { operation: 'post /oauth/token', run: () => bench.send('POST', '/oauth/token', grant) },
  { operation: 'post /oauth/revoke', run: () => bench.send('POST', '/oauth/revoke', { token: 'x' }) },
  get('/oauth/token/info', '/oauth/token/info'),
  get('/rest/v1.0/companies', '/rest/v1.0/companies'),
  get('/rest/v1.0/me', '/rest/v1.0/me'),
  get('/rest/v1.0/company_base_url', '/rest/v1.0/company_base_url'),
  syncCall('vendors'),
  syncCall('projects'),
  get('/rest/v1.1/projects', `/rest/v1.1/projects?${inCompany}`),
  get('/rest/v1.0/projects/{id}', `/rest/v1.0/projects/${PROJECT}?${inCompany}`),
  get('/rest/v1.0/vendors', `/rest/v1.0/vendors?${inCompany}`),
  get('/rest/v1.0/vendors/{id}', `/rest/v1.0/vendors/${VENDOR}?${inCompany}`),
  get('/rest/v1.3/companies/{company_id}/users', `/rest/v1.3/companies/${COMPANY}/users`),
  get('/rest/v1.3/companies/{company_id}/users/{id}', `/rest/v1.3/companies/${COMPANY}/users/${USER}`),
  get('/rest/v1.0/cost_codes', `/rest/v1.0/cost_codes?${inProject}`),
  get('/rest/v1.0/line_item_types', `/rest/v1.0/line_item_types?${inCompany}&${inProject}`),
  ...commitmentCalls('work_order_contract'),
  ...commitmentCalls('purchase_order_contract'),
  get('/rest/v1.0/commitments', `/rest/v1.0/commitments?${inProject}`),
  get('/rest/v1.0/change_order_packages', `/rest/v1.0/change_order_packages?${inProject}`),
  {
    operation: 'get /rest/v1.0/change_order_packages/{id}',
    run: async () => {
      const [{ id }] = (await bench.rest('GET', `/rest/v1.0/change_order_packages?${inProject}`)).body;
      return bench.rest('GET', `/rest/v1.0/change_order_packages/${id}?${inProject}`);
    },
  },
];

if (present) {
  test('every served operation of the catalogue answers in its published shape', async () => {
    const catalogue: Catalogue = JSON.parse(readFileSync(specs, 'utf8'));
    const total: Findings = { wrong: [], undeclared: [], silentNulls: 0, checked: 0 };
    let validated = 0;
    for (const { operation, run } of [...calls, ...billingCalls(), ...costCalls(), ...webhookCalls()]) {
      const reply = await run();
      expect(reply.status, `${operation}: ${JSON.stringify(reply.body)}`).toBeLessThan(300);
      const [method = '', path = ''] = operation.split(' ');
      const published = catalogue.paths[path]?.[method];
      expect(published, `${operation} is not in the catalogue`).toBeDefined();
      const schema = published?.responses[String(reply.status)]?.content?.['application/json']?.schema;
      if (!schema) total.wrong.push(`${operation}: no published ${reply.status} answer`);
      else {
        compare(schema, reply.body, operation, total);
        validated += 1;
      }
    }
    const extra = [...new Set(total.undeclared)].filter((field) => !EXTRA_FIELDS.has(field));
    console.log(
      `Procore contract test: ${validated} published operations, ${total.checked} values compared, ` +
        `${total.silentNulls} nulls where the catalogue is silent, ${EXTRA_FIELDS.size} known extra fields.`,
    );
    expect(total.wrong).toEqual([]);
    expect(extra).toEqual([]);
  });
}

/** An exported invoice, its reset, and a payment that Procore Pay made. */
async function billingRequests(): Promise<{ erp_request_ids: number[] }[]> {
  const played: Loose[] = [];
  const play = async (action: Parameters<Bench['act']>[0]): Promise<Loose> => {
    const { status, body } = await bench.act(action);
    expect(status, JSON.stringify(body)).toBe(200);
    played.push(body);
    return body;
  };
  const act = { as: USER, action: 'submit_application', contract_id: CONTRACT } as const;
  const { requisition_id } = await play({ ...act, percent_to_date: '20' });
  const requisition_ids = [requisition_id];
  await play({ as: USER, action: 'review_application', requisition_id, decision: 'approve' });
  await play({ as: USER, action: 'send_applications_to_erp', requisition_ids });
  await play({ as: USER, action: 'approve_application_export', requisition_ids });
  const updates = [{ item_type: 'requisition', item_id: requisition_id, origin_id: 'INV-1' }];
  await bench.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/external_data/sync`, { updates });
  await play({ as: USER, action: 'reset_application', requisition_id });
  const payment = { as: USER, action: 'record_payment', contract_id: CONTRACT, amount: '9.00' } as const;
  await play({ ...payment, send_to_erp: true });
  return played.filter((body) => 'erp_request_ids' in body);
}

test('every ERP tool route answers in the shape of the guides', async () => {
  const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;
  const checks: [z.ZodType, Reply][] = [];
  await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [CONTRACT] });
  const sent = await bench.act({ as: USER, action: 'approve_export', contract_ids: [CONTRACT], code: 'C1' });
  const [requestId] = sent.body.erp_request_ids;
  const [detailId] = sent.body.request_detail_ids;
  const connection = { service_url: 'https://tiebeam.example/erp', metadata: { settings: {} } };
  checks.push([erpConnection, await bench.rest('POST', erp('erp_connections'), { connection })]);
  checks.push([erpRequest, await bench.rest('GET', erp(`erp_requests/${requestId}`))]);
  checks.push([erpRequest.array(), await bench.rest('GET', erp('erp_requests'))]);
  const details = await bench.rest('GET', `${erp('erp_request_details')}?filters[item_id]=${CONTRACT}`);
  checks.push([erpRequestDetail.array().min(1), details]);
  const updates = [
    { item_type: 'work_order_contract', item_id: CONTRACT, origin_id: 'PO-1', origin_code: '1' },
    { item_type: 'line_item', item_id: 12, origin_id: 'PO-1/10' },
  ];
  checks.push([syncOf(externalDataRow), await bench.rest('PATCH', erp('external_data/sync'), { updates })]);
  const query = `?item_type=work_order_contract&item_id=${CONTRACT}`;
  checks.push([externalDataRow.array().min(1), await bench.rest('GET', erp(`external_data${query}`))]);
  const request_detail = { status: 'success', messages: [] };
  const closing = erp(`erp_request_details/${detailId}`);
  checks.push([erpRequestDetail, await bench.rest('PATCH', closing, { request_detail })]);
  checks.push([erpRequestDetail, await bench.rest('PUT', closing, { request_detail })]);
  const rows = [
    { id: detailId, status: 'success' },
    { id: 12, status: 'failed' },
  ];
  checks.push([syncOf(erpRequestDetail), await bench.rest('PATCH', erp('erp_request_details/sync'), rows)]);
  const coding = { cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };
  const jobCosts = [
    { ...coding, job_to_date_cost: 10.05, commitment_invoiced: 0 },
    { ...coding, cost_code_id: 12 },
  ];
  const sheet = { company_id: COMPANY, job_origin_id: 'JOB-100', updates: jobCosts };
  checks.push([syncOf(jobCost), await bench.rest('PATCH', '/rest/v1.0/erp_job_costs/sync', sheet)]);
  for (const made of await billingRequests())
    for (const request of made.erp_request_ids)
      checks.push([erpRequest, await bench.rest('GET', erp(`erp_requests/${request}`))]);
  const unlinked = await bench.act({ as: USER, action: 'unlink', contract_id: CONTRACT });
  const unlink = erp(`erp_requests/${unlinked.body.erp_request_ids[0]}`);
  checks.push([erpRequest, await bench.rest('GET', unlink)]);
  for (const [schema, reply] of checks) {
    expect(reply.status).toBeLessThan(300);
    const read = schema.safeParse(reply.body);
    expect(read.error?.issues ?? [], JSON.stringify(reply.body)).toEqual([]);
  }
  console.log(`Procore contract test: ${checks.length} ERP tool answers compared with the guides.`);
});
