import { z } from 'zod';
import { ReviewRow } from './review.ts';
import { Amount, documentStates, Instant, phases } from './values.ts';

export const Overview = z.object({
  states: z.array(z.object({ state: z.enum(documentStates), count: z.number().int(), amount: Amount })),
  currency: z.string(),
  needsMe: z.array(ReviewRow),
  waitingByOwner: z.array(
    z.object({ owner: z.string(), count: z.number().int(), amount: Amount, oldestAt: Instant.nullable() }),
  ),
  waitingByAge: z.array(z.object({ age: z.string(), count: z.number().int(), amount: Amount })),
  flow: z.array(
    z.object({
      system: z.string(),
      received: z.number().int(),
      posted: z.number().int(),
      inFlight: z.number().int(),
    }),
  ),
  /** Documents posted per minute, newest last, for the sparkline. */
  postedPerMinute: z.array(z.object({ minute: Instant, count: z.number().int() })),
  health: z.array(
    z.object({
      connection: z.string(),
      system: z.string(),
      phase: z.enum(phases),
      ok: z.boolean(),
      message: z.string(),
      lastReadAt: Instant.nullable(),
      lastWriteAt: Instant.nullable(),
    }),
  ),
  auditEntries: z.number().int(),
});
