import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApInvoiceBody } from '../documents.ts';
import type { PeriodRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import { lateCostAccrual } from './late-cost.ts';

const day = calendarDate;
const period = (name: string, from: string, to: string, open: boolean): PeriodRecord => ({
  ...{ object: 'period', id: name, name, open, from: day(from), to: day(to) },
});
const periods = [
  period('August', '2026-08-01', '2026-08-31', false),
  period('September', '2026-09-01', '2026-09-30', true),
];

type Lines = readonly (readonly [account: string, amount: string])[];

function invoice(lines: Lines, more: Partial<ApInvoiceBody> = {}): ApInvoiceBody {
  return {
    ...{ kind: 'ap-invoice', reference: 'T1', revision: 1, purpose: 'progress', application: 1 },
    ...{ invoiceNumber: 'A-1', vendorCode: 'V1', projectCode: 'JOB-4', currency: 'USD' },
    accountingDate: day('2026-09-01'),
    documentDate: day('2026-08-20'),
    ...{ dueDate: null, orderId: '7', total: '0.00', paymentHold: null, moves: [], sourceUrl: '' },
    retainage: [{ key: '1', description: 'Retainage', amount: '-40.00', account: '2050' }],
    lines: lines.map(([code, amount], place) => ({
      ...{ key: String(place), description: 'Work', orderLine: String(place), amount },
      coding: { kind: 'account', code },
    })),
    ...more,
  };
}

test('work of a closed month that is posted in the next is accrued at its end, gross, by account', () => {
  const body = invoice([
    ['5200', '400.00'],
    ['5100', '1.10'],
    ['5200', '-0.10'],
  ]);
  expect(lateCostAccrual(body, day('2026-08-20'), periods)).toEqual({
    earned: '2026-08-20',
    period: 'August',
    cutOff: '2026-08-31',
    reversal: '2026-09-01',
    currency: 'USD',
    lines: [
      { on: { kind: 'account', code: '5200' }, project: 'JOB-4', amount: '399.90' },
      { on: { kind: 'account', code: '5100' }, project: 'JOB-4', amount: '1.10' },
    ],
    total: '401.00',
  });
});

test('what falls into its own period, and a release of retainage, accrue nothing', () => {
  const body = invoice([['5200', '400.00']]);
  expect(lateCostAccrual(body, day('2026-09-01'), periods)).toBeNull();
  expect(lateCostAccrual(body, day('2026-08-20'), [])).toBeNull();
  expect(lateCostAccrual(invoice([]), day('2026-08-20'), periods)).toBeNull();
});

test('whatever the lines, the accrual is their sum to the cent', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
  const lines = fc.array(fc.tuple(fc.constantFrom('5100', '5200', '5300'), cents), { minLength: 1 });
  fc.assert(
    fc.property(lines, (rows) => {
      const typed = rows.map(
        ([account, minor]) => [account, formatMoney(money(BigInt(minor), 'USD'))] as const,
      );
      const accrual = lateCostAccrual(invoice(typed), day('2026-08-20'), periods);
      const amounts = (accrual?.lines ?? []).map(({ amount }) => parseMoney(amount, 'USD'));
      const billed = rows.reduce((total, [, minor]) => total + BigInt(minor), 0n);
      expect(sum(amounts, 'USD').minor).toBe(billed);
      expect(parseMoney(accrual?.total ?? '0.00', 'USD').minor).toBe(billed);
    }),
  );
});
