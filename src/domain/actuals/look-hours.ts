import type { PeriodRecord } from '../records.ts';
import { localDate } from '../values/calendar-date.ts';

/**
 * When a company wants the ERP's cost to be read and shown: at every regular look, at hours of its own, or whenever a
 * period was closed there since the last time. Hours and closing may be combined.
 */
export type LookHours = 'always' | { readonly afterClose: boolean; readonly times: readonly string[] };

/** `always`, or `after-close` and hours of the day: `after-close,06:00,18:30`. */
export const LOOK_HOURS =
  /^(always|(after-close|([01]\d|2[0-3]):[0-5]\d)(,(after-close|([01]\d|2[0-3]):[0-5]\d)){0,23})$/;

export function lookHours(text: string): LookHours {
  if (text === 'always') return 'always';
  const parts = text.split(',');
  return {
    afterClose: parts.includes('after-close'),
    times: parts.filter((part) => part !== 'after-close'),
  };
}

/** What is remembered of the last time. */
export type LastLook = {
  readonly at: Date;
  /** Periods that were closed by then. */
  readonly closed: readonly string[];
};

/** Why it is time, in words; null where it is not. */
export function dueBecause(
  hours: LookHours,
  last: LastLook | null,
  periods: readonly Pick<PeriodRecord, 'id' | 'name' | 'open'>[],
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): string | null {
  if (hours === 'always') return 'every regular look';
  if (last === null) return 'the first look';
  const passed = hours.times.find((time) => isBetween(time, last.at, now, timeZone));
  if (passed !== undefined) return `it is past ${passed}`;
  if (!hours.afterClose) return null;
  const known = new Set(last.closed);
  const closed = periods.find(({ id, open }) => !open && !known.has(id));
  return closed === undefined ? null : `period ${closed.name} was closed`;
}

/** By the clock on the wall: an hour that a change of the clocks leaves out is passed with the one that follows it. */
function isBetween(time: string, from: Date, to: Date, timeZone: string): boolean {
  const [before, after] = [wallClock(from, timeZone), wallClock(to, timeZone)];
  if (to <= from) return false;
  const slots = [before, after].map((clock) => `${clock.slice(0, 10)}T${time}`);
  // A whole day and more has passed every hour.
  if (to.getTime() - from.getTime() >= DAY_MS) return true;
  return slots.some((slot) => before < slot && slot <= after);
}

const DAY_MS = 24 * 3_600_000;

function wallClock(instant: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${localDate(instant, timeZone)}T${time.format(instant)}`;
}
