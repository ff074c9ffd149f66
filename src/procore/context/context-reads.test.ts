import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ANNA,
  type Company,
  contractor,
  OTHER_PROJECT,
  PROJECT,
  SUBCONTRACT,
  startCompany,
  VENDOR,
} from '../../../test/procore/company.ts';
import type { PullPage } from '../../connectors/connector.ts';
import {
  CONTEXT_OBJECTS,
  type ContextObject,
  type ContextRecord,
  type DailyLogObject,
} from '../../domain/context-record.ts';
import type { Reads } from '../http/client.ts';
import type { Hub } from '../hub.ts';
import type { ProcoreAct } from '../simulator/act.ts';
import { rowsByHundreds } from './forecast-rows.ts';

const TODAY = '2026-08-03';

const OBJECTS = [
  {
    kind: 'change_event',
    fields: { title: 'Rock', items: [{ cost: '10.50', commitment_id: SUBCONTRACT }, { cost: '0.25' }] },
  },
  { kind: 'rfi', fields: { subject: 'Which bolts?', answer: 'M16', question: 'M12 or M16?' } },
  { kind: 'submittal', fields: { title: 'Shop drawings', response: 'Approved' } },
  { kind: 'manpower_log', fields: { date: TODAY, num_workers: 4, num_hours: '8.0', vendor_id: VENDOR } },
  { kind: 'delay_log', fields: { date: '2026-07-01', duration: 8, notes: 'Rain' } },
  { kind: 'notes_log', fields: { date: TODAY, notes: 'Crane down' } },
  { kind: 'task', fields: { name: 'Erect', start: '2026-08-03T08:00:00Z', finish: '2026-08-07T16:00:00Z' } },
  { kind: 'file', fields: { name: 'plan.pdf', version: 3, size: 7 } },
] as const;

/** Every other sheet of the daily log, with what is told of one entry. */
const SHEETS = [
  ['accident-log', 'accident_log', { involved_name: 'Ann' }, { involved: 'Ann' }],
  ['call-log', 'call_log', { subject_from: 'Architect' }, { from: 'Architect' }],
  [
    'construction-report-log',
    'daily_construction_report_log',
    { foreman_hours: '8.5' },
    { 'foreman hours': '8.5' },
  ],
  ['delivery-log', 'delivery_log', { contents: 'Rebar' }, { contents: 'Rebar' }],
  ['dumpster-log', 'dumpster_log', { quantity_removed: 2 }, { removed: '2' }],
  [
    'equipment-log',
    'equipment_log',
    { hours_idle: '3.5', inspected: true },
    { idle: '3.5', inspected: 'yes' },
  ],
  ['inspection-log', 'inspection_log', { inspection_type: 'Fire' }, { type: 'Fire' }],
  [
    'plan-revision-log',
    'plan_revision_log',
    { plan_number: 'A-1', title: 'Roof' },
    { plan: 'A-1', name: 'Roof' },
  ],
  ['productivity-log', 'productivity_log', { quantity_used: '5.25' }, { used: '5.25' }],
  ['quantity-log', 'quantity_log', { quantity: 7, unit: 'cy' }, { quantity: '7', unit: 'cy' }],
  ['safety-violation-log', 'safety_violation_log', { issued_to: 'Bo' }, { 'issued to': 'Bo' }],
  ['visitor-log', 'visitor_log', { subject: 'Mayor' }, { visitor: 'Mayor' }],
  ['waste-log', 'waste_log', { material: 'Wood' }, { material: 'Wood' }],
  ['weather-log', 'weather_log', { sky: 'Rain', wind: 'Gale' }, { sky: 'Rain', wind: 'Gale' }],
  ['work-log', 'work_log', { resource_name: 'Crane', hours: 6 }, { resource: 'Crane', hours: '6' }],
] as const satisfies readonly (readonly [DailyLogObject, string, object, object])[];

const AUGUST = {
  project_id: PROJECT,
  ...{ start_date: '2026-08-01', end_date: '2026-08-31', due_date: '2026-08-25' },
};

let company: Company;
let hub: Hub;
let ids: readonly number[];
beforeAll(async () => {
  const sheets = SHEETS.map(([, kind, fields]) => ({ kind, fields: { date: TODAY, ...fields } }));
  const project_objects = [...OBJECTS, ...sheets].map((row) => ({
    ...row,
    project_id: PROJECT,
    fields: { ...row.fields },
  }));
  company = await startCompany({
    ...contractor(),
    units: [{ id: 7, name: 'ea' }],
    billing_periods: [AUGUST],
    project_objects,
  });
  hub = company.connect({ context: [...CONTEXT_OBJECTS] });
  const state = (await company.sim('GET', 'state')) as { project_objects: readonly { id: number }[] };
  ids = state.project_objects.map(({ id }) => id);
});
afterAll(() => company.stop());

/** What a list says from a cursor to the end of its cycle. */
async function cycle(
  read: (cursor: string | null) => Promise<PullPage>,
  from: string | null = null,
): Promise<{ records: ContextRecord[]; raws: string[]; cursor: string }> {
  const seen = { records: [] as ContextRecord[], raws: [] as string[] };
  let cursor = from;
  for (let page = 0; page < 20; page += 1) {
    const found: PullPage = await read(cursor);
    cursor = found.cursor;
    if (found.records.length === 0) return { ...seen, cursor };
    for (const { record, raw } of found.records) {
      seen.records.push(record as ContextRecord);
      seen.raws.push(raw);
    }
  }
  throw new Error('the cycle never ended');
}

const inProject = (object: ContextObject) => (cursor: string | null) =>
  hub.listContext(object, String(PROJECT), cursor);

describe('what a project knows', () => {
  it('is read with what matters of it, from its list as from its own page', async () => {
    const lists: [ContextObject, Partial<ContextRecord>][] = [
      [
        'change-event',
        {
          title: 'Rock',
          status: 'Open',
          facts: expect.objectContaining({ cost: '10.75' }),
          about: [{ object: 'commitment', id: String(SUBCONTRACT) }],
        },
      ],
      ['rfi', { status: 'open', facts: expect.objectContaining({ 'official answer': 'M16' }) }],
      ['submittal', { facts: expect.objectContaining({ 'last response': 'Approved' }) }],
      ['manpower-log', { facts: expect.objectContaining({ 'man-hours': '32', vendor: 'Steel & Sons' }) }],
      ['delay-log', { facts: expect.objectContaining({ duration: '8', comments: 'Rain' }) }],
      ['notes-log', { facts: expect.objectContaining({ comment: 'Crane down', issue: 'no' }) }],
      ['schedule-task', { title: 'Erect', status: 'not started' }],
      ['file', { title: 'plan.pdf', facts: expect.objectContaining({ version: '3', bytes: '7' }) }],
    ];
    for (const [index, [object, wanted]] of lists.entries()) {
      const { records } = await cycle(inProject(object));
      expect(records, object).toEqual([expect.objectContaining({ object, ...wanted })]);
      const own = await hub.fetchContext({ object, id: String(ids[index]), projectId: String(PROJECT) });
      expect(own?.record, object).toEqual(records[0]);
    }
  });

  it('has every sheet of its daily log', async () => {
    for (const [place, [object, , , facts]] of SHEETS.entries()) {
      const { records } = await cycle(inProject(object));
      expect(records, object).toMatchObject([{ object, facts: { date: TODAY, ...facts } }]);
      const id = String(ids[OBJECTS.length + place]);
      const own = await hub.fetchContext({ object, id, projectId: String(PROJECT) });
      expect(own?.record, object).toEqual(records[0]);
    }
  });

  it('is listed once, and again when it changed; a deleted one is not shown any more', async () => {
    const first = await cycle(inProject('submittal'));
    let { cursor } = await cycle(inProject('submittal'), first.cursor);
    expect((await cycle(inProject('submittal'), cursor)).records).toEqual([]);
    company.sleepFor(60_000);
    const change = { as: ANNA, action: 'change_project_object', project_object_id: ids[2]! } as const;
    await company.act({ ...change, fields: { status: 'Closed' } });
    const changed = await cycle(inProject('submittal'), cursor);
    expect(changed.records).toMatchObject([{ status: 'Closed' }]);
    cursor = changed.cursor;
    await company.act({ as: ANNA, action: 'delete_project_object', project_object_id: ids[2]! });
    const gone = { object: 'submittal', id: String(ids[2]), projectId: String(PROJECT) } as const;
    expect(await hub.fetchContext(gone)).toBeNull();
  });

  it('a daily log that is corrected days later is found among the days that are listed', async () => {
    const { cursor } = await cycle(inProject('notes-log'));
    company.sleepFor(5 * 86_400_000);
    const change = { as: ANNA, action: 'change_project_object', project_object_id: ids[5]! } as const;
    await company.act({ ...change, fields: { notes: 'Crane repaired' } });
    const { records } = await cycle(inProject('notes-log'), cursor);
    expect(records).toMatchObject([{ facts: { comment: 'Crane repaired' } }]);
  });

  it('is empty where its tool is closed to the service account', async () => {
    const { users } = (await company.sim('GET', 'state')) as { users: { id: number; roles: string[] }[] };
    const account = users.find(({ roles }) => roles.includes('service_account'))!;
    const level = { as: ANNA, action: 'set_tool_level', user_id: account.id, tool: 'RFIs' } as const;
    await company.act({ ...level, level: 'None' });
    expect((await cycle(inProject('rfi'))).records).toEqual([]);
    await company.act({ ...level, level: 'Read Only' });
    expect((await cycle(inProject('rfi'))).records).toHaveLength(1);
  });

  it('has a currency, its own or that of the company', async () => {
    expect((await cycle(inProject('currency'))).records).toMatchObject([
      { id: String(PROJECT), title: 'USD' },
    ]);
    await company.act({ as: ANNA, action: 'set_project_currency', project_id: PROJECT, currency: 'CAD' });
    expect((await cycle(inProject('currency'))).records).toMatchObject([{ title: 'CAD' }]);
  });
});

it('a budget change is known by its list alone, which is neither paged nor filtered', async () => {
  const lines = [{ cost_code_id: 41, line_item_type_id: 31, amount: '12.50' }];
  const made = {
    as: ANNA,
    action: 'create_budget_change',
    project_id: PROJECT,
    title: 'Move',
    lines,
  } as const;
  await company.act({ ...made, status: 'approved' });
  // Whoever looks at its lines makes the code that they bear.
  expect(await hub.budgetChangesIn(String(PROJECT))).toMatchObject([
    { approved: true, total: '12.50', lines: [{ label: '05-100 S', amount: '12.50' }] },
  ]);
  const { records } = await cycle(inProject('budget-code'));
  expect(records).toMatchObject([
    { number: '05-100.S', status: 'active', facts: { 'cost code': '05-100', 'cost type': 'S' } },
  ]);
  // A line of a contract may name that and no cost code.
  const contract = await company.act({
    ...{ as: ANNA, action: 'create_commitment', kind: 'work_order_contract', project_id: PROJECT },
    ...{ vendor_id: VENDOR, line_items: [{ amount: '7.00', wbs_code_id: Number(records[0]!.id) }] },
  } as ProcoreAct);
  const id = String(contract.contract_id);
  const ref = { id, projectId: String(PROJECT), type: 'subcontract' } as const;
  expect((await hub.fetchCommitment(ref))?.record).toMatchObject({
    lines: [{ costCode: { code: '05-100' }, costType: { code: 'S' }, amount: '7.00' }],
  });
  expect((await cycle(inProject('budget-change'))).records).toMatchObject([
    { title: 'Move', status: 'approved', projectId: String(PROJECT) },
  ]);
});

it('what a budget is expected to come to is known line by line, and by months', async () => {
  const of = { as: ANNA, project_id: PROJECT } as const;
  const line = { cost_code_id: 41, line_item_type_id: 31, amount: '500.00' };
  const budget = await company.act({ ...of, action: 'set_budget', lines: [line] });
  const [budget_line_item_id = 0] = budget.budget_line_item_ids as readonly number[];
  const typed = { description: 'Winter heating', quantity: 3, uom: 'mo', unit_cost: '12.5' };
  const made = await company.act({ ...of, action: 'put_forecast_line', budget_line_item_id, ...typed });
  const [code] = (await cycle(inProject('budget-code'))).records;
  expect((await cycle(inProject('manual-forecast'))).records).toMatchObject([
    {
      id: String(made.forecast_line_id),
      title: 'Winter heating',
      facts: { amount: '37.5', currency: 'USD', quantity: '3 mo', 'unit cost': '12.5' },
      about: [{ object: 'budget-code', id: code?.id }],
    },
  ]);
  const spread = { start_date: '2026-08-01', end_date: '2026-09-30', forecast_to_complete: '90.25' };
  const months = [
    { period_date: '2026-08', amount: '90.00' },
    { period_date: '2026-09', amount: '0.25' },
  ];
  const bend = { ...of, action: 'spread_forecast', budget_line_item_id, ...spread } as const;
  await company.act({ ...bend, curve: 'manual', periods: months });
  const first = await hub.listContext('advanced-forecast', String(PROJECT), null);
  expect(first.records).toMatchObject([
    {
      record: {
        id: String(budget_line_item_id),
        facts: { 'to complete': '90.25', curve: 'manual', 'by month': '2026-08: 90, 2026-09: 0.25' },
      },
    },
  ]);
  // All that stands in the list is named, so that what was deleted is known by its absence.
  expect(first.listed).toEqual([String(budget_line_item_id)]);
});

it('a list that does not say whether there is more is read until a page is not full', async () => {
  const asked: string[] = [];
  const client = {
    async read({ path }: { readonly path: string }) {
      asked.push(path);
      const rows = Array.from({ length: asked.length < 3 ? 100 : 1 }, (_, row) => row);
      return { status: 200, headers: {}, body: JSON.stringify({ data: rows }) };
    },
  };
  expect(await rowsByHundreds(client as unknown as Reads, '/rows')).toHaveLength(201);
  expect(asked).toEqual([
    '/rows?page=1&per_page=100',
    '/rows?page=2&per_page=100',
    '/rows?page=3&per_page=100',
  ]);
});

it('a billing period is known with its days, and when it is closed', async () => {
  const { records, cursor } = await cycle(inProject('billing-period'));
  expect(records).toMatchObject([{ title: '2026-08-01 to 2026-08-31', status: 'open' }]);
  const id = records[0]!.id;
  company.sleepFor(60_000);
  await company.act({ as: ANNA, action: 'close_billing_period', period_id: Number(id) });
  expect((await cycle(inProject('billing-period'), cursor)).records).toMatchObject([{ status: 'closed' }]);
});

describe('what a company knows', () => {
  it('are its users with what they may send, and nothing else of them', async () => {
    const fields = { accounting_approver: true, mobile_phone: '+1 555 0100', job_title: 'Controller' };
    await company.act({ as: ANNA, action: 'edit_user', user_id: ANNA, fields });
    const { records, raws } = await cycle(hub.pull.user!);
    expect(records.find(({ id }) => id === String(ANNA))).toMatchObject({
      title: 'Anna',
      status: 'active',
      facts: { 'e-mail': 'anna@harbor.example', 'can push to accounting': 'yes' },
    });
    expect(raws.join()).not.toContain('555');
  });

  it('are its workflows, of the projects that the connection may touch', async () => {
    const steps = [{ name: 'Manager', assignee_id: ANNA }];
    const start = { as: ANNA, action: 'start_workflow', item_type: 'WorkOrderContract', steps } as const;
    await company.act({ ...start, project_id: PROJECT, item_id: SUBCONTRACT });
    await company.act({ ...start, project_id: OTHER_PROJECT, item_id: 12 });
    const narrow = company.connect({ context: ['workflow'], projects: [String(PROJECT)] });
    expect((await cycle(narrow.pull.workflow!)).records).toMatchObject([
      {
        status: 'Manager',
        facts: { 'with now': 'Anna' },
        about: [{ object: 'commitment', id: String(SUBCONTRACT) }],
      },
    ]);
    expect((await cycle(hub.pull.workflow!)).records).toHaveLength(2);
  });

  it('are its units', async () => {
    expect((await cycle(hub.pull.unit!)).records).toMatchObject([{ id: '7', number: 'ea' }]);
  });
});

it('a workflow of the newer routes is found by its tool, and says its step and then its end', async () => {
  const steps = [{ name: 'Manager', assignee_id: ANNA }];
  const item = { item_type: 'ChangeOrderPackage', item_id: 77, project_id: PROJECT };
  const started = await company.act({ as: ANNA, action: 'start_workflow', ...item, steps });
  const first = await cycle(inProject('workflow-instance'));
  expect(first.records).toContainEqual(
    expect.objectContaining({
      status: 'Manager',
      facts: expect.objectContaining({ 'with now': 'Anna' }),
      about: [{ object: 'change-order', id: '77' }],
    }),
  );
  const { cursor } = await cycle(hub.pull.workflow!);
  company.sleepFor(60_000);
  const workflow_instance_id = Number(started.workflow_instance_id);
  await company.act({ as: ANNA, action: 'decide_workflow_step', workflow_instance_id, decision: 'approve' });
  const { records } = await cycle(inProject('workflow-instance'), first.cursor);
  const ended = records.find(({ id }) => id === String(workflow_instance_id));
  expect(ended).toMatchObject({ status: 'ended' });
  const older = await cycle(hub.pull.workflow!, cursor);
  expect(older.records.find(({ id }) => id === String(workflow_instance_id))?.status).toBe('Approved');
});

it('nothing of it is read unless the connection asks for it', () => {
  expect(company.hub.context).toEqual([]);
  expect(Object.keys(company.hub.pull)).toEqual(['vendor', 'project']);
});
