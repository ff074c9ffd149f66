import { z } from 'zod';

// Every body is parsed with numbers as text, as in wire.ts; only what decides about a payment is read.
const id = z.string().regex(/^[0-9A-Za-z-]{1,40}$/);
const optional = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));
const rows = <Row extends z.ZodType>(row: Row) =>
  z
    .array(row)
    .max(1_000)
    .nullish()
    .transform((value) => value ?? []);

export const manualHolds = z
  .array(
    z.object({
      id,
      status: z.string(),
      hold_type: optional,
      description: optional,
      created_by: optional,
      created_at: optional,
    }),
  )
  .max(1_000);

export const lienWaivers = z
  .array(
    z.object({
      id,
      status: z.string(),
      type: z.enum([
        'conditional_progress',
        'unconditional_progress',
        'conditional_final',
        'unconditional_final',
      ]),
    }),
  )
  .max(1_000);

const paper = z.object({ id, name: optional, status: optional, expires_at: optional });
export type PaperRow = z.infer<typeof paper>;

/** One page of them, which the catalogue prints as a single one. */
export const invoicePapers = z.object({
  data: z.union([z.array(paper).max(2_000), paper.transform((one) => [one])]),
});

export const contractCompliance = z.object({
  compliance_status: optional,
  compliance_notes: optional,
  insurance_status: optional,
  insurance_notes: optional,
  insurance_documents: rows(
    z.object({
      id,
      name: optional,
      insurance_type: optional,
      level: optional,
      status: optional,
      effective_at: optional,
      expires_at: optional,
    }),
  ),
  compliance_documents: rows(paper),
});
export type ComplianceRow = z.infer<typeof contractCompliance>;

export const insuranceRow = z.object({
  id,
  insurance_type: optional,
  insurance_provider: optional,
  policy_number: optional,
  limit: optional,
  status: optional,
  exempt: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  effective_date: optional,
  expiration_date: optional,
  origin_id: optional,
});
export type InsuranceRow = z.infer<typeof insuranceRow>;
