import { describe, expect, it } from 'vitest';
import { testOrder, uniquenessOf } from './self-test.ts';
import { calendarDate } from './values/calendar-date.ts';
import { parseMoney, sum } from './values/money.ts';

describe('what a self-test concludes', () => {
  it('is that two standing documents disprove uniqueness, whatever was answered', () => {
    expect(uniquenessOf({ sent: 3, answered: 1, standing: 2 })).toBe(false);
    expect(uniquenessOf({ sent: 3, answered: 3, standing: 3 })).toBe(false);
  });

  it('is uniqueness only where every send was answered and one document stands', () => {
    expect(uniquenessOf({ sent: 3, answered: 3, standing: 1 })).toBe(true);
    expect(uniquenessOf({ sent: 3, answered: 2, standing: 1 })).toBeNull();
    expect(uniquenessOf({ sent: 1, answered: 1, standing: 1 })).toBeNull();
    expect(uniquenessOf({ sent: 3, answered: 3, standing: 0 })).toBeNull();
  });
});

it('marks the order of a self-test, and adds it up to the cent', () => {
  const order = testOrder({
    reference: 'TB1AAAAAAAAAAAAA',
    vendorCode: 'V1',
    projectCode: 'P1',
    accountCode: '5100',
    currency: 'USD',
    date: calendarDate('2026-11-19'),
  });
  expect(order.title).toContain('SELF-TEST');
  const amounts = order.lines.map(({ amount }) => parseMoney(amount, 'USD'));
  expect(sum(amounts, 'USD')).toEqual(parseMoney(order.total, 'USD'));
});
