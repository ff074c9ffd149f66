import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PurchaseOrderBody } from '../documents.ts';
import { commitmentOf, orderOf } from '../testing/standing-orders.ts';
import { acceptedPurchase, boughtOrder, boughtPairs, type Requisitioned } from './bought-order.ts';
import type { StandingOrder, StandingOrderLine } from './standing-order.ts';

const lines = [
  { amount: '60.10', description: 'Columns' },
  { amount: '40.00', description: 'Beams' },
];
const commitment = commitmentOf({ total: '100.10', lines });
const typed = orderOf({ lines });
const body: PurchaseOrderBody = {
  kind: 'purchase-order',
  ...{ reference: 'TB1AAAAAAAAAAAAA', revision: 1, number: commitment.number, title: commitment.title },
  ...{ vendorCode: typed.vendorCode, projectCode: typed.projectCode, currency: typed.currency },
  ...{ accountingDate: typed.date, total: '100.10', sourceUrl: commitment.url },
  lines: commitment.lines.map(({ id: key, description, amount, costCode, costType }) => ({
    ...{ key, description, amount, coding: { kind: 'account', code: '5200' } as const },
    ...{ costCode: costCode?.code ?? '', costType: costType?.code ?? '' },
  })),
};
const lineKeys = Object.fromEntries(body.lines.map(({ key }, place) => [key, String(place)]));
const requisition: Requisitioned = { id: '12', body, lineKeys };
const drawing = (line: StandingOrderLine, place: number): StandingOrderLine => ({
  ...line,
  projectCode: typed.projectCode,
  drawsOn: { requisition: '12', line: String(place) },
});
const order: StandingOrder = { ...typed, reference: null, lines: typed.lines.map(drawing) };
const changed = (place: number, change: Partial<StandingOrderLine>): StandingOrder => ({
  ...order,
  lines: order.lines.map((line, at) => (at === place ? { ...line, ...change } : line)),
});
const [first, second] = order.lines as [StandingOrderLine, StandingOrderLine];

describe('the order that people made of a requisition', () => {
  it('is surely the only one that draws on each of its lines for what was asked', () => {
    expect(boughtOrder(requisition, [{ ...typed, id: 'other' }, order])).toEqual({ kind: 'surely', order });
    expect(boughtOrder(requisition, [typed])).toBeNull();
    const pairs = boughtPairs(commitment, requisition, order);
    expect(pairs.map(({ line, orderLine }) => [line?.id, orderLine?.key])).toEqual(
      commitment.lines.map(({ id }, place) => [id, order.lines[place]?.key]),
    );
  });

  it.each([
    ['two orders', [order, { ...order, id: 'o2', number: '1002' }], /2 orders draw on it/],
    ['another vendor', [{ ...order, vendorCode: 'V9' }], /is of vendor V9/],
    ['another currency', [{ ...order, currency: 'EUR' }], /is in EUR/],
    ['a part of it', [{ ...order, lines: [first] }], /"Beams" is in 0 lines/],
    ['a line twice', [{ ...order, lines: [first, first, second] }], /"Columns" is in 2 lines/],
    ['another amount', [changed(1, { amount: '40.01' })], /is 40.01 in order .*, and 40.00 was asked for/],
    ['another project', [changed(0, { projectCode: 'JOB-9' })], /is for project JOB-9/],
    [
      'a line that nobody asked for',
      [{ ...order, lines: [...order.lines, { ...typed.lines[0]!, key: '9', description: 'Paint' }] }],
      /has a line "Paint"/,
    ],
  ])('is for a person to name where there is %s', (_, orders, why) => {
    expect(boughtOrder(requisition, orders)).toMatchObject({
      kind: 'perhaps',
      why: expect.stringMatching(why),
    });
  });

  it('is never sure of any other amount of any line', () => {
    fc.assert(
      fc.property(fc.nat(1), fc.bigInt({ min: -10_000n, max: 20_000n }), (place, cents) => {
        const sign = cents < 0n ? '-' : '';
        const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
        const amount = `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        const bought = boughtOrder(requisition, [changed(place, { amount })]);
        expect(bought?.kind).toBe(amount === lines[place]?.amount ? 'surely' : 'perhaps');
      }),
    );
  });
});

describe('what is accepted with it', () => {
  const at = { requestKey: 'request-1', isChanged: false };

  it('is all of it while the commitment says what was asked for', () => {
    const accepted = acceptedPurchase(commitment, requisition, order, at);
    expect(accepted).toMatchObject({ requestKey: 'request-1' });
    expect(accepted.sourceHash).not.toBe('');
    expect(Object.keys(accepted.lines)).toEqual(commitment.lines.map(({ id }) => id));
  });

  it('lets the order follow a commitment that changed, and keeps what people chose for the rest', () => {
    const [columns, ...others] = commitment.lines;
    const now = { ...commitment, lines: [{ ...columns!, description: 'Columns, painted' }, ...others] };
    const accepted = acceptedPurchase(now, requisition, order, { ...at, isChanged: true });
    expect(accepted.sourceHash).toBe('');
    expect(Object.keys(accepted.lines)).toEqual(others.map(({ id }) => id));
    const gone = boughtPairs({ ...commitment, lines: others }, requisition, order);
    expect(gone[0]).toMatchObject({ line: { id: columns!.id }, orderLine: { key: first.key } });
    expect(gone[0]?.difference.minor).toBe(-6_010n);
  });
});
