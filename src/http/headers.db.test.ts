import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTenant } from '../store/database/transaction.ts';
import { issueLoginLink } from './auth/login-link.ts';
import { cookieOf, startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: string;

beforeAll(async () => {
  service = await startTestService();
  as = await service.signIn('controller');
});
afterAll(() => service.close());

const expectHeaders = (headers: Record<string, unknown>) => {
  const csp = String(headers['content-security-policy']);
  expect(csp).toContain("default-src 'self'");
  expect(csp).toContain("frame-ancestors 'none'");
  expect(csp).toContain("style-src 'self';");
  expect(csp).not.toContain('unsafe');
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(headers).not.toHaveProperty('server');
};

describe('carries the security headers', () => {
  test('on every route whose answers have a body, signed in or not', async () => {
    for (const { method, url, access } of service.app.declaredRoutes) {
      if (access === 'hook') continue;
      for (const cookie of [as, undefined]) {
        if (url === '/api/v1/sign-out') continue;
        const address = url
          .replace(':id', service.ours.documentId)
          .replace(':hook', 'none')
          .replace('*', 'documents');
        const answer = await service.send({
          method: method as 'GET',
          url: address,
          ...(cookie === undefined ? {} : { as: cookie }),
        });
        expectHeaders(answer.headers);
      }
    }
  });

  test.each(['/api/v1/nothing', '/api/v1/documents/not-a-uuid', '/api/v1/%zz', '/webhooks/nothing'])(
    'on the failure at %s',
    async (url) => {
      const answer = await service.send({ url, as });
      expect(answer.statusCode).toBeGreaterThanOrEqual(400);
      expectHeaders(answer.headers);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );
});

test('under https the cookie is bound to the host and browsers are told to stay on https', async () => {
  const secure = await startTestService({}, { https: true });
  try {
    const { token } = await inTenant(secure.database.pools.app, 'ours', (tx) =>
      issueLoginLink(tx, { tenant: 'ours', userId: 'admin', now: secure.clock.now(), randomBytes }),
    );
    const answer = await secure.send({
      method: 'POST',
      url: '/api/v1/sign-in/link',
      payload: { token },
      headers: { origin: 'https://tiebeam.test' },
    });
    const [header] = [answer.headers['set-cookie']].flat();
    expect(header).toMatch(/^__Host-tiebeam=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(answer.headers['strict-transport-security']).toContain('max-age=63072000');
    expect((await secure.send({ url: '/api/v1/me', as: cookieOf(answer) })).statusCode).toBe(200);
    const plain = cookieOf(answer).replace('__Host-', '');
    expect((await secure.send({ url: '/api/v1/me', as: plain })).statusCode).toBe(401);
  } finally {
    await secure.close();
  }
});
