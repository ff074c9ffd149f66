import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarDate } from '../values/calendar-date.ts';
import {
  aspectsOf,
  defaultHoldPolicy,
  fittedHoldWords,
  type HeldApplication,
  type HoldPolicy,
  holdWords,
  paymentHolds,
} from './payment-holds.ts';
import {
  type Insurance,
  type PaymentReadinessRecord,
  type ReadinessAspect,
  withWhatWasSeen,
} from './payment-readiness.ts';

const invoice: HeldApplication = {
  application: 2,
  previousId: '41',
  final: false,
  billingDate: calendarDate('2026-11-15'),
  periodEnd: null,
  vendorName: 'Acme',
};
const record = (facts: Partial<PaymentReadinessRecord>): PaymentReadinessRecord => ({
  object: 'payment-readiness',
  id: '42',
  projectId: '7',
  hidden: {},
  ...facts,
});
const certificate = (more: Partial<Insurance> = {}): Insurance => ({
  id: '1',
  level: 'company',
  type: 'General liability',
  provider: null,
  policyNumber: null,
  status: 'compliant',
  exempt: false,
  effective: null,
  expires: calendarDate('2026-10-31'),
  ...more,
});
const compliance = {
  status: null,
  notes: null,
  insuranceStatus: null,
  insuranceNotes: null,
  papers: [],
  insurances: [],
};
const strict: HoldPolicy = { ...defaultHoldPolicy, waivers: 'conditional-and-previous' };
const texts = (facts: Partial<PaymentReadinessRecord>, policy = defaultHoldPolicy, of = invoice) =>
  paymentHolds(of, record(facts), policy).holds.map(({ text }) => text);

describe('a payment is held', () => {
  it('by an insurance that ended before the invoice, named with its vendor and its date', () => {
    expect(texts({ insurances: [certificate()] })).toEqual([
      'General liability of Acme expired on 2026-10-31',
    ]);
    const marked = certificate({ status: 'expired', expires: calendarDate('2026-11-20') });
    expect(texts({ insurances: [marked] })).toEqual(['General liability of Acme expired on 2026-11-20']);
    const early = certificate({ effective: calendarDate('2026-12-01'), expires: null });
    expect(texts({ insurances: [early] })).toEqual(['General liability of Acme begins on 2026-12-01 only']);
    const ofProject = [certificate({ level: 'project', policyNumber: 'P-9' })];
    const good = [certificate({ id: '2', expires: null })];
    expect(texts({ insurances: good, compliance: { ...compliance, insurances: ofProject } })).toEqual([
      'General liability of Acme (policy P-9) expired on 2026-10-31',
    ]);
  });

  it('by the words of people: holds, and contracts and papers that are not compliant', () => {
    const manualHolds = [
      { id: '1', of: 'invoice', description: 'Damaged door', by: 'Ann', since: null },
    ] as const;
    const papers = [{ id: '1', name: 'Payroll', status: 'Not Compliant', expires: null }];
    const bad = {
      ...compliance,
      status: 'not_compliant',
      notes: 'No licence',
      insuranceStatus: 'not_compliant',
    };
    expect(texts({ manualHolds, papers, compliance: bad })).toEqual([
      'Payroll is not compliant',
      'The contract is not compliant: No licence',
      'The insurance of the contract is not compliant',
      'Ann holds this invoice: Damaged door',
    ]);
  });

  it('by papers of the contract, unless somebody called the contract compliant', () => {
    const papers = [{ id: '1', name: 'Licence', status: 'compliant', expires: calendarDate('2026-11-14') }];
    expect(texts({ compliance: { ...compliance, papers } })).toEqual(['Licence expired on 2026-11-14']);
    expect(texts({ compliance: { ...compliance, status: 'compliant', papers } })).toEqual([]);
  });

  it('by waivers only where the policy asks for them', () => {
    const waivers = [{ id: '1', condition: 'conditional', scope: 'progress', signed: false }] as const;
    expect(texts({ waivers, waiversBefore: [] })).toEqual([]);
    expect(texts({ waivers, waiversBefore: [] }, strict)).toEqual([
      'The conditional lien waiver of application 2 is not signed',
      'The unconditional lien waiver of the application before is missing',
    ]);
    const signed = [{ ...waivers[0], signed: true }];
    const before = [{ ...signed[0]!, condition: 'unconditional' as const }];
    expect(texts({ waivers: signed, waiversBefore: before }, strict)).toEqual([]);
    expect(texts({ waivers: signed, waiversBefore: before }, strict, { ...invoice, final: true })).toEqual([
      'The final lien waiver of application 2 is missing',
    ]);
  });

  it('by what is not known only where the policy says so, and it is shown otherwise', () => {
    const hidden = { manualHolds: 'Procore answered 403', waivers: 'Procore answered 404' };
    expect(paymentHolds(invoice, record({ hidden }), defaultHoldPolicy)).toMatchObject({
      holds: [],
      notKnown: [{ text: 'Whether somebody holds this invoice: not known, Procore answered 403' }],
    });
    expect(texts({ hidden }, { ...strict, unknown: 'hold' })).toHaveLength(2);
  });
});

it('keeps a hold that was seen when it may not be looked at any more', () => {
  const seen = record({ insurances: [certificate()] });
  const now = withWhatWasSeen(record({ hidden: { insurances: 'Procore answered 403' } }), seen);
  expect(texts(now)).toEqual(['General liability of Acme expired on 2026-10-31']);
});

const day = fc.integer({ min: 1, max: 28 }).map((n) => calendarDate(`2026-11-${String(n).padStart(2, '0')}`));
const insurances = fc.array(
  fc
    .record({
      id: fc.integer({ min: 1, max: 9 }).map(String),
      type: fc.constantFrom('General liability', 'general liability ', 'Auto', null),
      status: fc.constantFrom('compliant', 'undecided', 'expired', 'non_compliant', 'unregistered'),
      exempt: fc.boolean(),
      effective: fc.option(day),
      expires: fc.option(day),
    })
    .map((more) => certificate(more)),
  { maxLength: 6 },
);

describe('whatever the certificates are', () => {
  it('a kind of insurance holds exactly when none of its certificates is in order on the day', () => {
    fc.assert(
      fc.property(insurances, (all) => {
        const isGood = ({ exempt, status, effective, expires }: Insurance) =>
          exempt ||
          (['compliant', 'undecided', 'unregistered'].includes(status) &&
            (effective ?? '') <= '2026-11-15' &&
            (expires ?? '9999') >= '2026-11-15');
        const kinds = Map.groupBy(all, ({ id, type }) => type?.trim().toLowerCase() ?? id);
        const lapsed = [...kinds.values()].filter((kind) => !kind.some(isGood));
        expect(texts({ insurances: all })).toHaveLength(lapsed.length);
      }),
    );
  });

  it('the words are the same in any order, and another good certificate never adds a hold', () => {
    fc.assert(
      fc.property(insurances, (all) => {
        const words = holdWords(paymentHolds(invoice, record({ insurances: all }), defaultHoldPolicy).holds);
        const turned = record({ insurances: all.toReversed() });
        expect(holdWords(paymentHolds(invoice, turned, defaultHoldPolicy).holds)).toBe(words);
        const renewed = certificate({ id: '99', expires: null });
        const more = texts({ insurances: [...all, renewed] });
        expect(texts({ insurances: all })).toEqual(expect.arrayContaining(more));
      }),
    );
  });

  it('nothing is read that the policy does not ask for', () => {
    const policy: HoldPolicy = {
      ...defaultHoldPolicy,
      manualHolds: false,
      compliance: false,
      insurance: false,
    };
    expect(aspectsOf(policy, invoice)).toEqual([]);
    expect(texts({ insurances: [certificate()] }, policy)).toEqual([]);
    const first = aspectsOf(strict, { previousId: null });
    expect(first).not.toContain('waiversBefore' satisfies ReadinessAspect);
  });
});

it('fits the words of holds into any field, and counts what is left out', () => {
  const words = fc.array(
    fc.string({ minLength: 1, maxLength: 30 }).map((text) => text.replaceAll(';', ',')),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(words, fc.integer({ min: 15, max: 120 }), (texts, width) => {
      const whole = texts.join('; ');
      const fitted = fittedHoldWords(whole, width);
      expect([...fitted].length).toBeLessThanOrEqual(width);
      if ([...whole].length <= width) expect(fitted).toBe(whole);
      else expect(fitted).toMatch(/; and \d more$|…$/);
    }),
  );
});
