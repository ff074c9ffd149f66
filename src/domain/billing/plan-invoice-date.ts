import { isLate } from '../actuals/late-cost.ts';
import type { Findings } from '../planning/plan-findings.ts';
import { coveringPeriod, firstOpenAfter, waitForPeriod } from '../planning/plan-period.ts';
import type { Reason } from '../reasons.ts';
import type { PeriodRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import type { InvoicePlanInput } from './plan-invoice-input.ts';

/** An accounting date, and what to know about it where cost falls into a later period than the work. */
export type DatedInvoice = { readonly date: CalendarDate; readonly late: Reason | null };

/** What an accounting date follows from. */
export type DateFacts = Pick<InvoicePlanInput, 'exported' | 'frozenDate' | 'periods' | 'today'> & {
  readonly record: Pick<InvoicePlanInput['record'], 'periodEnd' | 'billingDate'>;
};

/**
 * The end of the billing period where that day is open, else the first day open after it, flagged as late cost. A
 * date that a person typed is never moved: with its period closed it waits.
 */
export function accountingDateOf(input: DateFacts, found: Findings): DatedInvoice {
  const { record, exported, frozenDate, periods, today } = input;
  const typed = exported?.accountingDate ?? null;
  const earned = record.periodEnd ?? record.billingDate ?? today;
  const wanted = typed ?? frozenDate ?? earned;
  const period = coveringPeriod(periods, wanted);
  if (periods.length === 0 || period?.open) return dated(periods, wanted, earned);
  const next = firstOpenAfter(periods, wanted);
  if (typed !== null || period === undefined || next === undefined) {
    waitForPeriod(periods, wanted, found);
    return { date: wanted, late: null };
  }
  return dated(periods, next.from, earned);
}

function dated(periods: readonly PeriodRecord[], date: CalendarDate, earned: CalendarDate): DatedInvoice {
  if (!isLate(periods, date, earned)) return { date, late: null };
  return {
    date,
    late: {
      code: 'late-cost',
      owner: 'controller',
      field: 'accounting date',
      message: `Work up to ${earned} is posted on ${date}, in a later period.`,
      remedy: `Accrue it at the cut-off of ${earned}, and reverse the accrual when this is posted.`,
    },
  };
}
