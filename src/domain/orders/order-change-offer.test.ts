import { expect, test } from 'vitest';
import type { PostedBase, PurchaseOrderLine } from '../documents.ts';
import type { MappingRow } from '../mapping.ts';
import { isAddedTo, offerChange } from './order-change-offer.ts';
import type { OfferFacts } from './order-offer.ts';
import type { StandingOrder, StandingOrderLine } from './standing-order.ts';

const coding = { kind: 'account', code: '5200' } as const;
const row = (key: string, amount: string, more: Partial<StandingOrderLine> = {}): StandingOrderLine => ({
  ...{ key, amount, coding, description: `Line ${key}`, projectCode: 'JOB-4' },
  ...{ invoiced: '0.00', closed: false },
  ...more,
});
const order = (lines: readonly StandingOrderLine[]): StandingOrder => ({
  ...{ id: '12', number: '1012', vendorReference: '', reference: null, vendorCode: 'V1', closed: false },
  ...{ projectCode: 'JOB-4', currency: 'USD', date: '2026-08-31' as StandingOrder['date'], total: '0' },
  lines,
});
const own = (key: string, amount: string): PurchaseOrderLine => ({
  ...{ key, amount, coding, description: `Line ${key}`, costCode: '05-100', costType: 'S' },
});
const base = (lines: readonly PurchaseOrderLine[]): PostedBase => ({
  id: '12',
  body: {
    ...{ kind: 'purchase-order', reference: '', revision: 0, number: '', title: '', vendorCode: 'V1' },
    ...{ projectCode: 'JOB-4', currency: 'USD', accountingDate: '2026-08-31' as never, total: '0' },
    ...{ lines, sourceUrl: '' },
  },
  lineKeys: Object.fromEntries(lines.map(({ key }, place) => [key, String(place)])),
});
const mapping: MappingRow = {
  ...{ kind: 'cost', scope: '', key: '05-100|S', value: coding, version: 1, setBy: 'ada' },
};
const facts: OfferFacts = {
  ...{ rule: 'purchase-orders', erpCode: 'B1', isVendorLinked: () => true, mappings: [mapping] },
  project: { id: 'p', name: 'Pier 4', originId: 'JOB-4' },
  ...{ costCodes: new Map([['05-100', '41']]), costTypes: new Map([['S', '31']]) },
};
const offered = (lines: readonly StandingOrderLine[], of = base([own('a', '10.00')])) =>
  offerChange(of, order(lines), facts);

test('an added line is offered as a change order under the line of its cost code', () => {
  const { row: offer, told } = offered([row('0', '10.00'), row('1', '7.50')]);
  expect(told).toEqual([]);
  expect(offer).toMatchObject({
    ...{ type: 'change-order', originId: 'B1-12/added-1' },
    data: { commitment_origin_id: 'B1-12', project_origin_id: 'JOB-4' },
    lines: [
      {
        originId: 'B1-12/1',
        numbers: { amount: '7.50' },
        data: { commitment_line_item_origin_id: 'B1-12/0' },
      },
    ],
  });
  expect(isAddedTo(offer!.originId, 'B1', '12')).toBe(true);
  expect(isAddedTo(offer!.originId, 'B1', '1')).toBe(false);
  expect(isAddedTo('B1-12/change-9', 'B1', '12')).toBe(false);
});

test('an order that stands as it was imported offers nothing', () => {
  expect(offered([row('0', '10'), row('1', '0.00')])).toMatchObject({ row: null, told: [] });
});

test('an amount that was changed is told, and is no change order', () => {
  const { row: offer, told } = offered([row('0', '12.00')]);
  expect(offer).toBeNull();
  expect(told).toEqual([expect.stringMatching(/"Line a" is 12\.00 there and 10\.00 in Procore/)]);
  expect(offered([]).told).toEqual([expect.stringMatching(/is 0\.00 there and 10\.00/)]);
});

test.each([
  ['more than one line', [row('0', '1'), row('1', '2'), row('2', '3')], [own('a', '1'), own('b', '2')]],
  ['closed or invoiced', [row('0', '1'), row('1', '3', { invoiced: '1.00' })], [own('a', '1')]],
  ['of another project', [row('0', '1'), row('1', '3', { projectCode: 'JOB-5' })], [own('a', '1')]],
  [
    'stands for no cost code',
    [row('0', '1'), row('1', '3', { coding: { ...coding, code: '9' } })],
    [own('a', '1')],
  ],
])('nothing of an addition is offered where a line is %s', (words, lines, lately) => {
  const { row: offer, told } = offered(lines, base(lately));
  expect(offer).toBeNull();
  expect(told.join()).toContain(words);
});
