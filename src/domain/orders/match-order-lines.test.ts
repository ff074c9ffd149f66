import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentOf, orderOf } from '../testing/standing-orders.ts';
import { sum } from '../values/money.ts';
import { pairOrderLines } from './match-order-lines.ts';

type Line = { readonly description: string; readonly amount: string };

function pair(here: readonly Line[], there: readonly Line[]) {
  return pairOrderLines(
    { lines: commitmentOf({ lines: here }).lines, orderLines: orderOf({ lines: there }).lines },
    'USD',
  );
}

const shown = (here: readonly Line[], there: readonly Line[]) =>
  pair(here, there).map(({ line, orderLine, evidence }) => [
    line?.id ?? null,
    orderLine?.key ?? null,
    evidence,
  ]);

describe('lines are paired', () => {
  it('by text and amount, however the text was typed and in whatever order they stand', () => {
    const here = [
      { description: 'Beams', amount: '5.00' },
      { description: 'Columns', amount: '5.00' },
    ];
    const there = [
      { description: 'columns ', amount: '5.00' },
      { description: 'BEAMS.', amount: '5.00' },
    ];
    expect(shown(here, there)).toEqual([
      ['l0', '1', 'same text and amount'],
      ['l1', '0', 'same text and amount'],
    ]);
  });

  it('by the text alone where the amount differs, to the cent', () => {
    const here = [
      { description: 'Stairs', amount: '2000.00' },
      { description: 'Rails', amount: '300.10' },
    ];
    const there = [
      { description: 'Stairs', amount: '2000.00' },
      { description: 'Rails', amount: '300.00' },
      { description: 'Freight', amount: '9.00' },
    ];
    expect(shown(here, there)[1]).toEqual(['l1', '1', 'same text']);
    expect(pair(here, there).map(({ difference }) => difference.minor)).toEqual([0n, 10n, -900n]);
  });

  it('not where one could be either of two', () => {
    const here = [{ description: 'Work', amount: '5.00' }];
    const there = [
      { description: 'Work', amount: '5.00' },
      { description: 'Work', amount: '5.00' },
    ];
    expect(shown(here, there).map(([, , evidence]) => evidence)).toEqual([null, null, null]);
  });
});

const someLines = fc.array(
  fc.record({
    description: fc.constantFrom('Work', 'work', 'Beams', ''),
    amount: fc.constantFrom('0.00', '5.00', '-5.00', '7.10'),
  }),
  { maxLength: 7 },
);

it('each line of both sides stands in exactly one pair, and the differences are the difference', () => {
  fc.assert(
    fc.property(someLines, someLines, (here, there) => {
      const pairs = pair(here, there);
      expect(pairs.flatMap(({ line }) => line?.id ?? []).sort()).toEqual(
        here.map((_, at) => `l${at}`).sort(),
      );
      expect(pairs.flatMap(({ orderLine }) => orderLine?.key ?? []).sort()).toEqual(
        there.map((_, at) => String(at)).sort(),
      );
      const cents = (lines: readonly Line[]) =>
        lines.reduce((total, { amount }) => total + BigInt(amount.replace('.', '')), 0n);
      const differences = sum(
        pairs.map(({ difference }) => difference),
        'USD',
      );
      expect(differences.minor).toBe(cents(here) - cents(there));
    }),
  );
});
