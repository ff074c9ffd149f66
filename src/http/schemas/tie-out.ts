import { z } from 'zod';
import { Amount, Instant } from './values.ts';

export const BridgeItem = z.object({
  documentId: z.string().nullable(),
  number: z.string(),
  title: z.string(),
  cause: z.enum([
    'waiting',
    'not-sent',
    'read-only',
    'conflict',
    'refused',
    'change-not-posted',
    'edited-in-erp',
    'erp-only',
    'pending-in-erp',
    'closing-in-erp',
    'requisition',
  ]),
  explanation: z.string(),
  amount: Amount,
  owner: z.string().nullable(),
});

export const ProjectTieOut = z.object({
  project: z.object({
    id: z.string(),
    name: z.string(),
    number: z.string().nullable(),
    erpCode: z.string().nullable(),
  }),
  currency: z.string(),
  source: Amount,
  target: Amount,
  difference: Amount,
  explained: Amount,
  residual: Amount,
  /** What orders took in and nobody billed yet: part of both totals, and of no difference. */
  received: Amount.optional(),
  /** Orders in another currency, which are in no total; with the rate that the ERP has, where it says one. */
  foreign: z
    .array(
      z.object({ number: z.string(), currency: z.string(), amount: Amount, rate: z.string().nullable() }),
    )
    .optional(),
  items: z.array(BridgeItem),
  /** Line by line, where both sides know lines: what the source says, and what was carried from here. */
  lines: z
    .array(z.object({ name: z.string(), source: Amount, carried: Amount, difference: Amount }))
    .optional(),
  asOf: Instant,
});

export const TieOut = z.object({
  projects: z.array(ProjectTieOut),
  asOf: Instant.nullable(),
  problem: z.string().nullable(),
});
