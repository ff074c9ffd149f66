import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMoney, money } from '../values/money.ts';
import { type BookedBill, type EnteredBill, tieOutDirectCosts } from './direct-cost-bridge.ts';

const usd = (minor: bigint) => money(minor, 'USD');
const entered = (number: string | null, minor: bigint, more: Partial<EnteredBill> = {}): EnteredBill => ({
  ...{ id: `${number}/${minor}`, number, title: 'Plates', vendorName: 'Steel', vendorCode: 'V1' },
  ...{ amount: usd(minor), ...more },
});
const booked = (number: string, minor: bigint, vendorCode = 'V1'): BookedBill => {
  return { vendorCode, number, amount: usd(minor) };
};
const named = (...sides: [readonly EnteredBill[], readonly BookedBill[]]) => {
  const { items, residual } = tieOutDirectCosts('USD', ...sides);
  expect(residual.minor).toBe(0n);
  return items.map(({ cause, number, amount }) => `${cause} ${number} ${formatMoney(amount)}`);
};

test('a bill is found by vendor and number, over all its lines, however the number is typed', () => {
  expect(
    named([entered('ss 17', 300n)], [booked('SS-17', 1n), booked('SS17', 100n), booked('Ss17', 200n)]),
  ).toEqual([]);
  expect(named([entered('17', 300n)], [booked('17', 290n)])).toEqual(['conflict 17 0.10']);
  expect(named([entered('17', 300n)], [booked('17', 300n, 'V2')])).toEqual(['not-sent 17 3.00']);
});

test('one that was taken back, bears no number or is of an unknown vendor is named for what it is', () => {
  expect(named([entered('17', 300n)], [booked('17', 300n), booked('17', -300n)])).toEqual([
    'not-sent 17 3.00',
  ]);
  expect(named([entered(null, 5n)], [])).toEqual(['not-sent no number 0.05']);
  expect(named([entered('17', 5n, { vendorCode: null })], [booked('17', 5n)])).toEqual(['waiting 17 0.05']);
});

test('one that was entered twice differs by the second, and says so', () => {
  const twice = [entered('17', 300n), entered('17', 300n, { id: 'again' })];
  expect(named(twice, [booked('17', 300n)])).toEqual(['conflict 17 3.00']);
  expect(tieOutDirectCosts('USD', twice, [booked('17', 300n)]).items[0]?.explanation).toContain('2 times');
});

test('whatever was entered and booked, the named parts are the difference', () => {
  const number = fc.constantFrom('1', '2', '3', ' 3');
  const minor = fc.bigInt({ min: -9_999n, max: 9_999n });
  const vendor = fc.constantFrom('V1', 'V2', null);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.option(number), minor, vendor), { maxLength: 8 }),
      fc.array(fc.tuple(number, minor), { maxLength: 8 }),
      (bills, books) => {
        named(
          bills.map(([of, amount, vendorCode], id) => entered(of, amount, { vendorCode, id: String(id) })),
          books.map(([of, amount]) => booked(of, amount)),
        );
      },
    ),
  );
});
