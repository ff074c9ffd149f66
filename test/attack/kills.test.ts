import { expect, test } from 'vitest';
import { failPoints } from '../../src/lib/fail-point.ts';
import { INVARIANTS } from '../checker/tally.ts';
import { attackByKills } from './kill-attack.ts';

test('service and workers killed at every fail-point and at random moments lose nothing and double nothing', {
  timeout: 600_000,
}, async () => {
  const { violations, kills, webhooks, documents, stood, invariants } = await attackByKills({
    runs: 30,
    seed: 3,
  });
  expect(violations).toEqual([]);
  const missed = failPoints.filter((point) => (kills[point]?.reached ?? 0) === 0);
  expect(missed).toEqual([]);
  expect(documents).toBeGreaterThanOrEqual(30);
  expect(stood.bill).toBeGreaterThan(10);
  expect(stood.theirs).toBeGreaterThan(1);
  // Nothing asks a model yet, and what was not exercised never counts as held.
  expect(INVARIANTS.filter((each) => invariants[each] === undefined)).toEqual(['I10']);
  expect(invariants.I8?.judged).toBeGreaterThan(500);
  expect(webhooks.accepted).toBeGreaterThan(100);
});
