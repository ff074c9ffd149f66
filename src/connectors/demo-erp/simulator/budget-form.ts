import { z } from 'zod';
import { MAX_LINES_PER_DOCUMENT } from './lengths.ts';

const amount = z.string().regex(/^-?\d{1,15}\.\d{2}$/, 'must be a decimal string with two decimals');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date');

const worded = { key: z.string().optional(), description: z.string(), amount };
/** By an account, or by a cost code and a cost type of Ledgerline's own. */
const line = z.union([
  z.strictObject({ ...worded, account: z.string() }),
  z.strictObject({ ...worded, cost_code: z.string(), cost_type: z.string() }),
]);

const entry = {
  reference: z.string().min(1),
  revision: z.number().int().min(1),
  note: z.string().optional(),
  date: day,
  number: z.string().min(1),
  title: z.string(),
  lines: z.array(line).min(1).max(MAX_LINES_PER_DOCUMENT),
};

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
