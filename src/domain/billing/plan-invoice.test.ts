import { describe, expect, it } from 'vitest';
import type { ApInvoiceBody, PostedBase } from '../documents.ts';
import type { PeriodRecord, SubInvoiceRecord } from '../records.ts';
import {
  codes,
  documents,
  input,
  k,
  one,
  order,
  orderLine,
  payable,
  post,
  single,
  three,
  two,
} from '../testing/invoice-plans.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { planInvoice } from './plan-invoice.ts';
import { type InvoicePlanInput, postedOrder, safestInvoicePolicy } from './plan-invoice-input.ts';

describe('an approved pay application', () => {
  it('becomes one invoice against the lines of its order, less retainage', () => {
    const document = single();
    expect(document).toMatchObject({ part: 'progress', reasons: [], waits: [], notes: [], conflict: false });
    expect(document.body).toEqual({
      kind: 'ap-invoice',
      reference: 'TL1PROGRESS',
      revision: 1,
      purpose: 'progress',
      application: 1,
      invoiceNumber: 'SC-001-1',
      vendorCode: 'V100',
      projectCode: 'ERP-P1',
      currency: 'USD',
      accountingDate: calendarDate('2026-06-28'),
      documentDate: calendarDate('2026-06-25'),
      dueDate: null,
      orderId: '77',
      lines: [
        {
          key: '1',
          description: 'Ordered 1',
          amount: '40000.00',
          orderLine: '0',
          coding: order.lines[0]!.coding,
        },
        {
          key: '2',
          description: 'Ordered 2',
          amount: '10000.00',
          orderLine: '1',
          coding: order.lines[1]!.coding,
        },
      ],
      retainage: [
        {
          key: 'retainage',
          description: 'Retainage withheld, application 1',
          amount: '-5000.00',
          account: '2150',
        },
      ],
      total: '45000.00',
      paymentHold: null,
      moves: [
        { line: 'contract:1', gross: '40000.00', workRetainage: '4000.00', storedRetainage: '0.00' },
        { line: 'contract:2', gross: '10000.00', workRetainage: '1000.00', storedRetainage: '0.00' },
      ],
      sourceUrl: 'https://procore.test/app-1',
    } satisfies ApInvoiceBody);
    expect(document.mappings).toEqual([payable]);
  });

  it('puts retainage on the account of its project where that has one of its own', () => {
    const own = { ...payable, scope: 'P1', value: { kind: 'account' as const, code: '2151' } };
    const document = single({ mapping: (_, scope) => (scope === 'P1' ? own : payable) });
    expect(document.body?.retainage).toMatchObject([{ account: '2151' }]);
    expect(document.mappings).toEqual([own]);
  });

  it('bills what is new on each line, and pays its release by an invoice of its own without cost', () => {
    const [progress, release] = documents({ record: two, previous: one, posted: post([one]) });
    expect(progress!.body).toMatchObject({ invoiceNumber: 'SC-001-2', total: '22000.00' });
    expect(progress!.body!.lines.map(({ orderLine: key, amount }) => [key, amount])).toEqual([
      ['0', '30000.00'],
      ['2', '-5000.00'],
    ]);
    // Pluses and minuses apart: a deductive line does not hide what is billed beside it.
    expect(progress!.exposure.minor).toBe(k(35));
    expect(release).toMatchObject({ part: 'retainage-release', reasons: [], exposure: { minor: k(2) } });
    expect(release!.body).toMatchObject({
      purpose: 'retainage-release',
      invoiceNumber: 'SC-001-2-R',
      lines: [],
      retainage: [{ amount: '2000.00', account: '2150' }],
      total: '2000.00',
    });
    expect(two.currentDue).toBe('24000.00');
  });

  it('that only releases retainage is one invoice under its plain number', () => {
    const release = single({ record: three, previous: two, posted: post([one, two]) });
    expect(release.body).toMatchObject({
      purpose: 'retainage-release',
      invoiceNumber: 'SC-001-3',
      total: '6000.00',
    });
  });

  it('is posted with a payment block and not kept back, however the holds are listed', () => {
    const holds = [
      { code: 'lien-waiver', text: 'No conditional waiver', remedy: 'Sign it.' },
      { code: 'insurance', text: 'General liability expired on 2026-06-01', remedy: 'Renew it.' },
    ] as const;
    const document = single({ holds: { holds, notKnown: [] } });
    expect(document.reasons).toEqual([]);
    expect(document.notes).toMatchObject([{ code: 'payment-held' }, { code: 'payment-held' }]);
    expect(document.body!.paymentHold).toBe('General liability expired on 2026-06-01; No conditional waiver');
    expect(single({ holds: { holds: holds.toReversed(), notKnown: [] } }).body).toEqual(document.body);
  });

  it.each<[string, Partial<InvoicePlanInput>, string]>([
    ['nobody exported', { exported: null }, 'not-exported'],
    [
      'is not approved, where approval is what starts it',
      approvalStarts({ approved: false }),
      'not-approved',
    ],
    ['was deleted', { record: { ...one, deleted: true } }, 'deleted'],
    [
      'was billed before the contract was connected',
      { opening: { application: 1, moves: [] } },
      'before-opening',
    ],
    ['stands posted as it is', { posted: post([one]) }, 'unchanged'],
    ['stands posted with others after it', { posted: post([one, two]) }, 'unchanged'],
  ])('that %s becomes nothing', (_, change, why) => {
    expect(planInvoice({ ...input, ...change })).toEqual({ kind: 'nothing', why });
  });

  it('starts on its approval where the policy says so', () => {
    expect(single(approvalStarts({})).reasons).toEqual([]);
  });
});

function approvalStarts(change: Partial<SubInvoiceRecord>): Partial<InvoicePlanInput> {
  return {
    exported: null,
    policy: { ...safestInvoicePolicy, startsOn: 'approval' },
    record: { ...one, ...change },
  };
}

describe('what keeps an invoice back', () => {
  const withoutChange = { ...order, lines: order.lines.slice(0, 2) };
  const small = { ...order, lines: [orderLine('contract', '1', '0', '39999.99'), order.lines[1]!] };
  const posted = post([one]);
  it.each<[string, Partial<InvoicePlanInput>, string, string | null]>([
    ['it is not approved', { record: { ...one, approved: false } }, 'not-approved', 'source:app-1'],
    ['its order does not stand yet', { order: null }, 'order-missing', 'order:4711'],
    ['its vendor is not linked', { vendorCode: null }, 'vendor-unlinked', 'vendor:v1'],
    ['its order is with another vendor', { vendorCode: 'V200' }, 'vendor-changed', null],
    [
      'its change order is not posted',
      { record: two, previous: one, posted, order: withoutChange },
      'order-line-missing',
      'order:4711',
    ],
    ['it bills beyond the order', { order: small }, 'over-commitment', 'order:4711'],
    ['its number is taken', { numberTaken: () => 'A/P invoice 12' }, 'duplicate-number', 'source:app-1'],
    ['its number does not fit', { numberWidth: 7 }, 'number-too-long', 'source:app-1'],
    [
      'it is in another currency',
      { order: { ...order, currency: 'CAD' } },
      'currency-mismatch',
      'source:app-1',
    ],
    ['another tool posted it', { record: { ...one, originId: 'X-1' } }, 'foreign-origin', 'source:app-1'],
    [
      'there is no account for retainage',
      { mapping: () => null },
      'retainage-account-missing',
      'mapping:retainage:',
    ],
    [
      'the ERP refuses it',
      { preflight: () => [{ field: 'number', message: 'No.' }] },
      'target-refuses',
      'source:app-1',
    ],
    ['its figures disagree', { record: { ...one, currentDue: '1.00' } }, 'amounts-disagree', 'source:app-1'],
    [
      'an amount cannot be read',
      { record: { ...one, currentDue: 'n/a' } },
      'amounts-disagree',
      'source:app-1',
    ],
  ])('%s', (_, change, code, wait) => {
    const plan = documents(change)[0]!;
    expect(codes(plan)).toEqual([code]);
    expect(plan.waits.map(({ kind, key }) => `${kind}:${key}`)).toEqual(wait === null ? [] : [wait]);
    expect(plan.reasons.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });

  it('billing beyond the order is allowed by policy, not by itself', () => {
    const plan = single({ order: small, policy: { ...safestInvoicePolicy, overbilling: 'allow' } });
    expect(plan.reasons).toEqual([]);
  });

  it("the vendor's own number is never cut to fit, and its release needs room as well", () => {
    const own = { record: { ...two, invoiceNumber: ' INV-2026-00042 ' }, previous: one, posted };
    expect(documents({ ...own, numberWidth: 16 }).map(({ body }) => body?.invoiceNumber)).toEqual([
      'INV-2026-00042',
      'INV-2026-00042-R',
    ]);
    const [progress, release] = documents({ ...own, numberWidth: 15 });
    expect(codes(progress!)).toEqual([]);
    expect(release).toMatchObject({ body: null, reasons: [{ code: 'number-too-long' }] });
  });

  it('a line of an order that was never linked cannot be billed', () => {
    const base: PostedBase = {
      id: '77',
      lineKeys: { '1': '0' },
      body: {
        ...{ kind: 'purchase-order', reference: 'R', revision: 1, number: 'SC-001', title: 'T' },
        ...{ vendorCode: 'V100', projectCode: 'ERP-P1', currency: 'USD', total: '150000.00', sourceUrl: '' },
        accountingDate: input.today,
        lines: order.lines.slice(0, 2).map(({ sourceLineId: key, description, amount, coding }) => ({
          ...{ key, description, amount, coding, costCode: '', costType: '' },
        })),
      },
    };
    expect(postedOrder(base).lines).toEqual([order.lines[0]]);
    expect(codes(single({ order: postedOrder(base) }))).toEqual(['order-line-missing']);
  });
});

describe('the accounting date', () => {
  const month = (id: string, last: number, open: boolean): PeriodRecord => ({
    object: 'period',
    id,
    name: id,
    from: calendarDate(`${id}-01`),
    to: calendarDate(`${id}-${last}`),
    open,
  });
  const periods = [month('2026-06', 30, false), month('2026-07', 31, false), month('2026-08', 31, true)];
  const july = { ...one, periodEnd: calendarDate('2026-08-28') };

  it('is the end of the billing period where that is open', () => {
    expect(single({ periods, record: july })).toMatchObject({ accountingDate: '2026-08-28', notes: [] });
  });

  it('is else the first day open after it, flagged as late cost, and posts all the same', () => {
    const document = single({ periods });
    expect(document).toMatchObject({
      accountingDate: '2026-08-01',
      reasons: [],
      notes: [{ code: 'late-cost' }],
    });
    expect(document.body?.accountingDate).toBe('2026-08-01');
  });

  it('that was planned stays while its period is open', () => {
    const frozenDate = calendarDate('2026-08-15');
    expect(single({ periods, frozenDate }).accountingDate).toBe('2026-08-15');
    expect(single({ periods, frozenDate: calendarDate('2026-07-15') }).accountingDate).toBe('2026-08-01');
  });

  it.each([
    ['2026-08-30', '2026-08-28', []],
    ['2026-08-30', '2026-07-28', ['late-cost']],
    ['2026-08-01', '2026-09-28', []],
  ])('typed as %s for work up to %s is late only in a later period', (typed, earned, notes) => {
    const document = single({
      periods,
      record: { ...one, periodEnd: calendarDate(earned) },
      exported: { erpCode: null, accountingDate: calendarDate(typed) },
    });
    expect(document).toMatchObject({ accountingDate: typed, reasons: [] });
    expect(document.notes.map(({ code }) => code)).toEqual(notes);
  });

  it('that a person typed is never moved', () => {
    const typed = single({
      periods,
      exported: { erpCode: null, accountingDate: calendarDate('2026-07-15') },
    });
    expect(typed).toMatchObject({
      accountingDate: '2026-07-15',
      waits: [{ kind: 'period', key: '2026-07' }],
    });
  });

  it('waits where no period after it is open', () => {
    expect(codes(single({ periods: periods.slice(0, 2) }))).toEqual(['period-closed']);
  });
});
