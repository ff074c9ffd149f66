import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money } from '../values/money.ts';
import { type CostPart, codingKey } from './job-cost.ts';
import { type Carried, type FigureFacts, statedFigures } from './job-cost-figures.ts';

const steel = { costCode: '05-100', costType: 'S' };
const doors = { costCode: '08-100', costType: 'S' };

const order: Carried = {
  id: '7',
  currency: 'USD',
  total: '1500.00',
  lines: [
    { ...steel, amount: '1000.00', isChange: false },
    { ...steel, amount: '200.00', isChange: true },
    { ...doors, amount: '300.00', isChange: false },
  ],
};
const there = { id: '7', number: '4711', currency: 'USD', amount: '1500' };
const facts: FigureFacts = {
  currency: 'USD',
  month: '2026-08',
  budget: { carried: [], there: undefined },
  orders: { carried: [order], there: [there] },
  paid: new Map(),
};
const part = (minor: bigint, more: Partial<CostPart> = {}): CostPart => ({
  ...{ journal: '1', period: '2026-08', memo: '', account: '5100', coding: steel, invoice: '31' },
  ...{ isInvoiced: false, isBilled: false, isOrdered: false },
  amount: money(minor, 'USD'),
  ...(more as object),
});
const of = (coding: typeof steel, parts: readonly CostPart[], more: Partial<FigureFacts> = {}) =>
  statedFigures(parts, { ...facts, ...more }).figures.get(codingKey(coding));

describe('committed cost by cost code', () => {
  test('is what was ordered, what change orders added, and what of both is not invoiced', () => {
    expect(of(steel, [part(25_000n, { isOrdered: true }), part(1n)])).toMatchObject({
      originalCommitment: 100_000n,
      commitmentChanges: 20_000n,
      commitment: 120_000n,
      openCommitment: 95_000n,
    });
  });

  test.each([
    ['another order stands there', [there, { ...there, id: '8', number: '4712' }], '4712 of 1500'],
    ['somebody changed it there', [{ ...there, amount: '1500.01' }], '4711 is 1500.01 in the ERP'],
    ['it is gone there', [], '7 does not stand'],
  ])('is not stated at all where %s, and says why', (_, shown, why) => {
    const { figures, unstated } = statedFigures([], {
      ...facts,
      orders: { carried: [order], there: shown },
    });
    expect(figures.size).toBe(0);
    expect(unstated.join()).toContain(why);
  });

  test('is not stated in another currency than that of the books', () => {
    const orders = {
      carried: [{ ...order, currency: 'EUR' }],
      there: [{ ...there, currency: 'EUR' }],
    };
    expect(of(steel, [], { orders })).toBeUndefined();
  });
});

test('a budget is stated where the ERP keeps one, and is absent where it keeps none', () => {
  expect(of(steel, [part(1n)])).not.toHaveProperty('estimate');
  expect(of(steel, [], { budget: { carried: [order], there: [there] } })).toMatchObject({
    originalEstimate: 100_000n,
    estimateChanges: 20_000n,
    estimate: 120_000n,
  });
});

test('what was paid is stated where it is known, and of no coding that has neither cost nor an order', () => {
  const paid = new Map([[codingKey(steel), { paid: 7n, paidInMonth: 2n }]]);
  expect(of(steel, [part(9n)], { paid })).toMatchObject({ paid: 7n, paidInMonth: 2n });
  expect(of(doors, [part(9n)], { paid })).not.toHaveProperty('paid');
});

test('the cost of the month is that of the month of the look', () => {
  expect(of(steel, [part(5n), part(7n, { period: '2026-07' })])).toMatchObject({ monthToDate: 5n });
});

test('commitments by cost code add up to the orders, however they are spread', () => {
  const cents = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
  const lines = fc.array(
    fc.record({ coding: fc.constantFrom(steel, doors), amount: cents, isChange: fc.boolean() }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(lines, (some) => {
      const text = (amount: bigint) =>
        `${amount < 0n ? '-' : ''}${(amount < 0n ? -amount : amount) / 100n}.${String((amount < 0n ? -amount : amount) % 100n).padStart(2, '0')}`;
      const total = some.reduce((sum, { amount }) => sum + amount, 0n);
      const carried = {
        ...order,
        total: text(total),
        lines: some.map(({ coding, amount, isChange }) => ({ ...coding, amount: text(amount), isChange })),
      };
      const stated = statedFigures([], {
        ...facts,
        orders: { carried: [carried], there: [{ ...there, amount: text(total) }] },
      });
      const sum = [...stated.figures.values()].reduce((all, { commitment = 0n }) => all + commitment, 0n);
      expect(sum).toBe(total);
    }),
  );
});
