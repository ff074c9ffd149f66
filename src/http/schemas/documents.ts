import { z } from 'zod';
import { ReviewRow } from './review.ts';
import { Amount, CalendarDay, documentStates, Instant } from './values.ts';

/** Why a document stands where it stands, and who can move it. */
export const Reason = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  /** Role or system it waits for. */
  owner: z.string(),
  field: z.string().optional(),
});

export const DocumentRow = z.object({
  id: z.string(),
  kind: z.string(),
  number: z.string(),
  title: z.string(),
  revision: z.number().int(),
  state: z.enum(documentStates),
  project: z.object({ id: z.string(), name: z.string() }).nullable(),
  vendor: z.string().nullable(),
  amount: Amount.nullable(),
  currency: z.string().nullable(),
  accountingDate: CalendarDay.nullable(),
  source: z.object({ system: z.string(), object: z.string(), id: z.string(), url: z.string().nullable() }),
  target: z.object({
    system: z.string(),
    /** Name of the ERP company, where there are several. */
    company: z.string().nullable(),
    id: z.string().nullable(),
    number: z.string().nullable(),
    url: z.string().nullable(),
  }),
  /** One sentence: what it waits for. Empty when it waits for nothing. */
  waitsFor: z.string(),
  owner: z.string().nullable(),
  /** Whether its payment is kept back: it is recorded all the same. */
  held: z.boolean(),
  updatedAt: Instant,
});

export const FieldPair = z.object({
  field: z.string(),
  source: z.string().nullable(),
  target: z.string().nullable(),
  same: z.boolean().nullable(),
});

export const LinePair = z.object({
  key: z.string(),
  description: z.string(),
  costCode: z.string(),
  coding: z.string().nullable(),
  sourceAmount: Amount,
  targetAmount: Amount.nullable(),
  targetLine: z.string().nullable(),
  /** What it counts in the source, for people: only its amount is posted. */
  units: z
    .object({
      quantity: z.string(),
      unit: z.string().nullable(),
      unitPrice: z.string().nullable(),
      /** What both come to, where that is not the amount. */
      comesTo: z.string().nullable(),
    })
    .optional(),
  /** What came in on it in the ERP and is in no invoice yet. */
  received: Amount.optional(),
  /** Of a line of an invoice: what of it is drawn on which goods receipts. */
  drawnOn: z.array(z.object({ receipt: z.string(), amount: Amount })).optional(),
});

export const TimelineEntry = z.object({
  at: Instant,
  kind: z.string(),
  actor: z.string(),
  sentence: z.string(),
  auditSeq: z.number().int().nullable(),
});

export const PostingRow = z.object({
  id: z.string(),
  system: z.string(),
  write: z.string(),
  state: z.string(),
  reference: z.string(),
  attempts: z.number().int(),
  reason: z.string().nullable(),
  dueAt: Instant.nullable(),
});

export const DocumentPage = z.object({
  rows: z.array(DocumentRow),
  next: z.string().nullable(),
  total: z.number().int(),
});

export const DocumentDetail = DocumentRow.extend({
  reasons: z.array(Reason),
  /** What is known of its payment: what keeps it back, and what nobody can say. */
  payment: z.array(Reason),
  fields: z.array(FieldPair),
  lines: z.array(LinePair),
  payload: z.string().nullable(),
  payloadHash: z.string().nullable(),
  sourcePayload: z.string().nullable(),
  mappings: z.array(
    z.object({
      kind: z.string(),
      key: z.string(),
      value: z.string(),
      version: z.number().int(),
      setBy: z.string(),
    }),
  ),
  approvals: z.array(
    z.object({
      by: z.string(),
      role: z.string(),
      at: Instant,
      state: z.enum(['valid', 'consumed', 'stale']),
    }),
  ),
  postings: z.array(PostingRow),
  review: z.array(ReviewRow),
  timeline: z.array(TimelineEntry),
  actions: z.array(z.enum(['approve', 'reject', 'answer', 'probe-again', 'withdraw', 'replan'])),
});

/** What Procore's project tools know around a document: read, shown, and never posted from. */
export const Evidence = z.object({
  rows: z.array(
    z.object({
      object: z.string(),
      id: z.string(),
      number: z.string().nullable(),
      title: z.string(),
      status: z.string().nullable(),
      facts: z.array(z.object({ name: z.string(), value: z.string() })),
      /** Whether it names the contract, the application or the vendor of the document. */
      named: z.boolean(),
      seenAt: Instant,
    }),
  ),
  /** Whether the project knows more than is shown. */
  more: z.boolean(),
});

export const Withdraw = z.object({ reason: z.string().min(3).max(1000) }).strict();
