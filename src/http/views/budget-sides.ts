import { z } from 'zod';
import type { FieldPair, LinePair } from '../schemas/documents.ts';

type Field = z.infer<typeof FieldPair>;
type Line = z.infer<typeof LinePair>;

const Budget = z.object({
  kind: z.literal('budget'),
  number: z.string(),
  title: z.string(),
  projectCode: z.string(),
  currency: z.string(),
  accountingDate: z.string(),
  total: z.string(),
  lines: z.array(
    z.object({
      key: z.string(),
      description: z.string(),
      amount: z.string(),
      costCode: z.string(),
      costType: z.string(),
      coding: z.object({ kind: z.string(), code: z.string() }),
    }),
  ),
});

/** A planned entry in the budget of a job; null for every other kind of document. */
export function budgetOf(stored: unknown): z.infer<typeof Budget> | null {
  return Budget.safeParse(stored).data ?? null;
}

const Source = z.object({
  projectId: z.string(),
  moves: z.array(z.object({ id: z.string(), amount: z.string() })),
});

/** Such an entry beside what was exported, move by move. */
export function pairBudget(
  budget: z.infer<typeof Budget>,
  stored: unknown,
  lineKeys: Readonly<Record<string, string>>,
): { readonly fields: Field[]; readonly lines: Line[] } {
  const source = Source.safeParse(stored).data;
  const pair = (field: string, from: string | undefined, to: string): Field => {
    return { field, source: from ?? null, target: to, same: null };
  };
  return {
    fields: [
      pair('Number', undefined, budget.number),
      pair('Title', undefined, budget.title),
      pair('Project', source?.projectId, budget.projectCode),
      pair('Date', undefined, budget.accountingDate),
      pair('Currency', undefined, budget.currency),
      pair('Total', undefined, budget.total),
    ],
    lines: budget.lines.map(({ key, description, amount, costCode, costType, coding }) => ({
      key,
      description,
      costCode: [costCode, costType].filter(Boolean).join(' '),
      coding: `${coding.kind} ${coding.code}`,
      sourceAmount: source?.moves.find(({ id }) => id === key)?.amount ?? '0.00',
      targetAmount: amount,
      targetLine: lineKeys[key] ?? null,
    })),
  };
}
