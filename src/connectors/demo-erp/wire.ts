import { z } from 'zod';

// Ledgerline writes amounts as decimal strings; they stay strings here.
const amount = z.string().regex(/^-?\d+\.\d{2}$/);

const orderLine = z.object({
  line: z.number().int(),
  key: z.string().nullable(),
  description: z.string(),
  account: z.string(),
  amount,
  invoiced: amount,
});

const changeLine = z.object({
  line: z.number().int(),
  key: z.string().nullable(),
  description: z.string().nullable(),
  account: z.string(),
  amount,
});

const change = z.object({
  reference: z.string(),
  revision: z.number().int(),
  number: z.string(),
  title: z.string(),
  date: z.string(),
  created_on: z.string(),
  lines: z.array(changeLine),
});

export const order = z.object({
  id: z.string(),
  reference: z.string().nullable(),
  revision: z.number().int(),
  number: z.string(),
  title: z.string(),
  vendor: z.string(),
  project: z.string(),
  currency: z.string(),
  date: z.string(),
  created_on: z.string(),
  status: z.enum(['open', 'closed', 'cancelled']),
  version: z.string(),
  lines: z.array(orderLine),
  changes: z.array(change),
});
export type Order = z.output<typeof order>;

export const orderPage = z.object({ orders: z.array(order), next: z.string().nullable() });

export const acceptedImport = z.object({ job: z.string() });

const lineError = z.object({
  reference: z.string(),
  line: z.number().int().nullable(),
  field: z.string(),
  code: z.string(),
  message: z.string(),
});
export type LineError = z.output<typeof lineError>;

export const job = z.discriminatedUnion('status', [
  z.object({ status: z.enum(['queued', 'running']) }),
  z.object({
    status: z.literal('done'),
    documents: z.array(z.object({ reference: z.string(), order_id: z.string() })),
  }),
  z.object({ status: z.literal('refused'), errors: z.array(lineError) }),
]);

export const failure = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
  }),
});

export const company = z.object({ id: z.string(), name: z.string(), currency: z.string() });

const changed = { change: z.number().int() };
export const vendor = z.object({
  ...changed,
  code: z.string(),
  name: z.string(),
  tax_id: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  zip: z.string().nullable(),
  active: z.boolean(),
});
export const project = z.object({ ...changed, code: z.string(), name: z.string(), active: z.boolean() });
export const account = z.object({ ...changed, code: z.string(), name: z.string(), postable: z.boolean() });
export const period = z.object({
  ...changed,
  code: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  open: z.boolean(),
});
