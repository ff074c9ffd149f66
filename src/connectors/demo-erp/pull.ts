import { z } from 'zod';
import { calendarDate } from '../../domain/calendar-date.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import type { Read } from '../../domain/writes.ts';
import type { Connection, PullPage } from '../connector.ts';
import { readJson } from './client.ts';
import {
  costCode,
  costCodeRecord,
  costType,
  costTypeRecord,
  subJob,
  subJobRecord,
  taxCode,
  taxCodeRecord,
} from './pull-job-cost.ts';

const [text, change] = [z.string(), z.int()];
const contact = {
  tax_id: text.nullable(),
  email: text.nullable(),
  phone: text.nullable(),
  zip: text.nullable(),
};
const vendor = z.object({ change, code: text, name: text, ...contact, active: z.boolean() });
const customer = z.object({ change, code: text, name: text, active: z.boolean() });
const project = z.object({ change, code: text, name: text, active: z.boolean() });
const account = z.object({ change, code: text, name: text, postable: z.boolean() });
const paid = {
  change,
  code: text,
  date: text,
  method: z.enum(['check', 'transfer']),
  number: text,
  currency: text,
  cancelled: z.boolean(),
  invoices: z.array(z.object({ invoice: text, amount: text.regex(/^\d+\.\d{2}$/) })),
};
const payment = z.object({ ...paid, vendor: text });
const receipt = z.object({ ...paid, customer: text });
type Payment = z.output<typeof payment>;
const period = z.object({ change, code: text, name: text, from: text, to: text, open: z.boolean() });

/**
 * Ledgerline numbers every change of a master record or payment in commit order, so the cursor is the number of the
 * last change that was read: nothing is missed and nothing comes twice.
 */
export function pulls(read: Read): Connection['pull'] {
  return {
    vendor: list(read, 'vendors', vendor, ({ change: _, code, tax_id: taxId, ...rest }) => {
      return { object: 'vendor', id: code, code, taxId, originId: null, ...rest };
    }),
    customer: list(read, 'customers', customer, ({ code, name, active }) => {
      return { object: 'customer', id: code, name, active };
    }),
    project: list(read, 'projects', project, ({ code, name, active }) => {
      return { object: 'project', id: code, name, number: code, originId: null, active };
    }),
    'cost-code': list(read, 'cost-codes', costCode, costCodeRecord),
    'cost-type': list(read, 'cost-types', costType, costTypeRecord),
    'sub-job': list(read, 'sub-jobs', subJob, subJobRecord),
    'tax-code': list(read, 'tax-codes', taxCode, taxCodeRecord),
    account: list(read, 'accounts', account, ({ code, name, postable }) => {
      return { object: 'account', id: code, name, postable };
    }),
    period: list(read, 'periods', period, ({ code, name, from, to, open }) => {
      return { object: 'period', id: code, name, from: calendarDate(from), to: calendarDate(to), open };
    }),
    payment: list(read, 'payments', payment, ({ vendor: vendorId, ...row }) => ({
      ...{ object: 'payment', vendorId },
      ...paidBy(row),
    })),
    receipt: list(read, 'receipts', receipt, ({ customer: customerId, ...row }) => ({
      ...{ object: 'receipt', customerId },
      ...paidBy(row),
    })),
  };
}

function paidBy({ code, date, method, number, currency, cancelled, invoices }: Omit<Payment, 'vendor'>) {
  return {
    ...{ id: code, number: code, method, methodNumber: number, currency, cancelled },
    date: calendarDate(date),
    invoices: invoices.map(({ invoice, amount }) => ({ invoiceId: invoice, amount })),
  };
}

function list<Form extends { readonly change: number }>(
  read: Read,
  name: string,
  form: z.ZodType<Form>,
  canonical: (record: Form) => CanonicalRecord,
): (cursor: string | null) => Promise<PullPage> {
  const page = z.object({ records: z.array(form) });
  return async (cursor) => {
    const after = cursor ?? '0';
    const path = `/${name}?changed_after=${encodeURIComponent(after)}&limit=100`;
    const { records } = await readJson(read, path, page);
    return {
      records: records.map((record) => ({ record: canonical(record), raw: JSON.stringify(record) })),
      cursor: String(records.at(-1)?.change ?? after),
    };
  };
}
