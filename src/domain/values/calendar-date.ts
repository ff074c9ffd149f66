/**
 * An accounting date such as `2026-08-31`: a day in a ledger, not an instant. It is a string and never a
 * `Date`, because a `Date` shifts by a day as soon as somebody formats it in another time zone.
 */
export type CalendarDate = string & { readonly calendarDate: unique symbol };

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads `yyyy-mm-dd` (or the date part of a vendor's date-time). Throws a RangeError that names the text. */
export function calendarDate(text: string): CalendarDate {
  const day = text.slice(0, 10);
  const match = FORM.exec(day);
  if (!match || (text.length > 10 && text[10] !== 'T'))
    throw new RangeError(`"${text.slice(0, 40)}" is not a calendar date`);
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : DAYS[month - 1];
  if (last === undefined || date < 1 || date > last) throw new RangeError(`"${day}" is not a calendar date`);
  return day as CalendarDate;
}

/** The calendar date of an instant in UTC. */
export function utcDate(instant: Date): CalendarDate {
  return instant.toISOString().slice(0, 10) as CalendarDate;
}

/** The calendar date of an instant where a company is. */
export function localDate(instant: Date, timeZone: string): CalendarDate {
  const shown = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return calendarDate(shown.format(instant));
}

/**
 * When the day began that it now is in a time zone. Days of 23 or 25 hours begin when they begin there, so the
 * distance is taken once more at the first guess.
 */
export function dayStart(instant: Date, timeZone: string): Date {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const aheadMs = (at: number): number => {
    const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const shown = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
    return shown - Math.floor(at / 1_000) * 1_000;
  };
  const now = instant.getTime();
  const local = new Date(now + aheadMs(now));
  const midnight = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
  const guess = midnight - aheadMs(now);
  return new Date(midnight - aheadMs(guess));
}

export function isWithin(day: CalendarDate, from: CalendarDate, to: CalendarDate): boolean {
  return from <= day && day <= to;
}
