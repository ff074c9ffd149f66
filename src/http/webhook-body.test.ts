import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDeeperThan } from './json-depth.ts';
import { readWebhookBody } from './webhook-body.ts';

const depthOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
};

describe('isDeeperThan', () => {
  test('agrees with the depth of the parsed value for any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 6 }), (text, limit) => {
        expect(isDeeperThan(text, limit)).toBe(depthOf(JSON.parse(text)) > limit);
      }),
    );
  });

  test('is not fooled by brackets and quotes inside strings', () => {
    expect(isDeeperThan(JSON.stringify(['[[[[', '\\"[[[', '{"a":[']), 1)).toBe(false);
  });
});

describe('readWebhookBody', () => {
  test('reads the company of one event and of several, as number or text', () => {
    expect(readWebhookBody('{"company_id":9007199254740993}')).toEqual({
      content: { company_id: '9007199254740993' },
      kind: 'events',
      companyIds: new Set(['9007199254740993']),
    });
    expect(readWebhookBody('{"company_id":null,"metadata":{"source_company_id":3}}')).toMatchObject({
      kind: 'events',
      companyIds: new Set(['3']),
    });
    expect(readWebhookBody('[{"company_id":"1"},{"company_id":2}]')).toMatchObject({
      kind: 'events',
      companyIds: new Set(['1', '2']),
    });
  });

  test.each(['', '[]', 'null', '[1]', '{"company_id":null}', '{"company_id":{}}', '[{"company_id":1},{}]'])(
    'calls %s unreadable',
    (body) => {
      expect(readWebhookBody(body).kind).toBe('unreadable');
    },
  );

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(['events', 'unreadable']).toContain(readWebhookBody(body).kind);
      }),
    );
  });
});
