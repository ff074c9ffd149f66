import { z } from 'zod';

const MINUTE_LIMIT = 24 * 60;
const LIFE_LIMIT_MS = 60_000;

/** What POST /_sim/settings accepts; every key is optional and the others keep their value. */
export const settingsSchema = z.strictObject({
  /** A POSTed document becomes a draft waiting for approval; or only one of this kind does. */
  approvalProcedure: z
    .union([z.boolean(), z.enum(['purchaseRequests', 'orders', 'invoices', 'creditNotes', 'salesInvoices'])])
    .optional(),
  /** What the company does about a second invoice, or a second credit memo, with one vendor's number. */
  duplicateVendorReference: z.enum(['off', 'warn', 'block']).optional(),
  /** true: what comes in is cost at once, against what is received and not invoiced; an invoice of it takes that back. */
  receiptsPostCost: z.boolean().optional(),
  /** false: the company has no folder for attachments, so that none can be uploaded. */
  attachmentsFolder: z.boolean().optional(),
  /** The numbering series that gives new vendors their codes; null: every code is typed. */
  vendorSeries: z.int().min(1).nullable().optional(),
  /** true: every user field of the header is a unique key; a name: only that one. */
  uniqueUdf: z.union([z.boolean(), z.string().regex(/^U_\w+$/)]).optional(),
  /** true: a value that a unique field has already is booked all the same, as a setting that only warns does. */
  uniqueUdfOnlyWarns: z.boolean().optional(),
  requestLifeMs: z.int().min(0).max(LIFE_LIMIT_MS).optional(),
  maxSessions: z.int().min(1).nullable().optional(),
  sessionTimeoutMin: z.int().min(1).max(MINUTE_LIMIT).optional(),
  loginLatencyMs: z.int().min(0).max(LIFE_LIMIT_MS).optional(),
  pageSize: z.int().min(1).max(1000).optional(),
  /** false: a missing DocDueDate is filled from DocDate instead of refused. */
  dueDateRequired: z.boolean().optional(),
  /** true: the next link repeats $filter, $select and $orderby, which some patch levels do. */
  nextLinkKeepsQuery: z.boolean().optional(),
  periods: z
    .array(
      z.strictObject({
        code: z.string(),
        status: z.enum(['ltUnlocked', 'ltUnlockedExceptSales', 'ltPeriodClosing', 'ltLocked']),
      }),
    )
    .max(1000)
    .optional(),
});

export type SettingsInput = z.input<typeof settingsSchema>;

export interface Settings {
  approvalProcedure: boolean | 'purchaseRequests' | 'orders' | 'invoices' | 'creditNotes' | 'salesInvoices';
  duplicateVendorReference: 'off' | 'warn' | 'block';
  receiptsPostCost: boolean;
  attachmentsFolder: boolean;
  vendorSeries: number | null;
  uniqueUdf: boolean | string;
  uniqueUdfOnlyWarns: boolean;
  requestLifeMs: number;
  maxSessions: number | null;
  sessionTimeoutMin: number;
  loginLatencyMs: number;
  pageSize: number;
  dueDateRequired: boolean;
  nextLinkKeepsQuery: boolean;
}

export function defaultSettings(): Settings {
  return {
    approvalProcedure: false,
    duplicateVendorReference: 'off',
    receiptsPostCost: false,
    attachmentsFolder: true,
    vendorSeries: null,
    uniqueUdf: false,
    uniqueUdfOnlyWarns: false,
    requestLifeMs: 1500,
    maxSessions: null,
    sessionTimeoutMin: 30,
    loginLatencyMs: 0,
    pageSize: 20,
    dueDateRequired: true,
    nextLinkKeepsQuery: false,
  };
}
