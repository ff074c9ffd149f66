import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../scenarios/world.ts';
import { deliverBroken } from './broken-webhooks.ts';

const BODIES = 50_000;

let world: World;
beforeAll(async () => {
  world = await startWorld({ mapped: false });
});
afterAll(() => world?.stop());

test('of 50,000 broken webhooks each is there as its events or as it came, or was refused with a reason', async () => {
  const { answers, lost, invented, ...counted } = await deliverBroken(world, {
    count: BODIES,
    seed: 20_261_123,
  });
  expect({ lost, invented }).toEqual({ lost: [], invented: [] });
  expect(Object.keys(answers).sort()).toEqual(['200', '202', '403']);
  const { 200: stored = 0, 202: apart = 0, 403: refused = 0 } = answers;
  expect(stored + apart + refused).toBe(BODIES);
  // A text that came twice is kept once, and so is an event.
  expect(counted.unread).toBeLessThanOrEqual(apart);
  expect(counted).toMatchObject({ sent: BODIES, told: counted.unread, refusals: refused });
  // A mangler that breaks all of them, or none, would show nothing.
  expect(Math.min(stored, apart)).toBeGreaterThan(BODIES / 4);
  expect(counted.signals).toBeGreaterThan(BODIES / 4);
});
