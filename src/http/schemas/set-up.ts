import { z } from 'zod';

/** What a set-up would do. Nothing was written. */
export const SetUpPlan = z.object({
  address: z.string(),
  /** Names exactly these steps; consent carries it. */
  digest: z.string(),
  steps: z.array(z.object({ kind: z.string(), what: z.string() })),
  /** What stands there and is left as it is. */
  notes: z.array(z.string()),
  /** The document that the ERP tool is told, as JSON. */
  metadata: z.string(),
});

export const RunSetUp = z
  .object({
    address: z.string().max(500).optional(),
    freshSecret: z.boolean().optional(),
    digest: z.string().max(100),
  })
  .strict();

export const SetUpResults = z.object({
  rows: z.array(
    z.object({
      what: z.string(),
      outcome: z.enum(['done', 'not-done', 'unknown']),
      message: z.string(),
    }),
  ),
});
