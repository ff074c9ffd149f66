import { expect, it } from 'vitest';
import { judge, violationsOf } from './judge.ts';
import { type DraftEvidence, soundHistory } from './sound-history.ts';
import type { Invariant } from './tally.ts';

type Change = (evidence: DraftEvidence) => void;
type Violation = readonly [says: string, change: Change, finding: string];
type NearMiss = readonly [says: string, change: Change];

/** A violation must be found under its own invariant; a near-miss must not be flagged under any. */
export function cases(
  invariant: Invariant,
  { finds, lets }: { readonly finds: readonly Violation[]; readonly lets: readonly NearMiss[] },
): void {
  it.each(finds)(`${invariant} finds that %s`, (_, change, finding) => {
    const evidence = soundHistory();
    change(evidence);
    const found = judge(evidence)[invariant];
    expect(found.verdict).toBe('violated');
    expect(found.findings).toContain(finding);
  });
  it.each(lets)(`${invariant} lets pass that %s`, (_, change) => {
    const evidence = soundHistory();
    change(evidence);
    expect(violationsOf(judge(evidence))).toEqual([]);
  });
}
