import { z } from 'zod';
import { MAX_LINES_PER_DOCUMENT } from './lengths.ts';

// What the forms of all documents are made of.

export const amount = z.string().regex(/^-?\d{1,15}\.\d{2}$/, 'must be a decimal string with two decimals');
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date');

/** Values of fields that the company has besides: by their names, as texts. */
export const held = { fields: z.record(z.string(), z.string().min(1)).optional() };

/** By what a document is found, and when it counts. */
export const referenced = {
  reference: z.string().min(1),
  revision: z.number().int().min(1),
  note: z.string().optional(),
  date: day,
};

export const titled = { ...referenced, number: z.string().min(1), title: z.string() };

const worded = { key: z.string().optional(), description: z.string(), amount };
const byAccount = z.strictObject({ ...worded, account: z.string() });
/** By an account, and for a part of the job where its cost belongs there. */
export const jobLine = byAccount.extend({ sub_job: z.string().min(1).optional() });
/** A line of an order names its cost code as well, where the project wants that. */
export const orderLine = jobLine.extend({ cost_code: z.string().min(1).optional() });
const byCode = z.strictObject({ ...worded, cost_code: z.string(), cost_type: z.string() });

/** Lines by their account. */
export const accountLines = linesOf(byAccount);
export const orderLines = linesOf(orderLine);
/** By an account, or by a cost code and a cost type of Ledgerline's own. */
export const costLines = linesOf(z.union([byAccount, byCode]));

function linesOf<Line extends z.ZodType>(line: Line) {
  return z.array(line).min(1).max(MAX_LINES_PER_DOCUMENT);
}
