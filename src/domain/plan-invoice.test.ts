import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDate } from './calendar-date.ts';
import type { ApInvoiceBody, PostedBase } from './documents.ts';
import type { MappingRow } from './mapping.ts';
import { parseMoney } from './money.ts';
import { type InvoiceDocument, type InvoicePlan, planInvoice } from './plan-invoice.ts';
import {
  type InvoicePlanInput,
  type PostedOrder,
  type PostedOrderLine,
  postedOrder,
  safestInvoicePolicy,
} from './plan-invoice-input.ts';
import type { PeriodRecord, SubInvoiceRecord } from './records.ts';
import type { PostedInvoice } from './sub-invoice-sequence.ts';
import { applicationHistories } from './testing/pay-application-histories.ts';
import { type LineWork, payApplications, text } from './testing/pay-applications.ts';

const k = (thousands: number) => BigInt(thousands) * 100_000n;
const orderLine = (bills: string, id: string, key: string, amount: string): PostedOrderLine => ({
  billed: `${bills}:${id}`,
  sourceLineId: id,
  key,
  description: `Ordered ${id}`,
  amount,
  coding: { kind: 'account', code: '5000' },
});
const order: PostedOrder = {
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
const apply = (...periods: Readonly<Record<string, LineWork>>[]) => payApplications(contract, periods);
const payable: MappingRow = {
  kind: 'retainage',
  scope: '',
  key: '',
  value: { kind: 'account', code: '2150' },
  version: 1,
  setBy: 'controller@acme.test',
};
/** Three periods: work with retainage, more work with a release of a part, and the release of the rest. */
const [one, two, three] = apply(
  { '1': { worked: k(40), retainedOnWork: k(4) }, '2': { worked: k(10), retainedOnWork: k(1) } },
  { '1': { worked: k(30), retainedOnWork: k(3), releasedOnWork: k(2) }, '3': { worked: k(5) } },
  { '1': { releasedOnWork: k(5) }, '2': { releasedOnWork: k(1) } },
) as [SubInvoiceRecord, SubInvoiceRecord, SubInvoiceRecord];

const input: InvoicePlanInput = {
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
  holds: [],
  policy: safestInvoicePolicy,
  identityOf: (part) => ({ revision: 1, reference: part === 'progress' ? 'TL1PROGRESS' : 'TL1RELEASE' }),
  preflight: () => [],
  frozenDate: null,
  today: calendarDate('2026-09-01'),
};

function documents(change: Partial<InvoicePlanInput> = {}): readonly InvoiceDocument[] {
  const plan: InvoicePlan = planInvoice({ ...input, ...change });
  if (plan.kind === 'nothing') throw new Error(`planned nothing: ${plan.why}`);
  return plan.documents;
}

function single(change: Partial<InvoicePlanInput> = {}): InvoiceDocument {
  const [document, ...more] = documents(change);
  expect(more).toEqual([]);
  return document!;
}

const codes = (document: InvoiceDocument) => document.reasons.map(({ code }) => code);

/** Posts what is planned for these applications, each on what was posted before. */
function post(records: readonly SubInvoiceRecord[], more: Partial<InvoicePlanInput> = {}): PostedInvoice[] {
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
      { code: 'waiver-missing', text: 'No conditional waiver' },
      { code: 'insurance-lapsed', text: 'General liability ended on 2026-06-01' },
    ];
    const document = single({ holds });
    expect(document.reasons).toEqual([]);
    expect(document.body!.paymentHold).toBe(
      'insurance-lapsed: General liability ended on 2026-06-01; waiver-missing: No conditional waiver',
    );
    expect(single({ holds: holds.toReversed() }).body).toEqual(document.body);
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

describe('applications in another order than one after the other', () => {
  const [a, b, c] = apply(
    { '1': { worked: k(10) } },
    { '1': { worked: k(20) } },
    { '1': { worked: k(5) } },
  ) as [SubInvoiceRecord, SubInvoiceRecord, SubInvoiceRecord];
  const reduced = apply({ '1': { worked: k(9) } }, { '1': { worked: k(21) } });
  const posted = post([a]);

  it('one that is skipped holds up the next until it is posted', () => {
    const waiting = single({ record: c, previous: b, posted });
    expect(codes(waiting)).toEqual(['application-skipped']);
    expect(waiting).toMatchObject({ body: null, conflict: false, waits: [{ kind: 'billing', key: '4711' }] });
    expect(single({ record: c, previous: b, posted: post([a, b]) }).body?.total).toBe('5000.00');
  });

  it('one whose release is not posted yet holds up the next', () => {
    const [progress, release] = post([one, two]).slice(1) as [PostedInvoice, PostedInvoice];
    const partly = [...post([one]), progress];
    expect(codes(single({ record: three, previous: two, posted: partly }))).toEqual(['application-skipped']);
    // And is itself still to be done, while the part that stands is not planned again.
    const known = { ...two, originId: 'L1-900' };
    expect(single({ record: known, previous: one, posted: partly })).toMatchObject({
      reasons: [],
      body: release.body,
    });
  });

  it('one that moves nothing is no invoice and no gap', () => {
    const [first, idle, last] = apply({ '1': { worked: k(10) } }, {}, { '1': { worked: k(5) } }) as [
      SubInvoiceRecord,
      SubInvoiceRecord,
      SubInvoiceRecord,
    ];
    expect(planInvoice({ ...input, record: idle, previous: first, posted })).toMatchObject({
      kind: 'nothing',
    });
    expect(single({ record: last, previous: idle, posted })).toMatchObject({
      reasons: [],
      body: { total: '5000.00' },
    });
  });

  it.each<[string, Partial<InvoicePlanInput>, string]>([
    [
      'an earlier one after a later one was posted',
      { record: a, posted: post([a, b]).slice(1) },
      'application-out-of-order',
    ],
    [
      'one that Procore no longer shows others before',
      { record: { ...b, previousId: null }, posted },
      'application-out-of-order',
    ],
    [
      'the same application under another record',
      { record: { ...a, id: 'copy' }, posted },
      'application-out-of-order',
    ],
    [
      'one that Procore shows itself or a later one before',
      { record: b, previous: c, posted },
      'application-out-of-order',
    ],
    [
      'one after another than the last one posted',
      { record: c, previous: a, posted: post([a, b]) },
      'application-out-of-order',
    ],
    [
      'one that a later one was posted before, left to it or not',
      { record: b, previous: a, passedOver: [a.id], posted: post([a, b, c]).slice(2) },
      'application-out-of-order',
    ],
    ['a posted one with other amounts', { record: reduced[0]!, posted }, 'application-reopened'],
    [
      'the next one after a posted one was changed',
      { record: reduced[1]!, previous: reduced[0]!, posted },
      'application-reopened',
    ],
  ])('%s is a conflict for a person', (_, change, code) => {
    const document = single(change);
    expect(codes(document)).toEqual([code]);
    expect(document).toMatchObject({ body: null, conflict: true });
  });

  it('one after a posted release waits for nobody where the one before reads otherwise now', () => {
    const all = post([one, two]);
    const other = { ...two, lines: two.lines.map((line) => ({ ...line, toDate: '0.00' })) };
    expect(codes(single({ record: three, previous: other, posted: all }))).toEqual(['application-reopened']);
  });

  it('retainage that only follows material is no release that the next one waits for', () => {
    const [first, shift, after] = apply(
      { '1': { delivered: k(20), retainedOnStored: k(2) } },
      { '1': { installed: k(10), worked: k(5), retainedOnWork: k(1), releasedOnStored: k(1) } },
      { '1': { worked: k(5) } },
    ) as [SubInvoiceRecord, SubInvoiceRecord, SubInvoiceRecord];
    const all = post([first, shift]);
    expect(all.map(({ body }) => body.purpose)).toEqual(['progress', 'progress']);
    const other = { ...shift, lines: shift.lines.map((line) => ({ ...line, toDate: '0.00' })) };
    expect(codes(single({ record: after, previous: other, posted: all }))).toEqual(['application-reopened']);
  });

  it('what was changed after posting goes into the next application where the policy says so', () => {
    const policy = { ...safestInvoicePolicy, reductions: 'net' as const };
    expect(planInvoice({ ...input, record: reduced[0]!, posted, policy })).toMatchObject({
      why: 'carried-forward',
    });
    const next = single({ record: reduced[1]!, previous: reduced[0]!, posted, policy });
    expect(next).toMatchObject({
      reasons: [],
      notes: [{ code: 'application-reopened' }],
      body: { total: '20000.00' },
    });
  });
});

describe('what a person left to the next application', () => {
  const [a, b, c] = apply(
    { '1': { worked: k(10) } },
    { '1': { worked: k(20) } },
    { '1': { worked: k(5) } },
  ) as [SubInvoiceRecord, SubInvoiceRecord, SubInvoiceRecord];
  const posted = post([a]);

  it('is not planned by itself, and billed there with a note', () => {
    const left = { posted, passedOver: [b.id] };
    expect(planInvoice({ ...input, record: b, previous: a, ...left })).toMatchObject({ why: 'passed-over' });
    const next = single({ record: c, previous: b, ...left });
    expect(next).toMatchObject({ reasons: [], notes: [{ code: 'application-skipped' }] });
    expect(next.body?.total).toBe('25000.00');
  });

  it('may be the difference of one that was changed after it was posted', () => {
    const [changed, next] = apply({ '1': { worked: k(9) } }, { '1': { worked: k(21) } }) as [
      SubInvoiceRecord,
      SubInvoiceRecord,
    ];
    const left = { posted, passedOver: [changed.id] };
    expect(planInvoice({ ...input, record: changed, ...left })).toMatchObject({ why: 'carried-forward' });
    expect(single({ record: next, previous: changed, ...left }).body?.total).toBe('20000.00');
  });

  it('may be retainage, which is then corrected where work is billed and not paid out as a release', () => {
    const [was] = apply({ '1': { worked: k(10), retainedOnWork: k(1) } }) as [SubInvoiceRecord];
    const [changed, next] = apply({ '1': { worked: k(10) } }, { '1': { worked: k(5) } }) as [
      SubInvoiceRecord,
      SubInvoiceRecord,
    ];
    const left = { posted: post([was]), passedOver: [changed.id] };
    const document = single({ record: next, previous: changed, ...left });
    expect(document).toMatchObject({ part: 'progress', reasons: [], body: { total: '6000.00' } });
    expect(document.body!.retainage).toMatchObject([{ amount: '1000.00' }]);
  });

  it('is over once that is posted: a release that was left out is not paid a second time', () => {
    const [progress] = post([one, two]).slice(1) as [PostedInvoice];
    const partly = [...post([one]), progress];
    const late = single({ record: three, previous: two, posted: partly, passedOver: [two.id] });
    expect(late).toMatchObject({ part: 'retainage-release', reasons: [], body: { total: '8000.00' } });
    const all = [...partly, { recordId: three.id, body: late.body! }];
    expect(planInvoice({ ...input, record: two, previous: one, posted: all })).toMatchObject({
      why: 'unchanged',
    });
  });
});

describe('a release of what the same application withholds', () => {
  const [both] = apply({ '1': { worked: k(10), retainedOnWork: k(1), releasedOnWork: k(1) } }) as [
    SubInvoiceRecord,
  ];

  it('waits until its progress invoice is posted', () => {
    const [progress, release] = documents({ record: both });
    expect(progress).toMatchObject({ reasons: [], body: { total: '9000.00' } });
    expect(release).toMatchObject({
      reasons: [{ code: 'retainage-not-held' }],
      waits: [{ kind: 'billing', key: '4711' }],
    });
    const posted = [{ recordId: both.id, body: progress!.body! }];
    expect(single({ record: both, posted })).toMatchObject({ reasons: [], body: { total: '1000.00' } });
  });
});

describe('less than was posted', () => {
  const [before] = apply({ '1': { worked: k(10) }, '2': { worked: k(10) } }) as [SubInvoiceRecord];
  const posted = post([before]);
  const lower = (onFirst: string, onSecond: string, to: readonly string[]): SubInvoiceRecord => {
    const [, next] = apply({ '1': { worked: k(10) }, '2': { worked: k(10) } }, {}) as SubInvoiceRecord[];
    const lines = next!.lines.map((line, index) =>
      index === 2 ? line : { ...line, thisPeriod: [onFirst, onSecond][index]!, toDate: to[index]! },
    );
    const earned = (parseMoney(to[0]!, 'USD').minor + parseMoney(to[1]!, 'USD').minor) / 100n;
    return { ...next!, lines, earnedLessRetainage: `${earned}.00`, currentDue: `${earned - 20_000n}.00` };
  };
  const netted = lower('-1000.00', '4000.00', ['9000.00', '14000.00']);
  const credit = lower('-1000.00', '0.00', ['9000.00', '10000.00']);
  const policy = { ...safestInvoicePolicy, reductions: 'net' as const };

  it('is a conflict, unless the policy nets it within an invoice of at least zero', () => {
    const refused = single({ record: netted, previous: before, posted });
    expect(refused).toMatchObject({
      conflict: true,
      body: null,
      reasons: [{ code: 'billing-reduced', field: 'line 1' }],
    });
    const allowed = single({ record: netted, previous: before, posted, policy });
    expect(allowed).toMatchObject({ reasons: [], body: { total: '3000.00' }, exposure: { minor: k(5) } });
  });

  it('never becomes an invoice below zero', () => {
    const document = single({ record: credit, previous: before, posted, policy });
    expect(document).toMatchObject({ conflict: true, body: null, reasons: [{ code: 'negative-invoice' }] });
  });
});

describe('a contract that ran before it was connected', () => {
  const opening = {
    application: 1,
    moves: [
      { line: 'contract:1', gross: '40000.00', workRetainage: '4000.00', storedRetainage: '0.00' },
      { line: 'contract:2', gross: '10000.00', workRetainage: '1000.00', storedRetainage: '0.00' },
    ],
  };

  it.each([null, one])(
    'goes on from what was billed there, whether its last application is known: %#',
    (previous) => {
      const [progress, release] = documents({ record: two, previous, opening });
      expect([progress, release].map((document) => document!.body?.total)).toEqual(['22000.00', '2000.00']);
    },
  );

  it('stops where what was taken over is not what the source shows', () => {
    const wrong = { ...opening, moves: opening.moves.slice(0, 1) };
    expect(codes(documents({ record: two, previous: one, opening: wrong })[0]!)).toEqual([
      'application-reopened',
    ]);
    expect(codes(documents({ record: two, opening: wrong })[0]!)).toContain('amounts-disagree');
    // Its release was taken over with the rest: nobody waits for it to be posted.
    const released = { application: 2, moves: opening.moves };
    expect(codes(documents({ record: three, previous: two, opening: released })[0]!)).toEqual([
      'application-reopened',
    ]);
  });
});

describe('over any course of a contract', () => {
  const bytes = (plan: InvoicePlan) =>
    JSON.stringify(plan, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  const minor = (amount: string) => parseMoney(amount, 'USD').minor;

  /** Posts one invoice after the other until none is left, and gives what became payable; null where one may not go. */
  function settle(at: InvoicePlanInput, posted: PostedInvoice[]): bigint | null {
    let due = 0n;
    for (let turn = 0; turn < 2; turn += 1) {
      const plan = planInvoice({ ...at, posted });
      if (plan.kind === 'nothing') break;
      const { body, reasons } = plan.documents[0]!;
      if (body === null || reasons.length > 0) return null;
      const amounts = [...body.lines, ...body.retainage].map(({ amount }) => minor(amount));
      expect(amounts.reduce((a, b) => a + b, 0n)).toBe(minor(body.total));
      due += minor(body.total);
      posted.push({ recordId: at.record.id, body });
    }
    return due;
  }

  const wideInput: InvoicePlanInput = {
    ...input,
    policy: { ...safestInvoicePolicy, overbilling: 'allow' },
  };

  it('what was posted adds up to line 6, each application to its line 8, and the same input to the same bytes', () => {
    fc.assert(
      fc.property(applicationHistories, fc.nat(), (records, turn) => {
        const posted: PostedInvoice[] = [];
        let paid = 0n;
        for (const [index, record] of records.entries()) {
          const at = { ...wideInput, record, previous: records[index - 1] ?? null, posted: [...posted] };
          const plan = planInvoice(at);
          const turned = [...record.lines.slice(turn % 3), ...record.lines.slice(0, turn % 3)];
          expect(bytes(planInvoice({ ...at, record: { ...record, lines: turned } }))).toBe(bytes(plan));
          expect(bytes(planInvoice({ ...at, posted: posted.toReversed() }))).toBe(bytes(plan));
          const due = settle(at, posted);
          // A deductive line may outweigh the others: such a contract goes no further by itself.
          if (due === null) return;
          expect(due).toBe(minor(record.currentDue));
          paid += due;
          expect(paid).toBe(minor(record.earnedLessRetainage));
          expect(planInvoice({ ...at, posted })).toEqual({ kind: 'nothing', why: 'unchanged' });
        }
      }),
    );
  });

  it('one cent more or less in any figure keeps the invoice back, and says where', () => {
    const figures = ['previous', 'thisPeriod', 'stored', 'toDate'] as const;
    const header = ['earnedLessRetainage', 'previouslyCertified', 'currentDue', 'retainageHeld'] as const;
    const kinds = ['workRetainage', 'storedRetainage'] as const;
    const columns = ['previouslyHeld', 'retained', 'released', 'held'] as const;
    const cent = fc.constantFrom(1n, -1n);
    const off = (amount: string, by: bigint) => text(minor(amount) + by);
    const spoil = (record: SubInvoiceRecord, at: number, by: bigint): SubInvoiceRecord => {
      const place =
        at % (header.length + record.lines.length * (figures.length + kinds.length * columns.length));
      const name = header[place];
      if (name !== undefined) return { ...record, [name]: off(record[name], by) };
      const inLine = (place - header.length) % (figures.length + kinds.length * columns.length);
      const index = Math.floor((place - header.length) / (figures.length + kinds.length * columns.length));
      const line = record.lines[index]!;
      const figure = figures[inLine];
      const kind = kinds[Math.floor((inLine - figures.length) / columns.length)];
      const column = columns[(inLine - figures.length) % columns.length];
      const spoilt =
        figure !== undefined
          ? { ...line, [figure]: off(line[figure], by) }
          : { ...line, [kind!]: { ...line[kind!], [column!]: off(line[kind!][column!], by) } };
      return { ...record, lines: record.lines.with(index, spoilt) };
    };
    fc.assert(
      fc.property(applicationHistories, fc.nat(), cent, (records, at, by) => {
        const posted: PostedInvoice[] = [];
        for (const [index, record] of records.entries()) {
          const facts = { ...wideInput, previous: records[index - 1] ?? null, posted: [...posted] };
          const spoilt = planInvoice({ ...facts, record: spoil(record, at, by) });
          expect(spoilt.kind).toBe('documents');
          if (spoilt.kind === 'documents')
            for (const { reasons } of spoilt.documents)
              expect(reasons.map(({ code }) => code)).toContain('amounts-disagree');
          if (settle({ ...facts, record }, posted) === null) return;
        }
      }),
    );
  });
});
