import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Received } from '../engine/intake/intake.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let receive: (body: string) => Promise<Received>;
const received: string[] = [];

beforeAll(async () => {
  service = await startTestService({
    receiveWebhook: ({ tenant, connection, body }) => {
      received.push(`${tenant}/${connection}`);
      return receive(body);
    },
  });
});
afterEach(() => {
  received.length = 0;
});
afterAll(() => service.close());

const event = (more: object = {}) => ({
  id: 7,
  ulid: '01J00000000000000000000000',
  company_id: service.ours.companyId,
  resource_name: 'ERP Requests',
  resource_id: 4,
  event_type: 'create',
  ...more,
});
const deliver = (
  body: object | string,
  {
    hook = service.ours.hookId,
    secret = service.ours.hookSecret,
  }: { hook?: string; secret?: string | null } = {},
) => {
  receive ??= async () => 'stored';
  return service.app.inject({
    method: 'POST',
    url: `/webhooks/procore/${hook}`,
    headers: { 'content-type': 'application/json', ...(secret === null ? {} : { authorization: secret }) },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
};
const signals = async (tenant: string) => {
  const client = await service.database.pools.app.connect();
  try {
    await client.query("select set_config('tiebeam.tenant', $1, false)", [tenant]);
    const { rows } = await client.query<{ state: string; reason: string }>(
      'select state, reason from signal order by id',
    );
    return rows;
  } finally {
    client.release(true);
  }
};

test('takes an event under the tenant and connection of its hook', async () => {
  receive = async () => 'stored';
  const answer = await deliver(event());
  expect([answer.statusCode, answer.body]).toEqual([200, '']);
  expect(received).toEqual(['ours/hub']);
});

test('takes an id beyond 2^53 whether it comes as a number or as text', async () => {
  receive = async () => 'stored';
  const asNumber = JSON.stringify(event()).replace(`"${service.ours.companyId}"`, service.ours.companyId);
  expect((await deliver(asNumber)).statusCode).toBe(200);
});

test.each<[string, { hook?: string; secret?: string | null }]>([
  ['a wrong secret', { secret: 'Bearer wrong' }],
  ['no secret', { secret: null }],
  ['an empty secret', { secret: '' }],
  ['an unknown hook', { hook: 'hook-nobody' }],
  ['the secret of another tenant', { hook: 'hook-theirs' }],
])('answers 401 without a word to %s', async (_who, by) => {
  const answer = await deliver(event(), by);
  expect([answer.statusCode, answer.body]).toEqual([401, '']);
  expect(received).toEqual([]);
});

test('does not take the secret from the address', async () => {
  const hook = `${service.ours.hookId}?Authorization=${encodeURIComponent(service.ours.hookSecret)}`;
  expect((await deliver(event(), { hook, secret: null })).statusCode).toBe(401);
});

test('answers 403 to the id of another company, and audits it', async () => {
  const answer = await deliver(event({ company_id: service.theirs.companyId }));
  expect([answer.statusCode, answer.body]).toEqual([403, '']);
  expect(received).toEqual([]);
  expect(service.audited).toContainEqual(
    expect.objectContaining({ tenant: 'ours', kind: 'webhook-company-mismatch' }),
  );
  expect(service.logged.join('')).toContain('webhook-company-mismatch');
});

test.each([
  ['33 levels deep', () => JSON.stringify(event({ data: JSON.parse('['.repeat(32) + ']'.repeat(32)) }))],
  ['100,000 levels deep', () => '['.repeat(100_000)],
  ['not JSON', () => '<html></html>\u0000'],
  ['empty', () => ''],
  ['a number', () => '7'],
  ['without a company', () => JSON.stringify({ id: 1 })],
])('keeps a body that is %s apart and acknowledges it once', async (_what, body) => {
  const before = (await signals('ours')).length;
  const first = await deliver(body());
  const again = await deliver(body());
  expect([first.statusCode, again.statusCode]).toEqual([202, 202]);
  const after = await signals('ours');
  expect(after.length).toBe(before + 1);
  expect(after.at(-1)?.state).toBe('quarantined');
  expect(received).toEqual([]);
});

test('takes 32 levels', async () => {
  receive = async () => 'stored';
  const deep = event({ data: JSON.parse('['.repeat(31) + ']'.repeat(31)) });
  expect((await deliver(deep)).statusCode).toBe(200);
});

test('takes a body of 256 KB and no byte more', async () => {
  receive = async () => 'stored';
  const bare = JSON.stringify(event({ data: '' })).length;
  const full = JSON.stringify(event({ data: 'x'.repeat(256 * 1024 - bare) }));
  expect((await deliver(full)).statusCode).toBe(200);
  expect((await deliver(`${full} `)).statusCode).toBe(413);
});

test('acknowledges nothing before it is committed', async () => {
  let commit = () => {};
  receive = () =>
    new Promise((resolve) => {
      commit = () => resolve('stored');
    });
  let isAnswered = false;
  const answer = deliver(event()).then((done) => {
    isAnswered = true;
    return done;
  });
  await expect.poll(() => received.length).toBe(1);
  expect(isAnswered).toBe(false);
  commit();
  expect((await answer).statusCode).toBe(200);
});

test('answers 503 after four seconds, before Procore gives up', async () => {
  receive = () => new Promise(() => {});
  const answer = deliver(event());
  await expect.poll(() => received.length).toBe(1);
  service.clock.advance(4000);
  expect((await answer).statusCode).toBe(503);
});

test('answers 503 when it cannot be stored, so that it is sent again', async () => {
  receive = async () => {
    throw Object.assign(new Error('terminating connection'), { code: '57P01' });
  };
  const answer = await deliver(event());
  expect([answer.statusCode, answer.body]).toEqual([503, '']);
});
