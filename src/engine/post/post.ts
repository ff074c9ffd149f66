import { type TurnEnd, workPosting } from '../../domain/posting/turn.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { explainThoseBehind } from '../../store/documents/document.ts';
import { headPosting } from '../../store/documents/posting.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { laneParts } from '../lanes.ts';
import { step } from '../step.ts';
import { isDrawnOtherwise } from './drawn-on.ts';
import type { Holding } from './may-intend.ts';
import { Turn } from './turn.ts';

// A root with more finished writes than this in one turn gives its place to the others.
const MAX_WRITES = 20;

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
  let posting = await step(engine, lane.tenant, (tx) => headPosting(tx, at.id, root));
  for (let writes = 0; writes < MAX_WRITES; writes += 1) {
    if (posting === null) return { afterMs: null };
    if (await isDrawnOtherwise(engine, at, posting)) {
      posting = await step(engine, lane.tenant, (tx) => headPosting(tx, at.id, root));
      continue;
    }
    const turn = new Turn(engine, at, holding, posting);
    const work = workPosting(posting, posting.restored, turn.rule, engine.clock.now);
    const end = await performAll(work, turn);
    if (end === null) await step(engine, lane.tenant, (tx) => tellThoseBehind(tx, at, root));
    if (end !== 'finished') return { afterMs: end };
    posting = turn.next;
  }
  return { afterMs: 0 };
}

/** Whoever is asked is asked about the first: the others say that they wait for it. */
function tellThoseBehind(tx: Tx, at: OpenConnection, root: string): Promise<void> {
  return explainThoseBehind(
    tx,
    { connection: at.id, root },
    {
      code: 'waits-behind',
      owner: 'engineer',
      message: `Telling ${at.name} waits behind an earlier write of the same contract that a person has to look at.`,
      remedy: 'Decide that one in Review; this goes on by itself.',
    },
  );
}

async function performAll(work: ReturnType<typeof workPosting>, turn: Turn): Promise<TurnEnd> {
  try {
    let asked = work.next();
    while (!asked.done) asked = work.next(await turn.perform(asked.value));
    return asked.value;
  } finally {
    turn.end();
  }
}
