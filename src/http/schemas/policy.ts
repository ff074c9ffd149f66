import { z } from 'zod';
import { Instant } from './values.ts';

const Role = z.string().max(40);

/** The whole of it: what is left out would be nobody's decision. */
export const Policy = z
  .object({
    /** From which amount on a person is asked, and who. What no rule names is asked about whatever its amount. */
    approvals: z
      .array(
        z
          .object({
            kind: z.enum([
              'purchase-order',
              'ap-invoice',
              'ar-invoice',
              'contract-change',
              'budget',
              'vendor-payment',
            ]),
            threshold: z.string().max(40),
            currency: z.string().max(40),
            role: Role,
          })
          .strict(),
      )
      .max(100),
    /** Whose day it is over which amounts to one vendor are summed. */
    timeZone: z.string().max(60),
    /** Who approves what has no amount; null where it goes by itself. */
    newRecords: z
      .object({
        vendor: Role.nullable(),
        project: Role.nullable(),
        'cost-code': Role.nullable(),
        'sub-job': Role.nullable(),
        receipt: Role.nullable(),
      })
      .strict(),
    invoices: z
      .object({
        startsOn: z.enum(['export', 'approval']),
        overbilling: z.enum(['refuse', 'allow']),
        reductions: z.enum(['conflict', 'net']),
      })
      .strict(),
    /** Whether the export of a record by the accounting approver counts as an approval of it. */
    acceptance: z.object({ approverCounts: z.boolean() }).strict(),
    /** What keeps the payment of an invoice back. It is recorded all the same. */
    holds: z
      .object({
        manualHolds: z.boolean(),
        compliance: z.boolean(),
        insurance: z.boolean(),
        waivers: z.enum(['off', 'conditional', 'conditional-and-previous']),
        unknown: z.enum(['show', 'hold']),
      })
      .strict(),
  })
  .strict();

export const PolicyChange = z.object({
  label: z.string(),
  before: z.string(),
  after: z.string(),
  /** Whether more goes without a person from then on, or less. */
  effect: z.enum(['looser', 'stricter', 'other']),
});

const changes = z.array(PolicyChange);

export const PolicyChanges = z.object({ changes });

/** What a form is made of: kinds, roles and choices with their words. */
const PolicyForm = z.object({
  kinds: z.array(
    z.object({
      kind: Policy.shape.approvals.element.shape.kind,
      label: z.string(),
      /** Somebody is asked about each, whatever its amount. */
      always: z.boolean(),
    }),
  ),
  roles: z.array(z.string()),
  choices: z.array(
    z.object({
      section: z.enum(['newRecords', 'invoices', 'holds', 'acceptance']),
      name: z.string(),
      label: z.string(),
      /** The strictest first. */
      options: z.array(z.object({ value: z.union([z.string(), z.boolean()]).nullable(), words: z.string() })),
    }),
  ),
});

export const PolicyPage = z.object({
  /** 0 for the one that counts until somebody saves another. */
  version: z.number().int(),
  policy: Policy,
  form: PolicyForm,
  mayPropose: z.boolean(),
  whyNot: z.string().nullable(),
  /** The change that waits for a second person. */
  proposal: z
    .object({
      /** Of the question in Review. */
      id: z.string(),
      at: Instant,
      proposedBy: z.string(),
      reason: z.string(),
      changes,
      mayTakeBack: z.boolean(),
      mayDecide: z.boolean(),
    })
    .nullable(),
});

export const PolicyVersion = z.object({
  version: z.number().int(),
  at: Instant,
  setBy: z.string(),
  /** Null for one that was set on the machine itself, by whoever runs Tiebeam. */
  approvedBy: z.string().nullable(),
  reason: z.string().nullable(),
  changes,
});

export const PolicyVersions = z.object({ rows: z.array(PolicyVersion), next: z.string().nullable() });

export const PreviewPolicy = z.object({ policy: Policy, base: z.number().int().min(0) }).strict();

export const ProposePolicy = PreviewPolicy.extend({ reason: z.string().trim().min(3).max(1000) }).strict();
