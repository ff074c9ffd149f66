export const INVARIANTS = [
  'I1',
  'I2',
  'I3',
  'I4',
  'I5',
  'I6',
  'I7',
  'I8',
  'I9',
  'I10',
  'I11',
  'I12',
  'I13',
  'I14',
  'I15',
] as const;

export type Invariant = (typeof INVARIANTS)[number];

export type Verdict = {
  /** `absent`: the evidence holds nothing that this invariant could have been broken by. */
  readonly verdict: 'held' | 'violated' | 'absent';
  /** How many things were compared. */
  readonly judged: number;
  readonly violations: number;
  /** The first of them, in words. */
  readonly findings: readonly string[];
};

export type Judgement = Readonly<Record<Invariant, Verdict>>;

// A broken run can break everything in it: the first findings are read, the rest are counted.
const FINDINGS_KEPT = 20;

/** Counts what one invariant was held against, and keeps what broke it. */
export class Tally {
  judged = 0;
  violations = 0;
  readonly findings: string[] = [];

  broken(finding: string): void {
    this.violations += 1;
    if (this.findings.length < FINDINGS_KEPT) this.findings.push(finding);
  }

  verdict(): Verdict {
    const { judged, violations, findings } = this;
    const verdict = violations > 0 ? 'violated' : judged > 0 ? 'held' : 'absent';
    return { verdict, judged, violations, findings };
  }
}
