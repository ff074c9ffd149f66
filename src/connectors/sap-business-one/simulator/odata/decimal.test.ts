import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, Decimal, dividedBy, minus, parseDecimal, plus, rounded, times } from './decimal.ts';
import { parseExact } from './json.ts';

const decimals = fc
  .record({
    digits: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
    scale: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ digits, scale }) => new Decimal(digits, scale));

function read(text: string): Decimal {
  const value = parseDecimal(text);
  if (value === null) throw new Error(`not a number: ${text}`);
  return value;
}

test('brings every amount through JSON unchanged', () => {
  fc.assert(
    fc.property(decimals, (value) => {
      const back = parseExact(JSON.stringify({ value })) as { value: Decimal };
      expect(compare(back.value, value)).toBe(0);
    }),
  );
});

test('keeps a tenth a tenth, where a float would not', () => {
  expect(plus(read('0.1'), read('0.2')).toString()).toBe('0.3');
  expect(JSON.stringify([read('9007199254740993.01')])).toBe('[9007199254740993.01]');
  expect(times(read('1.15'), read('100')).toString()).toBe('115.0');
});

test('takes back what it added', () => {
  fc.assert(fc.property(decimals, decimals, (a, b) => compare(minus(plus(a, b), b), a) === 0));
});

test('rounds half away from zero', () => {
  expect(rounded(read('1.005'), 2).toString()).toBe('1.01');
  expect(rounded(read('-1.005'), 2).toString()).toBe('-1.01');
  expect(rounded(read('1.0049'), 2).toString()).toBe('1.0');
  expect(dividedBy(read('100'), read('3'), 2).toString()).toBe('33.33');
  expect(dividedBy(read('200'), read('3'), 2).toString()).toBe('66.67');
});

test('reads exponents within bounds and nothing that is not a number', () => {
  expect(read('1.5e3').toString()).toBe('1500.0');
  expect(read('15e-1').toString()).toBe('1.5');
  for (const wrong of ['', '1.', '.5', '1e99', 'NaN', '1,5']) expect(parseDecimal(wrong)).toBeNull();
});
