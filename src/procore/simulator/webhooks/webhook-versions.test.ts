import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  PROJECT,
  type Receiver,
  startBench,
  startReceiver,
  USER,
  until,
  VENDOR,
} from '../simulator-fixture.ts';

let bench: Bench;
let receiver: Receiver;
beforeEach(async () => {
  bench = await startBench();
  receiver = await startReceiver();
});
afterEach(async () => {
  await bench.stop();
  await receiver.stop();
});

const base = `/rest/v2.0/companies/${COMPANY}/webhooks`;
const secret = 'Bearer hook-secret';

async function hookOf(payload_version: string, ...subjects: string[]): Promise<string> {
  const wish = { payload_version, namespace: 'tiebeam', destination_url: receiver.url };
  const made = await bench.rest('POST', `${base}/hooks`, {
    ...wish,
    destination_headers: { Authorization: secret },
  });
  expect(made.status).toBe(201);
  for (const subject of subjects) {
    const [resource_name, event_type] = subject.split('/');
    await bench.rest('POST', `${base}/hooks/${made.body.data.id}/triggers`, { resource_name, event_type });
  }
  return made.body.data.id;
}

const rename = (name: string) =>
  bench.act({ as: USER, action: 'edit_vendor', vendor_id: VENDOR, fields: { name } });
const rowsOf = async (hook: string, query = '') =>
  (await bench.rest('GET', `${base}/hooks/${hook}/deliveries?${query}`)).body.data;

test('tells one event in the words of each hook, under one ulid', async () => {
  for (const version of ['v2.0', 'v3.0', 'v4.0']) await hookOf(version, 'Change Order Packages/update');
  const [changeOrder] = (await bench.state()).change_order_packages;
  await bench.act({
    as: USER,
    action: 'approve_change_order',
    change_order_package_id: changeOrder.id,
  });
  await until('three', () => receiver.received.length === 3);
  const [two, three, four] = receiver.received.map(({ body }) => body);
  expect(two).not.toHaveProperty('related_resources');
  expect(three).toMatchObject({
    ulid: two.ulid,
    api_version: 'v3.0',
    resource_id: changeOrder.id,
    related_resources: [{ id: CONTRACT, name: 'Work Order Contracts' }],
  });
  expect(four).toEqual({
    id: two.ulid,
    timestamp: two.timestamp,
    reason: 'update',
    company_id: String(COMPANY),
    project_id: String(PROJECT),
    user_id: String(USER),
    resource_type: 'Change Order Packages',
    resource_id: String(changeOrder.id),
    data: {},
  });
});

test('lists what became of each event, with every try', async () => {
  const hook = await hookOf('v4.0', 'Company Vendors/update');
  receiver.status = 500;
  await rename('One');
  await rename('Two');
  await until('a failure', async () => (await rowsOf(hook, 'filter[status]=retrying')).length === 1);
  expect(await rowsOf(hook, 'filter[status]=enqueued')).toHaveLength(1);
  receiver.status = 204;
  await bench.send('POST', '/_sim/clock', { advance_ms: 5_000 });
  await until('both', async () => (await rowsOf(hook, 'filter[status]=succeeded')).length === 2);
  const [first] = await rowsOf(hook);
  expect(first).toMatchObject({ status: 'delivered', payload: { reason: 'update', id: first.id } });
  expect(first.delivery_attempts.map((tried: { response_status: number }) => tried.response_status)).toEqual([
    500, 204,
  ]);
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  expect(await rowsOf(hook, `filter[start]=${tomorrow}`)).toEqual([]);
  expect(await rowsOf(hook, 'per_page=1&page=2')).toHaveLength(1);
});

test('sends nothing for a hook that is disabled, and shows no secret', async () => {
  const hook = await hookOf('v3.0', 'Company Vendors/update');
  const off = await bench.rest('PATCH', `${base}/hooks/${hook}`, { status: 'disabled' });
  expect(off.body.data).toMatchObject({ status: 'disabled', trigger_count: 1 });
  expect(JSON.stringify(off.body)).not.toContain(secret);
  await rename('Unheard');
  await bench.rest('PATCH', `${base}/hooks/${hook}`, { status: 'active' });
  await rename('Heard');
  await until('one', () => receiver.received.length === 1);
  expect(await rowsOf(hook)).toHaveLength(1);
});

test('the older routes do not know the newer hooks, and errors have the newer form', async () => {
  const hook = await hookOf('v4.0');
  expect((await bench.rest('GET', `/rest/v1.0/webhooks/hooks?company_id=${COMPANY}`)).body).toEqual([]);
  const wrong = await bench.rest('POST', `${base}/hooks`, { payload_version: 'v5.0' });
  expect(wrong.status).toBe(400);
  expect(wrong.body.error.details).toContainEqual(expect.objectContaining({ source: 'payload_version' }));
  expect((await bench.rest('GET', `${base}/resources`)).status).toBe(400);
  expect((await bench.rest('DELETE', `${base}/hooks/${hook}`)).status).toBe(204);
  const gone = await bench.rest('GET', `${base}/hooks/${hook}`);
  expect([gone.status, gone.body.error.code]).toEqual([404, 'not_found']);
});
