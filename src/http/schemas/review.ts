import { z } from 'zod';
import { MAPPING_KINDS } from '../../domain/mapping.ts';
import { BillingToDecide } from './billing.ts';
import { SetMapping } from './mappings.ts';
import { Amount, CalendarDay, Instant } from './values.ts';

export const ReviewRow = z.object({
  id: z.string(),
  kind: z.enum([
    'approval',
    'unmapped',
    'vendor-match',
    'adoption',
    'conflict',
    'refused',
    'exception',
    'quarantined',
    'policy',
    'billing',
  ]),
  title: z.string(),
  question: z.string(),
  role: z.string(),
  state: z.enum(['open', 'approved', 'corrected', 'rejected', 'expired']),
  documentId: z.string().nullable(),
  amount: Amount.nullable(),
  currency: z.string().nullable(),
  project: z.string().nullable(),
  openedAt: Instant,
  /** Whether the signed-in person may decide it, and if not, why. */
  mayDecide: z.boolean(),
  whyNot: z.string().nullable(),
});

/** What both sides say was billed on one line before the project went live. */
const OpeningLine = z.object({ name: z.string(), source: Amount, target: Amount, difference: Amount });

/** An order that stands in the ERP and may be that of a commitment, line by line. */
export const AdoptableOrder = z.object({
  id: z.string(),
  number: z.string(),
  vendorReference: z.string(),
  vendorCode: z.string(),
  date: CalendarDay,
  total: Amount,
  difference: Amount,
  invoiced: Amount,
  evidence: z.array(z.string()),
  /** What has to be put right before it can be taken over. */
  problem: z.string().nullable(),
  notes: z.array(z.string()),
  lines: z.array(
    z.object({
      name: z.string(),
      source: Amount.nullable(),
      target: Amount.nullable(),
      orderLine: z.string().nullable(),
      coding: z.string().nullable(),
      difference: Amount,
      evidence: z.string().nullable(),
    }),
  ),
  openings: z.array(
    z.object({
      application: z.number().int(),
      source: Amount,
      target: Amount,
      difference: Amount,
      retainageHeld: Amount,
      lines: z.array(OpeningLine),
    }),
  ),
});

/** What the approver signs: the canonical summary the server made, bound to its hash. */
export const ReviewItem = ReviewRow.extend({
  payloadHash: z.string().nullable(),
  evidence: z.array(z.object({ label: z.string(), value: z.string() })),
  /** For kind unmapped: the rows to answer. For vendor-match: candidates. */
  asks: z.array(
    z.object({
      kind: z.enum(MAPPING_KINDS),
      key: z.string(),
      label: z.string(),
      scope: z.object({ id: z.string(), name: z.string() }).nullable(),
      suggestions: z.array(z.object({ code: z.string(), name: z.string(), why: z.string() })),
    }),
  ),
  /** For kind adoption: the orders that may be meant. */
  adoption: z.object({ certain: z.boolean(), candidates: z.array(AdoptableOrder) }).optional(),
  /** For kind billing: the application, and what may be said of it. */
  billing: BillingToDecide.optional(),
  /** How many other documents the same answer releases. */
  alsoReleases: z.number().int(),
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
});

export const Approve = z.object({ payloadHash: z.string().max(100) }).strict();

/** Which order is taken over, null for none of them; and the last application that was billed before, null for none. */
export const Adopt = z
  .object({
    payloadHash: z.string().max(100),
    order: z.string().max(60).nullable(),
    application: z.number().int().min(1).nullable(),
  })
  .strict();

export const Reject = z.object({ reason: z.string().min(3).max(1000) }).strict();

export const Answer = z.object({ answers: z.array(SetMapping).min(1).max(100) }).strict();

export const ReviewPage = z.object({ rows: z.array(ReviewRow) });
