import { describe, expect, it } from 'vitest';
import type { SubInvoiceRecord } from '../records.ts';
import {
  apply,
  codes,
  documents,
  input,
  k,
  one,
  post,
  single,
  three,
  two,
} from '../testing/invoice-plans.ts';
import { parseMoney } from '../values/money.ts';
import { planInvoice } from './plan-invoice.ts';
import { type InvoicePlanInput, safestInvoicePolicy } from './plan-invoice-input.ts';
import type { PostedInvoice } from './sub-invoice-sequence.ts';

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
