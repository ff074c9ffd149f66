import { judgeAgreement } from './agreement.ts';
import { judgeApproval } from './approval.ts';
import { type Books, openBooks } from './books.ts';
import { judgeBounds, judgeIsolation, judgeProposals, judgeReadOnly, judgeReplay } from './boundaries.ts';
import { judgeChain } from './chain.ts';
import type { Evidence } from './evidence.ts';
import { judgeHonest } from './honest.ts';
import { judgeMoney } from './money.ts';
import { judgeNoDuplicate } from './no-duplicate.ts';
import { judgeNoLoss } from './no-loss.ts';
import { judgeOrder } from './order.ts';
import { INVARIANTS, type Invariant, type Judgement, Tally, type Verdict } from './tally.ts';
import { judgeWriteAhead } from './write-ahead.ts';

const JUDGES: Readonly<Record<Exclude<Invariant, 'I14'>, (books: Books, tally: Tally) => void>> = {
  I1: judgeNoDuplicate,
  I2: judgeNoLoss,
  I3: judgeAgreement,
  I4: judgeMoney,
  I5: judgeOrder,
  I6: judgeWriteAhead,
  I7: judgeChain,
  I8: judgeIsolation,
  I9: judgeApproval,
  I10: judgeProposals,
  I11: judgeReadOnly,
  I12: judgeReplay,
  I13: judgeBounds,
  I15: judgeHonest,
};

const KEPT_OVER_CRASHES = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9'] as const;

/** Holds the evidence of one history against every invariant. */
export function judge(evidence: Evidence): Judgement {
  const books = openBooks(evidence);
  const judgement: Partial<Record<Invariant, Verdict>> = {};
  for (const invariant of INVARIANTS) {
    const tally = new Tally();
    if (invariant === 'I14') judgeCrashes(evidence, judgement, tally);
    else JUDGES[invariant](books, tally);
    judgement[invariant] = tally.verdict();
  }
  return judgement as Judgement;
}

/** I14: what was killed between any two durable steps keeps I1 to I9. */
function judgeCrashes(
  { crashes = 0 }: Evidence,
  judgement: Partial<Record<Invariant, Verdict>>,
  tally: Tally,
): void {
  if (crashes === 0) return;
  for (const invariant of KEPT_OVER_CRASHES) {
    const { verdict, findings } = judgement[invariant]!;
    if (verdict === 'absent') continue;
    tally.judged += 1;
    if (verdict === 'violated')
      tally.broken(`${invariant} does not hold after ${crashes} crashes: ${findings[0]}`);
  }
}

/** Every violation in words, or nothing: what a test or a command prints. */
export function violationsOf(judgement: Judgement): string[] {
  return INVARIANTS.flatMap((invariant) =>
    judgement[invariant].findings.map((finding) => `${invariant}: ${finding}`),
  );
}
