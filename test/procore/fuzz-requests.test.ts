import { expect, test } from 'vitest';
import { takeBroken } from './broken-requests.ts';

const REQUESTS = 120;

test('broken requests each end as carried, answered, declined in words or in front of an engineer', async () => {
  const { ends, lost, sent } = await takeBroken({ count: REQUESTS, seed: 20_261_124 });
  expect(lost).toEqual([]);
  const { answered, declined, waiting, quarantined } = ends;
  expect(answered + declined + waiting + quarantined).toBe(sent);
  // A mangler that breaks all of them, or none, would show nothing.
  expect(Math.min(answered, declined)).toBeGreaterThan(REQUESTS / 10);
  expect(quarantined).toBeGreaterThan(0);
}, 300_000);
