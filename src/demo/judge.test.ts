import { describe, expect, it } from 'vitest';
import { faultKinds } from './faults.ts';
import { type Evidence, holds, judge } from './judge.ts';
import type { Expected } from './judge-orders.ts';
import type { SeenDocument } from './seen.ts';
import type {
  BusinessOneTruth,
  ProcoreTruth,
  TrueApplication,
  TrueContract,
  TrueInvoice,
  TrueOrder,
} from './truth.ts';

const SEED = 5;
const PROJECT = '70';
const ENOUGH = 24;

const expected: Expected = {
  cardCodeOf: new Map([['9', 'V9']]),
  erpProjectOf: new Map([[PROJECT, 'J1']]),
  accountOf: (coding) => (coding === '03-300|S' ? '5303' : '5204'),
  firstNumberOf: new Map([
    ['1002', 'SC-2'],
    ['1003', 'SC-3, as long as nobody can quote it'],
  ]),
};

const contract = (index: number, changes: Partial<TrueContract> = {}): TrueContract => ({
  id: String(1_000 + index),
  number: `SC-${index}`,
  projectId: PROJECT,
  vendorId: '9',
  originId: String(index),
  committed: true,
  revisedCents: 150_075n,
  lines: [
    { id: 'a', cents: 100_050n, coding: '03-300|S' },
    { id: 'b', cents: 50_025n, coding: '04-220|M' },
  ],
  ...changes,
});

const order = (index: number, changes: Partial<TrueOrder> = {}): TrueOrder => ({
  entry: String(index),
  number: String(500 + index),
  vendor: 'V9',
  project: 'J1',
  vendorReference: `SC-${index}`,
  reference: `TB1REF${index}`,
  revision: index < 4 ? 2 : 1,
  contractId: String(1_000 + index),
  totalCents: 150_075n,
  lines: [
    { number: '0', cents: 100_050n, account: '5303' },
    { number: '1', cents: 50_025n, account: '5204' },
  ],
  ...changes,
});

const waiting = (index: number, changes: Partial<SeenDocument> = {}): SeenDocument => ({
  id: `document ${index}`,
  kind: 'purchase-order',
  number: `SC-${index}`,
  state: 'blocked',
  waitsFor: 'Vendor "North" is not linked to an ERP vendor.',
  owner: 'accountant',
  source: { id: String(1_000 + index) },
  ...changes,
});

const application = (number: number, changes: Partial<TrueApplication> = {}): TrueApplication => ({
  id: `a${number}`,
  contractId: '1001',
  number,
  approved: true,
  exported: true,
  originId: `B1-${number}`,
  dueCents: 400_00n,
  ...changes,
});

const invoice = (number: number, changes: Partial<TrueInvoice> = {}): TrueInvoice => ({
  entry: String(number),
  reference: `TB1INV${number}`,
  applicationId: `a${number}`,
  totalCents: 400_00n,
  ...changes,
});

/** Twenty-four commitments that are posted and three that wait, each named in the tie-out. */
function evidence(change: (held: Evidence) => Evidence = (held) => held): Evidence {
  const posted = Array.from({ length: ENOUGH }, (_, index) => index);
  const stuck = [100, 101, 102];
  const billed = [1, 2, 3, 4];
  return change({
    procore: {
      contracts: [...posted, ...stuck].map((index) => contract(index)),
      requests: [...posted, ...stuck].map((index) => ({
        id: `r${index}`,
        contractId: String(1_000 + index),
        status: index < 100 ? 'success' : 'in_progress',
        messages: [],
      })),
      applications: billed.map((number) => application(number)),
      paidCents: 100_00n,
    },
    businessOne: {
      orders: posted.map((index) => order(index)),
      invoices: billed.map((number) => invoice(number)),
      paidCents: 100_00n,
      vendors: new Set(['V9']),
      pendingCommits: 0,
    },
    seen: {
      documents: stuck.map((index) => waiting(index)),
      reviews: [],
      auditVerified: true,
      tieOut: {
        problem: null,
        projects: [
          {
            project: { id: PROJECT, erpCode: 'J1' },
            source: '40520.25',
            target: '36018.00',
            residual: '0.00',
            items: stuck.map((index) => ({
              documentId: `document ${index}`,
              number: `SC-${index}`,
              cause: 'waiting',
              amount: '1500.75',
            })),
          },
        ],
      },
    },
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, { injected: 2, reached: 1 }])),
  });
}

const withOrders = (change: (orders: readonly TrueOrder[]) => TrueOrder[]) =>
  evidence((held) => ({
    ...held,
    businessOne: { ...held.businessOne, orders: change(held.businessOne.orders) },
  }));
const withDocuments = (change: (rows: readonly SeenDocument[]) => SeenDocument[]) =>
  evidence((held) => ({ ...held, seen: { ...held.seen, documents: change(held.seen.documents) } }));
/** With more invoices, applications or other payments than there are. */
function withBilling(there: Partial<BusinessOneTruth>, here: Partial<ProcoreTruth>): Evidence {
  const held = evidence();
  const invoices = [...held.businessOne.invoices, ...(there.invoices ?? [])];
  const applications = [...held.procore.applications, ...(here.applications ?? [])];
  return {
    ...held,
    businessOne: { ...held.businessOne, ...there, invoices },
    procore: { ...held.procore, ...here, applications },
  };
}
const verdictOf = (given: Evidence) => judge(SEED, given, expected).verdict;

describe('the judge', () => {
  it('finds nothing where everything is right', () => {
    const { verdict, findings } = judge(SEED, evidence(), expected);
    expect(findings).toEqual([]);
    expect(holds(verdict)).toEqual([]);
    expect(verdict).toMatchObject({
      seed: SEED,
      requests: 27,
      posted: 24,
      invoiced: 4,
      updated: 4,
      corrected: 1,
      inReview: 3,
      duplicates: 0,
      lost: 0,
      residualMinor: '0',
    });
  });

  it('sees a second order with the same reference', () => {
    const given = withOrders((orders) => [...orders, order(3, { entry: '99', contractId: null })]);
    expect(verdictOf(given).duplicates).toBe(1);
    expect(holds(verdictOf(given))).not.toEqual([]);
  });

  it.each([
    ['a second invoice of a reference', [invoice(9, { reference: 'TB1INV4', applicationId: null })]],
    ['more invoiced than is due', [invoice(9, { applicationId: 'a1', totalCents: 1n })]],
  ])('sees %s', (_name, more) => {
    const given = withBilling({ invoices: more }, {});
    expect(verdictOf(given).duplicates).toBe(1);
  });

  it.each([
    ['an application without its invoice', withBilling({}, { applications: [application(5)] })],
    [
      'a cent that was not invoiced',
      withBilling({ invoices: [invoice(6, { totalCents: 399_99n })] }, { applications: [application(6)] }),
    ],
    [
      'an invoice that Procore was not told of',
      withBilling({ invoices: [invoice(7)] }, { applications: [application(7, { originId: null })] }),
    ],
    ['a payment that does not show', withBilling({ paidCents: 100_01n }, {})],
  ])('sees %s', (_name, given) => {
    expect(verdictOf(given).lost).toBe(1);
  });

  it('does not count an application that stands in front of somebody', () => {
    const given = withBilling({}, { applications: [application(5)] });
    const document = waiting(5, { kind: 'ap-invoice', source: { id: 'a5' } });
    const seen = { ...given.seen, documents: [...given.seen.documents, document] };
    expect(verdictOf({ ...given, seen }).lost).toBe(0);
  });

  it('sees a second order for the same commitment under another reference', () => {
    const given = withOrders((orders) => [...orders, order(3, { entry: '99', reference: 'TB1OTHER' })]);
    expect(verdictOf(given).duplicates).toBe(1);
  });

  it('sees a request that has neither an order nor anybody who looks at it', () => {
    const given = withOrders((orders) => orders.filter(({ entry }) => entry !== '7'));
    expect(verdictOf(given).lost).toBe(1);
    expect(holds(verdictOf(given))).not.toEqual([]);
  });

  it.each<[string, Partial<TrueOrder>]>([
    ['another vendor', { vendor: 'V8' }],
    ['another project', { project: 'J2' }],
    ['a number cut off', { vendorReference: 'SC-' }],
    ['a total of one cent less', { totalCents: 150_074n }],
    [
      'a line of one cent more',
      {
        lines: [
          { number: '0', cents: 100_051n, account: '5303' },
          { number: '1', cents: 50_025n, account: '5204' },
        ],
      },
    ],
    [
      'a line on the wrong account',
      {
        lines: [
          { number: '0', cents: 100_050n, account: '5303' },
          { number: '1', cents: 50_025n, account: '5303' },
        ],
      },
    ],
  ])('does not take an order with %s for the right one', (_name, changes) => {
    const given = withOrders((orders) => orders.map((row) => (row.entry === '7' ? order(7, changes) : row)));
    expect(verdictOf(given).lost).toBe(1);
  });

  it('takes a wrong order as no loss once somebody is named who decides about it', () => {
    const wrong = order(7, { vendor: 'V8' });
    const given = evidence((held) => ({
      ...held,
      businessOne: {
        ...held.businessOne,
        orders: held.businessOne.orders.map((row) => (row.entry === '7' ? wrong : row)),
      },
      seen: { ...held.seen, documents: [...held.seen.documents, waiting(7, { state: 'conflict' })] },
    }));
    expect(verdictOf(given).lost).toBe(0);
  });

  it('ignores a line of zero that stayed behind', () => {
    const zero = { number: '2', cents: 0n, account: '5399' };
    const given = withOrders((orders) => orders.map((row) => ({ ...row, lines: [...row.lines, zero] })));
    expect(verdictOf(given).lost).toBe(0);
  });

  it.each<[string, Partial<SeenDocument>]>([
    ['has no reason', { waitsFor: '' }],
    ['has no owner', { owner: null }],
    ['only seems to be on its way', { state: 'ready' }],
    ['says posted although nothing stands', { state: 'posted' }],
  ])('counts a waiting document as lost when it %s', (_name, changes) => {
    const given = withDocuments(([first, ...rest]) => [{ ...first!, ...changes }, ...rest]);
    expect(verdictOf(given).lost).toBe(1);
  });

  it('takes a request that Procore was told about as answered, but not one without a word', () => {
    const closed = (messages: string[]) =>
      evidence((held) => ({
        ...held,
        procore: {
          ...held.procore,
          requests: held.procore.requests.map((row) =>
            row.id === 'r100' ? { ...row, status: 'failed', messages } : row,
          ),
        },
        seen: { ...held.seen, documents: held.seen.documents.slice(1) },
      }));
    expect(verdictOf(closed(['The vendor is not set up.'])).lost).toBe(0);
    expect(verdictOf(closed([])).lost).toBe(1);
  });

  it('counts what was to be exported and never was', () => {
    const given = evidence((held) => ({
      ...held,
      procore: {
        ...held.procore,
        requests: held.procore.requests.filter(({ contractId }) => contractId !== '1002'),
      },
    }));
    expect(verdictOf(given).lost).toBe(1);
  });

  it('takes nothing for corrected that is not right in the ERP', () => {
    const given = withOrders((orders) => orders.map((row) => ({ ...row, vendor: 'V8' })));
    expect(verdictOf(given).corrected).toBe(0);
  });

  it('counts a request that stays open in Procore although its order stands', () => {
    const given = evidence((held) => ({
      ...held,
      procore: {
        ...held.procore,
        requests: held.procore.requests.map((row) =>
          row.id === 'r3' ? { ...row, status: 'in_progress' } : row,
        ),
      },
    }));
    expect(verdictOf(given).lost).toBe(1);
  });
});

describe('what is on its way', () => {
  it.each([
    [
      'a late commit at the ERP',
      evidence((held) => ({ ...held, businessOne: { ...held.businessOne, pendingCommits: 1 } })),
    ],
    ['a document that is being posted', withDocuments((rows) => [...rows, waiting(3, { state: 'posting' })])],
  ])('keeps the judge waiting: %s', (_name, given) => {
    expect(judge(SEED, given, expected).findings).toHaveLength(1);
  });
});

describe('the money of the judge', () => {
  const withTieOut = (changes: Partial<Evidence['seen']['tieOut']['projects'][number]>) =>
    evidence((held) => ({
      ...held,
      seen: {
        ...held.seen,
        tieOut: {
          ...held.seen.tieOut,
          projects: held.seen.tieOut.projects.map((row) => ({ ...row, ...changes })),
        },
      },
    }));
  const items = evidence().seen.tieOut.projects[0]!.items;

  it.each([
    ['the product admits a rest', withTieOut({ residual: '-0.01' }), '1'],
    ['a source that is not what Procore holds', withTieOut({ source: '40520.24' }), '1'],
    ['a target that is not what the ERP holds', withTieOut({ target: '36018.02' }), '2'],
    ['a waiting document that is not named', withTieOut({ items: items.slice(1) }), '150075'],
    [
      'two wrong names that cancel each other out',
      withTieOut({
        items: items.map((item, index) => ({
          ...item,
          amount: index === 0 ? '1500.76' : index === 1 ? '1500.74' : item.amount,
        })),
      }),
      '2',
    ],
    [
      'an order that the ERP has and nobody names',
      withOrders((rows) => [...rows, order(50, { contractId: null })]),
      '150075',
    ],
  ])('sees %s', (_name, given, residualMinor) => {
    expect(verdictOf(given).residualMinor).toBe(residualMinor);
    expect(holds(verdictOf(given))).not.toEqual([]);
  });

  it('does not hold when a project is missing in the tie-out', () => {
    const given = evidence((held) => ({
      ...held,
      seen: { ...held.seen, tieOut: { problem: null, projects: [] } },
    }));
    expect(holds(verdictOf(given))).not.toEqual([]);
  });
});

describe('a verdict', () => {
  it.each([
    ['too few orders', { posted: 19 }],
    ['too few invoices', { invoiced: 3 }],
    ['too few updates', { updated: 2 }],
    ['nothing that was corrected', { corrected: 0 }],
    ['too little in review', { inReview: 2 }],
    ['a duplicate', { duplicates: 1 }],
    ['a loss', { lost: 1 }],
    ['a broken chain', { auditVerified: false }],
    ['a cent that nobody names', { residualMinor: '1' }],
    ['a fault that was never injected', { faults: {} }],
    [
      'a fault that never hit',
      { faults: { ...evidence().faults, 'lost-reply': { injected: 3, reached: 0 } } },
    ],
  ])('does not hold with %s', (_name, changes) => {
    expect(holds({ ...verdictOf(evidence()), ...changes })).not.toEqual([]);
  });
});
