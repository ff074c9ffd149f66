import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  CLOSED_PROJECT,
  COMPANY,
  PROJECT,
  smallSeed,
  startBench,
  tokenFrom,
} from '../simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const projects = `/rest/v1.1/projects?company_id=${COMPANY}`;

test('grants tokens of 5,400 seconds without a refresh token, from form, multipart and JSON', async () => {
  const fields = { grant_type: 'client_credentials', client_id: 'app', client_secret: 'secret' };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const body of [new URLSearchParams(fields), form]) {
    const granted = await fetch(`${bench.url}/oauth/token`, { method: 'POST', body });
    const token = await granted.json();
    expect(granted.status).toBe(200);
    expect(token).toMatchObject({ token_type: 'bearer', expires_in: 5_400 });
    expect(token).not.toHaveProperty('refresh_token');
  }
  expect((await bench.send('POST', '/oauth/token', fields)).status).toBe(200);
});

test('refuses a wrong secret in the words of RFC 6749', async () => {
  const refused = await bench.send('POST', '/oauth/token', {
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: 'wrong',
  });
  expect(refused.status).toBe(401);
  expect(refused.body.error).toBe('invalid_client');
});

test('refuses unknown, revoked and expired tokens with the same text', async () => {
  const header = { 'procore-company-id': String(COMPANY) };
  const invalid = { errors: ['The access token is invalid'] };
  const unknown = await bench.send('GET', projects, undefined, {
    ...header,
    authorization: 'Bearer nothing',
  });
  expect([unknown.status, unknown.body]).toEqual([401, invalid]);

  const revoked = await tokenFrom(bench.send);
  await bench.send('POST', '/oauth/revoke', { token: revoked, client_id: 'app', client_secret: 'secret' });
  const after = await bench.send('GET', projects, undefined, {
    ...header,
    authorization: `Bearer ${revoked}`,
  });
  expect([after.status, after.body]).toEqual([401, invalid]);

  await bench.send('POST', '/_sim/clock', { advance_ms: 5_399_000 });
  expect((await bench.rest('GET', projects)).status).toBe(200);
  await bench.send('POST', '/_sim/clock', { advance_ms: 2_000 });
  expect((await bench.rest('GET', projects)).status).toBe(401);
});

test('tells whose token it is and for how long', async () => {
  const authorization = `Bearer ${bench.token}`;
  const told = await bench.send('GET', '/oauth/token/info', undefined, { authorization });
  expect(told.body).toMatchObject({ application: { uid: 'app' }, scopes: [] });
  expect(told.body.expires_in_seconds).toBeGreaterThan(5_300);
});

test('asks for the company header on every call, also where user tokens need none', async () => {
  for (const path of [projects, '/rest/v1.0/me', '/rest/v1.0/companies']) {
    const refused = await bench.send('GET', path, undefined, { authorization: `Bearer ${bench.token}` });
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0]).toMatch(/^Missing Procore-Company-Id header!/);
  }
});

test('refuses a company in the query or the path that is not the one of the header', async () => {
  expect((await bench.rest('GET', '/rest/v1.1/projects?company_id=7')).status).toBe(403);
  expect((await bench.rest('GET', '/rest/v1.0/companies/7/erp_requests')).status).toBe(403);
  const body = { company_id: 7, updates: [] };
  expect((await bench.rest('PATCH', '/rest/v1.0/vendors/sync', body)).status).toBe(403);
});

test('answers 403 for a disconnected app while tokens and the company list still work', async () => {
  await bench.send('POST', '/_sim/connection', { client_id: 'app', company_id: COMPANY, connected: false });
  const refused = await bench.rest('GET', projects);
  expect([refused.status, refused.body]).toEqual([
    403,
    { errors: ['App is not connected to this company.'] },
  ]);
  expect((await bench.rest('GET', '/rest/v1.0/companies')).status).toBe(200);
  expect(await tokenFrom(bench.send)).toBeTypeOf('string');
  await bench.send('POST', '/_sim/connection', { client_id: 'app', company_id: COMPANY, connected: true });
  expect((await bench.rest('GET', projects)).status).toBe(200);
});

test('hides projects that are not permitted to the service account', async () => {
  const listed = await bench.rest('GET', projects);
  expect(listed.body.map((project: { id: number }) => project.id)).not.toContain(CLOSED_PROJECT);
  const list = `/rest/v1.0/work_order_contracts?project_id=${CLOSED_PROJECT}`;
  expect((await bench.rest('GET', list)).status).toBe(403);
  expect((await bench.rest('GET', '/rest/v1.0/work_order_contracts?project_id=12')).status).toBe(404);
});

test('keeps two companies of one app apart', async () => {
  const other = smallSeed({
    company: { id: 88, name: 'Other' },
    apps: [{ client_id: 'app', client_secret: 'secret' }],
    users: [],
    projects: [{ id: 881, name: 'Elsewhere' }],
    vendors: [],
    line_item_types: [],
    cost_codes: [],
    contracts: [],
    change_order_packages: [],
  });
  expect((await bench.send('POST', '/_sim/seed', other)).status).toBe(200);
  expect((await bench.rest('GET', '/rest/v1.0/commitments?project_id=881')).status).toBe(404);
  const asOther = { authorization: `Bearer ${bench.token}`, 'procore-company-id': '88' };
  const own = await bench.send('GET', '/rest/v1.0/commitments?project_id=881', undefined, asOther);
  expect(own.status).toBe(200);
  const foreign = `/rest/v1.0/commitments?project_id=${PROJECT}`;
  expect((await bench.send('GET', foreign, undefined, asOther)).status).toBe(404);
});
