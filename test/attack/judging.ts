import { judge, violationsOf } from '../checker/judge.ts';
import { INVARIANTS, type Invariant } from '../checker/tally.ts';
import { type Come, evidenceOf } from './evidence.ts';
import { stuckIn } from './settling.ts';
import type { World } from './world.ts';

type Counts = Record<Invariant, { judged: number; violated: number }>;

/** Judges worlds that have come to rest, and counts what each invariant was held against. */
export class Bench {
  readonly invariants: Partial<Counts> = {};
  /** What stood in the ERPs in the end: orders, bills of vendors and invoices to owners, and all of the other tenant. */
  readonly stood: Record<string, number> = {};

  /** Everything that is wrong: by the independent checker, and by the rule that nothing stands still. */
  async judge(world: World, come: Come): Promise<string[]> {
    const evidence = await evidenceOf(world, come);
    for (const { id } of evidence.target.documents) this.count(id.split(' ')[0]!);
    const theirs = await world.neighbour.erp.books();
    for (const { reference } of theirs.documents) if (reference !== null) this.count('theirs');
    const judgement = judge(evidence);
    for (const invariant of INVARIANTS) {
      const { judged, violations, verdict } = judgement[invariant];
      if (verdict === 'absent') continue;
      const before = this.invariants[invariant] ?? { judged: 0, violated: 0 };
      this.invariants[invariant] = {
        judged: before.judged + judged,
        violated: before.violated + violations,
      };
    }
    return [...violationsOf(judgement), ...(await stuckIn(world))];
  }

  private count(what: string): void {
    this.stood[what] = (this.stood[what] ?? 0) + 1;
  }
}
