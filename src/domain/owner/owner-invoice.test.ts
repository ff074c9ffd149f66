import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safestInvoicePolicy } from '../billing/plan-invoice-input.ts';
import type { PostedInvoice } from '../billing/sub-invoice-sequence.ts';
import type { ArInvoiceBody } from '../documents.ts';
import type { MappingRow } from '../mapping.ts';
import type { OwnerInvoiceRecord, SubInvoiceRecord } from '../records.ts';
import { k } from '../testing/invoice-plans.ts';
import { applicationHistories } from '../testing/pay-application-histories.ts';
import { payApplications } from '../testing/pay-applications.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { type OwnerInvoicePlanInput, planOwnerInvoice } from './owner-invoice.ts';

function toOwner({ object: _object, ...application }: SubInvoiceRecord): OwnerInvoiceRecord {
  return {
    ...application,
    object: 'owner-invoice',
    movesStoredMaterials: true,
    contractId: '8',
    contractNumber: 'PC-1',
    contractTitle: 'Pier 4',
    ownerName: 'Port Authority',
  };
}

const row = (kind: MappingRow['kind'], key: string, code: string): MappingRow => ({
  kind,
  scope: '',
  key,
  value: { kind: kind === 'customer' || kind === 'project' ? kind : 'account', code },
  version: 1,
  setBy: 'ada@harbor.example',
});
const rows = [
  row('project', 'P1', 'JOB-1'),
  row('customer', '8', 'C1'),
  row('revenue', '', '4000'),
  row('retainage-receivable', '', '1250'),
];

/** Work with retainage, more work with a release of a part, and the release of the rest. */
const [one, two, three] = payApplications(
  [
    { id: '1', scheduled: k(100) },
    { id: '2', scheduled: k(50), bills: 'change-order' },
  ],
  [
    { '1': { worked: k(40), retainedOnWork: k(4) }, '2': { worked: k(10), retainedOnWork: k(1) } },
    { '1': { worked: k(30), retainedOnWork: k(3), releasedOnWork: k(2) } },
    { '1': { releasedOnWork: k(5) }, '2': { releasedOnWork: k(1) } },
  ],
).map(toOwner) as [OwnerInvoiceRecord, OwnerInvoiceRecord, OwnerInvoiceRecord];

const input: OwnerInvoicePlanInput = {
  record: one,
  previous: null,
  exported: { erpCode: null, accountingDate: null },
  originMayBeOurs: false,
  opening: null,
  passedOver: [],
  posted: [],
  contract: 'prime-contract:8',
  mapping: (kind, _scope, key) => rows.find((each) => each.kind === kind && each.key === key) ?? null,
  targetProject: (code) => ({
    object: 'project',
    id: code,
    name: code,
    number: code,
    originId: null,
    active: true,
  }),
  targetAccount: (code) => ({ object: 'account', id: code, name: code, postable: true }),
  targetCustomer: (code) => ({ object: 'customer', id: code, name: code, active: code !== 'C9' }),
  periods: [],
  numberWidth: 20,
  numberTaken: () => null,
  policy: safestInvoicePolicy,
  identityOf: (part) => ({ revision: 1, reference: part === 'progress' ? 'TB1PROGRESS' : 'TB1RELEASE' }),
  preflight: () => [],
  frozenDate: null,
  today: calendarDate('2026-09-01'),
};

function documents(change: Partial<OwnerInvoicePlanInput> = {}) {
  const plan = planOwnerInvoice({ ...input, ...change });
  if (plan.kind === 'nothing') throw new Error(`planned nothing: ${plan.why}`);
  return plan.documents;
}
const codes = (change: Partial<OwnerInvoicePlanInput>) =>
  documents(change).flatMap(({ reasons }) => reasons.map(({ code }) => code));

// What is billed beyond the schedule adds up as well.
const policy = { ...safestInvoicePolicy, overbilling: 'allow' } as const;

/** Posts what of an application can be posted now. */
function post(
  record: OwnerInvoiceRecord,
  previous: OwnerInvoiceRecord | null,
  posted: PostedInvoice[],
): void {
  const plan = planOwnerInvoice({ ...input, record, previous, posted: [...posted] });
  if (plan.kind === 'nothing') return;
  for (const { body, reasons } of plan.documents)
    if (body !== null && reasons.length === 0) posted.push({ recordId: record.id, body });
}

describe('an owner invoice', () => {
  it('bills what each application moves, and releases what was kept back by an invoice of its own', () => {
    const posted: PostedInvoice[] = [];
    post(one, null, posted);
    post(two, one, posted);
    post(three, two, posted);
    const seen = posted.map(({ body }) => body as ArInvoiceBody);
    expect(seen).toMatchObject([
      {
        purpose: 'progress',
        invoiceNumber: 'PC-1-1',
        customerCode: 'C1',
        lines: [
          { key: 'contract:1', amount: '40000.00', account: '4000' },
          { key: 'change-order:2', amount: '10000.00', account: '4000' },
        ],
        retainage: [{ amount: '-5000.00', account: '1250' }],
        total: '45000.00',
      },
      { purpose: 'progress', invoiceNumber: 'PC-1-2', lines: [{ amount: '30000.00' }], total: '27000.00' },
      { purpose: 'retainage-release', invoiceNumber: 'PC-1-2-R', lines: [], total: '2000.00' },
      { purpose: 'retainage-release', invoiceNumber: 'PC-1-3', lines: [], total: '6000.00' },
    ]);
  });

  it.each<[string, Partial<OwnerInvoicePlanInput>, string]>([
    ['that is not approved', { record: { ...one, approved: false, status: 'draft' } }, 'not-approved'],
    ['of a contract without a customer', { record: { ...one, contractId: '9' } }, 'customer-unmapped'],
    ['to a customer on hold', { mapping: only('customer', 'C9') }, 'target-refuses'],
    ['without an account of revenue', { mapping: without('revenue') }, 'revenue-account-missing'],
    [
      'without an account for retainage',
      { mapping: without('retainage-receivable') },
      'retainage-account-missing',
    ],
    ['whose number is taken', { numberTaken: () => 'A/R invoice 7' }, 'duplicate-number'],
    ['before the one before it', { record: two, previous: one }, 'application-skipped'],
    ['that another integration synced', { record: { ...one, originId: 'X' } }, 'foreign-origin'],
  ])('%s waits', (_, change, code) => {
    expect(codes(change)).toEqual([code]);
  });

  it('that says something else once it is posted is a conflict, and so is one that comes late', () => {
    const posted: PostedInvoice[] = [];
    post(one, null, posted);
    expect(planOwnerInvoice({ ...input, posted })).toEqual({ kind: 'nothing', why: 'unchanged' });
    const [changed] = payApplications([{ id: '1', scheduled: k(100) }], [{ '1': { worked: k(39) } }]).map(
      toOwner,
    );
    expect(documents({ record: changed!, posted })).toMatchObject([
      { body: null, conflict: true, reasons: [{ code: 'application-reopened' }] },
    ]);
    post(two, one, posted);
    const late = { ...one, id: 'app-1b' };
    expect(codes({ record: late, posted })).toEqual(['application-out-of-order']);
  });

  it('waits in a period that is closed for sales only', () => {
    const june = {
      object: 'period',
      id: '6',
      name: 'June',
      from: calendarDate('2026-06-01'),
      to: calendarDate('2026-06-30'),
      open: true,
      closedForSales: true,
    } as const;
    expect(codes({ periods: [june] })).toEqual(['period-closed']);
  });

  it('adds up to the last certificate, in whatever order its applications are exported', () => {
    fc.assert(
      fc.property(applicationHistories, fc.infiniteStream(fc.nat()), (history, places) => {
        const records = history.map(toOwner);
        const posted: PostedInvoice[] = [];
        const order = records
          .map((_, at) => ({ at, place: places.next().value as number }))
          .sort((a, b) => a.place - b.place);
        // What waits for an earlier one is looked at again after each that was posted, and a release after its work.
        for (let round = 0; round < 2 * records.length; round += 1)
          for (const { at } of order) post(records[at]!, records[at - 1] ?? null, posted);
        const left = records.flatMap((record, at) => {
          const previous = records[at - 1] ?? null;
          const plan = planOwnerInvoice({ ...input, policy, record, previous, posted });
          return plan.kind === 'nothing' ? [] : plan.documents.flatMap(({ reasons }) => reasons);
        });
        // Only what would be below zero is left to a person, with all that comes after it.
        const below = left.some(
          ({ code, message }) => code === 'negative-invoice' || /below zero/.test(message),
        );
        if (left.length > 0) return below;
        const cents = ({ body }: PostedInvoice) => BigInt((body as ArInvoiceBody).total.replace('.', ''));
        const sum = posted.reduce((total, each) => total + cents(each), 0n);
        return sum === BigInt(records.at(-1)!.earnedLessRetainage.replace('.', ''));
      }),
    );
  });
});

function only(kind: MappingRow['kind'], code: string): OwnerInvoicePlanInput['mapping'] {
  return (asked, scope, key) => (asked === kind ? row(kind, key, code) : input.mapping(asked, scope, key));
}

function without(kind: MappingRow['kind']): OwnerInvoicePlanInput['mapping'] {
  return (asked, scope, key) => (asked === kind ? null : input.mapping(asked, scope, key));
}
