import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalText, extendedCents, moneyText, scaledFrom } from './decimals.ts';

test('reads back every amount it prints', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (cents) => {
      expect(scaledFrom(moneyText(cents), 2)).toBe(cents);
    }),
  );
});

test('prints as Rails prints a BigDecimal', () => {
  expect([100_000n, 108_780n, -1_234n, 0n, 5n].map(moneyText)).toEqual([
    '1000.0',
    '1087.8',
    '-12.34',
    '0.0',
    '0.05',
  ]);
  expect(decimalText(25_000n, 4)).toBe('2.5');
});

test('refuses what does not fit instead of rounding it', () => {
  expect(scaledFrom('1.005', 2)).toBeNull();
  expect(scaledFrom('1.000', 2)).toBe(100n);
  expect(scaledFrom('1,000.00', 2)).toBeNull();
  expect(scaledFrom(1e21, 2)).toBeNull();
});

test('rounds quantity times unit cost half away from zero', () => {
  expect(extendedCents(10_000n, 50n)).toBe(1n);
  expect(extendedCents(-10_000n, 50n)).toBe(-1n);
  expect(extendedCents(10_000n, 49n)).toBe(0n);
});
