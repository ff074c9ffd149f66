import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenOrderLine, ReceivedLine } from '../documents.ts';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import { drawOnReceipts } from './receipt-draws.ts';

const dollars = (text: string) => parseMoney(text, 'USD');
const came = (number: string, open: string, more: Partial<ReceivedLine> = {}): ReceivedLine => ({
  ...{ receipt: `r${number}`, number, line: '0', amount: open, open, unusable: null },
  ...more,
});
const lineWith = (received: readonly ReceivedLine[], open = '0.00', closed = false): OpenOrderLine => {
  return { key: '1', open, closed, received };
};
const drawn = (amount: string, line: OpenOrderLine, ordered: string | null = '1000.00') =>
  drawOnReceipts(
    { name: 'Doors', amount: dollars(amount), ordered: ordered === null ? null : dollars(ordered) },
    line,
  );
const parts = (amount: string, line: OpenOrderLine, ordered?: string) =>
  drawn(amount, line, ordered).draws.map(({ number, amount: part }) => `${number} ${part}`);

describe('what an application draws on receipts', () => {
  it('is the oldest first, as much as is open, and the rest is the order’s own', () => {
    const line = lineWith([came('7001', '100.00'), came('7002', '50.25')], '849.75');
    expect(parts('120.00', line)).toEqual(['7001 100.00', '7002 20.00']);
    expect(parts('400.00', line)).toEqual(['7001 100.00', '7002 50.25']);
    expect(parts('30.10', line)).toEqual(['7001 30.10']);
  });

  it('is nothing where nothing came in, or all of it was billed', () => {
    expect(drawOnReceipts({ name: '', amount: dollars('1.00'), ordered: null }, undefined).draws).toEqual([]);
    expect(
      parts('10.00', lineWith([came('7001', '0.00', { amount: '90.00', unusable: 'closed' })], '10.00')),
    ).toEqual([]);
  });

  it('goes the way of its line: a deduction draws on what was taken back', () => {
    const line = lineWith([came('7001', '-30.00'), came('7002', '5.00')], '-70.00');
    expect(parts('-40.00', line, '-100.00')).toEqual(['7001 -30.00']);
  });

  it.each([
    ['closed', 'is closed'],
    ['other-currency', 'is in another currency'],
    ['other-price', 'is at another price than its order'],
  ] as const)(
    'waits at a receipt that is %s, and names it, where the rest is not enough',
    (unusable, why) => {
      const line = lineWith([came('7001', '60.00', { unusable }), came('7002', '10.00')], '20.00');
      expect(parts('30.00', line)).toEqual(['7002 10.00']);
      const { draws, trouble } = drawn('50.00', line);
      expect(draws).toEqual([]);
      expect(trouble?.message).toBe(
        `Doors bills USD 50.00, of which USD 20.00 cannot be drawn: receipt 7001 ${why}.`,
      );
    },
  );

  it('waits where more came in than is ordered, unless more may be billed as well', () => {
    const line = lineWith([came('7001', '900.00'), came('7002', '100.01')], '0.00', true);
    expect(drawn('1.00', line).trouble?.message).toBe(
      'Doors: USD 1,000.01 came in by receipts 7001, 7002, and USD 1,000.00 is ordered.',
    );
    expect(drawn('950.00', line, null).draws).toHaveLength(2);
  });

  it('is never more than is billed, nor more than is open of any receipt', () => {
    const cents = fc.bigInt({ min: 0n, max: 99_999n });
    fc.assert(
      fc.property(cents, fc.array(cents, { maxLength: 5 }), (wanted, opens) => {
        const text = (minor: bigint) => formatMoney(money(minor, 'USD'));
        const line = lineWith(
          opens.map((open, at) => came(String(at), text(open))),
          text(wanted),
        );
        const { draws } = drawn(text(wanted), line, null);
        const total = sum(
          draws.map(({ amount }) => dollars(amount)),
          'USD',
        ).minor;
        const there = opens.reduce((all, open) => all + open, 0n);
        expect(total).toBe(wanted < there ? wanted : there);
        for (const { number, amount } of draws) {
          expect(dollars(amount).minor).toBeGreaterThan(0n);
          expect(dollars(amount).minor).toBeLessThanOrEqual(opens[Number(number)]!);
        }
      }),
    );
  });
});
