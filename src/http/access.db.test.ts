import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireDeclaredAccess } from './access.ts';
import type { Role } from './deps.ts';
import { roles } from './schemas/people.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

const EVERYBODY = [...roles];
const MONEY: Role[] = ['accountant', 'controller'];

/** Written by hand and not read from the code: a route that is not listed here fails the first test. */
const MATRIX: Record<string, 'open' | 'hook' | Role[]> = {
  'GET /*': 'open',
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /metrics': 'open',
  'GET /api/v1/openapi.json': 'open',
  'POST /webhooks/procore/:hook': 'hook',
  'POST /api/v1/sign-in': 'open',
  'POST /api/v1/sign-in/link': 'open',
  'POST /api/v1/sign-out': EVERYBODY,
  'GET /api/v1/me': EVERYBODY,
  'GET /api/v1/overview': EVERYBODY,
  'GET /api/v1/documents': EVERYBODY,
  'GET /api/v1/documents/:id': EVERYBODY,
  'GET /api/v1/documents/:id/evidence': EVERYBODY,
  'POST /api/v1/documents/:id/withdraw': MONEY,
  'POST /api/v1/documents/:id/replan': MONEY,
  'POST /api/v1/documents/:id/probe-again': ['engineer'],
  'POST /api/v1/review/:id/redrive': ['engineer'],
  'POST /api/v1/review/:id/adopt': ['controller'],
  'POST /api/v1/review/:id/billing': MONEY,
  'GET /api/v1/review': EVERYBODY,
  'GET /api/v1/review/:id': EVERYBODY,
  'POST /api/v1/review/:id/approve': MONEY,
  'POST /api/v1/review/:id/reject': ['accountant', 'controller', 'engineer'],
  'POST /api/v1/review/:id/answer': MONEY,
  'GET /api/v1/mappings': EVERYBODY,
  'POST /api/v1/mappings': MONEY,
  'GET /api/v1/targets': ['accountant', 'controller', 'engineer'],
  'GET /api/v1/tie-out': EVERYBODY,
  'GET /api/v1/tie-out/budgets': EVERYBODY,
  'POST /api/v1/tie-out/budgets/refresh': ['accountant', 'controller', 'project-manager', 'engineer'],
  'GET /api/v1/tie-out/direct-costs': EVERYBODY,
  'POST /api/v1/tie-out/direct-costs/refresh': ['accountant', 'controller', 'project-manager', 'engineer'],
  'POST /api/v1/tie-out/refresh': ['accountant', 'controller', 'project-manager', 'engineer'],
  'GET /api/v1/events': EVERYBODY,
  'GET /api/v1/projects/:id/events': EVERYBODY,
  'GET /api/v1/records/:id/timeline': EVERYBODY,
  'GET /api/v1/audit': ['accountant', 'controller', 'engineer', 'admin'],
  'GET /api/v1/audit/verify': ['accountant', 'controller', 'engineer', 'admin'],
  'GET /api/v1/audit/export': ['accountant', 'controller', 'engineer', 'admin'],
  'GET /api/v1/connections': EVERYBODY,
  'POST /api/v1/connections/:id/phase': ['engineer', 'controller'],
  'GET /api/v1/systems': EVERYBODY,
  'GET /api/v1/connections/:id': ['engineer'],
  'POST /api/v1/connections': ['engineer'],
  'POST /api/v1/connections/:id': ['engineer'],
  'GET /api/v1/connections/:id/check': ['engineer'],
  'GET /api/v1/set-up': ['engineer'],
  'POST /api/v1/set-up': ['engineer'],
  'POST /api/v1/support-bundle': ['engineer', 'admin'],
  'POST /api/v1/job-costs': ['engineer', 'controller'],
  'POST /api/v1/job-costs/now': ['engineer', 'controller'],
  'GET /api/v1/policy': EVERYBODY,
  'GET /api/v1/policy/versions': EVERYBODY,
  'POST /api/v1/policy/preview': ['accountant', 'controller', 'engineer'],
  'POST /api/v1/policy/proposals': ['accountant', 'controller', 'engineer'],
  'PUT /api/v1/point-of-view': ['engineer', 'controller'],
  'GET /api/v1/mail': EVERYBODY,
  'PUT /api/v1/mail': EVERYBODY,
};

const API = Object.entries(MATRIX).flatMap(([route, allowed]) => {
  const [method, url] = route.split(' ') as ['GET' | 'POST' | 'PUT', string];
  return Array.isArray(allowed) ? [{ method, url, allowed }] : [];
});

let service: TestService;
const addressOf = (url: string) => url.replace(':id', service.ours.documentId);

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

test('serves exactly the routes whose access is written down here', () => {
  const served = service.app.declaredRoutes.filter((route) => route.method !== 'HEAD');
  expect(served.map((route) => `${route.method} ${route.url}`).sort()).toEqual(Object.keys(MATRIX).sort());
});

test.each(API)('answers 401 to a stranger at $method $url', async ({ method, url }) => {
  const answer = await service.send({ method, url: addressOf(url) });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['content-type']).toContain('application/problem+json');
});

// Sign-out ends the session it is tried with, so it stands alone.
describe.each(API.filter(({ url }) => url !== '/api/v1/sign-out'))(
  '$method $url',
  ({ method, url, allowed }) => {
    test.each(roles)('knows what %s may do', async (role) => {
      const as = await service.signIn(role);
      const answer = await service.send({ method, url: addressOf(url), as });
      if (allowed.includes(role)) expect([401, 403]).not.toContain(answer.statusCode);
      else expect(answer.statusCode).toBe(403);
    });
  },
);

test('lets nobody in by a role that was taken away, at the very next request', async () => {
  const as = await service.signIn('engineer');
  const url = `/api/v1/documents/${service.ours.documentId}/probe-again`;
  expect((await service.send({ method: 'POST', url, as })).statusCode).toBe(200);
  const client = await service.database.pools.app.connect();
  try {
    await client.query("select set_config('tiebeam.tenant', 'ours', false)");
    await client.query("update app_user set roles = '{project-manager}' where id = 'engineer'");
    expect((await service.send({ method: 'POST', url, as })).statusCode).toBe(403);
    await client.query("update app_user set roles = '{engineer}' where id = 'engineer'");
  } finally {
    client.release(true);
  }
});

describe('a route without a declaration', () => {
  test('refuses to register', () => {
    const app = fastify();
    requireDeclaredAccess(app);
    expect(() => app.get('/undeclared', async () => 'x')).toThrow('does not declare who may use it');
  });

  test('refuses to register with an empty list of roles', () => {
    const app = fastify();
    requireDeclaredAccess(app);
    expect(() => app.get('/nobody', { config: { access: [] } }, async () => 'x')).toThrow('names no role');
  });
});
