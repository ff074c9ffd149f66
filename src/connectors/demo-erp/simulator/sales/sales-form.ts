import { z } from 'zod';
import { accountLines, amount, day, held, titled } from '../http/form-fields.ts';

const billed = {
  ...titled,
  ...held,
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
  lines: accountLines,
  retainage: retainage.optional(),
});

/** Makes due what a customer kept back; it has no lines. */
const salesRelease = z.strictObject({ type: z.literal('sales-release'), ...billed, retainage });

/** Adds lines of its own to a contract with an owner: what was signed stays as it is. */
const contractChange = z.strictObject({
  type: z.literal('contract-change'),
  ...titled,
  ...held,
  contract: z.string(),
  lines: accountLines,
});

export const salesForms = [salesInvoice, salesRelease, contractChange] as const;
export type SalesImport = z.output<typeof salesInvoice> | z.output<typeof salesRelease>;
export type ContractChangeImport = z.output<typeof contractChange>;
