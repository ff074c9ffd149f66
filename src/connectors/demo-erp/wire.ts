import { z } from 'zod';

// Ledgerline writes amounts as decimal strings; they stay strings here.
export const amount = z.string().regex(/^-?\d+\.\d{2}$/);
const text = z.string();

const line = {
  line: z.int(),
  key: text.nullable(),
  account: text,
  sub_job: text.nullish(),
  cost_code: text.nullish(),
  amount,
};
const document = { revision: z.int(), number: text, title: text, date: text };

/** The line of a requisition that people ordered it from. */
const drawsOn = z.object({ requisition: text, line: z.int() }).nullish();

/** Fields of the company's own, by their names. */
const held = { fields: z.record(text, text).optional() };

export const order = z.object({
  ...held,
  ...document,
  id: text,
  reference: text.nullable(),
  vendor: text,
  project: text,
  currency: text,
  status: z.enum(['open', 'closed', 'cancelled']),
  version: text,
  lines: z.array(z.object({ ...line, description: text, draws_on: drawsOn })),
  /** By line number, whoever entered the invoices. */
  invoiced: z.record(text, amount),
  changes: z.array(
    z.object({
      ...document,
      ...held,
      reference: text,
      lines: z.array(z.object({ ...line, description: text.nullable() })),
    }),
  ),
});
export type Order = z.output<typeof order>;

export const requisition = z.object({
  ...held,
  ...document,
  id: text,
  reference: text,
  vendor: text,
  project: text,
  currency: text,
  needed_by: text,
  status: z.enum(['open', 'closed', 'cancelled']),
  lines: z.array(z.object({ ...line, description: text })),
});
export type Requisition = z.output<typeof requisition>;

export const invoice = z.object({
  ...held,
  id: text,
  type: z.enum(['invoice', 'retainage-release', 'bill', 'credit-memo']),
  reference: text.nullable(),
  revision: z.int(),
  /** None of a bill, whose lines bear accounts and projects of their own. */
  order: text.nullable(),
  vendor: text,
  currency: text,
  vendor_number: text,
  date: text,
  invoice_date: text,
  status: z.enum(['posted', 'cancelled']),
  lines: z.array(
    z.object({
      line: z.int(),
      key: text.nullable(),
      order_line: z.int().nullish(),
      delivery: text.nullish(),
      account: text.nullish(),
      project: text.nullish(),
      sub_job: text.nullish(),
      description: text,
      amount,
    }),
  ),
  /** Withheld by an invoice, paid out by a release. */
  retainage: z.object({ account: text, amount }).nullable(),
});
export type Invoice = z.output<typeof invoice>;

const soldLine = z.object({ line: z.int(), key: text.nullable(), account: text, description: text, amount });

export const salesInvoice = z.object({
  ...held,
  id: text,
  type: z.enum(['sales-invoice', 'sales-release']),
  reference: text.nullable(),
  revision: z.int(),
  customer: text,
  project: text,
  currency: text,
  number: text,
  title: text,
  date: text,
  invoice_date: text,
  status: z.enum(['posted', 'cancelled']),
  lines: z.array(soldLine),
  /** Kept back of an invoice, made due by a release. */
  retainage: z.object({ account: text, amount }).nullable(),
});
export type SalesInvoice = z.output<typeof salesInvoice>;

/** Money to a vendor, or from a customer. */
export const paid = {
  change: z.int(),
  code: text,
  date: text,
  method: z.enum(['check', 'transfer']),
  number: text.nullable(),
  currency: text,
  cancelled: z.boolean(),
  invoices: z.array(z.object({ invoice: text, amount: z.string().regex(/^\d+\.\d{2}$/) })),
};
export const payment = z.object({ ...paid, vendor: text, reference: text.nullish() });

export const contractChange = z.object({
  ...held,
  id: text,
  reference: text.nullable(),
  revision: z.int(),
  contract: text,
  number: text,
  title: text,
  date: text,
  status: z.enum(['posted', 'cancelled']),
  lines: z.array(soldLine),
});
export type ContractChange = z.output<typeof contractChange>;

export const acceptedImport = z.object({ job: text });

const lineError = z.object({ line: z.int().nullable(), field: text, code: text, message: text });
export type LineError = z.output<typeof lineError>;

const booked = z.object({ reference: text, id: text, order_id: text });
export type Booked = z.output<typeof booked>;

export const job = z.discriminatedUnion('status', [
  z.object({ status: z.enum(['queued', 'running']) }),
  z.object({ status: z.literal('done'), documents: z.array(booked) }),
  z.object({ status: z.literal('refused'), errors: z.array(lineError) }),
]);

const detail = z.object({ path: text, message: text });
export const failure = z.object({
  error: z.object({ code: text, message: text, details: z.array(detail).default([]) }),
});

export const documentFieldList = z.object({
  fields: z.array(
    z.object({
      name: text,
      documents: z.array(text),
      type: z.enum(['text', 'date']),
      max_length: z.int(),
    }),
  ),
});

export const company = z.object({ id: text, name: text, currency: text });
