import { expect, test } from 'vitest';
import { INVARIANTS } from '../checker/tally.ts';
import { attackPostgres } from './postgres-attack.ts';

// Drawn so that its three batches see PostgreSQL end, its disk fill up, a worker freeze and rivals deadlock, on both
// ERPs, with uniqueness enforced by the ERP and without.
const SEED = 12;

test('150 histories keep every invariant while PostgreSQL is cut off, restarted, filled up and deadlocked', {
  timeout: 600_000,
}, async () => {
  const { violations, faults, histories, stood, invariants } = await attackPostgres({
    histories: 150,
    seed: SEED,
  });
  expect(violations).toEqual([]);
  expect(histories).toBe(150);
  const reached = Object.entries(faults).filter(([, counts]) => counts.reached > 0);
  const kinds = new Set(reached.map(([id]) => id.split(' ')[0]));
  // A mix that reached nothing would hold every invariant.
  expect([...kinds].sort()).toEqual(expect.arrayContaining(['D1', 'D3', 'D4', 'D5', 'D6']));
  expect(reached.length).toBeGreaterThan(20);
  expect(stood.order).toBeGreaterThan(50);
  expect(stood.bill).toBeGreaterThan(5);
  expect(stood.invoice).toBeGreaterThan(2);
  expect(stood.theirs).toBeGreaterThan(1);
  // Nothing asks a model yet, and what was not exercised never counts as held.
  expect(INVARIANTS.filter((each) => invariants[each] === undefined)).toEqual(['I10']);
  expect(invariants.I8?.judged).toBeGreaterThan(1_000);
  // One of its batches has the other ERP.
  expect(Object.keys(faults).some((id) => id.includes('Ledgerline'))).toBe(true);
});
