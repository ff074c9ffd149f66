import { z } from 'zod';
import { budgetForms } from '../budget/budget-form.ts';
import { jobCostForms } from '../costs/job-cost-form.ts';
import { projectCodesForm } from '../costs/project-codes.ts';
import {
  amount,
  day,
  held,
  jobLine,
  orderLine,
  orderLines,
  referenced,
  titled,
} from '../http/form-fields.ts';
import { MAX_DOCUMENTS_PER_GROUP, MAX_LINES_PER_DOCUMENT } from '../http/lengths.ts';
import { requisitionForm } from '../orders/requisitions.ts';
import { salesForms } from '../sales/sales-form.ts';

const order = z.strictObject({
  type: z.literal('order'),
  ...titled,
  ...held,
  vendor: z.string(),
  project: z.string(),
  currency: z.string().length(3),
  lines: orderLines,
});

const orderChange = z.strictObject({
  type: z.literal('order-change'),
  ...titled,
  ...held,
  order: z.string(),
  based_on: z.string(),
  lines: z
    .array(
      z.union([
        z.strictObject({ line: z.number().int().min(1), description: z.string().optional(), amount }),
        orderLine,
      ]),
    )
    .max(MAX_LINES_PER_DOCUMENT),
});

const billed = {
  ...referenced,
  ...held,
  order: z.string(),
  vendor: z.string(),
  currency: z.string().length(3),
  vendor_number: z.string().min(1),
  title: z.string(),
  invoice_date: day,
  due_date: day.optional(),
  /** Why it may not be paid yet; the people who pay lift it. */
  hold: z.string().optional(),
};
const retainage = z.strictObject({ account: z.string(), amount });

/** Bills lines of an order; what is withheld of them is an amount of the invoice's own. */
const invoice = z.strictObject({
  type: z.literal('invoice'),
  ...billed,
  lines: z
    .array(
      z.strictObject({
        key: z.string().optional(),
        order_line: z.number().int().min(1),
        /** Where it bills what came in on that line. */
        delivery: z.string().optional(),
        description: z.string(),
        amount,
      }),
    )
    .min(1)
    .max(MAX_LINES_PER_DOCUMENT),
  retainage: retainage.optional(),
});

/** Pays out what invoices of an order withheld; it has no lines. */
const retainageRelease = z.strictObject({ type: z.literal('retainage-release'), ...billed, retainage });

const { order: _, hold: __, ...owed } = billed;

const billedLines = z
  .array(jobLine.extend({ project: z.string().optional() }))
  .min(1)
  .max(MAX_LINES_PER_DOCUMENT);

/** A bill without an order: each line bears its account, and its project and a part of that where it is for one. */
const bill = z.strictObject({ type: z.literal('bill'), ...owed, lines: billedLines });

const { due_date: ___, ...givenBack } = owed;

/** What a vendor gives back, in amounts above zero; it is due to nobody on a day. */
const creditMemo = z.strictObject({ type: z.literal('credit-memo'), ...givenBack, lines: billedLines });

/** Money that went to one vendor, by the invoices that it settled. */
const payment = z.strictObject({
  type: z.literal('payment'),
  ...referenced,
  vendor: z.string(),
  currency: z.string().length(3),
  method: z.enum(['check', 'transfer']),
  /** Number of the check, or the bank's reference. */
  number: z.string().min(1).optional(),
  invoices: z
    .array(z.strictObject({ invoice: z.string(), amount }))
    .min(1)
    .max(MAX_LINES_PER_DOCUMENT),
});

/** Sets, changes or lifts the hold of an invoice. It makes no document: its reference names it in the job only. */
const invoiceHold = z.strictObject({
  type: z.literal('invoice-hold'),
  reference: referenced.reference,
  revision: referenced.revision,
  note: referenced.note,
  invoice: z.string(),
  based_on: z.string(),
  hold: z.string().min(1).nullable(),
});

const master = {
  reference: referenced.reference,
  revision: referenced.revision,
  note: referenced.note,
  name: z.string(),
};
const optional = z.string().min(1).optional();

/** Ledgerline gives a code of its own where none is typed. */
const vendor = z.strictObject({
  type: z.literal('vendor'),
  ...master,
  code: optional,
  tax_id: optional,
  email: optional,
  phone: optional,
  street: optional,
  city: optional,
  state: optional,
  zip: optional,
  country: optional,
});

const project = z.strictObject({ type: z.literal('project'), ...master, code: z.string().min(1) });

export const importDocument = z.discriminatedUnion('type', [
  order,
  orderChange,
  requisitionForm,
  invoice,
  retainageRelease,
  bill,
  creditMemo,
  payment,
  invoiceHold,
  vendor,
  project,
  projectCodesForm,
  ...jobCostForms,
  ...salesForms,
  ...budgetForms,
]);
export type ImportDocument = z.output<typeof importDocument>;

/** The envelope: what does not have this form is refused at once with 400, before a job exists. */
export const importGroup = z.strictObject({
  group_reference: z.string().min(1).max(40),
  documents: z.array(importDocument).min(1).max(MAX_DOCUMENTS_PER_GROUP),
});
