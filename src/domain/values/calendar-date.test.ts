import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDate, dayStart, isWithin, utcDate } from './calendar-date.ts';

describe('calendarDate', () => {
  it('reads every day that exists', () => {
    const days = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, (day) => {
        expect(calendarDate(utcDate(day))).toBe(utcDate(day));
      }),
    );
  });

  it('takes the day of a date-time as the vendor wrote it, without shifting it', () => {
    expect(calendarDate('2026-08-31T23:59:59-07:00')).toBe('2026-08-31');
  });

  it('knows the leap years', () => {
    expect(calendarDate('2024-02-29')).toBe('2024-02-29');
    expect(calendarDate('2000-02-29')).toBe('2000-02-29');
    for (const text of ['2026-02-29', '1900-02-29']) expect(() => calendarDate(text)).toThrow(RangeError);
  });

  it.each([
    '',
    '2026-8-31',
    '31.08.2026',
    '08/31/2026',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-04-00',
  ])('refuses %j', (text) => {
    expect(() => calendarDate(text)).toThrow(RangeError);
  });

  it('refuses text that only begins like a date', () => {
    expect(() => calendarDate('2026-08-311')).toThrow(RangeError);
    expect(() => calendarDate('2026-08-31 and more')).toThrow(RangeError);
  });
});

describe('isWithin', () => {
  it('counts both ends of a period in', () => {
    const [from, to] = [calendarDate('2026-08-01'), calendarDate('2026-08-31')];
    expect(
      ['2026-07-31', '2026-08-01', '2026-08-31', '2026-09-01'].map((day) =>
        isWithin(calendarDate(day), from, to),
      ),
    ).toEqual([false, true, true, false]);
  });
});

describe('dayStart', () => {
  it.each([
    ['UTC', '2026-08-31T23:59:59.999Z', '2026-08-31T00:00:00.000Z'],
    ['America/Chicago', '2026-08-31T04:59:59Z', '2026-08-30T05:00:00.000Z'],
    ['America/Chicago', '2026-08-31T05:00:00Z', '2026-08-31T05:00:00.000Z'],
    ['Asia/Tokyo', '2026-08-31T15:00:00Z', '2026-08-31T15:00:00.000Z'],
    ['Asia/Kathmandu', '2026-08-31T18:14:00Z', '2026-08-30T18:15:00.000Z'],
  ])('is midnight in %s before %s', (zone, instant, start) => {
    expect(dayStart(new Date(instant), zone).toISOString()).toBe(start);
  });

  it.each([
    ['2026-03-08T20:00:00Z', '2026-03-08T06:00:00.000Z'],
    ['2026-11-01T20:00:00Z', '2026-11-01T05:00:00.000Z'],
  ])('knows the days on which the clock of Chicago is changed: %s', (instant, start) => {
    expect(dayStart(new Date(instant), 'America/Chicago').toISOString()).toBe(start);
  });
});
