import { describe, expect, it } from 'vitest';
import { calendarDate } from '../values/calendar-date.ts';
import {
  type Finding,
  hasVanished,
  lookBack,
  subjectOf,
  surelyListedFrom,
  wordsOf,
} from './reference-findings.ts';

const finding = (change: Partial<Finding>): Finding => ({
  kind: 'drift',
  reference: 'TB1AAAAAAAAAAAAA',
  targets: [{ id: '7', number: '1007' }],
  document: { id: 'd', number: 'SC-1' },
  mark: 'abc',
  ...change,
});

describe('how far a sweep looks back', () => {
  const day = calendarDate;

  it('is to the beginning the first time, on a Sunday and after a pause of more than a week', () => {
    expect(lookBack(null, day('2026-11-19'))).toBeNull();
    expect(lookBack(day('2026-11-21'), day('2026-11-22'))).toBeNull();
    expect(lookBack(day('2026-11-10'), day('2026-11-19'))).toBeNull();
  });

  it('is five weeks on every other day, across months', () => {
    expect(lookBack(day('2026-11-18'), day('2026-11-19'))).toBe('2026-10-15');
    expect(lookBack(day('2026-03-02'), day('2026-03-03'))).toBe('2026-01-27');
  });

  it('judges as missing only what the listing had to hold in every time zone', () => {
    expect(surelyListedFrom(day('2026-02-27'))).toBe('2026-03-01');
  });
});

describe('a company that lost what was posted', () => {
  it('is told from a person who deleted one or two documents', () => {
    expect(hasVanished([{ posted: 2, missing: 2 }], 10)).toBe(false);
    expect(hasVanished([{ posted: 3, missing: 3 }], 10)).toBe(true);
  });

  it('lost more than the share, not exactly the share', () => {
    expect(hasVanished([{ posted: 100, missing: 10 }], 10)).toBe(false);
    expect(hasVanished([{ posted: 100, missing: 11 }], 10)).toBe(true);
    expect(hasVanished([{ posted: 3, missing: 3 }], 100)).toBe(false);
  });

  it('is seen by its newest documents, although old ones are many', () => {
    const all = { posted: 20_000, missing: 15 };
    expect(hasVanished([all], 10)).toBe(false);
    expect(hasVanished([all, { posted: 40, missing: 15 }], 10)).toBe(true);
  });
});

describe('a finding', () => {
  it('is one question per reference, and per content that a person left', () => {
    const subjects = [
      finding({}),
      finding({ mark: 'def' }),
      finding({ kind: 'missing' }),
      finding({ kind: 'orphan' }),
      finding({ kind: 'duplicate' }),
    ].map((each) => subjectOf('b1', each));
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjectOf('b1', finding({ reference: 'other' }))).toBe(subjects[0]);
    expect(subjectOf('b1', finding({ kind: 'orphan', mark: 'def' }))).toBe(subjects[3]);
  });

  it.each([
    ['duplicate', '', /cancel the others in Ledgerline/, 'controller'],
    ['orphan', '', /restore the database/, 'engineer'],
    ['missing', '', /is not posted again/, 'engineer'],
    ['drift', 'abc', /is not overwritten/, 'controller'],
    ['drift', 'cancelled', /cancelled in Ledgerline since/, 'controller'],
  ] as const)('of kind %s %s says what to do, and to whom', (kind, mark, words, role) => {
    const said = wordsOf(finding({ kind, mark }), 'Ledgerline');
    expect(said.question).toMatch(words);
    expect(said.question).toContain('1007');
    expect(said.role).toBe(role);
  });
});
