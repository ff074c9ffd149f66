import { z } from 'zod';
import { Amount } from './values.ts';

const answers = ['next', 'standing', 'opening', 'itself'] as const;
const parts = ['progress', 'retainage-release'] as const;

/** An application that could not be billed in its turn, and what may be said of it. */
export const BillingToDecide = z.object({
  /** Null for a bill that is of no contract. */
  application: z.number().int().nullable(),
  currency: z.string(),
  answers: z.array(z.enum(answers)),
  /** What of it is not posted, and the number that its invoice would bear. */
  parts: z.array(z.object({ part: z.enum(parts), number: z.string(), amount: Amount })),
});

/** One of the answers. Of an invoice that stands in the ERP its number, and by how much it may differ. */
export const BillApplication = z
  .object({
    payloadHash: z.string().max(100),
    answer: z.enum(answers),
    number: z.string().max(100).nullable().default(null),
    /** Null for all of it that is not posted. */
    part: z.enum(parts).nullable().default(null),
    difference: z
      .string()
      .regex(/^-?\d{1,15}(\.\d{1,4})?$/)
      .nullable()
      .default(null),
  })
  .strict();
