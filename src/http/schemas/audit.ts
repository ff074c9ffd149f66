import { z } from 'zod';
import { Instant } from './values.ts';

export const AuditEntry = z.object({
  seq: z.number().int(),
  at: Instant,
  kind: z.string(),
  actor: z.string(),
  documentId: z.string().nullable(),
  entry: z.string(),
  hash: z.string(),
});

export const AuditVerdict = z.object({
  verified: z.boolean(),
  entries: z.number().int(),
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
});

/** Lines of JSON: the whole chain with everything that its hashes are made of. */
export const AuditExport = z
  .string()
  .describe('One JSON object a line, first entry first: tenant, seq, entry, previous, hash.');

export const AuditPage = z.object({ rows: z.array(AuditEntry), next: z.string().nullable() });
