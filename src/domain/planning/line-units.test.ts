import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineUnits } from './line-units.ts';

const line = { quantity: '3', unitPrice: '48.5', unit: 'EA', amount: '145.50' };

test('a line counts what the source says, and names a product that is not its amount', () => {
  expect(lineUnits(line)).toEqual({ quantity: '3', unit: 'EA', unitPrice: '48.5', comesTo: null });
  expect(lineUnits({ ...line, amount: '145.49' })?.comesTo).toBe('145.5');
  expect(lineUnits({ ...line, unitPrice: null })?.comesTo).toBeNull();
  expect(lineUnits({ ...line, quantity: '0.0' })).toBeNull();
  expect(lineUnits({ ...line, quantity: null })).toBeNull();
});

test('the product is exact, whatever the digits', () => {
  const digits = fc.bigInt({ min: 1n, max: 10n ** 12n });
  fc.assert(
    fc.property(digits, digits, (count, price) => {
      const product = count * price;
      const amount = `${product / 1_000_000n}.${String(product % 1_000_000n).padStart(6, '0')}`;
      const text = (units: bigint) => `${units / 1_000n}.${String(units % 1_000n).padStart(3, '0')}`;
      const found = lineUnits({ quantity: text(count), unitPrice: text(price), unit: null, amount });
      expect(found?.comesTo).toBeNull();
    }),
  );
});
