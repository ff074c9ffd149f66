import { expect } from 'vitest';
import { type InvoiceDocument, type InvoicePlan, planInvoice } from '../billing/plan-invoice.ts';
import {
  type InvoicePlanInput,
  type PostedOrder,
  type PostedOrderLine,
  safestInvoicePolicy,
} from '../billing/plan-invoice-input.ts';
import type { PostedInvoice } from '../billing/sub-invoice-sequence.ts';
import type { MappingRow } from '../mapping.ts';
import type { SubInvoiceRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { type LineWork, payApplications } from './pay-applications.ts';

export const k = (thousands: number) => BigInt(thousands) * 100_000n;
export const orderLine = (bills: string, id: string, key: string, amount: string): PostedOrderLine => ({
  billed: `${bills}:${id}`,
  sourceLineId: id,
  key,
  description: `Ordered ${id}`,
  amount,
  coding: { kind: 'account', code: '5000' },
});
export const order: PostedOrder = {
  id: '77',
  number: 'SC-001',
  vendorCode: 'V100',
  projectCode: 'ERP-P1',
  currency: 'USD',
  lines: [
    orderLine('contract', '1', '0', '100000.00'),
    orderLine('contract', '2', '1', '50000.00'),
    orderLine('change-order', '3', '2', '-10000.00'),
  ],
};
const contract = [
  { id: '1', scheduled: k(100) },
  { id: '2', scheduled: k(50) },
  { id: '3', scheduled: -k(10), bills: 'change-order' as const },
];
export const apply = (...periods: Readonly<Record<string, LineWork>>[]) => payApplications(contract, periods);
export const payable: MappingRow = {
  kind: 'retainage',
  scope: '',
  key: '',
  value: { kind: 'account', code: '2150' },
  version: 1,
  setBy: 'controller@acme.test',
};
/** Three periods: work with retainage, more work with a release of a part, and the release of the rest. */
export const [one, two, three] = apply(
  { '1': { worked: k(40), retainedOnWork: k(4) }, '2': { worked: k(10), retainedOnWork: k(1) } },
  { '1': { worked: k(30), retainedOnWork: k(3), releasedOnWork: k(2) }, '3': { worked: k(5) } },
  { '1': { releasedOnWork: k(5) }, '2': { releasedOnWork: k(1) } },
) as [SubInvoiceRecord, SubInvoiceRecord, SubInvoiceRecord];

export const input: InvoicePlanInput = {
  record: one,
  previous: null,
  exported: { erpCode: null, accountingDate: null },
  originMayBeOurs: false,
  vendorCode: 'V100',
  vendorBlocked: null,
  order,
  posted: [],
  opening: null,
  passedOver: [],
  mapping: (kind, scope, key) => (kind === 'retainage' && scope === '' && key === '' ? payable : null),
  targetAccount: (code) => ({ object: 'account', id: code, name: code, postable: code !== '9999' }),
  periods: [],
  numberWidth: 20,
  numberTaken: () => null,
  holds: { holds: [], notKnown: [] },
  policy: safestInvoicePolicy,
  identityOf: (part) => ({ revision: 1, reference: part === 'progress' ? 'TL1PROGRESS' : 'TL1RELEASE' }),
  preflight: () => [],
  frozenDate: null,
  today: calendarDate('2026-09-01'),
};

export function documents(change: Partial<InvoicePlanInput> = {}): readonly InvoiceDocument[] {
  const plan: InvoicePlan = planInvoice({ ...input, ...change });
  if (plan.kind === 'nothing') throw new Error(`planned nothing: ${plan.why}`);
  return plan.documents;
}

export function single(change: Partial<InvoicePlanInput> = {}): InvoiceDocument {
  const [document, ...more] = documents(change);
  expect(more).toEqual([]);
  return document!;
}

export const codes = (document: InvoiceDocument) => document.reasons.map(({ code }) => code);

/** Posts what is planned for these applications, each on what was posted before. */
export function post(
  records: readonly SubInvoiceRecord[],
  more: Partial<InvoicePlanInput> = {},
): PostedInvoice[] {
  const posted: PostedInvoice[] = [];
  records.forEach((record, index) => {
    const plan = planInvoice({
      ...input,
      ...more,
      record,
      previous: records[index - 1] ?? null,
      posted: [...posted],
    });
    if (plan.kind === 'nothing') return;
    for (const { body, reasons } of plan.documents) {
      expect(reasons).toEqual([]);
      posted.push({ recordId: record.id, body: body! });
    }
  });
  return posted;
}
