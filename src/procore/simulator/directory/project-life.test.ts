import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Bench,
  CLOSED_PROJECT,
  COMPANY,
  CONTRACT,
  listen,
  PROJECT,
  type Receiver,
  smallSeed,
  startBench,
  startReceiver,
  UNSYNCED_PROJECT,
  USER,
  until,
  VENDOR,
} from '../simulator-fixture.ts';

const RFI = 562_949_950_000_901;
const SERVICE_LEVELS = '/rest/v1.0/settings/permissions';
const rfis = `/rest/v1.0/projects/${PROJECT}/rfis`;

let bench: Bench;
let receiver: Receiver;
beforeAll(async () => {
  const rfi = { id: RFI, project_id: PROJECT, kind: 'rfi' as const, fields: { subject: 'Which bolts?' } };
  bench = await startBench(smallSeed({ project_objects: [rfi] }));
  receiver = await startReceiver();
  await listen(
    bench,
    receiver.url,
    'RFIs/update',
    'RFIs/delete',
    'Company Users/update',
    'Project Users/update',
  );
});
afterAll(async () => {
  await bench.stop();
  await receiver.stop();
});

describe('what people write in a project', () => {
  test('is listed by the filters of its kind, told by webhook, and gone once deleted', async () => {
    const later = `${rfis}?filters[updated_at]="2999-01-01T00:00:00Z...2999-12-31T00:00:00Z"`;
    expect((await bench.rest('GET', rfis)).headers.get('total')).toBe('1');
    expect((await bench.rest('GET', later)).body).toEqual([]);
    const fields = { status: 'closed', cost_impact: { status: 'yes_known', value: 1200.5 }, answer: 'M16' };
    await bench.act({ as: USER, action: 'change_project_object', project_object_id: RFI, fields });
    expect((await bench.rest('GET', `${rfis}?filters[status]=open`)).body).toEqual([]);
    const shown = (await bench.rest('GET', `${rfis}/${RFI}`)).body;
    expect(shown).toMatchObject({ status: 'closed', accepted: true, cost_impact: { value: 1200.5 } });
    await bench.act({ as: USER, action: 'delete_project_object', project_object_id: RFI });
    expect((await bench.rest('GET', `${rfis}/${RFI}`)).status).toBe(404);
    await until('two events', () => receiver.received.length === 2);
    expect(receiver.received.map(({ body }) => body.event_type)).toEqual(['update', 'delete']);
  });

  test('is refused with a parameter that the list does not have, in a project that is not permitted, without its tool', async () => {
    expect((await bench.rest('GET', `${rfis}?filters[subject]=x`)).status).toBe(400);
    expect((await bench.rest('GET', `/rest/v1.0/tasks?project_id=${CLOSED_PROJECT}`)).status).toBe(403);
    expect((await bench.rest('GET', '/rest/v1.0/tasks')).status).toBe(400);
    const account = (await bench.rest('GET', '/rest/v1.0/me')).body.id;
    const lower = { as: USER, action: 'set_tool_level', user_id: account, tool: 'Schedule' } as const;
    await bench.act({ ...lower, level: 'None' });
    expect((await bench.rest('GET', `/rest/v1.0/tasks?project_id=${PROJECT}`)).status).toBe(403);
    const { tools } = (await bench.rest('GET', `${SERVICE_LEVELS}?project_id=${PROJECT}`)).body;
    const levels = Object.fromEntries(
      tools.map((tool: { friendly_name: string; user_access_level: { name: string } }) => [
        tool.friendly_name,
        tool.user_access_level.name,
      ]),
    );
    expect(levels).toMatchObject({ Schedule: 'None', RFIs: 'Admin' });
    expect((await bench.rest('GET', SERVICE_LEVELS)).status).toBe(400);
  });

  test('a daily log shows the day that was asked for, and today where none was', async () => {
    const fields = { date: '2026-08-03', num_workers: 4, num_hours: '8.0', vendor_id: VENDOR };
    const log = {
      as: USER,
      action: 'create_project_object',
      project_id: PROJECT,
      kind: 'manpower_log',
    } as const;
    await bench.act({ ...log, fields });
    const logs = `/rest/v1.0/projects/${PROJECT}/manpower_logs`;
    expect((await bench.rest('GET', logs)).body).toEqual([]);
    expect((await bench.rest('GET', `${logs}?log_date=2026-08-04`)).body).toEqual([]);
    const days = await bench.rest('GET', `${logs}?start_date=2026-08-01&end_date=2026-08-31`);
    expect(days.body).toMatchObject([{ num_workers: 4, man_hours: '32', vendor: { id: VENDOR } }]);
    expect((await bench.act({ ...log, fields: { ...fields, vendor_id: 12 } })).status).toBe(422);
  });
});

test('a workflow goes on by whoever has the step, and says where it stands', async () => {
  const steps = [
    { name: 'Project manager', assignee_id: USER },
    { name: 'Controller', assignee_id: USER },
  ];
  const item = { item_type: 'WorkOrderContract', item_id: CONTRACT } as const;
  const start = { as: USER, action: 'start_workflow', project_id: PROJECT, ...item, steps } as const;
  const workflow_instance_id = (await bench.act(start)).body.workflow_instance_id;
  const list = `/rest/v1.0/workflow_instances?company_id=${COMPANY}`;
  const of = (id: number) => `${list}&filters[workflowed_object_id]=${id}`;
  const state = async () => (await bench.rest('GET', of(CONTRACT))).body[0].current_workflow_state.name;
  expect(await state()).toBe('Project manager');
  const decide = { action: 'decide_workflow_step', workflow_instance_id, decision: 'approve' } as const;
  await bench.act({ as: USER, ...decide });
  expect(await state()).toBe('Controller');
  await bench.act({ as: USER, ...decide });
  expect(await state()).toBe('Approved');
  expect((await bench.act({ as: USER, ...decide })).status).toBe(422);
  expect((await bench.rest('GET', of(12))).body).toEqual([]);
});

test('an edit in the directory is told once, and for every project where the zone still does so', async () => {
  const edit = { as: USER, action: 'edit_user', user_id: USER } as const;
  const before = receiver.received.length;
  await bench.act({ ...edit, fields: { job_title: 'Controller' } });
  await until('one event', () => receiver.received.length === before + 1);
  await bench.send('POST', '/_sim/config', { directory_fan_out: true });
  await bench.act({ ...edit, fields: { accounting_approver: true } });
  await until('four more', () => receiver.received.length === before + 5);
  const projects = receiver.received.slice(before + 2).map(({ body }) => body.project_id);
  expect(projects).toEqual([PROJECT, CLOSED_PROJECT, UNSYNCED_PROJECT]);
  const users = (await bench.rest('GET', `/rest/v1.3/companies/${COMPANY}/users`)).body;
  const ann = users.find((user: { id: number }) => user.id === USER);
  expect(ann).toMatchObject({ job_title: 'Controller', erp_integrated_accountant: true });
});
