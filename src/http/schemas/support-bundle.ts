import { z } from 'zod';

export const MakeSupportBundle = z
  .object({
    /** How far to look back for what is over by now. */
    days: z.number().int().min(1).max(90).default(7),
    /** With vendors, people, amounts and whole sentences. */
    withNames: z.boolean().default(false),
  })
  .strict();

export const SupportBundle = z
  .string()
  .describe('A tar.gz of JSON files, with a README.txt that says what is in it.');
