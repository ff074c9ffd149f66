import type { Lane } from '../store/lane.ts';
import { currentEpoch, headPosting, type StoredPosting } from '../store/posting.ts';
import type { Engine } from './engine.ts';
import { laneParts } from './lanes.ts';
import type { Holding } from './may-intend.ts';
import { step } from './step.ts';
import { Turn } from './turn.ts';

// A root with more finished steps than this in one turn gives its place to the others.
const MAX_STEPS = 200;

/** Works the postings of one root at one target, in order, each through the whole protocol. */
export async function workPostings(
  engine: Engine,
  lane: Lane,
  accountFence: string,
): Promise<{ afterMs: number | null }> {
  const { connection, rest } = laneParts(lane.id);
  const at = await engine.systems.get(lane.tenant, connection);
  const holding: Holding = { lane, accountFence };
  const root = rest.join('|');
  let turn: Turn | null = null;
  for (let turns = 0; turns < MAX_STEPS; turns += 1) {
    if (turn === null || turn.isFinished) {
      const { posting, epoch } = await step(engine, lane.tenant, async (tx) => ({
        posting: await headPosting(tx, at.id, root),
        epoch: await currentEpoch(tx),
      }));
      if (posting === null) return { afterMs: null };
      turn = new Turn(engine, at, holding, posting);
      if (posting.epoch < epoch && posting.state !== 'exception') await turn.save({ kind: 'restored' });
      else if (leftByAnother(posting)) await turn.save({ kind: 'taken-over' });
    }
    const waitMs = await turn.take();
    if (waitMs !== 'next') return { afterMs: waitMs };
  }
  return { afterMs: 0 };
}

/** Whether somebody else may have done something with it that is not written down, or compared it long ago. */
function leftByAnother({ state, probed }: StoredPosting): boolean {
  return state === 'intended' || state === 'sent' || state === 'unknown' || (state === 'ready' && probed);
}
