import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  COMPANY,
  type Company,
  OTHER_PROJECT,
  PROJECT,
  startCompany,
  VENDOR,
} from '../../../test/procore/company.ts';
import type { Stop } from '../../domain/posting/outcomes.ts';
import { committedIntent, type Door, openDoor } from '../../lib/door.ts';
import { procore } from '../index.ts';
import { mayCarryToken } from './client.ts';

let company: Company;
beforeEach(async () => {
  company = await startCompany();
});
afterEach(() => company.stop());

const vendorPath = `/rest/v1.0/vendors/${VENDOR}?company_id=${COMPANY}`;
const show = (path = vendorPath) => company.hub.read({ method: 'GET', path });
const stopOf = (work: Promise<unknown>): Promise<Stop> =>
  work.then(
    () => {
      throw new Error('nothing stopped it');
    },
    (error: Stop) => error,
  );

/** Counts what goes through the API door. */
function counted(): { door: Door; reads: () => number; writes: () => number } {
  const door = openDoor({ ...procore.doorOptions(company.config), writesAllowed: () => true });
  let [reads, writes] = [0, 0];
  return {
    door: {
      read: (request) => {
        reads += 1;
        return door.read(request);
      },
      write: (intent, request) => {
        writes += 1;
        return door.write(intent, request);
      },
      close: door.close,
    },
    reads: () => reads,
    writes: () => writes,
  };
}

describe('reading', () => {
  it('signs in, names the company and answers with the record', async () => {
    const response = await show();
    expect(response.status).toBe(200);
    expect(response.body).toContain('Steel & Sons');
  });

  it('gives a record that is not there back as 404', async () => {
    expect((await show(`/rest/v1.0/vendors/1?company_id=${COMPANY}`)).status).toBe(404);
  });

  it.each([
    ['a reply that never came', 'lost-reply'],
    ['an answer that broke off', 'truncated-body'],
    ['an overloaded platform', 'unavailable'],
    ['a used-up rate limit', 'rate-limited'],
    ['a token that expired early', 'token-expired'],
  ] as const)('gets over %s', async (_what, kind) => {
    await company.faults([
      { kind, times: 1, match: { path_regex: '^/rest/v1.0/vendors' }, params: { retry_after_s: 2 } },
    ]);
    expect((await show()).status).toBe(200);
    expect((await company.faultCounts())[kind].injected).toBe(1);
  });

  it('waits at least as long as the platform asks', async () => {
    await company.faults([
      { kind: 'unavailable', times: 1, params: { retry_after_s: 3 }, match: { path_regex: 'vendors' } },
    ]);
    await show();
    expect(Math.max(...company.slept)).toBeGreaterThanOrEqual(3_000);
  });

  it('gives up after five tries and says retry later', async () => {
    await company.faults([{ kind: 'truncated-body', match: { path_regex: 'vendors' } }]);
    expect((await stopOf(show())).kind).toBe('retry-later');
    expect((await company.faultCounts())['truncated-body'].injected).toBe(5);
  });

  it('hands a long pause back instead of sleeping through it', async () => {
    await company.faults([
      { kind: 'unavailable', params: { retry_after_s: 600 }, match: { path_regex: 'vendors' } },
    ]);
    expect(await stopOf(show())).toMatchObject({ kind: 'retry-later', retryAfterMs: 600_000 });
    expect(company.slept).toEqual([]);
  });

  it('stops with the remedy when the app is not connected any more', async () => {
    await show();
    await company.sim('POST', 'connection', { client_id: 'tiebeam', company_id: COMPANY, connected: false });
    const stop = await stopOf(show());
    expect(stop).toMatchObject({
      kind: 'unauthorised',
      remedy: expect.stringContaining('install or reconnect'),
    });
  });

  it('stops with the remedy when the project is not permitted', async () => {
    await company.sim('POST', 'connection', {
      client_id: 'tiebeam',
      company_id: COMPANY,
      project_ids: [PROJECT],
    });
    const stop = await stopOf(show(`/rest/v1.0/work_order_contracts?project_id=${OTHER_PROJECT}`));
    expect(stop).toMatchObject({ kind: 'unauthorised', remedy: expect.stringContaining('App Management') });
  });
});

describe('the sign-in', () => {
  it('is done once for many calls at the same time', async () => {
    const tokens: string[] = [];
    const server = await fakeZone((path, authorization) => {
      if (path === '/oauth/token') {
        tokens.push('issued');
        return {
          status: 200,
          body: { access_token: `t${tokens.length}`, expires_in: 5400, token_type: 'bearer' },
        };
      }
      return { status: 200, body: { saw: authorization } };
    });
    const hub = company.connect({ authUrl: server.url, apiUrl: server.url });
    await Promise.all(Array.from({ length: 12 }, () => hub.read({ method: 'GET', path: vendorPath })));
    expect(tokens).toHaveLength(1);
    await server.stop();
  });

  it('is renewed once when many calls find the token dead together', async () => {
    let issued = 0;
    const server = await fakeZone((path, authorization) => {
      if (path === '/oauth/token') {
        issued += 1;
        return { status: 200, body: { access_token: `t${issued}`, expires_in: 5400 } };
      }
      return authorization === 'Bearer t1'
        ? { status: 401, body: { errors: ['The access token is invalid'] } }
        : { status: 200, body: {} };
    });
    const hub = company.connect({ authUrl: server.url, apiUrl: server.url });
    await Promise.all(Array.from({ length: 12 }, () => hub.read({ method: 'GET', path: vendorPath })));
    expect(issued).toBe(2);
    await server.stop();
  });

  it('happens again ahead of the 5,400 seconds a token lives', async () => {
    await show();
    company.sleepFor(5_000_000);
    await show();
    expect(company.tokensIssued()).toBe(1);
    company.sleepFor(150_000);
    await show();
    expect(company.tokensIssued()).toBe(2);
  });

  it('with a wrong secret stops and says what to check', async () => {
    const hub = company.connect({ clientSecret: 'wrong' });
    const stop = await stopOf(hub.read({ method: 'GET', path: vendorPath }));
    expect(stop).toMatchObject({
      kind: 'unauthorised',
      remedy: expect.stringContaining('client id and secret'),
    });
    expect(stop.message).not.toContain('wrong');
  });

  it('at a host that cannot be reached says so', async () => {
    const hub = company.connect({ authUrl: 'http://127.0.0.1:1' });
    const stop = await stopOf(hub.read({ method: 'GET', path: vendorPath }));
    expect(stop).toMatchObject({ kind: 'retry-later', remedy: expect.stringContaining('127.0.0.1:1') });
  });
});

describe('the scope of a connection', () => {
  it.each([
    ['a path', `/rest/v1.0/companies/7/erp_requests`],
    ['a query', `/rest/v1.0/vendors?company_id=7`],
    ['a second value of a query', `/rest/v1.0/vendors?company_id=${COMPANY}&company_id=7`],
    ['an encoded path', `/rest/v1.0/x/..%2f..%2f/../../companies/7/erp_requests`],
  ])('keeps another company out of %s before anything is sent', async (_where, path) => {
    const spy = counted();
    const hub = company.connect({}, { door: spy.door });
    expect((await stopOf(hub.read({ method: 'GET', path }))).kind).toBe('bug');
    expect(spy.reads()).toBe(0);
  });

  it('keeps another company out of a body, however deep', async () => {
    const spy = counted();
    const hub = company.connect({}, { door: spy.door });
    const body = JSON.stringify({ updates: [{ id: 1, row: { company_id: 7 } }] });
    const stop = await stopOf(
      hub.send(committedIntent('p', 1), { method: 'PATCH', path: '/rest/v1.0/vendors/sync', body }),
    );
    expect(stop.kind).toBe('bug');
    expect(spy.writes()).toBe(0);
  });

  it('keeps out projects that the connection does not serve, and says how to add one', async () => {
    const spy = counted();
    const hub = company.connect({ projects: [String(PROJECT)] }, { door: spy.door });
    const path = (project: number) => `/rest/v1.0/work_order_contracts?project_id=${project}`;
    const stop = await stopOf(hub.read({ method: 'GET', path: path(OTHER_PROJECT) }));
    expect(stop).toMatchObject({ kind: 'unauthorised', remedy: expect.stringContaining('Add the project') });
    expect(spy.reads()).toBe(0);
    expect((await hub.read({ method: 'GET', path: path(PROJECT) })).status).toBe(200);
  });

  it.each([
    '/oauth/token',
    '//evil.example/rest/v1.0/x',
    'http://evil.example/rest/v1.0/x',
    '/rest/../oauth/token',
  ])('never sends a token to %s', async (path) => {
    const spy = counted();
    const hub = company.connect({}, { door: spy.door });
    expect((await stopOf(hub.read({ method: 'GET', path }))).kind).toBe('bug');
    expect(spy.reads()).toBe(0);
  });
});

describe('sending', () => {
  const link = {
    method: 'PATCH' as const,
    path: '/rest/v1.0/vendors/sync',
    body: JSON.stringify({ company_id: COMPANY, updates: [{ id: VENDOR, origin_id: 'V1' }] }),
  };
  const send = (hub = company.hub) => hub.send(committedIntent('p', 1), link);
  const writesSeen = async () =>
    ((await company.sim('GET', 'state')) as { write_log: { path: string }[] }).write_log;

  it('is repeated once after a 401, which precedes execution', async () => {
    await company.faults([{ kind: 'token-expired', times: 1, match: { path_regex: 'vendors/sync' } }]);
    expect(await send()).toMatchObject({ kind: 'answered', response: { status: 200 } });
  });

  it('gives a second 401 back as the answer', async () => {
    const spy = counted();
    await company.faults([{ kind: 'token-expired', match: { path_regex: 'vendors/sync' } }]);
    const hub = company.connect({}, { door: spy.door });
    expect(await send(hub)).toMatchObject({ kind: 'answered', response: { status: 401 } });
    expect(spy.writes()).toBe(2);
  });

  it.each([
    ['lost-reply', 'unknown'],
    ['truncated-body', 'unknown'],
    ['unavailable', 'answered'],
    ['rate-limited', 'answered'],
  ] as const)('is never repeated after %s', async (kind, outcome) => {
    const spy = counted();
    await company.faults([{ kind, match: { path_regex: 'vendors/sync' } }]);
    const hub = company.connect({}, { door: spy.door });
    expect((await send(hub)).kind).toBe(outcome);
    expect(spy.writes()).toBe(1);
  });

  it('is for later when the sign-in host cannot be reached', async () => {
    const spy = counted();
    const hub = company.connect({ authUrl: 'http://127.0.0.1:1' }, { door: spy.door });
    expect(await send(hub)).toMatchObject({ kind: 'not-sent', cause: 'unreachable' });
    expect(spy.writes()).toBe(0);
  });

  it('is for later, at a stated time, when the hour is used up', async () => {
    const spy = counted();
    await company.sim('POST', 'config', { rate_limit: { hour: 1 } });
    const hub = company.connect({}, { door: spy.door });
    await hub.read({ method: 'GET', path: vendorPath });
    const sent = await send(hub);
    expect(sent).toMatchObject({ kind: 'not-sent', retryAfterMs: expect.any(Number) });
    expect(spy.writes()).toBe(0);
  });

  it('stops when the credentials are refused', async () => {
    const stop = await stopOf(send(company.connect({ clientSecret: 'wrong' })));
    expect(stop.kind).toBe('unauthorised');
  });

  it('through a closed door is proven not sent', async () => {
    const door = openDoor({ ...procore.doorOptions(company.config), writesAllowed: () => false });
    expect(await send(company.connect({}, { door }))).toMatchObject({ kind: 'not-sent' });
    expect(await writesSeen()).toEqual([]);
  });
});

describe('the rate window', () => {
  it('lets no call start inside a window that is used up', async () => {
    await company.sim('POST', 'config', { rate_limit: { ten_seconds: 5 } });
    await Promise.all(Array.from({ length: 23 }, () => show()));
    expect(company.refusedByRate()).toBe(0);
    expect(company.slept.some((ms) => ms > 1_000)).toBe(true);
  });

  it('hands a wait of most of an hour back', async () => {
    await company.sim('POST', 'config', { rate_limit: { hour: 3 } });
    const stop = await stopOf(
      (async () => {
        for (let i = 0; i < 5; i += 1) await show();
      })(),
    );
    expect(stop).toMatchObject({ kind: 'retry-later' });
    expect(stop.retryAfterMs).toBeGreaterThan(1_000_000);
    expect(company.refusedByRate()).toBe(0);
  });

  it('is shared by at most so many calls at the same time', async () => {
    let [now, most] = [0, 0];
    const server = await fakeZone(async (path) => {
      if (path === '/oauth/token') return { status: 200, body: { access_token: 't', expires_in: 5400 } };
      now += 1;
      most = Math.max(most, now);
      for (let turn = 0; turn < 500 && now < 3; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { status: 200, body: {} };
    });
    const hub = company.connect({ authUrl: server.url, apiUrl: server.url, maxInFlight: 3 });
    await Promise.all(Array.from({ length: 30 }, () => hub.read({ method: 'GET', path: vendorPath })));
    expect(most).toBe(3);
    await server.stop();
  });
});

type Answer = { status: number; body: unknown };

/** A server that answers as the test says, for what the simulator has no switch for. */
async function fakeZone(
  answer: (path: string, authorization: string | undefined) => Answer | Promise<Answer>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    request.resume();
    Promise.resolve(answer((request.url ?? '').split('?')[0]!, request.headers.authorization)).then(
      ({ status, body }) => response.writeHead(status).end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

describe('the token', () => {
  it.each([
    ['https://api.procore.com', 'https://api.procore.com/files/1', true],
    ['https://api.procore.com', 'https://storage.procore.com/files/1', true],
    ['https://sandbox.procore.com', 'https://storage.procore.com/files/1', true],
    ['https://api.procore.com', 'http://storage.procore.com/files/1', false],
    ['https://api.procore.com', 'https://procore.com.evil.example/files/1', false],
    ['https://api.procore.com', 'https://notprocore.com/files/1', false],
    ['https://api.procore.com', 'https://bucket.s3.amazonaws.com/1', false],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010/files/1', true],
    ['http://127.0.0.1:4010', 'https://9.9.0.1/files/1', false],
    ['http://localhost:4010', 'https://files.localhost/1', false],
  ])('of %s for a file at %s: %s', (api, file, expected) => {
    expect(mayCarryToken(new URL(file), new URL(api))).toBe(expected);
  });
});
