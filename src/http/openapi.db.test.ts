import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './testing/test-server.ts';

type Json = { [key: string]: unknown };
let service: TestService;
let api: { openapi: string; paths: Record<string, Record<string, Json>>; [key: string]: unknown };

beforeAll(async () => {
  service = await startTestService();
  api = (await service.send({ url: '/api/v1/openapi.json' })).json();
});
afterAll(() => service.close());

const operations = () =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('describes every route of the API and no other', () => {
  const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
  const served = service.app.declaredRoutes
    .filter(
      ({ method, url }) => method !== 'HEAD' && url.startsWith('/api/v1/') && !url.endsWith('openapi.json'),
    )
    .map(({ method, url }) => `${method} ${url.replace(':id', '{id}')}`);
  expect(described.sort()).toEqual(served.sort());
});

test('is OpenAPI 3.1 with every parameter of a path declared as required', () => {
  expect(api.openapi).toBe('3.1.0');
  expect(api.info).toMatchObject({ title: 'Tiebeam API', version: 'v1' });
  for (const { path, operation } of operations()) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = ((operation.parameters ?? []) as Json[]).filter((parameter) => parameter.in === 'path');
    expect(declared.map((parameter) => parameter.name)).toEqual(named);
    expect(declared.every((parameter) => parameter.required === true)).toBe(true);
  }
});

test('has a described answer and a problem for every operation', () => {
  for (const { path, operation } of operations()) {
    const responses = operation.responses as Record<string, { description?: string }>;
    expect([path, Object.keys(responses).some((code) => /^2\d\d$/.test(code))]).toEqual([path, true]);
    for (const response of Object.values(responses)) expect(typeof response.description).toBe('string');
  }
});

test('points nowhere that does not exist', () => {
  const targets = [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
  for (const target of targets) {
    const found = target
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((at, key) => (at as Json | undefined)?.[key], api);
    expect([target, found !== undefined]).toEqual([target, true]);
  }
});

test('never describes an amount as a number', () => {
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (
        /amount|total|difference|residual|explained/i.test(key) &&
        typeof member === 'object' &&
        member !== null
      ) {
        expect([key, (member as Json).type === 'number']).toEqual([key, false]);
      }
      walk(member);
    }
  };
  walk(api.paths);
});
