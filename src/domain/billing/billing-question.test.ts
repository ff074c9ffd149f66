import { describe, expect, it } from 'vitest';
import type { Reason } from '../reasons.ts';
import type { SubInvoiceRecord } from '../records.ts';
import { apply, input, k, post } from '../testing/invoice-plans.ts';
import { answersFor, type BillingAnswer, billingQuestion, type Situation } from './billing-question.ts';
import { billingOf } from './plan-invoice-billing.ts';
import type { PostedInvoice } from './sub-invoice-sequence.ts';

const [a, b, c] = apply(
  { '1': { worked: k(10) } },
  { '1': { worked: k(20) } },
  { '1': { worked: k(5) } },
) as [SubInvoiceRecord, SubInvoiceRecord, SubInvoiceRecord];

type Facts = Partial<Pick<Situation, 'isWaitedFor' | 'isUntouched' | 'isWantedBack'>> & {
  readonly record: SubInvoiceRecord;
  readonly previous?: SubInvoiceRecord;
  readonly posted?: readonly PostedInvoice[];
  readonly codes?: readonly Reason['code'][];
};

function situation({ record, previous, posted = [], codes = [], ...facts }: Facts): Situation {
  const read = billingOf({ ...input, record, previous: previous ?? null, posted });
  if (!('billing' in read)) throw new Error('the application cannot be read');
  const own = posted.filter(({ recordId }) => recordId === record.id);
  return {
    ...{ record, billing: read.billing, codes: new Set(codes) },
    posted: new Set(own.map(({ body }) => body.purpose)),
    ...{ isWaitedFor: false, isUntouched: posted.length === 0, isWantedBack: false, ...facts },
  };
}

describe('what may be said of an application', () => {
  it.each<[string, Facts, readonly BillingAnswer[]]>([
    ['nothing while it goes its way', { record: a }, []],
    ['both ways where the next one waits for it', { record: a, isWaitedFor: true }, ['next', 'standing']],
    [
      'only that the next one bills it while it may still change',
      { record: { ...a, approved: false }, isWaitedFor: true },
      ['next'],
    ],
    [
      'that billing began before, where nothing of the contract was posted',
      { record: b, previous: a, isWaitedFor: true },
      ['opening'],
    ],
    [
      'nothing where an earlier one of a contract that is billed comes first',
      { record: c, previous: b, posted: post([a]), isWaitedFor: true },
      [],
    ],
    ['which invoice bears its number', { record: a, codes: ['duplicate-number'] }, ['standing']],
    [
      'that the next one nets what is less than before',
      { record: b, previous: a, posted: post([a]), codes: ['billing-reduced'] },
      ['next', 'standing'],
    ],
    [
      'that a later one bills it, and never that it stands beside that',
      { record: a, posted: post([a, b]).slice(1), codes: ['application-out-of-order'] },
      ['next'],
    ],
    [
      'that the next one bills what changed after it was posted',
      { record: { ...a, lines: b.lines }, posted: post([a]), codes: ['application-reopened'] },
      ['next'],
    ],
    ['that it is billed by itself after all', { record: a, isWantedBack: true }, ['itself']],
  ])('is %s', (_, facts, answers) => {
    expect(answersFor(situation(facts))).toEqual(answers);
  });

  it('is bound to the state of the record and to what stands beside it', () => {
    const known = { recordHash: 'v1:a', numberOf: () => 'SC-1-1', older: [], standing: ['x', 'y'] };
    const asked = billingQuestion('sub-invoice', situation({ record: a, isWaitedFor: true }), known);
    expect(asked).toMatchObject({ parts: [{ part: 'progress', number: 'SC-1-1', amount: '10000.00' }] });
    const again = (change: object) =>
      billingQuestion('sub-invoice', situation({ record: a, isWaitedFor: true }), { ...known, ...change })
        .hash;
    expect(again({ standing: ['y', 'x'] })).toBe(asked.hash);
    expect(again({ standing: ['x'] })).not.toBe(asked.hash);
    expect(again({ recordHash: 'v1:b' })).not.toBe(asked.hash);
  });
});
