import type { SettleRule } from '../../src/domain/posting/settle.ts';
import { judge } from '../checker/judge.ts';
import { INVARIANTS, type Judgement } from '../checker/tally.ts';
import { evidenceOf } from './evidence.ts';
import { type FaultCounts, noCounts } from './faults.ts';
import { Story } from './story.ts';
import { Workers } from './workers.ts';
import { World } from './world.ts';

// A history of a few documents takes some hundreds: reaching this is a loop without an end.
const MOST_ACTS = 60_000;

export type Played = {
  readonly seed: number;
  readonly kind: string;
  readonly judgement: Judgement;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
};

/** Plays one seed from its first webhook to its last outcome, and has it judged. */
export function playHistory(
  seed: number,
  counts: FaultCounts = noCounts(),
  withTrace = false,
  believed: (rule: SettleRule) => SettleRule = (rule) => rule,
): Played {
  const trace: string[] | null = withTrace ? [] : null;
  const world = new World(seed, counts, trace, believed);
  const workers = new Workers(world);
  const story = new Story(world, workers);
  const stopAt = story.tell();
  world.agenda.at(stopAt, () => story.heal());
  let acts = 0;
  const drain = () => {
    while (acts < MOST_ACTS && world.agenda.next()) acts += 1;
  };
  drain();
  // What was found out only after the faults had stopped is looked for once more, as every day.
  story.lookOnceMore();
  drain();
  story.compareTarget();
  const replays = seed % 8 === 0 ? [story.replay(drain)] : [];
  const judgement = judge(evidenceOf(world, { replays, acts, actsAtMost: MOST_ACTS - 1 }));
  const violations: string[] = [];
  for (const invariant of INVARIANTS)
    for (const finding of judgement[invariant].findings) violations.push(`${invariant}: ${finding}`);
  return { seed, kind: world.erp.kind.name, judgement, violations, trace: trace ?? [] };
}
