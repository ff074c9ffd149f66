import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCompany, orderBody, refusalOf, type TestCompany, valuesOf } from './company/test-company.ts';
import { type FaultsInput, seededRandom } from './faults.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

type Rule = FaultsInput['rules'][number];
const inject = (...rules: Rule[]) => company.faults({ seed: 1, rules });
const post = () => company.call('POST', 'PurchaseOrders', orderBody());
const counts = async () => (await company.sim('GET', 'faults')).body;
const orders = async () => valuesOf(await company.call('GET', 'PurchaseOrders')).length;

test('loses the reply of an order it has kept', async () => {
  await inject({ kind: 'lost-reply', times: 1 });
  await expect(post()).rejects.toThrow();
  expect(await orders()).toBe(1);
  expect(await counts()).toEqual({ 'lost-reply': { injected: 1, reached: 1 } });
  expect((await post()).status).toBe(201);
});

test('does not count a lost reply as reached when nothing was written', async () => {
  await inject({ kind: 'lost-reply', times: 1 });
  await expect(company.call('POST', 'PurchaseOrders', orderBody({ CardCode: 'V999' }))).rejects.toThrow();
  expect(await counts()).toEqual({ 'lost-reply': { injected: 1, reached: 0 } });
});

test('keeps an order after the caller has lost it, but not before', async () => {
  await company.settings({ requestLifeMs: 60_000 });
  await inject({ kind: 'late-commit', times: 1, params: { delay_ms: 50_000 } });
  await expect(post()).rejects.toThrow();
  expect(await orders()).toBe(0);
  await company.sim('POST', 'clock', { advance_ms: 49_999 });
  expect(await orders()).toBe(0);
  await company.sim('POST', 'clock', { advance_ms: 1 });
  expect(await orders()).toBe(1);
  expect(await counts()).toEqual({ 'late-commit': { injected: 1, reached: 1 } });
});

test('never keeps a late order later than a request may live', async () => {
  await company.settings({ requestLifeMs: 20 });
  await inject({ kind: 'late-commit', times: 1, params: { delay_ms: 50_000 } });
  await expect(post()).rejects.toThrow();
  await expect.poll(orders, { timeout: 5_000 }).toBe(1);
});

test('puts a page of the balancer in front of work that is not done', async () => {
  await inject({ kind: 'unavailable', times: 1, params: { status: 503 } });
  const got = await post();
  expect([got.status, await orders()]).toEqual([503, 0]);
  expect(got.text).toContain('<html>');
});

test('counts an unavailable balancer after commit as reached only when the order was kept', async () => {
  await inject({ kind: 'unavailable', match: { method: 'POST' }, times: 1, params: { after_commit: true } });
  expect((await post()).status).toBe(502);
  expect(await orders()).toBe(1);
  expect(await counts()).toEqual({ unavailable: { injected: 1, reached: 1 } });
});

test('asks to wait without doing anything', async () => {
  await inject({ kind: 'rate-limited', times: 1, params: { retry_after_s: 7 } });
  const got = await post();
  expect([got.status, got.headers.get('retry-after'), await orders()]).toEqual([429, '7', 0]);
});

test('drops the session so that only a new login helps', async () => {
  await inject({ kind: 'session-loss', times: 1 });
  expect(refusalOf(await post())).toMatch(/^401\/301 /);
  expect(refusalOf(await post())).toMatch(/^401\/301 /);
  await company.logIn();
  expect((await post()).status).toBe(201);
  expect(await counts()).toEqual({ 'session-loss': { injected: 1, reached: 1 } });
});

test('cuts a body short, as JSON or as a connection', async () => {
  await inject({ kind: 'truncated-body', times: 1 });
  const got = await post();
  expect(got.status).toBe(201);
  expect(() => JSON.parse(got.text)).toThrow();
  await inject({ kind: 'truncated-body', times: 1, params: { cut: 'connection' } });
  await expect(company.call('GET', 'PurchaseOrders(1)')).rejects.toThrow();
});

test('hits only what a rule matches', async () => {
  await inject({ kind: 'rate-limited', match: { method: 'GET', path_regex: 'Drafts' } });
  expect((await company.call('GET', 'Projects')).status).toBe(200);
  expect((await company.call('GET', 'Drafts')).status).toBe(429);
});

test('slows a request down and then serves it', async () => {
  await inject({ kind: 'latency', times: 1, params: { delay_ms: 30 } });
  const started = performance.now();
  expect((await company.call('GET', 'Projects')).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(25);
});

test('draws the same faults from the same seed', async () => {
  const statuses = async () => {
    await company.faults({ seed: 42, rules: [{ kind: 'rate-limited', probability: 0.5 }] });
    const seen: number[] = [];
    for (let count = 0; count < 20; count += 1) seen.push((await company.call('GET', 'Projects')).status);
    return seen;
  };
  const first = await statuses();
  expect(await statuses()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 429]));
  expect(seededRandom(1)()).not.toBe(seededRandom(2)());
});
