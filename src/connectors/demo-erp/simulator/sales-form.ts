import { z } from 'zod';
import { MAX_LINES_PER_DOCUMENT } from './lengths.ts';

const amount = z.string().regex(/^-?\d{1,15}\.\d{2}$/, 'must be a decimal string with two decimals');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date');

const shared = {
  reference: z.string().min(1),
  revision: z.number().int().min(1),
  note: z.string().optional(),
  date: day,
  number: z.string().min(1),
  title: z.string(),
};

const lines = z
  .array(z.strictObject({ key: z.string().optional(), description: z.string(), account: z.string(), amount }))
  .min(1)
  .max(MAX_LINES_PER_DOCUMENT);

const billed = {
  ...shared,
  customer: z.string(),
  project: z.string(),
  currency: z.string().length(3),
  invoice_date: day,
};
const retainage = z.strictObject({ account: z.string(), amount });

/** Bills a customer; what the customer keeps back of it is an amount of the invoice's own. */
const salesInvoice = z.strictObject({
  type: z.literal('sales-invoice'),
  ...billed,
  lines,
  retainage: retainage.optional(),
});

/** Makes due what a customer kept back; it has no lines. */
const salesRelease = z.strictObject({ type: z.literal('sales-release'), ...billed, retainage });

/** Adds lines of its own to a contract with an owner: what was signed stays as it is. */
const contractChange = z.strictObject({
  type: z.literal('contract-change'),
  ...shared,
  contract: z.string(),
  lines,
});

export const salesForms = [salesInvoice, salesRelease, contractChange] as const;
export type SalesImport = z.output<typeof salesInvoice> | z.output<typeof salesRelease>;
export type ContractChangeImport = z.output<typeof contractChange>;
