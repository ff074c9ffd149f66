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
import { projectLifeCalls } from './project-life-calls.ts';

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
let connected: Reply;
beforeAll(async () => {
  const line_items = [{ amount: '100.05', description: 'Plates', commitment_line_item_id: LINE }];
  const changes = [{ contract_id: CONTRACT, title: 'More steel', status: 'pending' as const, line_items }];
  bench = await startBench(smallSeed({ change_order_packages: changes }));
  const connection = { service_url: 'https://tiebeam.example/erp', metadata: { settings: {} } };
  connected = await bench.rest('POST', `/rest/v1.0/companies/${COMPANY}/erp_connections`, { connection });
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
  // The page on webhooks tells the fields of payload 4.0, the catalogue only those of the older ones.
  ...['reason', 'resource_type', 'data'].map(
    (field) =>
      `get /rest/v2.0/companies/{company_id}/webhooks/hooks/{hook_id}/deliveries.data[].payload.${field}`,
  ),
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

/** A hook of version 2.0, from its making to its end. */
function newerWebhookCalls(): Call[] {
  const route = '/rest/v2.0/companies/{company_id}/webhooks';
  const base = `/rest/v2.0/companies/${COMPANY}/webhooks`;
  const trigger = { resource_name: 'Company Vendors', event_type: 'update' };
  let made = '';
  const at = (rest = '') => `${base}/hooks/${made}${rest}`;
  const call = (operation: string, run: Call['run']): Call => ({ operation, run });
  return [
    call(`post ${route}/hooks`, async () => {
      const wish = { payload_version: 'v4.0', namespace: 'tiebeam-4', destination_url: receiver.url };
      const reply = await bench.rest('POST', `${base}/hooks`, wish);
      made = reply.body.data.id;
      return reply;
    }),
    get(`${route}/hooks`, `${base}/hooks`),
    call(`get ${route}/hooks/{id}`, () => bench.rest('GET', at())),
    call(`patch ${route}/hooks/{id}`, () => bench.rest('PATCH', at(), { namespace: 'renamed' })),
    call(`post ${route}/hooks/{hook_id}/triggers`, () => bench.rest('POST', at('/triggers'), trigger)),
    call(`get ${route}/hooks/{hook_id}/triggers`, () => bench.rest('GET', at('/triggers'))),
    call(`get ${route}/hooks/{hook_id}/deliveries`, async () => {
      await bench.act({ as: USER, action: 'edit_vendor', vendor_id: VENDOR, fields: { city: 'Elko' } });
      const rows = () => bench.rest('GET', at('/deliveries?filter[status]=succeeded'));
      await until('a delivery', async () => (await rows()).body.data.length === 1);
      return rows();
    }),
    get(`${route}/resources`, `${base}/resources?payload_version=v4.0`),
  ];
}

/** The contract with the owner, a change order of it and two invoices on it. */
function ownerSideCalls(): Call[] {
  let [prime, invoice, budgetLine] = [0, 0, 0];
  const call = (operation: string, run: Call['run']): Call => ({ operation, run });
  const coding = { cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };
  const route = '/rest/v1.0/prime_contracts';
  const newerPrime = '/rest/v1.0/projects/{project_id}/prime_change_orders';
  const ofProject = newerPrime.replace('{project_id}', String(PROJECT));
  const newerPrimeLines = `${newerLines.split('/commitment')[0]}/prime_change_orders/{prime_change_order_id}/line_items`;
  const ofCompany = newerPrimeLines
    .replace('{company_id}', String(COMPANY))
    .replace('{project_id}', String(PROJECT));
  const newerId = async () => (await bench.rest('GET', ofProject)).body[0].id;
  const seeded = async () => {
    const header = {
      vendor_id: VENDOR,
      title: 'Bridge',
      status: 'Approved',
      retainage_percent: '10',
    } as const;
    const made = await bench.act({
      as: USER,
      action: 'create_prime_contract',
      project_id: PROJECT,
      ...header,
      line_items: [{ amount: '1000.00', ...coding }],
    });
    prime = made.body.prime_contract_id;
    const [prime_line_item_id] = made.body.line_ids;
    const line = { amount: '50.00', prime_line_item_id, markups: [{ amount: '5.00' }], ...coding };
    const change = { contract_id: prime, status: 'approved' } as const;
    await bench.act({ as: USER, action: 'create_change_order', ...change, line_items: [line] });
    const dates = { billing_date: '2026-08-31', period_start: '2026-08-01', period_end: '2026-08-31' };
    const bill = { as: USER, action: 'bill_owner', prime_contract_id: prime, ...dates } as const;
    invoice = (await bench.act({ ...bill, percent_to_date: '40' })).body.payment_application_id;
    const lines = [{ ...coding, quantity: '3', unit_cost: '2.50' }];
    const budget = await bench.act({ as: USER, action: 'set_budget', project_id: PROJECT, lines });
    budgetLine = budget.body.budget_line_item_ids[0];
    return bench.rest('GET', `${route}?${inProject}`);
  };
  return [
    call(`get ${route}`, seeded),
    call('get /rest/v1.0/prime_contract/{id}', () =>
      bench.rest('GET', `/rest/v1.0/prime_contract/${prime}?${inProject}`),
    ),
    call(`get ${route}/{prime_contract_id}/line_items`, () =>
      bench.rest('GET', `${route}/${prime}/line_items?${inProject}`),
    ),
    call(`get ${route}/{prime_contract_id}/payment_applications`, () =>
      bench.rest('GET', `${route}/${prime}/payment_applications?${inProject}`),
    ),
    get('/rest/v1.0/payment_applications', `/rest/v1.0/payment_applications?${inProject}`),
    call('get /rest/v1.0/payment_applications/{id}', () =>
      bench.rest('GET', `/rest/v1.0/payment_applications/${invoice}?${inProject}`),
    ),
    call(`get ${newerPrime}`, async () => {
      const reply = await bench.rest('GET', ofProject);
      // The catalogue describes this list as one of its rows.
      return { ...reply, body: reply.body[0] };
    }),
    call(`get ${newerPrime}/{id}`, async () => bench.rest('GET', `${ofProject}/${await newerId()}`)),
    call(`get ${newerPrimeLines}`, async () =>
      bench.rest('GET', ofCompany.replace('{prime_change_order_id}', String(await newerId()))),
    ),
    get('/rest/v1.0/projects/{project_id}/budget', `/rest/v1.0/projects/${PROJECT}/budget`),
    call('get /rest/v1.1/budget_line_items/{id}', () =>
      bench.rest('GET', `/rest/v1.1/budget_line_items/${budgetLine}?${inProject}`),
    ),
    ...budgetChangeCalls(),
  ];
}

/** What changes a budget beside its lines, and the codes that both bear. */
function budgetChangeCalls(): Call[] {
  const project = '/rest/v1.0/projects/{project_id}';
  const paths = ['work_breakdown_structure/wbs_codes', 'budget_changes', 'budget_modifications'];
  const filled = (path: string) => `${project}/${path}`.replace('{project_id}', String(PROJECT));
  const page = `${project}/budget_changes/{id}`;
  const forecastRows = '/rest/v2.0/companies/{company_id}/projects/{project_id}/advanced_forecastings/rows';
  const of = { as: USER, project_id: PROJECT } as const;
  const anyBudgetLine = async () => {
    const { body } = await bench.rest('GET', `/rest/v1.0/budget_views?project_id=${PROJECT}`);
    const rows = `/rest/v1.0/budget_views/${body[0].id}/detail_rows?project_id=${PROJECT}`;
    return { budget_line_item_id: Number((await bench.rest('GET', rows)).body[0].id) };
  };
  return [
    {
      operation: `get ${page}`,
      run: async () => {
        const { budget_line_item_id: to_budget_line_item_id } = await anyBudgetLine();
        await bench.act({
          ...of,
          action: 'transfer_budget',
          to_budget_line_item_id,
          transfer_amount: '2.00',
        });
        const lines = [{ cost_code_id: COST_CODE, line_item_type_id: COST_TYPE, amount: '5.05' }];
        const made = await bench.act({ ...of, action: 'create_budget_change', lines });
        return bench.rest('GET', filled(`budget_changes/${made.body.budget_change_id}`));
      },
    },
    {
      operation: `get ${project}/manual_forecast_line_items`,
      run: async () => {
        await bench.act({
          ...of,
          action: 'put_forecast_line',
          ...(await anyBudgetLine()),
          unit_cost: '12.5',
        });
        return bench.rest('GET', filled('manual_forecast_line_items'));
      },
    },
    {
      operation: `get ${forecastRows}`,
      run: async () => {
        const spread = {
          curve: 'manual' as const,
          start_date: '2026-08-01',
          end_date: '2026-09-30',
          forecast_to_complete: '7.05',
          periods: [{ period_date: '2026-09', amount: '7.05' }],
        };
        await bench.act({ ...of, action: 'spread_forecast', ...(await anyBudgetLine()), ...spread });
        return bench.rest(
          'GET',
          forecastRows.replace('{company_id}', String(COMPANY)).replace('{project_id}', String(PROJECT)),
        );
      },
    },
    ...paths.map((path): Call => {
      return { operation: `get ${project}/${path}`, run: () => bench.rest('GET', filled(path)) };
    }),
  ];
}

/** The lists that an ERP fills, each read and synced. */
function erpFilledCalls(): Call[] {
  const call = (operation: string, run: Call['run']): Call => ({ operation, run });
  const sync =
    (path: string, more: object, row: object): (() => Promise<Reply>) =>
    async () =>
      bench.rest('PATCH', path, { ...more, updates: [row, { id: 12 }] });
  const company = { company_id: COMPANY };
  const insurances = '/rest/v1.0/companies/{company_id}/vendors/{vendor_id}/insurances';
  const ofVendor = `/rest/v1.0/companies/${COMPANY}/vendors/${VENDOR}/insurances`;
  const lists = `/rest/v1.0/standard_cost_code_lists?${inCompany}`;
  const listId = async () => (await bench.rest('GET', lists)).body[0].id;
  const codes = '/rest/v1.0/standard_cost_codes';
  const named = { name: 'General', code: '01', origin_id: 'G-01' };
  return [
    get('/rest/v1.0/standard_cost_code_lists', lists),
    call(`patch ${codes}/sync`, async () =>
      sync(`${codes}/sync`, { ...company, standard_cost_code_list_id: await listId() }, named)(),
    ),
    call(`get ${codes}`, async () =>
      bench.rest('GET', `${codes}?${inCompany}&standard_cost_code_list_id=${await listId()}`),
    ),
    call(
      'patch /rest/v1.0/sub_jobs/sync',
      sync(`/rest/v1.0/sub_jobs/sync?${inProject}`, { project_id: PROJECT }, named),
    ),
    get('/rest/v1.0/sub_jobs', `/rest/v1.0/sub_jobs?${inProject}`),
    call('patch /rest/v1.0/cost_codes/sync', sync(`/rest/v1.0/cost_codes/sync?${inProject}`, {}, named)),
    call(
      'patch /rest/v1.0/line_item_types/sync',
      sync('/rest/v1.0/line_item_types/sync', company, { name: 'Rent', csv_import_code: 'R' }),
    ),
    call(`patch ${insurances}/sync`, sync(`${ofVendor}/sync`, {}, { policy_number: 'P-1' })),
    get(insurances, ofVendor),
    ...readinessCalls(),
  ];
}

/** Whether an invoice may be paid, as far as published shapes tell of it. */
function readinessCalls(): Call[] {
  const project = '/rest/v1.0/projects/{project_id}';
  const own = `/rest/v1.0/projects/${PROJECT}`;
  const contract = `${project}/work_order_contracts/{contract_id}`;
  return [
    get(`${contract}/compliance`, `${own}/work_order_contracts/${CONTRACT}/compliance`),
    get(`${contract}/compliance_documents`, `${own}/work_order_contracts/${CONTRACT}/compliance_documents`),
    get(`${project}/vendors/{vendor_id}/insurances`, `${own}/vendors/${VENDOR}/insurances`),
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

const newer = '/rest/v1.0/projects/{project_id}/commitment_change_orders';
const newerLines =
  '/rest/v2.0/companies/{company_id}/projects/{project_id}/commitment_change_orders/{commitment_change_order_id}/line_items';

async function newerChangeOrder(base: string): Promise<string> {
  const inside = (path: string) => path.replace('{project_id}', String(PROJECT));
  const [{ id }] = (await bench.rest('GET', inside(newer))).body;
  return `${inside(base)}/${id}`;
}

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
  {
    operation: `get ${newer}`,
    run: async () => {
      const list = `${newer}?view=extended`.replace('{project_id}', String(PROJECT));
      const reply = await bench.rest('GET', list);
      // The catalogue describes this list as one of its rows.
      return { ...reply, body: reply.body[0] };
    },
  },
  { operation: `get ${newer}/{id}`, run: async () => bench.rest('GET', await newerChangeOrder(newer)) },
  {
    operation: `get ${newerLines}`,
    run: async () => {
      const v2 = newerLines.replace('{company_id}', String(COMPANY)).split('/{commitment')[0] ?? '';
      return bench.rest('GET', `${await newerChangeOrder(v2)}/line_items`);
    },
  },
];

if (present) {
  test('every served operation of the catalogue answers in its published shape', async () => {
    const catalogue: Catalogue = JSON.parse(readFileSync(specs, 'utf8'));
    const total: Findings = { wrong: [], undeclared: [], silentNulls: 0, checked: 0 };
    let validated = 0;
    for (const { operation, run } of [
      ...calls,
      ...billingCalls(),
      ...costCalls(),
      ...erpFilledCalls(),
      ...ownerSideCalls(),
      ...projectLifeCalls(() => bench),
      ...webhookCalls(),
      ...newerWebhookCalls(),
    ]) {
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

/** A change order of the synced commitment on its way to the ERP, and a Refresh. */
async function changeOrderRequests(): Promise<{ erp_request_ids: number[] }[]> {
  const created = await bench.act({
    as: USER,
    action: 'create_change_order',
    contract_id: CONTRACT,
    status: 'approved',
    line_items: [{ amount: '-3.50', commitment_line_item_id: LINE }],
  });
  const { change_order_package_id } = created.body;
  const change_order_package_ids = [change_order_package_id];
  await bench.act({ as: USER, action: 'send_change_orders_to_erp', change_order_package_ids });
  const approve = { as: USER, action: 'approve_change_order_export', change_order_package_ids } as const;
  const sent = await bench.act({ ...approve, code: 'CO-1', accounting_date: '2026-08-31' });
  const updates = [{ item_type: 'change_order', item_id: change_order_package_id, origin_id: 'CO-1' }];
  await bench.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/external_data/sync`, { updates });
  const unlinked = await bench.act({ as: USER, action: 'unlink_change_order', change_order_package_id });
  const what = 'commitment_change_orders';
  const refreshed = await bench.act({ as: USER, action: 'refresh_from_erp', what });
  return [sent.body, unlinked.body, refreshed.body];
}

test('every ERP tool route answers in the shape of the guides', async () => {
  const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;
  const checks: [z.ZodType, Reply][] = [];
  await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [CONTRACT] });
  const sent = await bench.act({ as: USER, action: 'approve_export', contract_ids: [CONTRACT], code: 'C1' });
  const [requestId] = sent.body.erp_request_ids;
  const [detailId] = sent.body.request_detail_ids;
  checks.push([erpConnection, connected]);
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
  for (const made of [...(await billingRequests()), ...(await changeOrderRequests())])
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
