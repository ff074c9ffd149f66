import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inTenant } from '../store/database/transaction.ts';
import { forgetAnswers } from '../store/people/idempotency.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: string;
let ran = 0;
let next: () => Promise<{ ok: true } | { ok: false; status: 409; title: string; detail: string }>;

beforeAll(async () => {
  service = await startTestService({
    async withdraw() {
      ran += 1;
      return next();
    },
  });
  as = await service.signIn('controller');
});
beforeEach(() => {
  ran = 0;
  next = async () => ({ ok: true });
});
afterAll(() => service.close());

const withdraw = (key: string | undefined, reason = 'wrong vendor', cookie = as) =>
  service.send({
    method: 'POST',
    url: `/api/v1/documents/${service.ours.documentId}/withdraw`,
    as: cookie,
    payload: { reason },
    ...(key === undefined ? {} : { key }),
  });

test('answers a repeated request from what was stored and runs it once', async () => {
  const first = await withdraw('k1');
  const second = await withdraw('k1');
  expect([first.statusCode, second.statusCode, ran]).toEqual([200, 200, 1]);
  expect(second.body).toBe(first.body);
  expect(second.headers['idempotent-replay']).toBe('true');
});

test('replays a refusal as the problem it was', async () => {
  next = async () => ({ ok: false, status: 409, title: 'Sent already', detail: 'Too late.' });
  const first = await withdraw('k2');
  const second = await withdraw('k2');
  expect([second.statusCode, ran]).toEqual([409, 1]);
  expect(second.json()).toEqual(first.json());
  expect(second.headers['content-type']).toContain('application/problem+json');
});

test('refuses the key for another request', async () => {
  await withdraw('k3', 'first reason');
  expect((await withdraw('k3', 'second reason')).statusCode).toBe(422);
  expect(ran).toBe(1);
});

test('keeps the keys of two people apart', async () => {
  await withdraw('k4');
  await withdraw('k4', 'wrong vendor', await service.signIn('accountant'));
  expect(ran).toBe(2);
});

test('runs a request once when it arrives twice at once', async () => {
  let finish = () => {};
  next = () =>
    new Promise((resolve) => {
      finish = () => resolve({ ok: true });
    });
  const first = withdraw('k5');
  await expect.poll(() => ran).toBe(1);
  const second = await withdraw('k5');
  expect(second.statusCode).toBe(409);
  finish();
  expect((await first).statusCode).toBe(200);
  expect(ran).toBe(1);
});

test('forgets our own failure, so that the request may be repeated', async () => {
  next = async () => {
    throw new Error('broken');
  };
  expect((await withdraw('k6')).statusCode).toBe(500);
  next = async () => ({ ok: true });
  expect((await withdraw('k6')).statusCode).toBe(200);
  expect(ran).toBe(2);
});

test('takes a request over whose process died two minutes ago', async () => {
  let running = false;
  next = () => {
    running = true;
    return new Promise(() => {});
  };
  void withdraw('k7');
  await expect.poll(() => running).toBe(true);
  next = async () => ({ ok: true });
  expect((await withdraw('k7')).statusCode).toBe(409);
  service.clock.advance(121_000);
  expect((await withdraw('k7')).statusCode).toBe(200);
});

test('keeps an answer until it is older than was promised', async () => {
  await withdraw('k8');
  const forget = (before: Date) =>
    inTenant(service.database.pools.app, 'ours', (tx) => forgetAnswers(tx, before));
  expect(await forget(new Date(service.clock.now().getTime() - 24 * 60 * 60_000))).toBe(0);
  expect((await withdraw('k8')).headers['idempotent-replay']).toBe('true');
  expect(await forget(new Date(service.clock.now().getTime() + 1))).toBeGreaterThan(0);
  await withdraw('k8');
  expect(ran).toBe(2);
});

test('keeps nothing that a typed secret could be found from without the key of the installation', async () => {
  await withdraw('k9');
  const { rows } = await inTenant(service.database.pools.app, 'ours', (tx) =>
    tx.query<{ request_hash: string }>("select request_hash from idempotency where key = 'k9'"),
  );
  const sent = ['POST', `/api/v1/documents/${service.ours.documentId}/withdraw`, { reason: 'wrong vendor' }];
  expect(rows[0]?.request_hash).toBe(service.deps.fingerprint('ours', JSON.stringify(sent)));
  expect(rows[0]?.request_hash).not.toBe(createHash('sha256').update(JSON.stringify(sent)).digest('hex'));
});

test('refuses a key longer than 200 characters', async () => {
  expect((await withdraw('k'.repeat(201))).statusCode).toBe(400);
  expect(ran).toBe(0);
});

test('needs no key', async () => {
  await withdraw(undefined);
  await withdraw(undefined);
  expect(ran).toBe(2);
});
