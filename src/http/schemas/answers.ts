import { z } from 'zod';

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** What happened, what it means for the money, what to do. */
  detail: z.string(),
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export const Done = z.object({ ok: z.literal(true) });
