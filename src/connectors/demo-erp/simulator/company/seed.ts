import { z } from 'zod';
import { insuranceSeed } from '../billing/insurances.ts';
import { jobCostSeed } from '../costs/job-cost-form.ts';
import { projectCodesSeed } from '../costs/project-codes.ts';
import { documentFieldSeed } from '../http/document-fields.ts';
import { amount, day } from '../http/form-fields.ts';

const seedLine = z.strictObject({
  key: z.string().nullable(),
  description: z.string(),
  account: z.string(),
  amount,
});

/** What a company has before anybody calls: unknown keys are refused, so that a typing error is seen. */
export const ledgerlineSeed = z.strictObject({
  company: z.strictObject({ id: z.string(), name: z.string(), currency: z.string() }),
  keys: z.array(z.strictObject({ key: z.string(), user: z.string() })),
  vendors: z
    .array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        tax_id: z.string().nullable().default(null),
        email: z.string().nullable().default(null),
        phone: z.string().nullable().default(null),
        zip: z.string().nullable().default(null),
        active: z.boolean().default(true),
      }),
    )
    .max(100_000)
    .default([]),
  customers: z
    .array(z.strictObject({ code: z.string(), name: z.string(), active: z.boolean().default(true) }))
    .max(100_000)
    .default([]),
  projects: z
    .array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        active: z.boolean().default(true),
        ...projectCodesSeed,
      }),
    )
    .max(100_000)
    .default([]),
  accounts: z
    .array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        postable: z.boolean().default(true),
        /** What is posted to it on a project is cost. */
        expense: z.boolean().default(false),
      }),
    )
    .max(100_000)
    .default([]),
  periods: z
    .array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        from: day,
        to: day,
        open: z.boolean().default(true),
      }),
    )
    .max(1_000)
    .default([]),
  orders: z
    .array(
      z.strictObject({
        reference: z.string().nullable(),
        revision: z.number().int().default(1),
        number: z.string(),
        title: z.string(),
        vendor: z.string(),
        project: z.string(),
        currency: z.string(),
        date: day,
        lines: z.array(seedLine).min(1),
      }),
    )
    .max(100_000)
    .default([]),
  contracts: z
    .array(
      z.strictObject({
        code: z.string(),
        number: z.string(),
        title: z.string(),
        customer: z.string(),
        project: z.string(),
        currency: z.string(),
        retainage_percent: z
          .string()
          .regex(/^\d{1,3}\.\d{2}$/)
          .default('0.00'),
        lines: z
          .array(
            z.strictObject({
              description: z.string(),
              cost_code: z.string(),
              cost_type: z.string(),
              amount,
            }),
          )
          .min(1),
      }),
    )
    .max(10_000)
    .default([]),
  ...jobCostSeed,
  ...insuranceSeed,
  ...documentFieldSeed,
});

export type LedgerlineSeed = z.input<typeof ledgerlineSeed>;
export type ParsedSeed = z.output<typeof ledgerlineSeed>;
