import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const viewOf = async (as: string) =>
  (await service.send({ url: '/api/v1/me', as })).json().tenant.pointOfView as string;
const choose = (as: string, pointOfView: string, key: string) =>
  service.send({ method: 'PUT', url: '/api/v1/point-of-view', as, key, payload: { pointOfView } });

test('a controller chooses the words for everybody of the company, once and audited', async () => {
  const [as, colleague] = [await service.signIn('controller'), await service.signIn('project-manager')];
  const theirs = await service.signIn('controller', service.theirs);
  expect(await viewOf(as)).toBe('general-contractor');

  expect((await choose(as, 'owner', 'key-1')).json()).toEqual({ ok: true });
  const again = await choose(as, 'owner', 'key-1');
  expect(again.headers['idempotent-replay']).toBe('true');
  expect([await viewOf(as), await viewOf(colleague), await viewOf(theirs)]).toEqual([
    'owner',
    'owner',
    'general-contractor',
  ]);
  expect(service.audited.filter(({ kind }) => kind === 'point-of-view-set')).toEqual([
    {
      tenant: 'ours',
      kind: 'point-of-view-set',
      actor: 'controller@ours.test',
      facts: { pointOfView: 'owner' },
    },
  ]);

  expect((await choose(as, 'architect', 'key-2')).statusCode).toBe(400);
  expect((await choose(colleague, 'specialty-contractor', 'key-3')).statusCode).toBe(403);
  expect(await viewOf(as)).toBe('owner');
});
