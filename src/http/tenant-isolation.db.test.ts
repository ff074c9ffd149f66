import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: string;

beforeAll(async () => {
  service = await startTestService();
  as = await service.signIn('controller');
});
afterAll(() => service.close());

const addresses = (id: { documentId: string; reviewId: string }) =>
  service.app.declaredRoutes
    .filter((route) => route.method === 'GET')
    .map(({ url }) =>
      url.replace(':id', url.includes('/review/') ? id.reviewId : id.documentId).replace('/*', '/documents'),
    )
    .flatMap((url) => {
      if (url.endsWith('/targets'))
        return ['account', 'project', 'vendor'].map((kind) => `${url}?kind=${kind}`);
      if (url.endsWith('/documents') && url.includes('api'))
        return [url, `${url}?q=canary`, `${url}?project=p1`];
      if (url.endsWith('/audit')) return [url, `${url}?document=${id.documentId}`];
      return [url];
    });

test('no GET route shows a byte of another tenant', async () => {
  for (const url of [...addresses(service.ours), ...addresses(service.theirs)]) {
    const answer = await service.send({ url, as });
    expect([url, answer.body.includes(service.theirs.canary)]).toEqual([url, false]);
    expect([url, answer.body.includes('theirs.test')]).toEqual([url, false]);
  }
});

test('the same crawl does show our own canary where there is something to show', async () => {
  const shown: string[] = [];
  for (const url of addresses(service.ours)) {
    const answer = await service.send({ url, as });
    if (answer.body.includes(service.ours.canary)) shown.push(url.replace(/[0-9a-f-]{36}/g, ':id'));
  }
  expect(shown.sort()).toEqual(
    [
      '/api/v1/audit',
      '/api/v1/audit/export',
      '/api/v1/audit?document=:id',
      '/api/v1/connections',
      '/api/v1/documents',
      '/api/v1/documents/:id',
      '/api/v1/documents?project=p1',
      '/api/v1/documents?q=canary',
      '/api/v1/mappings',
      '/api/v1/me',
      '/api/v1/overview',
      '/api/v1/review',
      '/api/v1/review/:id',
      '/api/v1/targets?kind=account',
    ].sort(),
  );
});

test('the ids of another tenant lead nowhere', async () => {
  for (const url of [
    `/api/v1/documents/${service.theirs.documentId}`,
    `/api/v1/documents/${service.theirs.documentId}/evidence`,
    `/api/v1/review/${service.theirs.reviewId}`,
  ]) {
    expect((await service.send({ url, as })).statusCode).toBe(404);
  }
});

test('every decision carries the tenant of the session, whatever the request says', async () => {
  await service.send({
    method: 'POST',
    url: `/api/v1/review/${service.theirs.reviewId}/approve?tenant=theirs`,
    as,
    payload: { payloadHash: 'v1:payload' },
    headers: { 'x-tenant': 'theirs' },
  });
  expect(service.calls.filter((call) => call.name === 'approve')).toMatchObject([
    { name: 'approve', wish: { tenant: 'ours', user: { id: 'controller' }, payloadHash: 'v1:payload' } },
  ]);
});

test('one process serves two tenants in turn without mixing them', async () => {
  const other = await service.signIn('controller', service.theirs);
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const cookie = index % 2 === 0 ? as : other;
      return service.send({ url: '/api/v1/documents', as: cookie });
    }),
  );
  answers.forEach((answer, index) => {
    const [own, foreign] = index % 2 === 0 ? [service.ours, service.theirs] : [service.theirs, service.ours];
    expect(answer.body).toContain(own.canary);
    expect(answer.body).not.toContain(foreign.canary);
  });
});

test('the list of connections shows neither secrets nor configuration', async () => {
  const engineer = await service.signIn('engineer');
  for (const url of addresses(service.ours)) {
    expect((await service.send({ url, as: engineer })).body).not.toContain('never-shown');
  }
});
