import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: Record<'engineer' | 'controller', string>;

beforeAll(async () => {
  service = await startTestService();
  as = { engineer: await service.signIn('engineer'), controller: await service.signIn('controller') };
});
afterAll(() => service.close());

const mutating = () =>
  service.app.declaredRoutes.filter(
    ({ method, access }) => !['GET', 'HEAD'].includes(method) && access !== 'hook',
  );

const CROSS_SITE: [string, Record<string, string>][] = [
  ['a form of another site, which cannot set the header', { 'x-tiebeam-request': '' }],
  ['a page of another origin', { origin: 'https://evil.test' }],
  ['a page of our host on another port', { origin: 'http://tiebeam.test:81' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['what the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['what the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
];

describe.each(CROSS_SITE)('refuses every mutating route to %s', (_who, headers) => {
  test('with 403 and without calling anything', async () => {
    const routes = mutating();
    expect(routes.length).toBeGreaterThan(10);
    const callsBefore = service.calls.length;
    for (const { method, url } of routes) {
      const cookie = /probe-again|redrive/.test(url) ? as.engineer : as.controller;
      const address = url.replace(':id', service.ours.documentId);
      const answer = await service.send({ method: method as 'POST', url: address, as: cookie, headers });
      expect([url, answer.statusCode]).toEqual([url, 403]);
    }
    expect(service.calls.length).toBe(callsBefore);
  });
});

test('lets a page of its own origin through', async () => {
  const answer = await service.send({
    method: 'POST',
    url: `/api/v1/documents/${service.ours.documentId}/replan`,
    as: as.controller,
    headers: { origin: 'http://tiebeam.test', 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.statusCode).toBe(200);
});

test('changes nothing by any GET', async () => {
  const fingerprint = async () => {
    const tables = [
      'document',
      'review_item',
      'posting',
      'mapping',
      'audit',
      'signal',
      'approval',
      'login_link',
    ];
    const client = await service.database.pools.app.connect();
    try {
      await client.query("select set_config('tiebeam.tenant', 'ours', false)");
      const parts = tables.map((table) => `(select coalesce(json_agg(t)::text, '') from ${table} t)`);
      const { rows } = await client.query<{ all: string }>(`select ${parts.join(' || ')} as all`);
      return rows[0]?.all;
    } finally {
      client.release(true);
    }
  };
  const before = await fingerprint();
  for (const { method, url } of service.app.declaredRoutes) {
    if (method !== 'GET') continue;
    await service.send({ url: url.replace(':id', service.ours.documentId), as: as.controller });
  }
  expect(await fingerprint()).toBe(before);
});
