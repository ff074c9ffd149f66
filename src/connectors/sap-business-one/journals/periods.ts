import type { PeriodRecord } from '../../../domain/records.ts';
import { type CalendarDate, calendarDate } from '../../../domain/values/calendar-date.ts';
import type { PeriodEntity } from '../service-layer/wire.ts';

/**
 * A posting period as far as our orders may use it. The server checks posting, due and document date against
 * three windows of the period; ours are all the accounting date, so the days that lie in all three count.
 */
export function periodRecord(entity: PeriodEntity): PeriodRecord {
  const starts = [entity.PostingDateFrom, entity.ValueDateFrom, entity.TaxDateFrom];
  const ends = [entity.PostingDateTo, entity.ValueDateTo, entity.TaxDateTo];
  return {
    object: 'period',
    id: entity.AbsoluteEntry ?? entity.PeriodCode,
    name: entity.PeriodName === '' ? entity.PeriodCode : entity.PeriodName,
    from: days(starts).at(-1)!,
    to: days(ends)[0]!,
    open: isOpen(entity),
    ...(entity.PeriodStatus === 'ltUnlockedExceptSales' ? { closedForSales: true } : {}),
  };
}

/** Closed for sales only is open for purchasing; while a period is being closed only some users may post. */
function isOpen(entity: PeriodEntity): boolean {
  const unlocked = ['', 'ltUnlocked', 'ltUnlockedExceptSales'].includes(entity.PeriodStatus);
  return unlocked && entity.Locked !== 'tYES';
}

/** The days that are given, oldest first; the posting window always is. */
function days(texts: readonly string[]): CalendarDate[] {
  return texts
    .filter((text) => text !== '')
    .map(calendarDate)
    .sort();
}
