import { z } from 'zod';
import type { FieldPair } from '../schemas/documents.ts';

const Typed = z.record(z.string(), z.string()).catch({});

/** What the approver typed when it was exported, as fields of the source: no field of the target holds it. */
export function typedFields(stored: unknown): z.infer<typeof FieldPair>[] {
  return Object.entries(Typed.parse(stored ?? {})).map(([key, source]) => ({
    field: `Typed at export: ${key.replaceAll('_', ' ')}`,
    source,
    target: null,
    same: null,
  }));
}
