import { z } from 'zod';
import { KEYLESS, MAPPED_KINDS, MAPPING_KINDS } from '../../domain/mapping.ts';
import { Instant } from './values.ts';

export const Mapping = z.object({
  kind: z.enum(MAPPING_KINDS),
  scope: z.string(),
  key: z.string(),
  value: z.object({
    kind: z.enum(MAPPED_KINDS),
    code: z.string().min(1).max(50),
  }),
  version: z.number().int(),
  setBy: z.string(),
  setAt: Instant,
});

export const SetMapping = z
  .object({
    kind: z.enum(MAPPING_KINDS),
    scope: z.string().max(40).default(''),
    /** Empty for retainage and revenue: there is one account for each scope. */
    key: z.string().max(200),
    value: z
      .object({
        kind: z.enum(MAPPED_KINDS),
        code: z.string().min(1).max(50),
      })
      .strict(),
  })
  .strict()
  .refine(({ kind, key }) => KEYLESS.has(kind) === (key === ''), {
    path: ['key'],
    message: 'Name what is mapped; only the accounts for retainage and revenue have no key.',
  });

export const MappingPage = z.object({ rows: z.array(Mapping) });

/** Choices for a correction, as the target knows them. */
export const TargetPage = z.object({ rows: z.array(z.object({ code: z.string(), name: z.string() })) });
