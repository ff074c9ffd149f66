import { z } from 'zod';

const text = z.string().min(1);
const rate = z.string().regex(/^\d{1,2}\.\d{1,4}$/);

/** What a document of an import says of any master record. */
const master = {
  reference: text,
  revision: z.number().int().min(1),
  note: z.string().optional(),
  name: z.string(),
};

/** Masters of job cost that an import may bring. A cost code is complete: `05-120` stands below `05`. */
export const jobCostForms = [
  z.strictObject({ type: z.literal('cost-code'), ...master, code: text, parent: text.optional() }),
  z.strictObject({ type: z.literal('sub-job'), ...master, code: text, project: text }),
] as const;

const seeded = { code: text, name: text, active: z.boolean().default(true) };
const list = <Row extends z.ZodType>(row: Row) => z.array(row).max(100_000).default([]);

export const jobCostSeed = {
  cost_codes: list(z.strictObject({ ...seeded, parent: z.string().nullable().default(null) })),
  cost_types: list(z.strictObject(seeded)),
  sub_jobs: list(z.strictObject({ ...seeded, project: text })),
  tax_codes: list(z.strictObject({ ...seeded, rate })),
};

/** What a person does with them in Ledgerline's own screens: nothing is ever deleted there, only closed. */
export const jobCostDeeds = [
  z.strictObject({
    action: z.literal('edit_job_cost'),
    list: z.enum(['cost-codes', 'cost-types', 'sub-jobs', 'tax-codes']),
    id: text,
    change: z.strictObject({ name: text, active: z.boolean(), rate }).partial(),
  }),
] as const;
