import { expect, it } from 'vitest';
import { judge, violationsOf } from './judge.ts';
import { type DraftEvidence, soundHistory } from './sound-history.ts';
import type { Invariant } from './tally.ts';

export type Case = readonly [says: string, change: (evidence: DraftEvidence) => void];

/** A violation must be found under its own invariant; a near-miss must not be flagged under any. */
export function cases(
  invariant: Invariant,
  { finds, lets }: { readonly finds: readonly Case[]; readonly lets: readonly Case[] },
): void {
  it.each(finds)(`${invariant} finds that %s`, (_, change) => {
    const evidence = soundHistory();
    change(evidence);
    const found = judge(evidence)[invariant];
    expect(found.verdict).toBe('violated');
    expect(found.findings.length).toBeGreaterThan(0);
  });
  it.each(lets)(`${invariant} lets pass that %s`, (_, change) => {
    const evidence = soundHistory();
    change(evidence);
    expect(violationsOf(judge(evidence))).toEqual([]);
  });
}
