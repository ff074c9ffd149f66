import { INVARIANTS, type Invariant } from '../checker/tally.ts';
import { type FaultCounts, faultIds, noCounts } from './faults.ts';
import { playHistory } from './history.ts';

/** How often an invariant was held against a history, how often it was broken, how often it had nothing to judge. */
export type InvariantCounts = Record<Invariant, { judged: number; violated: number; absent: number }>;

export type Failure = { readonly seed: number; readonly what: readonly string[] };

export type Totals = {
  histories: number;
  violations: number;
  readonly faults: FaultCounts;
  readonly invariants: InvariantCounts;
  /** The first of them, in the order of their seeds. */
  failures: Failure[];
};

const FAILURES_KEPT = 50;

export function noTotals(): Totals {
  const invariants = Object.fromEntries(
    INVARIANTS.map((id) => [id, { judged: 0, violated: 0, absent: 0 }]),
  ) as InvariantCounts;
  return { histories: 0, violations: 0, faults: noCounts(), invariants, failures: [] };
}

/** Plays a run of seeds; a history that stops the product itself counts as broken. */
export function playSeeds(from: number, count: number): Totals {
  const totals = noTotals();
  for (let seed = from; seed < from + count; seed += 1) {
    const what = play(seed, totals);
    totals.histories += 1;
    if (what.length === 0) continue;
    totals.violations += 1;
    if (totals.failures.length < FAILURES_KEPT) totals.failures.push({ seed, what });
  }
  return totals;
}

function play(seed: number, { faults, invariants }: Totals): readonly string[] {
  try {
    const { judgement, violations } = playHistory(seed, faults);
    for (const id of INVARIANTS) {
      const { verdict } = judgement[id];
      const counts = invariants[id];
      if (verdict === 'absent') counts.absent += 1;
      else counts.judged += 1;
      if (verdict === 'violated') counts.violated += 1;
    }
    return violations;
  } catch (error) {
    return [`it stopped: ${error instanceof Error ? error.message : String(error)}`];
  }
}

export function addTotals(into: Totals, more: Totals): void {
  into.histories += more.histories;
  into.violations += more.violations;
  for (const id of faultIds) {
    into.faults[id].injected += more.faults[id].injected;
    into.faults[id].reached += more.faults[id].reached;
  }
  for (const id of INVARIANTS) {
    into.invariants[id].judged += more.invariants[id].judged;
    into.invariants[id].violated += more.invariants[id].violated;
    into.invariants[id].absent += more.invariants[id].absent;
  }
  into.failures = [...into.failures, ...more.failures]
    .sort((a, b) => a.seed - b.seed)
    .slice(0, FAILURES_KEPT);
}
