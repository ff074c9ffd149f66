import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

let folder: string;
let service: TestService;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiebeam-web-'));
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'dist', 'index.html'), '<title>the app</title>');
  writeFileSync(join(folder, 'dist', '.env'), 'hidden');
  writeFileSync(join(folder, 'dist', 'assets', 'app-1a2b.js'), 'export {}');
  service = await startTestService(
    {},
    { https: false, webRoot: join(folder, 'dist'), metricsToken: 'scrape' },
  );
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

describe('the web app', () => {
  test.each(['/', '/documents', '/documents/abc?tab=lines', '/sign-in?token=x'])(
    'opens at %s',
    async (url) => {
      const answer = await service.send({ url });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.body).toContain('the app');
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  test('lets hashed files be kept for ever', async () => {
    const answer = await service.send({ url: '/assets/app-1a2b.js' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toContain('immutable');
    expect(answer.headers['content-type']).toContain('javascript');
  });

  test.each([
    '/assets/none.js',
    '/.env',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/api/v2/x',
  ])('does not give %s', async (url) => {
    const answer = await service.send({ url });
    expect([403, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toMatch(/outside|hidden|the app/);
  });
});

describe('metrics', () => {
  test('are given to whoever has the token, by route pattern and without ids', async () => {
    await service.send({ url: `/api/v1/documents/${service.ours.documentId}` });
    const answer = await service.send({ url: '/metrics', headers: { authorization: 'Bearer scrape' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('route="/api/v1/documents/:id",status="401"');
    expect(answer.body).not.toContain(service.ours.documentId);
  });

  test('are hidden from everybody else', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'scrape' }]) {
      expect((await service.send({ url: '/metrics', headers })).statusCode).toBe(404);
    }
  });
});

test('says that it lives and that it is ready', async () => {
  expect((await service.send({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
  expect((await service.send({ url: '/readyz' })).json()).toEqual({ status: 'ready' });
});

test('without its database it lives, is not ready and acknowledges no webhook', async () => {
  const dead = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1000 });
  const { pools } = service.database;
  const broken = await startTestService({ pools: { ...pools, app: dead, door: dead } });
  try {
    expect((await broken.send({ url: '/healthz' })).statusCode).toBe(200);
    expect((await broken.send({ url: '/readyz' })).statusCode).toBe(503);
    const hook = await broken.app.inject({
      method: 'POST',
      url: `/webhooks/procore/${broken.ours.hookId}`,
      headers: { authorization: broken.ours.hookSecret },
      payload: { company_id: broken.ours.companyId },
    });
    expect([hook.statusCode, hook.body]).toEqual([503, '']);
    const me = await broken.send({ url: '/api/v1/me', as: 'tiebeam=abc' });
    expect(me.statusCode).toBe(503);
    expect(me.headers['content-type']).toContain('application/problem+json');
    expect(me.body).not.toContain('ECONNREFUSED');
  } finally {
    await broken.close();
    await dead.end();
  }
});

test('on loopback metrics need no token, unless a proxy stands in between', async () => {
  const open = await startTestService();
  try {
    expect((await open.send({ url: '/metrics' })).statusCode).toBe(200);
    expect(
      (await open.send({ url: '/metrics', headers: { 'x-forwarded-for': '192.0.2.1' } })).statusCode,
    ).toBe(404);
    expect((await open.send({ url: '/metrics', remoteAddress: '192.0.2.1' })).statusCode).toBe(404);
  } finally {
    await open.close();
  }
});
