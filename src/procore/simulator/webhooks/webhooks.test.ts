import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  listen,
  PROJECT,
  type Receiver,
  startBench,
  startReceiver,
  UNSYNCED_PROJECT,
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

const rename = (name: string) =>
  bench.act({ as: USER, action: 'edit_vendor', vendor_id: VENDOR, fields: { name } });
const deliveries = async (hook: number, status: string) =>
  (
    await bench.rest(
      'GET',
      `/rest/v1.0/webhooks/hooks/${hook}/deliveries?company_id=${COMPANY}&filter[status]=${status}`,
    )
  ).body;

test('delivers an event with a ulid and the headers of the hook', async () => {
  const hook = await listen(bench, receiver.url, 'ERP Requests/create', 'Work Order Contracts/update');
  await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [CONTRACT] });
  const { body } = await bench.act({ as: USER, action: 'approve_export', contract_ids: [CONTRACT] });
  await until('two webhooks', () => receiver.received.length === 2);
  const [contract, request] = receiver.received;
  expect(contract?.body).toMatchObject({ resource_name: 'Work Order Contracts', project_id: PROJECT });
  expect(request?.headers.authorization).toBe('Bearer hook-secret');
  expect(request?.body).toMatchObject({
    resource_name: 'ERP Requests',
    event_type: 'create',
    resource_id: body.erp_request_ids[0],
    company_id: COMPANY,
    project_id: null,
    api_version: 'v2',
  });
  expect(request?.body.ulid).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  await until('two rows', async () => (await deliveries(hook, 'successful')).length === 2);
});

test('says which application made a change, so that it can drop its own echo', async () => {
  await listen(bench, receiver.url, 'Company Vendors/update');
  await rename('By a person');
  const updates = [{ id: VENDOR, name: 'By the app' }];
  await bench.rest('PATCH', '/rest/v1.0/vendors/sync', { company_id: COMPANY, updates });
  await until('both', () => receiver.received.length === 2);
  expect(receiver.received.map(({ body }) => body.metadata.source_application_id)).toEqual([null, 'app']);
});

test('sends nothing for events without a trigger or after the trigger is gone', async () => {
  const hook = await listen(bench, receiver.url, 'Company Vendors/create', 'Company Vendors/update');
  const path = `/rest/v1.0/webhooks/hooks/${hook}/triggers`;
  const [, update] = (await bench.rest('GET', `${path}?company_id=${COMPANY}`)).body;
  expect(update).toMatchObject({ webhook_hook_id: hook, event_type: 'UPDATE' });
  expect((await bench.rest('DELETE', `${path}/${update.id}?company_id=${COMPANY}`)).status).toBe(200);
  await rename('Unheard');
  const updates = [{ name: 'Heard' }];
  await bench.rest('PATCH', '/rest/v1.0/vendors/sync', { company_id: COMPANY, updates });
  await until('one', () => receiver.received.length === 1);
  expect(receiver.received[0]?.body.event_type).toBe('create');
});

test('pauses the whole queue on a failure, keeps the order and catches up', async () => {
  const hook = await listen(bench, receiver.url, 'Company Vendors/update', 'Work Order Contracts/update');
  receiver.status = 500;
  await rename('One');
  await bench.act({ as: USER, action: 'edit_commitment', contract_id: CONTRACT, fields: { title: 'Two' } });
  await until('a failure', async () => (await deliveries(hook, 'failing')).length === 1);
  receiver.status = 204;
  await bench.send('POST', '/_sim/clock', { advance_ms: 5_000 });
  await until('both', () => receiver.received.length === 2);
  expect(receiver.received.map(({ body }) => body.resource_name)).toEqual([
    'Company Vendors',
    'Work Order Contracts',
  ]);
});

test('discards the queue after twelve hours of failures and starts afresh', async () => {
  const hook = await listen(bench, receiver.url, 'Company Vendors/update');
  receiver.status = 503;
  await bench.send('POST', '/_sim/config', { webhooks: { time_scale: 1_000_000 } });
  await rename('Lost');
  await rename('Lost as well');
  await until('discarded', async () => (await deliveries(hook, 'discarded')).length === 2);
  receiver.status = 200;
  await rename('Found');
  await until('fresh', () => receiver.received.length === 1);
});

test('counts a destination that cannot be reached as failing', async () => {
  const hook = await listen(bench, 'http://127.0.0.1:9/closed', 'Company Vendors/update');
  await rename('Nobody there');
  await until('a failure', async () => (await deliveries(hook, 'failing')).length === 1);
  expect((await deliveries(hook, 'any'))[0].response_error).toBeTypeOf('string');
});

test('changes, lists and deletes hooks, and adds and removes triggers in bulk', async () => {
  const hook = await listen(bench, receiver.url);
  const base = '/rest/v1.0/webhooks/hooks';
  const patched = await bench.rest('PATCH', `${base}/${hook}`, {
    company_id: COMPANY,
    hook: { namespace: 'other-name' },
  });
  expect(patched.body).toMatchObject({ id: hook, namespace: 'other-name', destination_url: receiver.url });
  const rows = [{ resource_name: 'Projects', event_type: 'update' }];
  const bulk = await bench.rest('POST', `${base}/${hook}/triggers/bulk`, {
    company_id: COMPANY,
    triggers: rows,
  });
  const gone = { company_id: COMPANY, triggers: [bulk.body.success[0].id, 12] };
  const removed = await bench.rest('DELETE', `${base}/${hook}/triggers/bulk`, gone);
  expect([removed.status, removed.body.success.length, removed.body.failed[0].trigger]).toEqual([207, 1, 12]);
  expect((await bench.rest('DELETE', `${base}/${hook}?company_id=${COMPANY}`)).status).toBe(200);
  expect((await bench.rest('GET', `${base}?company_id=${COMPANY}`)).body).toEqual([]);
});

test('refuses resources in wrong case and namespaces with other characters', async () => {
  const hook = await listen(bench, receiver.url);
  const wrong = { resource_name: 'erp requests', event_type: 'create' };
  const path = `/rest/v1.0/webhooks/hooks/${hook}/triggers`;
  expect((await bench.rest('POST', path, { company_id: COMPANY, trigger: wrong })).status).toBe(422);
  const named = { api_version: 'v2', namespace: 'Tie_Beam', destination_url: receiver.url };
  const refused = await bench.rest('POST', '/rest/v1.0/webhooks/hooks', { company_id: COMPANY, hook: named });
  expect(refused.status).toBe(400);
});

test('gives up an answer that does not come in time', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await bench.send('POST', '/_sim/config', { webhooks: { timeout_ms: 40 } });
  const hook = await listen(bench, `http://127.0.0.1:${port}/silent`, 'Company Vendors/update');
  await rename('Unanswered');
  await until('a timeout', async () => (await deliveries(hook, 'failing')).length === 1);
  expect((await deliveries(hook, 'any'))[0].response_status).toBeNull();
  silent.close();
  silent.closeAllConnections();
});

test('a hook of a project hears that project only', async () => {
  const hook = await bench.rest('POST', '/rest/v1.0/webhooks/hooks', {
    project_id: UNSYNCED_PROJECT,
    hook: { api_version: 'v2', namespace: 'one-project', destination_url: receiver.url },
  });
  expect(hook.body).toMatchObject({ owned_by_project_id: UNSYNCED_PROJECT, owned_by_company_id: null });
  await bench.rest('POST', `/rest/v1.0/webhooks/hooks/${hook.body.id}/triggers`, {
    project_id: UNSYNCED_PROJECT,
    trigger: { resource_name: 'Work Order Contracts', event_type: 'create' },
  });
  for (const project_id of [PROJECT, UNSYNCED_PROJECT]) {
    await bench.act({ as: USER, action: 'create_commitment', kind: 'work_order_contract', project_id });
  }
  await until('one', () => receiver.received.length === 1);
  expect(receiver.received[0]?.body.project_id).toBe(UNSYNCED_PROJECT);
});
