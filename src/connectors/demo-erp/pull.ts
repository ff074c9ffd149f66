import { z } from 'zod';
import type { Read } from '../../domain/posting/writes.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import type { Connection, PullPage } from '../connector.ts';
import { readJson } from './client.ts';
import { delivery, goodsReceiptRecord } from './deliveries.ts';
import { projectCodes, projectCodesOf } from './project-codes.ts';
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
import { journalEntry, journalRecord } from './pull-journal.ts';
import { amount, paid, payment } from './wire.ts';

const [text, change] = [z.string(), z.int()];
const contact = {
  tax_id: text.nullable(),
  email: text.nullable(),
  phone: text.nullable(),
  zip: text.nullable(),
};
const vendor = z.object({ change, code: text, name: text, ...contact, active: z.boolean() });
const customer = z.object({ change, code: text, name: text, active: z.boolean() });
const contract = z.object({
  change,
  code: text,
  number: text,
  title: text,
  customer: text,
  project: text,
  currency: text,
  retainage_percent: text,
  status: z.enum(['open', 'closed']),
  original: text,
  changed: text,
  lines: z.array(
    z.object({ line: z.int(), description: text, cost_code: text, cost_type: text, amount: text }),
  ),
});
const project = z.object({ change, code: text, name: text, active: z.boolean(), ...projectCodes });
const account = z.object({ change, code: text, name: text, postable: z.boolean(), expense: z.boolean() });
const insurance = z.object({
  ...{ change, code: text, vendor: text, type: text, number: text.nullable(), insurer: text.nullable() },
  ...{ limit: amount.nullable(), from: text, to: text },
});
const receipt = z.object({ ...paid, customer: text });
type Payment = z.output<typeof receipt>;
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
    'prime-contract': list(read, 'contracts', contract, (row) => ({
      object: 'prime-contract',
      id: row.code,
      projectId: row.project,
      ...{ number: row.number, title: row.title, currency: row.currency },
      ...{ status: row.status, open: row.status === 'open' },
      ...{ ownerId: row.customer, ownerName: null },
      ...{ total: row.original, changes: row.changed, retainagePercent: row.retainage_percent },
      originId: null,
      lines: row.lines.map(({ line, description, cost_code: code, cost_type: type, amount }) => ({
        ...{ id: String(line), position: line, description, amount },
        ...{ costCode: { code, name: '' }, costType: { code: type, name: '' } },
        ...{ quantity: null, unitPrice: null, unit: null },
      })),
      url: null,
    })),
    project: list(read, 'projects', project, ({ code, name, active, ...row }) => {
      const costCodes = projectCodesOf(row);
      return { object: 'project', id: code, name, number: code, originId: null, active, costCodes };
    }),
    'cost-code': list(read, 'cost-codes', costCode, costCodeRecord),
    'cost-type': list(read, 'cost-types', costType, costTypeRecord),
    'sub-job': list(read, 'sub-jobs', subJob, subJobRecord),
    'tax-code': list(read, 'tax-codes', taxCode, taxCodeRecord),
    account: list(read, 'accounts', account, ({ code, name, postable, expense }) => {
      return { object: 'account', id: code, name, postable, ...(expense ? { expense } : {}) };
    }),
    journal: list(read, 'job-costs', journalEntry, journalRecord),
    'goods-receipt': list(read, 'deliveries', delivery, goodsReceiptRecord),
    period: list(read, 'periods', period, ({ code, name, from, to, open }) => {
      return { object: 'period', id: code, name, from: calendarDate(from), to: calendarDate(to), open };
    }),
    insurance: list(
      read,
      'insurances',
      insurance,
      ({ code, vendor: vendorId, number, from, to, ...rest }) => ({
        ...{ object: 'insurance', id: code, vendorId, policyNumber: number },
        ...{ type: rest.type, insurer: rest.insurer, limit: rest.limit },
        ...{ effective: calendarDate(from), expires: calendarDate(to) },
      }),
    ),
    payment: list(read, 'payments', payment, ({ vendor: vendorId, reference, ...row }) => ({
      ...{ object: 'payment', vendorId },
      ...paidBy(row),
      ...(reference == null ? {} : { reference }),
    })),
    receipt: list(read, 'receipts', receipt, ({ customer: customerId, ...row }) => ({
      ...{ object: 'receipt', customerId },
      ...paidBy(row),
    })),
  };
}

function paidBy({ code, date, method, number, currency, cancelled, invoices }: Omit<Payment, 'customer'>) {
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
