import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const seenBy = async (as: string) => (await service.send({ url: '/api/v1/mail', as })).json();
const choose = (as: string, key: string, payload: object) =>
  service.send({ method: 'PUT', url: '/api/v1/mail', as, key, payload });

test('everybody begins with no mail and chooses for themselves alone', async () => {
  const [as, colleague] = [await service.signIn('controller'), await service.signIn('project-manager')];
  const nothing = { waits: 'off', ordered: 'off', hour: 12, isSending: false, trouble: null };
  expect(await seenBy(as)).toEqual({ ...nothing, address: 'controller@ours.test' });

  const chosen = { waits: 'at-once', ordered: 'daily', hour: 6 };
  expect((await choose(as, 'key-1', chosen)).json()).toEqual({ ok: true });
  expect(await seenBy(as)).toMatchObject(chosen);
  expect(await seenBy(colleague)).toMatchObject(nothing);

  await choose(as, 'key-2', { ...chosen, waits: 'off' });
  expect(await seenBy(as)).toMatchObject({ waits: 'off', ordered: 'daily', hour: 6 });
});

test('an hour that no day has and a choice for somebody else are refused', async () => {
  const as = await service.signIn('accountant');
  const chosen = { waits: 'daily', ordered: 'off', hour: 24 };
  expect((await choose(as, 'key-3', chosen)).statusCode).toBe(400);
  expect((await choose(as, 'key-4', { ...chosen, hour: 6, person: 'u-con' })).statusCode).toBe(400);
  expect(await seenBy(as)).toMatchObject({ waits: 'off', ordered: 'off' });
});
