import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOGIN, openCompany, refusalOf, type TestCompany } from './company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const EXPIRED = '401/301 Invalid session or session already timeout.';

test('hands out two cookies, the session one without a path and with a dangling semicolon', async () => {
  const got = await company.call('POST', 'Login', LOGIN);
  const [session = '', route = ''] = got.headers.getSetCookie();
  expect(got.status).toBe(200);
  expect(session).toMatch(/^B1SESSION=[0-9a-f-]{36};HttpOnly;$/);
  expect(route).toMatch(/^ROUTEID=\.node\d; path=\/$/);
  expect(got.body).toMatchObject({ SessionTimeout: 30, Version: expect.any(String) });
});

test('answers a wrong password with 401 and a wrong company with 400', async () => {
  const password = await company.call('POST', 'Login', { ...LOGIN, Password: 'no' });
  const database = await company.call('POST', 'Login', { ...LOGIN, CompanyDB: 'OTHER' });
  expect(password.status).toBe(401);
  expect(refusalOf(password)).not.toBe(EXPIRED);
  expect(refusalOf(database)).toBe('400/-1 Failed to initialize object data');
});

test('refuses an unknown field at login', async () => {
  const got = await company.call('POST', 'Login', { ...LOGIN, Tenant: 'x' });
  expect(refusalOf(got)).toBe("400/-1000 Property 'Tenant' of 'B1Session' is invalid");
});

test('answers 401 with code 301 without a session, after logout and on a route in the wrong case', async () => {
  expect(refusalOf(await company.call('GET', 'Projects', undefined, { cookie: '' }))).toBe(EXPIRED);
  expect(refusalOf(await company.call('POST', 'login', LOGIN))).toBe(EXPIRED);
  expect(refusalOf(await company.call('GET', 'purchaseorders'))).toBe(EXPIRED);
  expect((await company.call('POST', 'Logout')).status).toBe(204);
  expect(refusalOf(await company.call('GET', 'Projects'))).toBe(EXPIRED);
});

test('gives the code as a number and the text in an object to a v1 client', async () => {
  const got = await company.call('GET', '/b1s/v1/Projects', undefined, { cookie: '' });
  expect(got.body).toEqual({
    error: { code: 301, message: { lang: 'en-us', value: 'Invalid session or session already timeout.' } },
  });
});

test('renews a session with every request and ends it after thirty idle minutes', async () => {
  for (let round = 0; round < 3; round += 1) {
    await company.sim('POST', 'clock', { advance_ms: 29 * 60_000 });
    expect((await company.call('GET', 'Projects')).status).toBe(200);
  }
  await company.sim('POST', 'clock', { advance_ms: 30 * 60_000 + 1 });
  expect(refusalOf(await company.call('GET', 'Projects'))).toBe(EXPIRED);
});

test('opens no more sessions than the cap and tells how many there were at once', async () => {
  await company.settings({ maxSessions: 2 });
  expect((await company.call('POST', 'Login', LOGIN)).status).toBe(200);
  expect((await company.call('POST', 'Login', LOGIN)).status).toBe(400);
  const { body } = await company.sim('GET', 'state');
  expect(body.sessions).toEqual({ now: 2, mostAtOnce: 2, logins: 2 });
});

test('answers the ping of the balancer without a session', async () => {
  const got = await company.call('GET', '/ping/', undefined, { cookie: '' });
  expect(got.body).toMatchObject({ message: 'pong' });
});
