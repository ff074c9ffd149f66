import { setTimeout as pause } from 'node:timers/promises';
import { centsOf } from '../../src/demo/cents.ts';
import { standingStill } from './standing-still.ts';
import type { World } from './world.ts';

/**
 * Waits until everything has come to rest after the faults stopped; says what still moves when it never does.
 * Time is cut short for lanes that failed, and nothing else.
 * What a lost request may still do is waited for in full.
 */
export async function settle(world: World, limitMs: number): Promise<string[]> {
  const end = performance.now() + limitMs;
  let moving = ['nothing was looked at'];
  for (;;) {
    await hurry(world);
    moving = await stillMoving(world);
    if (moving.length === 0) return [];
    if (performance.now() > end) return moving.map((what) => `${what} after ${limitMs} ms without a fault`);
    await pause(250);
  }
}

// Longer than any pause that people make between two acts, so that none of them is taken for the end.
const REST_MS = 3_000;

/**
 * Ends the patience of those who wait for something in the systems: after a while without any movement it comes by
 * nobody's doing, and after `limitMs` in any case.
 */
export async function untilAllLived(
  world: World,
  lives: Promise<unknown>,
  ended: AbortController,
  limitMs: number,
): Promise<void> {
  const end = performance.now() + limitMs;
  let moved = performance.now();
  let areOver = false;
  const over = lives.then(() => {
    areOver = true;
  });
  while (!areOver && performance.now() < end && performance.now() - moved < REST_MS) {
    await hurry(world);
    if ((await stillMoving(world)).length > 0) moved = performance.now();
    await pause(250);
  }
  ended.abort();
  await over;
}

/** Lanes that failed look again at once instead of after their growing pause. */
export async function hurry({ read }: World): Promise<void> {
  await read(
    'update lane set due_at = now() where last_error is not null and due_at > now() and lease_until is null',
  );
}

async function stillMoving(world: World): Promise<string[]> {
  const lanes = await lanesAtWork(world);
  if (lanes.length > 0) return lanes;
  const unknown = [...(await unknownRequests(world)), ...(await unknownChanges(world))];
  // What became known since the lanes were looked at may be on its way by now.
  return unknown.length > 0 ? unknown : lanesAtWork(world);
}

async function lanesAtWork({ read }: World): Promise<string[]> {
  const lanes = await read<{ id: string; stage: string; last_error: string | null }>(
    "select stage, id, last_error from lane where stage <> 'sweep'",
  );
  return lanes.map(({ stage, id, last_error }) => `the ${stage} lane ${id} is at work (${last_error ?? ''})`);
}

/** Commitments that say something else in Procore than was read of them last: a sweep still has to find that. */
async function unknownChanges({ read, witness, party: { tenant } }: World): Promise<string[]> {
  const known = await read<{ id: string; total: string }>(
    "select native_id as id, body ->> 'total' as total from record where tenant = $1 and object = 'commitment' and not gone",
    [tenant],
  );
  return known.flatMap(({ id, total }) => {
    const now = witness.totals.get(id)?.at(-1);
    return now === undefined || now === centsOf(total)
      ? []
      : [`commitment ${id} is known with ${total}, not as it is now`];
  });
}

/** Requests that Procore holds open and of which the database knows nothing yet: a sweep still has to find them. */
async function unknownRequests({ read, looks, party: { tenant } }: World): Promise<string[]> {
  const { openRequests } = await looks.procore();
  const known = await read<{ request_id: string }>(
    'select distinct request_id from request_item where tenant = $1',
    [tenant],
  );
  const ids = new Set(known.map(({ request_id }) => request_id));
  return openRequests.filter((id) => !ids.has(id)).map((id) => `request ${id} is not known`);
}

/** What stands still although it is unfinished. */
export async function stuckIn({ read }: World): Promise<string[]> {
  return (await standingStill(read)).map(({ what, id, why }) => `stuck: ${what} ${id}: ${why}`);
}
