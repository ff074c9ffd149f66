import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, COMPANY, startBench } from '../simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const me = () => bench.rest('GET', '/rest/v1.0/me');
const limits = (rate_limit: unknown) => bench.send('POST', '/_sim/config', { rate_limit });

test('carries the three limit headers and a request id on every answer', async () => {
  const answers = [
    await me(),
    await bench.rest('GET', '/rest/v1.0/nowhere'),
    await bench.send('POST', '/oauth/token', { grant_type: 'none' }),
  ];
  for (const { headers } of answers) {
    expect(headers.get('x-rate-limit-limit')).toMatch(/^\d+$/);
    expect(headers.get('x-rate-limit-remaining')).toMatch(/^\d+$/);
    expect(Number(headers.get('x-rate-limit-reset')) * 1_000).toBeGreaterThan(Date.now() - 1_000);
    expect(headers.get('x-request-id')).toBeTruthy();
  }
});

test('refuses calls over the ten-second window and takes them again in the next', async () => {
  await limits({ ten_seconds: 3, hour: 1_000 });
  const statuses = [await me(), await me(), await me(), await me()].map((answer) => answer.status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  await bench.send('POST', '/_sim/clock', { advance_ms: 10_000 });
  const next = await me();
  expect([next.status, next.headers.get('x-rate-limit-remaining')]).toEqual([200, '2']);
});

test('describes the hour window once that is the nearer one', async () => {
  await limits({ ten_seconds: 100, hour: 2 });
  const first = await me();
  expect([first.headers.get('x-rate-limit-limit'), first.headers.get('x-rate-limit-remaining')]).toEqual([
    '2',
    '1',
  ]);
  await me();
  expect((await me()).status).toBe(429);
  await bench.send('POST', '/_sim/clock', { advance_ms: 10_000 });
  expect((await me()).status).toBe(429);
  await bench.send('POST', '/_sim/clock', { advance_ms: 3_600_000 });
  await bench.send('POST', '/oauth/revoke', { token: bench.token });
  expect((await me()).status).toBe(401);
});

test('counts failed calls as well', async () => {
  await limits({ ten_seconds: 2, hour: 1_000 });
  await bench.rest('GET', '/rest/v1.0/nowhere');
  await bench.rest('GET', `/rest/v1.0/vendors?company_id=${COMPANY}&filters[nonsense]=1`);
  expect((await me()).status).toBe(429);
});
