import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonNumber, parseJson, parseWholeJson } from './decimal-json.ts';

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

test('reads whole numbers alike, whichever way', () => {
  const ids = fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }));
  fc.assert(
    fc.property(fc.json(), ids, (json, numbers) => {
      const text = `{"some":${json},"ids":[${numbers.join()}]}`;
      expect(parseWholeJson(text)).toEqual(parseJson(text));
    }),
  );
  expect(parseWholeJson('{"a":{"b":[9007199254740993,1]}}')).toEqual({ a: { b: ['9007199254740993', '1'] } });
});

test('leaves a text with a fraction to the exact way', () => {
  expect(parseWholeJson('{"id":7,"amount":1087.80}')).toEqual({ id: '7', amount: '1087.80' });
  const polluted = parseWholeJson('{"__proto__":{"admin":true},"a":1}') as Record<string, unknown>;
  expect(Object.keys(polluted)).toEqual(['a']);
  expect(() => parseWholeJson('{')).toThrow(SyntaxError);
});
