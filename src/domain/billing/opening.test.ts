import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairOrderLines } from '../orders/match-order-lines.ts';
import type { SubInvoiceRecord } from '../records.ts';
import { input, order } from '../testing/invoice-plans.ts';
import { applicationHistories } from '../testing/pay-application-histories.ts';
import { payApplications } from '../testing/pay-applications.ts';
import { commitmentOf, orderOf } from '../testing/standing-orders.ts';
import { openingOf } from './opening.ts';
import { planInvoice } from './plan-invoice.ts';
import type { PostedOrder } from './plan-invoice-input.ts';
import type { PostedInvoice } from './sub-invoice-sequence.ts';

const roomy: PostedOrder = {
  ...order,
  lines: order.lines.map((line) => ({
    ...line,
    amount: line.amount.startsWith('-') ? '-10000000.00' : '10000000.00',
  })),
};

describe('what was billed before', () => {
  const commitment = commitmentOf({
    total: '150.00',
    lines: [
      { id: '1', amount: '100.00', description: 'Columns' },
      { id: '2', amount: '50.00', description: 'Beams' },
    ],
  });
  const standing = orderOf({
    total: '160.00',
    lines: [
      { amount: '100.00', description: 'Columns', invoiced: '40.00' },
      { amount: '50.00', description: 'Beams', invoiced: '9.90' },
      { amount: '10.00', description: 'Freight', invoiced: '10.00' },
    ],
  });
  const pairs = pairOrderLines({ lines: commitment.lines, orderLines: standing.lines }, 'USD');
  const contract = [
    { id: '1', scheduled: 10_000n },
    { id: '2', scheduled: 5_000n },
  ];

  it('is compared with the ERP line by line to the cent, lines of one side included', () => {
    const [, second] = payApplications(contract, [
      { '1': { worked: 4_000n, retainedOnWork: 400n } },
      { '2': { worked: 1_000n } },
    ]);
    const opening = openingOf(second!, pairs);
    expect(
      opening?.lines.map(({ name, source, target, difference }) => [name, source, target, difference]),
    ).toEqual([
      ['line 1', '40.00', '40.00', '0.00'],
      ['line 2', '10.00', '9.90', '0.10'],
      ['order line 2 (no line in Procore)', '0.00', '10.00', '-10.00'],
    ]);
    expect(opening).toMatchObject({ application: 2, difference: '-9.90', retainageHeld: '4.00' });
  });

  it('cannot be taken from an application whose amounts cannot be read', () => {
    const [first] = payApplications(contract, [{ '1': { worked: 4_000n } }]);
    const [line, ...others] = first!.lines;
    expect(openingOf({ ...first!, lines: [{ ...line!, stored: 'some' }, ...others] }, pairs)).toBeNull();
  });
});

/** All that these applications become, one invoice after the other; null where one of them cannot go by itself. */
function posted(records: readonly SubInvoiceRecord[]): PostedInvoice[] | null {
  const all: PostedInvoice[] = [];
  for (const [at, record] of records.entries())
    for (let turn = 0; turn < 2; turn += 1) {
      const previous = records[at - 1] ?? null;
      const plan = planInvoice({ ...input, order: roomy, record, previous, posted: [...all] });
      if (plan.kind === 'nothing') break;
      const { body, reasons } = plan.documents[0]!;
      if (body === null || reasons.length > 0) return null;
      all.push({ recordId: record.id, body });
    }
  return all;
}

it('wherever a project goes live, the next application bills what it would have billed had all before been posted', () => {
  const bodies = (plan: ReturnType<typeof planInvoice>) =>
    plan.kind === 'nothing' ? plan.why : plan.documents.map(({ body, reasons }) => ({ body, reasons }));
  let withRetainage = 0;
  fc.assert(
    fc.property(applicationHistories, fc.nat(), (history, at) => {
      const cut = 1 + (at % Math.max(history.length - 1, 1));
      const [last, next] = [history[cut - 1]!, history[cut]];
      const standing = posted(history.slice(0, cut));
      fc.pre(next !== undefined && standing !== null);
      const opening = openingOf(last, []);
      if (opening?.retainageHeld !== '0.00') withRetainage += 1;
      const own = { ...input, order: roomy, record: next!, previous: last };
      const afterAll = planInvoice({ ...own, posted: standing! });
      expect(bodies(planInvoice({ ...own, opening }))).toEqual(bodies(afterAll));
      for (const record of history.slice(0, cut))
        expect(planInvoice({ ...own, record, previous: null, opening })).toEqual({
          kind: 'nothing',
          why: 'before-opening',
        });
    }),
  );
  // A course without retainage would say nothing about it.
  expect(withRetainage).toBeGreaterThan(10);
});
