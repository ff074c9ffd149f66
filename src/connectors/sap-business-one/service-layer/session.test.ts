import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { committedIntent, type Door, openDoor } from '../../../lib/door.ts';
import { openControl, SAMPLE_COMPANY, sampleConfig } from '../fixtures/company.ts';
import { SAMPLE_ORDER } from '../fixtures/orders.ts';
import { sapBusinessOne } from '../index.ts';
import { encodeCreate } from '../orders/purchase-order.ts';
import { startBusinessOneSimulator } from '../simulator/server.ts';
import { type BusinessOneClient, openClient } from './client.ts';
import { keepSession, sessionCookie } from './session.ts';
import { encodeUserField } from './user-fields.ts';

const READ = { method: 'GET', path: '/PurchaseOrders?$top=1' } as const;
const HALF_HOUR_MS = 30 * 60_000;

let simulator: Awaited<ReturnType<typeof startBusinessOneSimulator>>;
let control: ReturnType<typeof openControl>;
let now = 0;
let client: BusinessOneClient;
let door: Door;

function connect(more: Parameters<typeof sampleConfig>[1] = {}): BusinessOneClient {
  const config = sampleConfig(simulator.url, more);
  door = openDoor({ ...sapBusinessOne.doorOptions(config), writesAllowed: () => true });
  return openClient(config, { door, now: () => new Date(now) });
}

beforeAll(async () => {
  simulator = await startBusinessOneSimulator({ port: 0 });
  control = openControl(simulator.url);
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await control.post('reset', {});
  await control.post('seed', SAMPLE_COMPANY);
  now = systemClock.now().getTime();
  client = connect();
});

describe('the session', () => {
  it('is one for all calls, however many start at the same time', async () => {
    await Promise.all(Array.from({ length: 40 }, () => client.read(READ)));
    expect((await control.truth()).sessions).toMatchObject({ now: 1, mostAtOnce: 1, logins: 1 });
  });

  it('is renewed once when it is lost under many readers, and all of them get their answer', async () => {
    await client.read(READ);
    await control.post('clock', { advance_ms: HALF_HOUR_MS + 60_000 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.read(READ)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await control.truth()).sessions.logins).toBe(2);
  });

  it('is kept alive by use and not replaced before the server says so', async () => {
    for (let i = 0; i < 4; i += 1) {
      await control.post('clock', { advance_ms: HALF_HOUR_MS - 60_000 });
      await client.read(READ);
    }
    expect((await control.truth()).sessions.logins).toBe(1);
  });

  it('lost under a write lets the write through once', async () => {
    await client.read(READ);
    await control.post('faults', {
      seed: 1,
      rules: [{ kind: 'session-loss', times: 1, match: { method: 'POST' } }],
    });
    const sent = await client.send(committedIntent('p', 1), encodeCreate(SAMPLE_ORDER));
    expect(sent).toMatchObject({ kind: 'answered', response: { status: 201 } });
    expect((await control.faults())['session-loss']?.injected).toBe(1);
    const { orders, sessions } = await control.truth();
    expect(orders.filter(({ udfs }) => udfs.U_TiebeamRef === SAMPLE_ORDER.reference)).toHaveLength(1);
    expect(sessions.logins).toBe(2);
  });

  it('lost twice under a write ends as not sent, without a third try', async () => {
    await client.read(READ);
    await control.post('faults', {
      seed: 1,
      rules: [{ kind: 'session-loss', match: { path_regex: 'PurchaseOrders' } }],
    });
    const sent = await client.send(committedIntent('p', 1), encodeCreate(SAMPLE_ORDER));
    if (sent.kind !== 'answered') throw new Error(`expected an answer, not ${sent.why}`);
    const [write] = sapBusinessOne
      .connect(sampleConfig(simulator.url), { door, ...systemClock })
      .writes({ kind: 'create-order', body: SAMPLE_ORDER });
    expect(write?.classify(sent.response)).toMatchObject({ kind: 'not-sent' });
    expect((await control.faults())['session-loss']?.injected).toBe(2);
  });

  it('is not asked for again with refused credentials until they have rested', async () => {
    const stranger = connect({ password: 'wrong' });
    await expect(stranger.read(READ)).rejects.toMatchObject({ kind: 'unauthorised' });
    await control.post('faults', {
      seed: 1,
      rules: [{ kind: 'latency', match: { path_regex: 'Login' }, params: { delay_ms: 0 } }],
    });
    await expect(stranger.read(READ)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect((await control.faults()).latency?.injected).toBe(0);
    now += 10 * 60_000;
    await expect(stranger.read(READ)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect((await control.faults()).latency?.injected).toBe(1);
  });

  it('that finds the server full may be asked for again', async () => {
    await client.read(READ);
    await control.post('settings', { maxSessions: 1 });
    const second = connect();
    await expect(second.read(READ)).rejects.toMatchObject({ kind: 'retry-later' });
    await client.close();
    await expect(second.read(READ)).resolves.toMatchObject({ status: 200 });
  });

  it('to an unknown company stops with a remedy that names the database', async () => {
    const stop = await connect({ companyDb: 'SBO_OTHER' })
      .read(READ)
      .catch((error: unknown) => error);
    expect(stop).toMatchObject({ kind: 'unauthorised', remedy: expect.stringContaining('company database') });
  });
});

describe('keeping the session', () => {
  it('shares one sign-in between callers that lost the same session in the same moment', async () => {
    let logins = 0;
    const fake: Door = {
      async read({ path }) {
        if (path === '/Login') logins += 1;
        return { status: 200, headers: {}, cookies: [`B1SESSION=s${logins}`], body: '{}' };
      },
      write: () => Promise.reject(new Error('nothing is written here')),
      close: async () => {},
    };
    const keeper = keepSession(sampleConfig('http://127.0.0.1:1'), fake, () => new Date(0));
    const lost = await keeper.current();
    const renewed = await Promise.all([keeper.renew(lost), keeper.renew(lost), keeper.renew(lost)]);
    expect(renewed.map(({ cookie }) => cookie)).toEqual(Array(3).fill('B1SESSION=s2'));
    await keeper.close();
    await expect(keeper.current()).rejects.toMatchObject({ kind: 'bug' });
    expect(logins).toBe(2);
  });

  it('begins a new session after a user field was made, since older ones do not see it', async () => {
    await client.read(READ);
    const field = { table: 'OPOR', name: 'TiebeamTest', chars: '10', description: 'For a test' } as const;
    await client.send(committedIntent('p', 1), encodeUserField(field));
    await client.read(READ);
    expect((await control.truth()).sessions).toMatchObject({ now: 1, logins: 2 });
  });
});

describe('the cookies of a sign-in', () => {
  it('are taken without their attributes, from a header without path and with a dangling semicolon', () => {
    const cookies = ['B1SESSION=0a-1b;HttpOnly;', 'ROUTEID=.node3; path=/'];
    expect(sessionCookie({ cookies, body: '{}' })).toBe('B1SESSION=0a-1b; ROUTEID=.node3');
  });

  it('may lack the route, and even the session when the body names it', () => {
    expect(sessionCookie({ cookies: ['B1SESSION=0a'], body: '{}' })).toBe('B1SESSION=0a');
    expect(sessionCookie({ cookies: [], body: '{"SessionId":"7f"}' })).toBe('B1SESSION=7f');
    expect(sessionCookie({ cookies: [], body: '<html>' })).toBeNull();
  });
});
