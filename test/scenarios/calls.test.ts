import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Calls, countCalls } from './calls/counter.ts';
import { confirmed, mapAll, STORIES, type Story, seedFor } from './calls/stories.ts';
import { startWorld, until, type World } from './world.ts';

const COUNT = 5;
const A_DAY_MS = 86_400_000;

let world: World;
let counted: ReturnType<typeof countCalls>;
beforeAll(async () => {
  world = await startWorld({ seed: seedFor(COUNT), standsStill: 'its regular looks are a day apart' });
  await mapAll(world);
  // Regular looks cost calls of their own, within a budget of their own.
  Object.assign(world.engine.pace, { pullEveryMs: A_DAY_MS, sweepEveryMs: A_DAY_MS });
  counted = countCalls(world.procoreUrl, world.b1Url);
  await calm();
});
afterAll(() => world?.stop());

// What follows a document (its file, its closing) is part of what it costs.
test.each(STORIES)('a $object costs no more calls than it may', async (story) => {
  const cost = await costOf(story);
  for (const side of ['procore', 'erp'] as const)
    for (const kind of ['reads', 'writes'] as const)
      expect(cost[side][kind], `${kind} at ${side}: ${JSON.stringify(cost)}`).toBeLessThanOrEqual(
        story.most[side][kind],
      );
});

async function costOf({ object, send }: Story) {
  const before = counted();
  await confirmed(world, object, await send(world, COUNT));
  await calm();
  const after = counted();
  return { procore: each(before.procore, after.procore), erp: each(before.erp, after.erp) };
}

function each(before: Calls, after: Calls): Calls {
  const of = (from: number, to: number) => (to - from) / COUNT;
  return { reads: of(before.reads, after.reads), writes: of(before.writes, after.writes) };
}

/** Nobody calls anybody any more. */
async function calm(): Promise<void> {
  const seen = () => JSON.stringify(counted());
  let last = seen();
  await until('nobody calls anybody', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const now = seen();
    const isCalm = now === last;
    last = now;
    return isCalm;
  });
}
