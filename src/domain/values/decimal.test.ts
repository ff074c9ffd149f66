import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, fitsScale, formatDecimal, multiply, parseDecimal, rescale } from './decimal.ts';

const decimals = fc.record({ units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.nat(30) });

describe('parseDecimal', () => {
  it('reads back every decimal it writes, however long', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(parseDecimal(formatDecimal(value))).toEqual(value);
      }),
    );
  });

  it.each([
    ['10.0', '10.0'],
    ['-12.50', '-12.50'],
    ['+7', '7'],
    ['1.5e3', '1500'],
    ['125e-2', '1.25'],
    ['-0.00', '0.00'],
    ['90071992547409931.01', '90071992547409931.01'],
  ])('reads %s as %s', (text, plain) => {
    expect(formatDecimal(parseDecimal(text))).toBe(plain);
  });

  it.each([
    '',
    ' 1',
    '1.',
    '.5',
    '1,000.00',
    '50,000',
    'NaN',
    'Infinity',
    '0x10',
    '٥٠',
    '1e31',
    '--1',
    '1\n',
  ])('refuses %j instead of guessing', (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it('refuses more than 30 decimals, so that hostile text costs nothing', () => {
    expect(() => parseDecimal(`0.${'1'.repeat(31)}`)).toThrow('more than 30 decimals');
  });
});

describe('rescale', () => {
  it.each([
    ['2.5', '3', '2', '2'],
    ['3.5', '4', '4', '3'],
    ['-2.5', '-3', '-2', '-2'],
    ['2.51', '3', '3', '2'],
    ['-2.49', '-2', '-2', '-2'],
    ['0.5', '1', '0', '0'],
  ])('rounds %s to %s half up, %s half to even and %s down', (text, up, even, down) => {
    const rounded = (how: 'half-up' | 'half-even' | 'down') => String(rescale(parseDecimal(text), 0, how));
    expect([rounded('half-up'), rounded('half-even'), rounded('down')]).toEqual([up, even, down]);
  });

  it('is never off by more than half a unit, and is the mirror image for negative values', () => {
    const modes = fc.constantFrom('half-up' as const, 'half-even' as const);
    fc.assert(
      fc.property(decimals, fc.nat(30), modes, (value, scale, mode) => {
        const rounded = rescale(value, scale, mode);
        const common = 10n ** BigInt(60 - scale);
        const off = rounded * common - value.units * 10n ** BigInt(60 - value.scale);
        expect((off < 0n ? -off : off) * 2n <= common).toBe(true);
        expect(rescale({ ...value, units: -value.units }, scale, mode)).toBe(-rounded);
      }),
    );
  });

  it('loses nothing exactly when the value fits the scale', () => {
    const back = (value: Decimal, scale: number) =>
      rescale({ units: rescale(value, scale, 'down'), scale }, 60, 'down') === rescale(value, 60, 'down');
    fc.assert(
      fc.property(decimals, fc.nat(30), (value, scale) => {
        expect(back(value, scale)).toBe(fitsScale(value, scale));
      }),
    );
  });
});

describe('multiply', () => {
  it('is exact where binary floats are not', () => {
    expect(formatDecimal(multiply(parseDecimal('1.1'), parseDecimal('1.1')))).toBe('1.21');
  });
});
