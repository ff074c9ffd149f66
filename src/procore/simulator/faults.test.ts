import { afterEach, beforeEach, expect, test } from 'vitest';
import { Faults } from './faults.ts';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  listen,
  PROJECT,
  type Receiver,
  startBench,
  startReceiver,
  USER,
  until,
  VENDOR,
} from './simulator-fixture.ts';

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

const contract = `/rest/v1.0/work_order_contracts/${CONTRACT}`;
const read = () => bench.rest('GET', `${contract}?project_id=${PROJECT}`);
const retitle = (title: string) =>
  bench.rest('PATCH', contract, { project_id: PROJECT, work_order_contract: { title } });
const rename = (name: string) =>
  bench.act({ as: USER, action: 'edit_vendor', vendor_id: VENDOR, fields: { name } });

test('lost-reply commits the write and never answers', async () => {
  await bench.faults([
    { kind: 'lost-reply', times: 1, match: { method: 'PATCH', path_regex: 'work_order' } },
  ]);
  await expect(retitle('Written unseen')).rejects.toThrow();
  expect((await read()).body.title).toBe('Written unseen');
  expect((await bench.counts())['lost-reply']).toEqual({ injected: 1, reached: 1 });
  expect((await bench.state()).write_log[0]).toMatchObject({ committed: true, answered: false });
  expect((await retitle('Next one answers')).status).toBe(200);
});

test('lost-reply of a refused write counts as injected only', async () => {
  await bench.faults([{ kind: 'lost-reply', times: 1 }]);
  await expect(
    bench.rest('PATCH', contract, { project_id: PROJECT, work_order_contract: { nonsense: 1 } }),
  ).rejects.toThrow();
  expect((await bench.counts())['lost-reply']).toEqual({ injected: 1, reached: 0 });
});

test('late-commit breaks the connection first and writes afterwards', async () => {
  await bench.faults([
    { kind: 'late-commit', times: 1, match: { method: 'PATCH' }, params: { delay_ms: 80 } },
  ]);
  await expect(retitle('Late')).rejects.toThrow();
  expect((await read()).body.title).toBe('Steel frame');
  await until('the late write', async () => (await read()).body.title === 'Late');
  expect((await bench.counts())['late-commit']).toEqual({ injected: 1, reached: 1 });
});

test('rate-limited answers 429 with the limit headers and changes nothing', async () => {
  await bench.faults([{ kind: 'rate-limited', times: 1, params: { retry_after_s: 2 } }]);
  const refused = await retitle('Too fast');
  expect(refused.status).toBe(429);
  expect(refused.body).toMatch(/^You have surpassed the max number of requests/);
  expect(refused.headers.get('x-rate-limit-remaining')).toBe('0');
  expect(refused.headers.get('retry-after')).toBe('2');
  expect((await read()).body.title).toBe('Steel frame');
});

test('unavailable answers 503 with Retry-After', async () => {
  await bench.faults([{ kind: 'unavailable', times: 1, params: { retry_after_s: 3 } }]);
  const refused = await read();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3']);
  expect((await read()).status).toBe(200);
});

test('truncated-body cuts an answer in half', async () => {
  await bench.faults([{ kind: 'truncated-body', times: 1 }]);
  await expect(read()).rejects.toThrow();
  expect((await bench.counts())['truncated-body']).toEqual({ injected: 1, reached: 1 });
});

test('token-expired kills the token until another is asked for', async () => {
  await bench.faults([{ kind: 'token-expired', times: 1 }]);
  expect((await read()).status).toBe(401);
  expect((await read()).status).toBe(401);
  expect((await bench.counts())['token-expired']).toEqual({ injected: 1, reached: 1 });
});

test('latency holds the answer back', async () => {
  await bench.faults([{ kind: 'latency', times: 1, params: { delay_ms: 60 } }]);
  const startedAt = performance.now();
  expect((await read()).status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
});

test('duplicate-webhook delivers the same ulid several times', async () => {
  await listen(bench, receiver.url, 'Company Vendors/update');
  const match = { path_regex: '^Company Vendors/update$' };
  await bench.faults([{ kind: 'duplicate-webhook', times: 1, match, params: { copies: 3 } }]);
  await rename('Thrice');
  await until('three copies', () => receiver.received.length === 3);
  expect(new Set(receiver.received.map(({ body }) => body.ulid)).size).toBe(1);
  expect((await bench.counts())['duplicate-webhook']).toEqual({ injected: 1, reached: 1 });
});

test('reordered-webhook swaps an event with the one after it', async () => {
  await listen(bench, receiver.url, 'Company Vendors/update', 'Work Order Contracts/update');
  await bench.faults([{ kind: 'reordered-webhook', times: 1 }]);
  await rename('First');
  await retitle('Second');
  await until('both', () => receiver.received.length === 2);
  expect(receiver.received.map(({ body }) => body.resource_name)).toEqual([
    'Work Order Contracts',
    'Company Vendors',
  ]);
  await until('counted', async () => (await bench.counts())['reordered-webhook'].reached === 1);
});

test('reordered-webhook still delivers the last event of a story', async () => {
  await listen(bench, receiver.url, 'Company Vendors/update');
  await bench.faults([{ kind: 'reordered-webhook', times: 1 }]);
  await rename('Alone');
  await until('the event', () => receiver.received.length === 1);
  expect((await bench.counts())['reordered-webhook']).toEqual({ injected: 1, reached: 0 });
});

test('lost-webhook is never sent and its delivery row says discarded', async () => {
  const hook = await listen(bench, receiver.url, 'Company Vendors/update');
  await bench.faults([{ kind: 'lost-webhook', times: 1 }]);
  await rename('Lost');
  await rename('Sent');
  await until('the second', () => receiver.received.length === 1);
  const path = `/rest/v1.0/webhooks/hooks/${hook}/deliveries?company_id=${COMPANY}&filter[status]=discarded`;
  expect((await bench.rest('GET', path)).body).toHaveLength(1);
  expect((await bench.counts())['lost-webhook']).toEqual({ injected: 1, reached: 1 });
});

test('the same seed fires the same faults', () => {
  const run = (seed: number) => {
    const faults = new Faults();
    faults.replace({ seed, rules: [{ kind: 'unavailable', probability: 0.3 }] });
    return Array.from({ length: 60 }, () => faults.forRequest('GET', '/rest/x').length).join('');
  };
  expect(run(7)).toBe(run(7));
  expect(run(7)).not.toBe(run(8));
  expect(run(7)).toContain('1');
});

test('refuses fault kinds it does not have', async () => {
  const refused = await bench.send('POST', '/_sim/faults', { seed: 1, rules: [{ kind: 'gremlins' }] });
  expect(refused.status).toBe(422);
});
