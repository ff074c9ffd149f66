import type { PeriodRecord } from '../records.ts';
import { type CalendarDate, isWithin } from '../values/calendar-date.ts';
import type { Findings } from './plan-findings.ts';

export function coveringPeriod(
  periods: readonly PeriodRecord[],
  day: CalendarDate,
): PeriodRecord | undefined {
  return periods.find(({ from, to }) => isWithin(day, from, to));
}

export function firstOpenAfter(
  periods: readonly PeriodRecord[],
  day: CalendarDate,
): PeriodRecord | undefined {
  return periods.filter(({ open, from }) => open && from > day).sort((a, b) => (a.from < b.from ? -1 : 1))[0];
}

/** Nothing may be posted on that day; it is planned again when a period of its month opens. */
export function waitForPeriod(periods: readonly PeriodRecord[], day: CalendarDate, found: Findings): void {
  const period = coveringPeriod(periods, day);
  const next = firstOpenAfter(periods, day);
  found.wait('period', day.slice(0, 7), {
    code: 'period-closed',
    owner: 'controller',
    field: 'accounting date',
    message:
      period === undefined
        ? `No posting period covers ${day}.`
        : `Period ${period.name} is closed for ${day}.`,
    remedy:
      next === undefined
        ? 'Open the period in the ERP.'
        : `Open the period in the ERP, or export again with an accounting date from ${next.from} on.`,
  });
}
