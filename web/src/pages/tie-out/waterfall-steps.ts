import type { BridgeItem, ProjectTieOut } from '../../api/types.ts';
import { compareAmounts, isZero, negated, positionBetween, sumAmounts } from '../../ui/amount-text.ts';
import { causeWords } from '../../ui/words.ts';

export interface Step {
  name: string;
  /** What is shown: a total, or the signed step. */
  amount: string;
  isTotal: boolean;
  /** Ends of the bar in 1/10000 of the axis. */
  left: number;
  right: number;
}

export interface Steps {
  rows: Step[];
  axisFrom: string;
  axisTo: string;
}

/**
 * The bars from the source total to the target total, one per cause. The axis spans the running totals only:
 * from zero, a difference of a thousand in ten million would be no wider than a hair.
 */
export function waterfallSteps(tieOut: ProjectTieOut): Steps {
  const levels = [tieOut.source];
  const moves = causesOf(tieOut).map(({ name, amount }) => {
    const from = levels.at(-1) ?? tieOut.source;
    const to = sumAmounts([from, amount]);
    levels.push(to);
    return { name, amount, from, to };
  });
  const axisFrom = levels.reduce((least, level) => (compareAmounts(level, least) < 0 ? level : least));
  const axisTo = levels.reduce((most, level) => (compareAmounts(level, most) > 0 ? level : most));
  const place = (amount: string) => positionBetween(amount, axisFrom, axisTo);
  const total = (name: string, amount: string): Step => ({
    name,
    amount,
    isTotal: true,
    left: place(amount),
    right: place(amount),
  });
  const steps = moves.map(({ name, amount, from, to }): Step => {
    const [left, right] = [place(from), place(to)].sort((a, b) => a - b) as [number, number];
    return { name, amount, isTotal: false, left, right };
  });
  return { rows: [total('Procore', tieOut.source), ...steps, total('ERP', tieOut.target)], axisFrom, axisTo };
}

function causesOf(tieOut: ProjectTieOut): { name: string; amount: string }[] {
  const byCause = new Map<BridgeItem['cause'], string[]>();
  for (const { cause, amount } of tieOut.items) {
    byCause.set(cause, [...(byCause.get(cause) ?? []), negated(amount)]);
  }
  const causes = [...byCause].map(([cause, amounts]) => ({
    name: causeWords[cause],
    amount: sumAmounts(amounts),
  }));
  const rest = isZero(tieOut.residual) ? [] : [{ name: 'Unexplained', amount: negated(tieOut.residual) }];
  return [...causes, ...rest];
}
