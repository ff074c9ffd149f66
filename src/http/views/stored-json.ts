import { z } from 'zod';
import type { Reason } from '../schemas/documents.ts';

/** jsonb columns as the pages need them. What does not fit is left out: a page must open to show the fault. */
const StoredReason = z.object({
  code: z.string().catch('unknown'),
  message: z.string(),
  remedy: z.string().nullish(),
  owner: z.string().catch('system'),
  field: z.string().nullish(),
});

export function reasonsOf(stored: unknown): z.infer<typeof Reason>[] {
  return listOf(StoredReason, stored).map(({ code, message, owner, remedy, field }) => ({
    code,
    message,
    owner,
    ...(remedy ? { remedy } : {}),
    ...(field ? { field } : {}),
  }));
}

const UsedMapping = z.object({
  kind: z.string().catch(''),
  key: z.string().catch(''),
  value: z.unknown().optional(),
  version: z.number().int().catch(0),
  setBy: z.string(),
});

export type UsedMapping = z.infer<typeof UsedMapping>;

export function mappingsOf(stored: unknown): UsedMapping[] {
  return listOf(UsedMapping, stored);
}

export function editorsOf(stored: unknown): string[] {
  return [...new Set(mappingsOf(stored).map((mapping) => mapping.setBy))];
}

const Body = z.object({
  kind: z.literal('purchase-order'),
  reference: z.string().optional(),
  number: z.string(),
  title: z.string(),
  vendorCode: z.string(),
  projectCode: z.string(),
  currency: z.string(),
  accountingDate: z.string(),
  total: z.string(),
  lines: z.array(
    z.object({
      key: z.string(),
      description: z.string(),
      amount: z.string(),
      costCode: z.string(),
      costType: z.string().catch(''),
      coding: z.object({ kind: z.string(), code: z.string() }),
      subJob: z.string().optional(),
      changeOrder: z.string().optional(),
    }),
  ),
});

export type OrderBody = z.infer<typeof Body>;

/** The planned order, null for other kinds and for a document that could not be planned. */
export function orderBodyOf(stored: unknown): OrderBody | null {
  return Body.safeParse(stored).data ?? null;
}

const Coding = z.object({ kind: z.string(), code: z.string() });
const Invoice = z.object({
  kind: z.literal('ap-invoice'),
  purpose: z.enum(['progress', 'retainage-release']),
  invoiceNumber: z.string(),
  vendorCode: z.string(),
  projectCode: z.string(),
  currency: z.string(),
  accountingDate: z.string(),
  dueDate: z.string().nullable().catch(null),
  orderId: z.string(),
  total: z.string(),
  paymentHold: z.string().nullable().catch(null),
  lines: z.array(
    z.object({
      key: z.string(),
      description: z.string(),
      amount: z.string(),
      coding: Coding,
      received: z.array(z.object({ number: z.string(), amount: z.string() })).optional(),
    }),
  ),
  retainage: z.array(
    z.object({ key: z.string(), description: z.string(), amount: z.string(), account: z.string() }),
  ),
});

export type InvoiceBody = z.infer<typeof Invoice>;

/** The planned invoice, null for other kinds and for a document that could not be planned. */
export function invoiceBodyOf(stored: unknown): InvoiceBody | null {
  return Invoice.safeParse(stored).data ?? null;
}

const Link = z.object({
  kind: z.literal('vendor-link'),
  vendorId: z.string(),
  vendorName: z.string(),
  originId: z.string(),
  originCode: z.string(),
});

export type VendorLink = z.infer<typeof Link>;

export function vendorLinkOf(stored: unknown): VendorLink | null {
  return Link.safeParse(stored).data ?? null;
}

const Code = z.object({ code: z.string(), name: z.string() }).nullable().catch(null);
const Source = z.object({
  number: z.string(),
  title: z.string(),
  status: z.string().catch(''),
  vendorId: z.string().nullable().catch(null),
  vendorName: z.string().nullable().catch(null),
  projectId: z.string().nullable().catch(null),
  currency: z.string(),
  total: z.string(),
  contractDate: z.string().nullable().catch(null),
  lines: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      amount: z.string(),
      costCode: Code,
      costType: Code,
      quantity: z.string().nullish(),
      unitPrice: z.string().nullish(),
      unit: z.string().nullish(),
    }),
  ),
});

const PayApplication = z.object({
  object: z.literal('sub-invoice'),
  application: z.number().int(),
  invoiceNumber: z.string().nullable().catch(null),
  status: z.string().catch(''),
  vendorId: z.string().nullable().catch(null),
  vendorName: z.string().nullable().catch(null),
  projectId: z.string(),
  currency: z.string(),
  periodEnd: z.string().nullable().catch(null),
  paymentDueDate: z.string().nullable().catch(null),
  currentDue: z.string(),
  retainageHeld: z.string(),
  lines: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      thisPeriod: z.string(),
      costCode: Code,
      costType: Code,
    }),
  ),
});

export type SourcePayApplication = z.infer<typeof PayApplication>;

export function sourcePayApplicationOf(stored: unknown): SourcePayApplication | null {
  return PayApplication.safeParse(stored).data ?? null;
}

export type SourceCommitment = z.infer<typeof Source>;

export function sourceCommitmentOf(stored: unknown): SourceCommitment | null {
  return Source.safeParse(stored).data ?? null;
}

const LineKeys = z.record(z.string(), z.string());

export function lineKeysOf(stored: unknown): Record<string, string> {
  return LineKeys.safeParse(stored).data ?? {};
}

const Health = z.object({
  ok: z.boolean().catch(false),
  message: z.string().catch(''),
  lastReadAt: z.iso.datetime().nullable().catch(null),
  lastWriteAt: z.iso.datetime().nullable().catch(null),
});

export type Health = z.infer<typeof Health>;

export function healthOf(stored: unknown): Health {
  const parsed = Health.safeParse(stored).data;
  const isUnknown = !parsed || (parsed.message === '' && parsed.lastReadAt === null && !parsed.ok);
  return isUnknown ? { ok: false, message: 'Not checked yet.', lastReadAt: null, lastWriteAt: null } : parsed;
}

export function listOf<Item extends z.ZodType>(item: Item, stored: unknown): z.infer<Item>[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown) => {
    const parsed = item.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}
