import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  formatMoney,
  magnitude,
  money,
  moneyWords,
  negate,
  parseMoney,
  roundMoney,
  split,
  subtract,
  sum,
} from './money.ts';

const currencies = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD');
const minors = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });

describe('money as text', () => {
  it('comes back from its text to the last minor unit, in every currency', () => {
    fc.assert(
      fc.property(minors, currencies, (minor, currency) => {
        const amount = money(minor, currency);
        expect(parseMoney(formatMoney(amount), currency)).toEqual(amount);
      }),
    );
  });

  it.each([
    ['USD', '-1250.00'],
    ['JPY', '-125000'],
    ['KWD', '-125.000'],
  ])('has the decimals of ISO 4217 in %s', (currency, text) => {
    expect(formatMoney(money(-125000n, currency))).toBe(text);
  });

  it.each([
    [0n, 'USD', 'USD 0.00'],
    [99999n, 'USD', 'USD 999.99'],
    [100000n, 'USD', 'USD 1,000.00'],
    [-15744983n, 'USD', 'USD -157,449.83'],
    [-123n, 'JPY', 'JPY -123'],
    [1234567n, 'JPY', 'JPY 1,234,567'],
    [1234567890n, 'KWD', 'KWD 1,234,567.890'],
  ])('says %s minor units of %s in a sentence as "%s"', (minor, currency, words) => {
    expect(moneyWords(money(minor, currency))).toBe(words);
  });

  it('keeps amounts that a double cannot hold', () => {
    expect(parseMoney('90071992547409.93', 'USD').minor).toBe(9007199254740993n);
  });

  it('takes digits below the minor unit only when they are zeros', () => {
    expect(parseMoney('1.500000', 'USD').minor).toBe(150n);
    expect(() => parseMoney('1.505', 'USD')).toThrow('below the minor unit');
    expect(() => parseMoney('1.5', 'JPY')).toThrow('below the minor unit');
  });

  it('rounds only where the caller names the rounding', () => {
    expect(roundMoney('2.345', 'USD', 'half-up').minor).toBe(235n);
    expect(roundMoney('2.345', 'USD', 'half-even').minor).toBe(234n);
    expect(roundMoney('-2.349', 'USD', 'down').minor).toBe(-234n);
  });

  it.each(['usd', 'US', 'USDX', '', '$'])('refuses %j as a currency', (currency) => {
    expect(() => money(1n, currency)).toThrow('not an ISO 4217 currency');
  });
});

describe('arithmetic', () => {
  it('never combines two currencies', () => {
    const [usd, eur] = [money(1n, 'USD'), money(1n, 'EUR')];
    expect(() => add(usd, eur)).toThrow('cannot combine USD with EUR');
    expect(() => subtract(usd, eur)).toThrow('cannot combine USD with EUR');
    expect(() => sum([usd, eur], 'USD')).toThrow('cannot combine');
    expect(() => sum([usd], 'EUR')).toThrow('cannot combine');
  });

  it('adds and takes away exactly', () => {
    fc.assert(
      fc.property(minors, minors, (a, b) => {
        const [x, y] = [money(a, 'USD'), money(b, 'USD')];
        expect(subtract(add(x, y), y)).toEqual(x);
        expect(add(x, negate(y))).toEqual(subtract(x, y));
        expect(magnitude(x)).toBe(magnitude(negate(x)));
      }),
    );
  });

  it('sums an empty list to zero of the currency asked for', () => {
    expect(sum([], 'KWD')).toEqual(money(0n, 'KWD'));
  });
});

describe('split', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 })
    .filter((list) => list.some((weight) => weight > 0n));

  it('always adds up to the amount, and no part is a full unit away from its share', () => {
    fc.assert(
      fc.property(minors, weights, (minor, shares) => {
        const parts = split(money(minor, 'USD'), shares);
        expect(sum(parts, 'USD').minor).toBe(minor);
        const whole = shares.reduce((a, b) => a + b, 0n);
        for (const [index, part] of parts.entries()) {
          const off = part.minor * whole - minor * shares[index]!;
          expect(off < 0n ? -off < whole : off < whole).toBe(true);
        }
      }),
    );
  });

  it('gives the odd cent to the largest remainder, and to the earlier part on a tie', () => {
    const parts = (minor: bigint, shares: bigint[]) =>
      split(money(minor, 'USD'), shares).map((part) => part.minor);
    expect(parts(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(parts(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n]);
    expect(parts(10n, [1n, 2n])).toEqual([3n, 7n]);
  });

  it.each([
    ['no weights', []],
    ['weights that are all zero', [0n, 0n]],
    ['a negative weight', [2n, -1n]],
  ])('refuses %s', (_what, shares) => {
    expect(() => split(money(1n, 'USD'), shares)).toThrow(RangeError);
  });
});
