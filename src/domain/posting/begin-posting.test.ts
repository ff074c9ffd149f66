import { describe, expect, test } from 'vitest';
import { beginPosting, requestOver } from './begin-posting.ts';
import type { SettleRule } from './settle.ts';

const sent = new Date('2026-08-03T08:00:00Z');
const rule: SettleRule = {
  referenceField: 'U_Ref',
  referenceWidth: 16,
  uniquenessEnforced: false,
  requestLifeMs: 60_000,
  clientTimeoutMs: 10_000,
  probeGapMs: 1_000,
  pollEveryMs: 1_000,
  giveUpAfterMs: 600_000,
};

describe('a create', () => {
  test('whose reference nobody ever used begins ready', () => {
    expect(beginPosting('create', { wasSent: false, doubtSince: null }, rule)).toMatchObject({
      state: 'ready',
      sentAt: null,
    });
  });

  test('whose reference was sent and refused is looked for at once', () => {
    expect(beginPosting('create', { wasSent: true, doubtSince: null }, rule)).toMatchObject({
      state: 'settling',
      sentAt: null,
      quietUntil: null,
    });
  });

  test('whose lost request may still run is looked for when that is over', () => {
    expect(beginPosting('create', { wasSent: true, doubtSince: sent }, rule)).toMatchObject({
      state: 'settling',
      sentAt: sent,
      quietUntil: new Date('2026-08-03T08:01:10Z'),
    });
  });

  test('that a lost end of the database may have sent is looked for as well', () => {
    expect(beginPosting('create', { wasSent: false, doubtSince: sent }, rule).state).toBe('settling');
  });
});

test('a set begins ready whatever was sent: it reads and compares before each send', () => {
  expect(beginPosting('set', { wasSent: true, doubtSince: sent }, rule).state).toBe('ready');
});

test('a request of a life that nobody configured is over when nobody would look for it any more', () => {
  expect(requestOver(sent, rule)).toEqual(new Date('2026-08-03T08:01:10Z'));
  expect(requestOver(sent, { ...rule, requestLifeMs: null })).toEqual(new Date('2026-08-03T08:10:10Z'));
});
