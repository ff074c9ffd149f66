import { describe, expect, test } from 'vitest';
import { dueBecause, LOOK_HOURS, lookHours } from './look-hours.ts';

const at = (text: string) => new Date(text);
const place = (now: string, timeZone = 'America/Denver') => ({ now: at(now), timeZone });
const last = (text: string, closed: readonly string[] = []) => ({ at: at(text), closed });
const daily = lookHours('06:00,18:30');

test('hours are typed as hours, and nothing else is one', () => {
  for (const good of ['always', '06:00', 'after-close', 'after-close,06:00,23:59'])
    expect(good).toMatch(LOOK_HOURS);
  for (const wrong of ['', '6:00', '24:00', 'always,06:00', '06:00 ', '06:00,', 'daily'])
    expect(wrong).not.toMatch(LOOK_HOURS);
});

test('every regular look is one where no hours are set', () => {
  expect(
    dueBecause('always', last('2026-08-10T11:59:00Z'), [], place('2026-08-10T11:59:01Z')),
  ).not.toBeNull();
});

describe('hours of the day, where the company is', () => {
  test.each([
    ['before the hour', '2026-08-10T01:00:00Z', '2026-08-10T11:59:59Z', null],
    ['at the hour', '2026-08-10T01:00:00Z', '2026-08-10T12:00:00Z', 'it is past 06:00'],
    ['once for an hour', '2026-08-10T12:00:10Z', '2026-08-10T13:00:00Z', null],
    ['across midnight', '2026-08-10T23:00:00Z', '2026-08-11T02:00:00Z', 'it is past 18:30'],
    ['after days of silence', '2026-08-01T12:00:10Z', '2026-08-10T12:00:00Z', 'it is past 06:00'],
    ['never by a clock that goes back', '2026-08-10T12:30:00Z', '2026-08-10T11:30:00Z', null],
  ])('%s', (_, before, now, why) => {
    expect(dueBecause(daily, last(before), [], place(now))).toBe(why);
  });

  test('an hour that the clocks skip is passed with the next one', () => {
    const skipped = lookHours('02:30');
    const spring = [last('2026-03-08T08:59:00Z'), [], place('2026-03-08T09:01:00Z')] as const;
    expect(dueBecause(skipped, ...spring)).toBe('it is past 02:30');
  });
});

test('a period that was closed since, and none that was closed before', () => {
  const hours = lookHours('after-close');
  const periods = [
    { id: '7', name: '2026-07', open: false },
    { id: '8', name: '2026-08', open: true },
  ];
  const now = place('2026-09-03T12:00:00Z');
  expect(dueBecause(hours, null, periods, now)).toBe('the first look');
  expect(dueBecause(hours, last('2026-08-05T12:00:00Z', ['7']), periods, now)).toBeNull();
  expect(dueBecause(hours, last('2026-08-05T12:00:00Z', []), periods, now)).toBe('period 2026-07 was closed');
});
