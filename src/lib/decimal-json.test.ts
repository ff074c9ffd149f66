import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonNumber, parseJson } from './decimal-json.ts';

test('keeps every digit of a number', () => {
  expect(parseJson('{"id":562949953443325123456,"amount":1087.80,"rate":1e3}')).toEqual({
    id: '562949953443325123456',
    amount: '1087.80',
    rate: '1e3',
  });
});

test('drops a key that would change what objects are', () => {
  const parsed = parseJson('{"__proto__":{"admin":true},"a":1}') as Record<string, unknown>;
  expect(Object.keys(parsed)).toEqual(['a']);
  expect(parsed.admin).toBeUndefined();
});

test('writes a decimal as a number with exactly its digits', () => {
  expect(JSON.stringify({ amount: jsonNumber('123456789012.10') })).toBe('{"amount":123456789012.10}');
  for (const bad of ['1e5', '', '01', 'NaN', '1,000.00', '١'])
    expect(() => jsonNumber(bad)).toThrow(RangeError);
});

test('gives back any decimal that it wrote', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 99 }))
    .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`);
  fc.assert(
    fc.property(decimal, (text) => {
      expect(parseJson(JSON.stringify([jsonNumber(text)]))).toEqual([text]);
    }),
  );
});
