import { expect, test } from 'vitest';
import type { Lane } from '../../store/work/lane.ts';
import { AccountLanes } from './account-lanes.ts';

const LEASE_MS = 30_000;
const lane = (id: string): Lane => ({
  tenant: 'acme',
  stage: 'source',
  id,
  account: 'app',
  fence: '1',
  wakes: '1',
  attempts: 0,
});

function serving(places: number): AccountLanes {
  const served = new AccountLanes('app');
  served.fence = '1';
  served.places = places;
  return served;
}

/** Claims what is wanted and works it, each lane in the same time, until the measured time has settled. */
function settle(served: AccountLanes, tookMs: number): void {
  for (let round = 0; round < 100; round += 1) {
    served.add(Array.from({ length: served.wanted(LEASE_MS) }, (_, index) => lane(`${round}-${index}`)));
    for (let begun = served.begin(); begun !== null; begun = served.begin()) served.ended(begun, tookMs);
  }
}

test('of slow lanes no more are claimed ahead than begin within a quarter of a second', () => {
  const served = serving(20);
  settle(served, 1_000);
  expect(served.wanted(LEASE_MS)).toBe(20 + 5);
});

test('of lanes that end at once many are claimed ahead, but not without a bound', () => {
  const served = serving(20);
  settle(served, 0);
  expect(served.wanted(LEASE_MS)).toBe(20 + 500);
});

test('under a short lease less is claimed ahead', () => {
  const served = serving(20);
  settle(served, 10);
  expect(served.wanted(1_000)).toBeLessThan(served.wanted(LEASE_MS));
});

test('nothing is claimed or begun of an account that another worker serves', () => {
  const served = serving(2);
  served.add([lane('in hand')]);
  served.fence = null;
  expect(served.wanted(LEASE_MS)).toBe(0);
  expect(served.begin()).toBeNull();
  expect(served.drop().map(({ id }) => id)).toEqual(['in hand']);
});

test('no more lanes run than there are places, and a lane that ends makes room', () => {
  const served = serving(1);
  served.add([lane('one'), lane('two')]);
  const one = served.begin()!;
  expect(served.begin()).toBeNull();
  served.ended(one, 5);
  expect(served.begin()?.id).toBe('two');
});
