import { z } from 'zod';
import { MAX_DOCUMENTS_PER_GROUP, MAX_LINES_PER_DOCUMENT } from './lengths.ts';

const amount = z.string().regex(/^-?\d{1,15}\.\d{2}$/, 'must be a decimal string with two decimals');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date');

const shared = {
  reference: z.string().min(1),
  revision: z.number().int().min(1),
  number: z.string().min(1),
  title: z.string(),
  note: z.string().optional(),
  date: day,
};

const order = z.strictObject({
  type: z.literal('order'),
  ...shared,
  vendor: z.string(),
  project: z.string(),
  currency: z.string().length(3),
  lines: z
    .array(
      z.strictObject({ key: z.string().optional(), description: z.string(), account: z.string(), amount }),
    )
    .min(1)
    .max(MAX_LINES_PER_DOCUMENT),
});

const orderChange = z.strictObject({
  type: z.literal('order-change'),
  ...shared,
  order: z.string(),
  based_on: z.string(),
  lines: z
    .array(
      z.union([
        z.strictObject({ line: z.number().int().min(1), description: z.string().optional(), amount }),
        z.strictObject({ key: z.string().optional(), description: z.string(), account: z.string(), amount }),
      ]),
    )
    .max(MAX_LINES_PER_DOCUMENT),
});

export const importDocument = z.discriminatedUnion('type', [order, orderChange]);
export type ImportDocument = z.output<typeof importDocument>;

/** The envelope: what does not have this form is refused at once with 400, before a job exists. */
export const importGroup = z.strictObject({
  group_reference: z.string().min(1).max(40),
  documents: z.array(importDocument).min(1).max(MAX_DOCUMENTS_PER_GROUP),
});
