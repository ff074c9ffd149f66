import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTEXT_OBJECTS, type ContextRecord } from '../../src/domain/context-record.ts';
import { formatMoney } from '../../src/domain/values/money.ts';
import { tieOutDirectCosts } from '../../src/engine/watch/tie-out-direct-costs.ts';
import { triggersFor } from '../../src/procore/set-up/set-up.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { listBusinessEvents, listVersions } from '../../src/store/views/business-event-view.ts';
import { deliver, loseWebhooks } from './deliveries.ts';
import { actInErp } from './hands.ts';
import { documentOf } from './looking.ts';
import { standsOnce } from './standing.ts';
import {
  APPROVER,
  COMPANY,
  createCommitment,
  exportCommitment,
  PETER,
  PROJECT,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const UNSEEN = 562949953999001;

// Sheets of the daily log differ in their columns only: three of them stand for all.
const LOGS: ReadonlySet<string> = new Set(['manpower-log', 'delay-log', 'notes-log']);
const READ = CONTEXT_OBJECTS.filter((object) => !object.endsWith('-log') || LOGS.has(object));

let world: World;
beforeAll(async () => {
  world = await startWorld({
    procore: { context: [...READ], projects: [String(PROJECT)] },
    seed: { units: [{ id: 7, name: 'ea' }] },
  });
  const hooks = '/rest/v1.0/webhooks/hooks';
  const [hook] = (await world.rest('GET', `${hooks}?company_id=${COMPANY}`)) as { id: number }[];
  const triggers = triggersFor([...READ]).map(({ resource, event }) => ({
    resource_name: resource,
    event_type: event,
  }));
  await world.rest('POST', `${hooks}/${hook!.id}/triggers/bulk`, {
    company_id: COMPANY,
    api_version: 'v2',
    triggers,
  });
});
afterAll(() => world?.stop());

type Kind = Extract<ProcoreAct, { action: 'create_project_object' }>['kind'];

async function write(kind: Kind, fields: Record<string, unknown>, id?: number): Promise<number> {
  const made = { as: PETER, action: 'create_project_object', project_id: PROJECT, kind, fields } as const;
  return Number((await world.act(id === undefined ? made : { ...made, id })).project_object_id);
}
const change = (project_object_id: number, fields: Record<string, unknown>) =>
  world.act({ as: PETER, action: 'change_project_object', project_object_id, fields });

const kept = async (
  object: string,
  id: number | string,
): Promise<(ContextRecord & { gone: boolean }) | null> => {
  const rows = await world.query<{ body: ContextRecord; gone: boolean }>(
    'select body, gone from record where object = $1 and native_id = $2',
    [object, String(id)],
  );
  return rows[0] === undefined ? null : { ...rows[0].body, gone: rows[0].gone };
};
const versionsOf = (object: string, id: number | string) =>
  inTenant(world.db.pools.app, world.tenant, (tx) =>
    listVersions(tx, { object, nativeId: String(id), connection: 'procore' }, 50),
  );
/** What was said of a record, first to last. */
const eventsOf = async (object: string, id: number | string) =>
  (await versionsOf(object, id)).flatMap(({ events }) => events).toReversed();
const says = (object: string, id: number | string, event: string) =>
  until(`${object} ${id}: ${event}`, async () => (await eventsOf(object, id)).includes(event));

describe('what people write in a project', () => {
  test('is kept as evidence in the version that it has, and what did not change makes none', async () => {
    const contract = await createCommitment(world);
    const log = { date: TODAY, num_workers: 4, num_hours: '8.0', vendor_id: vendors.steel };
    const ids = {
      rfi: await write('rfi', { subject: 'Which bolts?', question: 'M12 or M16?' }),
      'change-event': await write('change_event', {
        title: 'Rock',
        items: [{ cost: '5000.00', commitment_id: contract }],
      }),
      submittal: await write('submittal', { title: 'Shop drawings' }),
      'manpower-log': await write('manpower_log', log),
      'delay-log': await write('delay_log', { date: TODAY, duration: 8, notes: 'Rain' }),
      'notes-log': await write('notes_log', { date: TODAY, notes: 'Crane down' }),
      'schedule-task': await write('task', {
        name: 'Erect',
        start: `${TODAY}T08:00:00Z`,
        finish: `${TODAY}T16:00:00Z`,
      }),
      file: await write('file', { name: 'plan.pdf', size: 7 }),
    };
    for (const [object, id] of Object.entries(ids)) await until(`${object} is kept`, () => kept(object, id));
    expect((await kept('change-event', ids['change-event']))?.about).toEqual([
      { object: 'commitment', id: String(contract) },
    ]);
    await change(ids.rfi, {
      status: 'closed',
      answer: 'M16',
      cost_impact: { status: 'yes_known', value: 90.5 },
    });
    await says('rfi', ids.rfi, 'RFI closed with cost impact');
    expect((await kept('rfi', ids.rfi))?.facts).toMatchObject({
      'cost impact amount': '90.5',
      'official answer': 'M16',
    });
    await change(ids['change-event'], { status: 'Closed' });
    await says('change-event', ids['change-event'], 'change event closed');
    // The looks of a project go on all the time: what they see again is no version.
    expect(await versionsOf('rfi', ids.rfi)).toHaveLength(2);
    expect(await versionsOf('file', ids.file)).toHaveLength(1);
    const inProject = await inTenant(world.db.pools.app, world.tenant, (tx) =>
      listBusinessEvents(tx, { project: String(PROJECT), below: null, limit: 200 }),
    );
    expect(inProject.flatMap(({ events }) => events)).toEqual(
      expect.arrayContaining(['change event opened', 'change event closed', 'RFI closed with cost impact']),
    );
  });

  test('that was announced and is not shown yet is looked for again, and one that was deleted is gone', async () => {
    const event = (ulid: string) => ({
      ulid,
      company_id: COMPANY,
      project_id: PROJECT,
      user_id: PETER,
      event_type: 'create',
      resource_name: 'RFIs',
      resource_id: UNSEEN,
    });
    expect(await deliver(world, event('01UNSEENRFI000000000000001'))).toBe(200);
    await until('it was looked for in vain', async () => {
      const lanes = await world.query<{ attempts: number }>(
        `select attempts from lane where id = 'procore|rfi|${UNSEEN}'`,
      );
      return (lanes[0]?.attempts ?? 0) > 0;
    });
    await write('rfi', { subject: 'Late' }, UNSEEN);
    await until('it is kept', () => kept('rfi', UNSEEN));
    await world.act({ as: PETER, action: 'delete_project_object', project_object_id: UNSEEN });
    await until('it is gone', async () => (await kept('rfi', UNSEEN))?.gone);
    const open = await world.query("select 1 from review_item where state = 'open' and subject like '%rfi%'");
    expect(open).toEqual([]);
  });

  test('whose webhook was lost is found by the next look', async () => {
    await loseWebhooks(world);
    const id = await write('submittal', { title: 'Lost' });
    await until('it is found', () => kept('submittal', id));
    await change(id, { status: 'Closed' });
    await until('its change is found', async () => (await kept('submittal', id))?.status === 'Closed');
    await world.sim('POST', 'faults', { seed: 1, rules: [] });
  });
});

describe('what happens to documents', () => {
  test('is told in the words of the business: an approval, and steps of a workflow', async () => {
    const contract = await createCommitment(world);
    await until('the commitment is known', () => kept('commitment', contract));
    const line = { amount: '50.00', cost_code_id: 41, line_item_type_id: 31 };
    const made = await world.act({
      as: PETER,
      action: 'create_change_order',
      contract_id: contract,
      status: 'pending',
      line_items: [line],
    });
    const change_order_package_id = Number(made.change_order_package_id);
    await until('the change order is known', () => kept('change-order', change_order_package_id));
    await world.act({ as: APPROVER, action: 'approve_change_order', change_order_package_id });
    await says('change-order', change_order_package_id, 'change order approved');
    const steps = [
      { name: 'Manager', assignee_id: PETER },
      { name: 'Controller', assignee_id: APPROVER },
    ];
    const item = { item_type: 'ChangeOrderPackage', item_id: change_order_package_id };
    const started = await world.act({
      as: PETER,
      action: 'start_workflow',
      project_id: PROJECT,
      ...item,
      steps,
    });
    const workflow_instance_id = Number(started.workflow_instance_id);
    await until('the workflow is known', () => kept('workflow', workflow_instance_id));
    const decide = { action: 'decide_workflow_step', workflow_instance_id, decision: 'approve' } as const;
    await world.act({ as: PETER, ...decide });
    await says('workflow', workflow_instance_id, 'workflow step decided');
    expect(await kept('workflow', workflow_instance_id)).toMatchObject({
      status: 'Controller',
      facts: { 'with now': 'Anna' },
      about: [{ object: 'change-order', id: String(change_order_package_id) }],
    });
    expect(await eventsOf('change-order', change_order_package_id)).toEqual(['change order approved']);
  });

  test('is no work where it was ours, in whichever version of the payload it comes', async () => {
    const newer = `/rest/v2.0/companies/${COMPANY}/webhooks/hooks`;
    const wish = {
      payload_version: 'v4.0',
      namespace: 'echo',
      destination_url: `${world.url}/webhooks/procore/hook-1`,
    };
    const destination_headers = { Authorization: 'Bearer hook-secret' };
    const hook = (await world.rest('POST', newer, { ...wish, destination_headers })) as {
      data: { id: string };
    };
    const trigger = { resource_name: 'Work Order Contracts', event_type: 'update' };
    await world.rest('POST', `${newer}/${hook.data.id}/triggers`, trigger);
    const sent = await exportCommitment(world);
    await standsOnce(world, sent);
    const account = (await world.rest('GET', '/rest/v1.0/me')) as { id: number };
    const ours = await world.query<{ n: number }>(
      "select count(*)::int as n from signal where hint ->> 'userId' = $1",
      [String(account.id)],
    );
    expect(ours).toEqual([{ n: 0 }]);
    await until('its id is read back', async () => {
      const [row] = await world.query<{ origin: string | null }>(
        "select body ->> 'originId' as origin from record where object = 'commitment' and native_id = $1",
        [String(sent.contract)],
      );
      return row?.origin;
    });
    // An echo that nobody can tell from news is read, found unchanged and forgotten.
    const versions = (await versionsOf('commitment', sent.contract)).length;
    const postings = () => world.query<{ n: number }>('select count(*)::int as n from posting');
    const before = await postings();
    const echo = {
      id: '01ECHO00000000000000000001',
      company_id: String(COMPANY),
      project_id: String(PROJECT),
    };
    const about = {
      resource_type: 'Work Order Contracts',
      resource_id: String(sent.contract),
      reason: 'update',
    };
    expect(await deliver(world, { ...echo, ...about, user_id: null, data: {} })).toBe(200);
    await until('it is taken', async () => {
      const rows = await world.query<{ state: string }>(
        `select state from signal where dedupe_key = '${echo.id}'`,
      );
      return rows[0]?.state === 'taken';
    });
    expect(await versionsOf('commitment', sent.contract)).toHaveLength(versions);
    expect(await postings()).toEqual(before);
    expect((await documentOf(world, sent.contract))?.revision).toBe(1);
  });
});

test('a forecast of the budget is watched: each change is a version, and a deleted one is gone', async () => {
  const of = { as: PETER, project_id: PROJECT } as const;
  const budget = await world.act({
    ...{ ...of, action: 'set_budget' },
    lines: [{ cost_code_id: 41, line_item_type_id: 31, amount: '500.00' }],
  });
  const [budget_line_item_id = 0] = budget.budget_line_item_ids as readonly number[];
  const typed = { budget_line_item_id, description: 'Winter heating', quantity: 3 };
  const put = { ...of, action: 'put_forecast_line', ...typed } as const;
  const forecast_line_id = Number((await world.act({ ...put, unit_cost: '12.50' })).forecast_line_id);
  const spread = { start_date: '2026-08-01', end_date: '2026-12-31', curve: 'linear' } as const;
  const spreadOver = (forecast_to_complete: string) =>
    world.act({ ...of, action: 'spread_forecast', budget_line_item_id, ...spread, forecast_to_complete });
  await spreadOver('900.00');
  const amountOf = async (object: string, id: number, fact: string) => (await kept(object, id))?.facts[fact];
  await until('the line is kept', () => kept('manual-forecast', forecast_line_id));
  await until('the spread is kept', () => kept('advanced-forecast', budget_line_item_id));
  await world.act({ ...put, forecast_line_id, unit_cost: '20.00' });
  await spreadOver('1200.00');
  await until('the line changed', async () => {
    return (await amountOf('manual-forecast', forecast_line_id, 'amount')) === '60.0';
  });
  await until('the spread changed', async () => {
    return (await amountOf('advanced-forecast', budget_line_item_id, 'to complete')) === '1200';
  });
  expect(await versionsOf('manual-forecast', forecast_line_id)).toHaveLength(2);
  expect(await versionsOf('advanced-forecast', budget_line_item_id)).toHaveLength(2);
  await world.act({ ...of, action: 'delete_forecast_line', forecast_line_id });
  await until('the line is gone', async () => (await kept('manual-forecast', forecast_line_id))?.gone);
  expect(await kept('advanced-forecast', budget_line_item_id)).toMatchObject({ gone: false });
});

test('a bill that was entered on a project is compared with the ledger of the ERP, to the cent', async () => {
  // The vendor is linked since its order stands.
  const project = `/rest/v1.0/projects/${PROJECT}/direct_costs`;
  const head = {
    direct_cost_type: 'invoice',
    invoice_number: 'SS-17',
    direct_cost_date: TODAY,
  };
  const made = (await world.rest('PATCH', `${project}/sync`, {
    updates: [{ ...head, vendor_id: vendors.steel, description: 'Plates' }],
  })) as { entities: { id: number }[] };
  const coding = { cost_code_id: 41, line_item_type_id: 31 };
  await world.rest('PATCH', `${project}/line_items/sync`, {
    updates: [{ direct_cost_id: made.entities[0]!.id, ...coding, amount: '100.10' }],
  });
  const updates = [{ id: made.entities[0]!.id, status: 'approved' }];
  await world.rest('PATCH', `${project}/sync`, { updates });
  const parts = async () => {
    const compared = await tieOutDirectCosts(world.engine, world.tenant);
    return compared.flatMap(({ bridge: { items, residual } }) => {
      expect(residual.minor).toBe(0n);
      return items.map(({ cause, number, amount }) => `${cause} ${number} ${formatMoney(amount)}`);
    });
  };
  const comesTo = (part: string) =>
    until(`it comes to "${part}"`, async () => (await parts()).join() === part);
  await comesTo('not-sent SS-17 100.10');
  const line = { ItemDescription: 'Plates', AccountCode: '5200', ProjectCode: 'JOB-4' };
  const bill = (LineTotal: number) =>
    actInErp(world, {
      action: 'create_invoice',
      document: {
        ...{ CardCode: 'V1000', NumAtCard: 'ss-17', DocType: 'dDocument_Service' },
        DocumentLines: [{ ...line, LineTotal }],
      },
    });
  await bill(100);
  await comesTo('conflict SS-17 0.10');
  await bill(0.1);
  await comesTo('');
});

test('of the company its units, and its users with what they may send and nothing else of them', async () => {
  expect(await until('units are kept', () => kept('unit', 7))).toMatchObject({ number: 'ea' });
  expect(await until('the currency is kept', () => kept('currency', PROJECT))).toMatchObject({
    title: 'USD',
  });
  const fields = { accounting_approver: false, mobile_phone: '+1 555 0100' };
  await world.act({ as: APPROVER, action: 'edit_user', user_id: PETER, fields });
  await until(
    'Peter may send nothing any more',
    async () => (await kept('user', PETER))?.facts['can push to accounting'] === 'no',
  );
  expect((await kept('user', PETER))?.facts).toMatchObject({ 'e-mail': 'peter@harbor.example' });
  const raw = await world.query<{ n: number }>(
    "select count(*)::int as n from record_version where object = 'user' and body::text like '%555%'",
  );
  expect(raw).toEqual([{ n: 0 }]);
});
