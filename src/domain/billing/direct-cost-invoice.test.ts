import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DirectInvoiceBody } from '../documents.ts';
import type { MappingRow } from '../mapping.ts';
import type { DirectCostLine, DirectCostRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import { type DirectCostPlanInput, planDirectCost } from './direct-cost-invoice.ts';
import { givenBack } from './vendor-credit.ts';

const line = (id: string, amount: string, more: Partial<DirectCostLine> = {}): DirectCostLine => ({
  id,
  position: Number(id),
  description: `Line ${id}`,
  costCode: { code: '05-100', name: 'Steel' },
  costType: { code: 'M', name: 'Material' },
  amount,
  quantity: null,
  unitPrice: null,
  unit: null,
  projectId: 'P1',
  ...more,
});

const record: DirectCostRecord = {
  object: 'company-direct-cost',
  id: '900',
  type: 'invoice',
  vendorId: 'v1',
  vendorName: 'Star Supply',
  invoiceNumber: 'SS-17',
  description: 'Bolts',
  status: 'approved',
  approved: true,
  currency: 'USD',
  total: '130.35',
  billDate: calendarDate('2026-08-20'),
  accountingDate: null,
  paymentDueDate: null,
  originId: null,
  lines: [line('1', '100.10'), line('2', '30.25', { projectId: 'P2' })],
  attachments: [],
  url: 'https://procore.test/direct/900',
};

const row = (kind: MappingRow['kind'], scope: string, key: string, code: string): MappingRow => ({
  kind,
  scope,
  key,
  value: { kind: kind === 'project' ? 'project' : 'account', code },
  version: 1,
  setBy: 'ada@harbor.example',
});
const rows = [
  row('project', '', 'P1', 'JOB-1'),
  row('project', '', 'P2', 'JOB-2'),
  row('cost', '', '05-100|M', '5200'),
  row('cost', 'P2', '05-100|M', '5300'),
];

const input: DirectCostPlanInput = {
  record,
  exported: { erpCode: null, accountingDate: null },
  originMayBeOurs: false,
  posted: null,
  vendorCode: 'V1',
  vendorBlocked: null,
  mapping: (kind, scope, key) =>
    rows.find((each) => each.kind === kind && each.scope === scope && each.key === key) ?? null,
  targetProject: (code) => ({
    object: 'project',
    id: code,
    name: code,
    number: code,
    originId: null,
    active: true,
  }),
  targetAccount: (code) => ({ object: 'account', id: code, name: code, postable: true }),
  periods: [],
  numberWidth: 20,
  numberTaken: () => null,
  identity: { revision: 1, reference: 'TB12345678901234' },
  preflight: () => [],
  frozenDate: null,
  today: calendarDate('2026-09-01'),
};

function planned(change: Partial<DirectCostPlanInput> = {}) {
  const plan = planDirectCost({ ...input, ...change });
  if (plan.kind === 'nothing') throw new Error(`planned nothing: ${plan.why}`);
  return plan.document;
}
const codes = (change: Partial<DirectCostPlanInput>) => planned(change).reasons.map(({ code }) => code);
const cost = (change: Partial<DirectCostRecord>) => ({ record: { ...record, ...change } });

describe('a direct cost of the company', () => {
  it('becomes one bill, each line on the project and account of its own', () => {
    const { body, exposure, reasons } = planned();
    expect(reasons).toEqual([]);
    expect(body).toMatchObject({
      invoiceNumber: 'SS-17',
      total: '130.35',
      accountingDate: '2026-08-20',
      lines: [
        { key: '1', amount: '100.10', projectCode: 'JOB-1', coding: { code: '5200' } },
        { key: '2', amount: '30.25', projectCode: 'JOB-2', coding: { code: '5300' } },
      ],
    });
    expect(exposure.minor).toBe(13_035n);
  });

  it('below zero becomes what the vendor gives back: signs as in its source, due on no day, weighed by its size', () => {
    const lines = [line('1', '-100.10'), line('2', '30.25', { projectId: 'P2' })];
    const change = cost({ total: '-69.85', lines, paymentDueDate: calendarDate('2026-09-30') });
    const { body, exposure, amount, reasons } = planned(change);
    expect(reasons).toEqual([]);
    expect(body).toMatchObject({
      ...{ total: '-69.85', dueDate: null },
      lines: [{ amount: '-100.10' }, { amount: '30.25' }],
    });
    expect([amount.minor, exposure.minor]).toEqual([-6_985n, 13_035n]);
    expect(givenBack(body!)).toMatchObject({
      total: '69.85',
      lines: [{ amount: '100.10' }, { amount: '-30.25' }],
    });
  });

  it('that was posted as a bill and is below zero since is put before a person, never posted beside it', () => {
    const posted = planned().body;
    const { body, reasons, conflict } = planned({
      posted,
      ...cost({ total: '-5.00', lines: [line('1', '-5.00')] }),
    });
    expect([body, conflict, reasons.map(({ code }) => code)]).toEqual([
      null,
      true,
      ['changed-after-posting'],
    ]);
  });

  it.each<[string, Partial<DirectCostPlanInput>, string]>([
    ['without a number', cost({ invoiceNumber: ' ' }), 'number-missing'],
    ['with a number that is taken', { numberTaken: () => 'invoice 8' }, 'duplicate-number'],
    ['with a number that has no room', { numberWidth: 4 }, 'number-too-long'],
    ['whose lines do not add up', cost({ total: '130.36' }), 'amounts-disagree'],
    ['below the cent', cost({ lines: [line('1', '130.345')] }), 'amounts-disagree'],
    ['without lines', cost({ lines: [], total: '0.00' }), 'no-lines'],
    ['of an unlinked vendor', { vendorCode: null }, 'vendor-unlinked'],
    ['not approved', cost({ status: 'pending', approved: false }), 'not-approved'],
    ['that another integration synced', cost({ originId: 'X-1' }), 'foreign-origin'],
    [
      'of a project nobody mapped',
      cost({ lines: [line('1', '130.35', { projectId: 'P9' })] }),
      'project-unmapped',
    ],
    [
      'with a code nobody mapped',
      cost({ lines: [line('1', '130.35', { costType: null })] }),
      'cost-unmapped',
    ],
  ])('%s is not sent', (_, change, code) => {
    expect(codes(change)).toEqual([code]);
  });

  it('waits with a date that was typed while its period is closed', () => {
    const august = {
      object: 'period',
      id: '8',
      name: 'August',
      from: calendarDate('2026-08-01'),
      to: calendarDate('2026-08-31'),
      open: false,
    } as const;
    const september = {
      ...august,
      from: calendarDate('2026-09-01'),
      to: calendarDate('2026-09-30'),
      open: true,
    };
    const periods = [august, september];
    expect(planned({ periods }).accountingDate).toBe('2026-09-01');
    expect(planned({ periods }).notes.map(({ code }) => code)).toEqual(['late-cost']);
    const typed = cost({ accountingDate: calendarDate('2026-08-25') });
    expect(codes({ ...typed, periods })).toEqual(['period-closed']);
  });

  it('is posted no second time, and a change of what is posted is a conflict', () => {
    const posted = planned().body!;
    expect(planDirectCost({ ...input, posted })).toEqual({ kind: 'nothing', why: 'unchanged' });
    // Coded anew in the ERP's words, or told by our own origin id: neither is another bill.
    expect(
      planDirectCost({ ...input, ...cost({ originId: 'B1-7', lines: record.lines.toReversed() }), posted })
        .kind,
    ).toBe('nothing');
    for (const change of [
      cost({ total: '131.35', lines: [line('1', '131.35')] }),
      cost({ invoiceNumber: 'SS-18' }),
      { vendorCode: 'V2' },
    ]) {
      const document = planned({ ...change, posted });
      expect(document).toMatchObject({ body: null, conflict: true });
      expect(document.reasons.map(({ code }) => code)).toContain('changed-after-posting');
    }
  });

  it.each(['expense', 'payroll'])('that is %s is in its own books already', (type) => {
    expect(planDirectCost({ ...input, ...cost({ type }) })).toEqual({
      kind: 'nothing',
      why: 'not-an-invoice',
    });
  });

  it('posts what its lines say to the cent, or nothing, whatever they are', () => {
    const amounts = fc.array(fc.bigInt(-999_999n, 999_999n), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(amounts, fc.constantFrom(0n, 0n, 1n, -1n), (minors, off) => {
        const lines = minors.map((minor, at) => line(String(at + 1), formatMoney(money(minor, 'USD'))));
        const sumOfLines = minors.reduce((total, minor) => total + minor, 0n);
        const total = formatMoney(money(sumOfLines + off, 'USD'));
        const { body } = planned(cost({ lines, total }));
        expect(body !== null).toBe(off === 0n);
        if (body !== null) expect(formatMoney(sumOf(body))).toBe(total);
      }),
    );
  });
});

function sumOf({ lines }: DirectInvoiceBody) {
  return sum(
    lines.map(({ amount }) => parseMoney(amount, 'USD')),
    'USD',
  );
}
