import { z } from 'zod';
import { costLines, titled } from '../http/form-fields.ts';

const entry = { ...titled, lines: costLines };

/** The original estimate of a job. */
const budget = z.strictObject({
  type: z.literal('budget'),
  ...entry,
  project: z.string(),
  currency: z.string().length(3),
});

/** What it moves by afterwards, as deltas. */
const budgetChange = z.strictObject({ type: z.literal('budget-change'), ...entry, budget: z.string() });

export const budgetForms = [budget, budgetChange] as const;
