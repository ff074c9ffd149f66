import { expect, test } from 'vitest';
import type { MappingRow } from '../mapping.ts';
import type { StagedRow, StandingRow } from '../staging/staged.ts';
import { planStagedOrders } from '../staging/staged-orders.ts';
import { type OfferFacts, offerOrder, withoutProject } from './order-offer.ts';
import type { StandingOrder, StandingOrderLine } from './standing-order.ts';

const line = (key: string, amount: string, more: Partial<StandingOrderLine> = {}): StandingOrderLine => ({
  ...{ key, amount, description: `Line ${key}`, projectCode: 'JOB-4', invoiced: '0.00', closed: false },
  coding: { kind: 'account', code: '5200' },
  ...more,
});
const order = (more: Partial<StandingOrder> = {}): StandingOrder => ({
  ...{ id: '12', number: '1012', vendorReference: '', reference: null, vendorCode: 'V1', closed: false },
  ...{ projectCode: 'JOB-4', currency: 'USD', date: '2026-08-31' as StandingOrder['date'], total: '30.10' },
  lines: [line('0', '10.00'), line('1', '20.10')],
  ...more,
});
const cost = (key: string, code: string, scope = ''): MappingRow => ({
  ...{ kind: 'cost', scope, key, version: 1, setBy: 'ada' },
  value: { kind: 'account', code },
});
const facts = (more: Partial<OfferFacts> = {}): OfferFacts => ({
  rule: 'purchase-orders',
  erpCode: 'B1',
  project: { id: 'p', name: 'Pier 4', originId: 'JOB-4' },
  isVendorLinked: () => true,
  mappings: [cost('05-100|S', '5200'), cost('03-100|S', '5100')],
  costCodes: new Map([['05-100', '41']]),
  costTypes: new Map([['S', '31']]),
  ...more,
});
const lacksOf = (of: StandingOrder, about: OfferFacts) => {
  const offer = offerOrder(of, about);
  return offer.row === null ? offer.lacks.map(({ words }) => words) : [];
};
const rowOf = (of = order(), about = facts()): StagedRow => offerOrder(of, about).row!;

test('an order is offered with each of its lines under the one cost code of its account', () => {
  expect(rowOf()).toMatchObject({
    ...{ type: 'purchase-order', originId: 'B1-12', originCode: '1012' },
    data: { number: '1012', project_origin_id: 'JOB-4', vendor_origin_id: 'V1' },
    lines: [
      { originId: 'B1-12/0', numbers: { amount: '10.00', position: '1', cost_code_id: '41' } },
      { originId: 'B1-12/1', numbers: { amount: '20.10', position: '2', line_item_type_id: '31' } },
    ],
  });
});

test('the rule of the connection says what it becomes', () => {
  const items = order({ lines: [line('0', '30.10', { coding: { kind: 'item', code: 'I1' } })] });
  const mapped: MappingRow = { ...cost('05-100|S', ''), value: { kind: 'item', code: 'I1' } };
  const of = (rule: OfferFacts['rule'], each: StandingOrder, mappings = facts().mappings) =>
    rowOf(each, facts({ rule, mappings })).type;
  expect([of('subcontracts', order()), of('by-lines', order())]).toEqual(['subcontract', 'subcontract']);
  expect(of('by-lines', items, [mapped])).toBe('purchase-order');
});

test('what is missing is named and nothing is guessed', () => {
  expect(withoutProject(order())).toMatchObject({ lacks: [{ words: 'project JOB-4 is not in Procore' }] });
  expect(lacksOf(order(), facts({ isVendorLinked: () => false }))).toEqual([
    'vendor V1 is linked to no vendor in Procore',
  ]);
  const twice = [...facts().mappings, cost('08-100|S', '5200')];
  expect(lacksOf(order(), facts({ mappings: twice }))).toEqual([
    'account 5200 stands for 05-100 S, 08-100 S',
  ]);
  // The project sends the second code elsewhere: one is left.
  expect(lacksOf(order(), facts({ mappings: [...twice, cost('08-100|S', '5300', 'p')] }))).toEqual([]);
  expect(lacksOf(order(), facts({ mappings: [] }))).toEqual(['account 5200 stands for no cost code']);
  expect(lacksOf(order(), facts({ costCodes: new Map() }))).toEqual([
    'Pier 4 has no cost code 05-100 in Procore',
  ]);
  const unsynced = { id: 'p', name: 'Pier 4', originId: null };
  expect(lacksOf(order(), facts({ project: unsynced }))).toHaveLength(1);
});

test.each([
  ['is invoiced in part', { lines: [line('0', '30.10', { invoiced: '1.00' })] }],
  ['line 1 is closed', { lines: [line('0', '30.10', { closed: true })] }],
  ['line 2 is of another project', { lines: [line('0', '1'), line('1', '2', { projectCode: 'JOB-5' })] }],
  ['cannot be compared to the cent', { lines: [line('0', '30.105')] }],
  ['has no lines', { lines: [] }],
])('an order that %s is left to a person', (words, more) => {
  expect(lacksOf(order(more), facts()).join()).toContain(words);
});

test('a row is written when it differs, taken off when its order is gone, and left alone once imported', () => {
  const standing = (row: StagedRow, status: StandingRow['status']): StandingRow => ({
    ...{ type: row.type!, originId: row.originId, status },
    data: { ...row.data, ...row.numbers },
    lines: (row.lines ?? []).map((each) => standing(each, status)),
  });
  const read = (offers: readonly StandingOrder[]) => ({
    ...{ erpCode: 'B1', known: 0, doubtful: 0 },
    offers: offers.map((each) => offerOrder(each, facts())),
  });
  const written = (offers: readonly StandingOrder[], there: readonly StandingRow[]) =>
    planStagedOrders(read(offers), there).rows.map((row) => [
      row.originId,
      row.status,
      (row.lines ?? []).map(({ status }) => status).join(' '),
    ]);
  const before = standing(rowOf(), 'staged');
  expect(written([order()], [])).toEqual([['B1-12', 'staged', 'staged staged']]);
  expect(written([order()], [before])).toEqual([]);
  expect(written([order({ lines: [line('0', '10.50')] })], [before])).toEqual([
    ['B1-12', 'staged', 'staged archived'],
  ]);
  expect(written([], [before])).toEqual([['B1-12', 'archived', '']]);
  expect(written([order({ lines: [line('0', '99.00')] })], [standing(rowOf(), 'imported')])).toEqual([]);
  // The rows of another integration are its own.
  expect(written([], [{ ...before, originId: 'XX-12' }])).toEqual([]);
});
