import { z } from 'zod';
import { Instant, phases } from './values.ts';

export const SetPhase = z
  .object({ phase: z.enum(phases), projectId: z.string().max(40).optional() })
  .strict();

export const ConnectionRow = z.object({
  id: z.string(),
  system: z.string(),
  name: z.string(),
  code: z.string(),
  phase: z.enum(phases),
  ok: z.boolean(),
  message: z.string(),
  lastReadAt: Instant.nullable(),
  lastWriteAt: Instant.nullable(),
  /** What the last self-test saw in the company that is bound; null where none was run. */
  selfTest: z
    .object({
      at: Instant,
      findings: z.array(z.object({ subject: z.string(), ok: z.boolean(), message: z.string() })),
    })
    .nullable(),
  /** Projects whose phase differs; the lower of connection and project counts. */
  projects: z.array(z.object({ projectId: z.string(), phase: z.enum(phases) })),
  /** Whether posted cost is shown there; null where nothing of the kind is written. */
  jobCosts: z.boolean().nullable(),
  /** Whether an address for its webhooks is open here; null where nothing is delivered. */
  hasHook: z.boolean().nullable(),
  /** What it can do without and would be better with. */
  lacks: z.array(z.string()),
});

export const ConnectionPage = z.object({ rows: z.array(ConnectionRow) });

const ConnectionKey = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'takes a-z, 0-9 and dashes, at most 40 characters');

const ConnectionName = z.string().trim().min(1).max(200);

/** What was typed, field by field, as text. A secret that is left empty stays as it is. */
const TypedValues = z.record(z.string().max(100), z.string().max(50_000));

export const FormField = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  kind: z.enum(['text', 'long-text', 'number', 'flag', 'list']),
  required: z.boolean(),
  /** Never shown again. */
  secret: z.boolean(),
  /** What counts when the field is left empty. */
  fallback: z.string(),
});

export const SystemForm = z.object({
  id: z.string(),
  title: z.string(),
  side: z.enum(['procore', 'erp']),
  fields: z.array(FormField),
});

export const SystemPage = z.object({ rows: z.array(SystemForm) });

export const ConnectionForm = z.object({
  id: z.string(),
  system: z.string(),
  name: z.string(),
  code: z.string(),
  /** Of a secret always empty. */
  values: z.record(z.string(), z.string()),
});

export const SaveConnection = z.object({ name: ConnectionName, values: TypedValues }).strict();

export const NewConnection = SaveConnection.extend({
  id: ConnectionKey,
  system: z.string().max(100),
  /** Part of every reference in the ERP; it can never be changed. */
  code: z.string().regex(/^[A-Z0-9]{2}$/, 'is two of A-Z 0-9'),
}).strict();

export const AllowJobCosts = z.object({ allowed: z.boolean() }).strict();

export const Finding = z.object({
  subject: z.string(),
  ok: z.boolean(),
  message: z.string(),
  remedy: z.string().optional(),
  /** Only a write would show it. */
  unproven: z.literal(true).optional(),
});

/** Lines of JSON, one finding each, as they are found. */
export const FindingLines = z
  .string()
  .describe('One JSON object a line: subject, ok, message, remedy, unproven.');
