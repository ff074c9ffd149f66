import { z } from 'zod';
import type { FieldPair } from '../schemas/documents.ts';

const Typed = z.record(z.string(), z.string()).catch({});

const Holder = z.object({ fields: Typed }).catch({ fields: {} });

/** What the approver typed when it was exported, and what of it the document holds, by the names of the target. */
export function typedFields(stored: unknown, body: unknown): z.infer<typeof FieldPair>[] {
  const typed = Object.entries(Typed.parse(stored ?? {})).map(([key, source]) => ({
    ...ALONE,
    field: `Typed at export: ${key.replaceAll('_', ' ')}`,
    source,
  }));
  const { fields } = Holder.parse(body);
  const held = Object.entries(fields).map(([name, target]) => ({ ...ALONE, field: `Field ${name}`, target }));
  return [...typed, ...held];
}

const ALONE = { source: null, target: null, same: null };
