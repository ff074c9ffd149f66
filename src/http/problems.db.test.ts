import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from './schemas/answers.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: string;
let engineer: string;
const seen: unknown[] = [];

beforeAll(async () => {
  service = await startTestService({
    async replan() {
      throw new Error('secret inside of the engine');
    },
    async probeAgain() {
      throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    },
    async withdraw(wish) {
      seen.push(wish);
      return { ok: false, status: 409, title: 'Sent already', detail: 'It was sent while you decided.' };
    },
  });
  as = await service.signIn('controller');
  engineer = await service.signIn('engineer');
});
afterAll(() => service.close());

const post = (path: string, payload?: object | string, headers = {}, cookie = as) =>
  service.send({
    method: 'POST',
    url: `/api/v1/documents/${service.ours.documentId}/${path}`,
    as: cookie,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });

const problemOf = (answer: Awaited<ReturnType<typeof post>>) => {
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const problem = Problem.strict().parse(answer.json());
  expect(problem.status).toBe(answer.statusCode);
  return problem;
};

test('names every field that is not valid', async () => {
  const problem = problemOf(await post('withdraw', { reason: 'x' }));
  expect(problem.status).toBe(400);
  expect(problem.fields).toMatchObject([{ field: 'reason' }]);
});

test('refuses fields that the route does not know, so that nothing can be assigned by the way', async () => {
  const problem = problemOf(
    await post('withdraw', { reason: 'wrong vendor', tenant: 'theirs', status: 'posted' }),
  );
  expect(problem.status).toBe(400);
  expect(seen).toEqual([]);
});

test('says what a declined decision says', async () => {
  const problem = problemOf(await post('withdraw', { reason: 'wrong vendor' }));
  expect(problem).toMatchObject({
    status: 409,
    title: 'Sent already',
    detail: 'It was sent while you decided.',
  });
});

test('keeps its insides to itself when it fails', async () => {
  const answer = await post('replan');
  expect(problemOf(answer).status).toBe(500);
  expect(answer.body).not.toMatch(/secret|engine|at .*\.ts|node_modules/);
  expect(service.logged.join('')).toContain('secret inside of the engine');
});

test('says when the database does not answer', async () => {
  const answer = await post('probe-again', undefined, {}, engineer);
  expect(problemOf(answer).status).toBe(503);
  expect(answer.body).not.toContain('5432');
});

test.each([
  ['broken JSON', '{"reason": ', 'application/json', 400],
  ['a prototype in JSON', '{"reason":"abc","__proto__":{"x":1}}', 'application/json', 400],
  ['a form', 'reason=abc', 'application/x-www-form-urlencoded', 415],
  ['more than 256 KB', JSON.stringify({ reason: 'x'.repeat(300_000) }), 'application/json', 413],
])('refuses %s', async (_what, payload, type, status) => {
  expect(problemOf(await post('withdraw', payload, { 'content-type': type })).status).toBe(status);
});

test('does not find a document that is not there', async () => {
  const url = '/api/v1/documents/00000000-0000-4000-8000-000000000000';
  expect(problemOf(await service.send({ url, as })).status).toBe(404);
});
