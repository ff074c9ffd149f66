import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: string;

beforeAll(async () => {
  service = await startTestService({
    async saveConnection() {
      return {
        ok: false,
        status: 422,
        title: 'Not valid',
        detail: 'Nothing was saved.',
        fields: [{ field: 'baseUrl', message: 'must be an address' }],
      };
    },
  });
  as = await service.signIn('engineer');
});
afterAll(() => service.close());

test('a list says what Procore would be better with, and nothing of the kind about an ERP', async () => {
  const { rows } = (await service.send({ url: '/api/v1/connections', as })).json();
  expect(rows.map(({ id, jobCosts, lacks }: Record<string, unknown>) => [id, jobCosts, lacks])).toEqual([
    ['erp', null, []],
    ['hub', false, [expect.stringContaining('was not told the limits')]],
  ]);
});

test('findings of a check arrive as lines, for the tenant of the session', async () => {
  const answer = await service.send({ url: '/api/v1/connections/hub/check', as });
  const lines = answer.body.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { subject: 'sign-in', ok: true, message: 'Signed in to hub' },
    { subject: 'clock', ok: false, message: 'Late', remedy: 'Set it' },
  ]);
  expect(service.calls.at(-1)).toEqual({ name: 'checkConnection', wish: { tenant: 'ours', id: 'hub' } });
});

test('a configuration that is refused names its fields', async () => {
  const answer = await service.send({
    method: 'POST',
    url: '/api/v1/connections/erp',
    as,
    payload: { name: 'ERP', values: { baseUrl: 'nowhere' } },
  });
  expect(answer.statusCode).toBe(422);
  expect(answer.json().fields).toEqual([{ field: 'baseUrl', message: 'must be an address' }]);
});

test('a support bundle is a file for the tenant of the session, and the trail says who took it', async () => {
  const admin = await service.signIn('admin');
  const answer = await service.send({
    method: 'POST',
    url: '/api/v1/support-bundle',
    as: admin,
    payload: { withNames: true },
  });
  expect([answer.statusCode, answer.body]).toEqual([200, 'an archive']);
  expect(answer.headers['content-type']).toBe('application/gzip');
  expect(answer.headers['content-disposition']).toContain('tiebeam-support.tar.gz');
  expect(service.calls.at(-1)).toEqual({
    name: 'supportBundle',
    wish: { tenant: 'ours', days: 7, withNames: true, metrics: expect.stringContaining('tiebeam_http') },
  });
  expect(service.audited.at(-1)).toEqual({
    tenant: 'ours',
    kind: 'support-bundle-made',
    actor: 'admin@ours.test',
    facts: { days: '7', withNames: 'true' },
  });
});

test('consent carries the plan that was shown, by the person of the session', async () => {
  const plan = (await service.send({ url: '/api/v1/set-up?address=https://a.example', as })).json();
  const payload = { address: 'https://a.example', digest: plan.digest };
  expect((await service.send({ method: 'POST', url: '/api/v1/set-up', as, payload })).statusCode).toBe(200);
  expect(service.calls.at(-1)).toMatchObject({
    name: 'runSetUp',
    wish: { tenant: 'ours', user: { id: 'engineer' }, digest: 'v1:plan', address: 'https://a.example' },
  });
  const without = await service.send({ method: 'POST', url: '/api/v1/set-up', as, payload: {} });
  expect(without.statusCode).toBe(400);
});
