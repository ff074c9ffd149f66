import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentOf, orderOf, sourceOf } from '../testing/standing-orders.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { matchOrders, normaliseNumber } from './match-order.ts';

const numbers = (found: ReturnType<typeof matchOrders>) => ({
  matched: found.matched.map(({ commitment, candidate }) => [commitment.id, candidate.order.id]),
  ambiguous: found.ambiguous.map(({ commitment, candidates }) => [
    commitment.id,
    ...candidates.map(({ order }) => order.id),
  ]),
});

describe('an order is matched', () => {
  it('by the foreign origin id that names it, whatever else is alike', () => {
    const source = sourceOf({ id: 'c', number: 'SC-1', originId: '0077' });
    const orders = [
      orderOf({ id: '1', vendorReference: 'SC-1' }),
      orderOf({ id: '5', number: '77', total: '9.00' }),
    ];
    expect(numbers(matchOrders([source], orders, 'B1'))).toEqual({ matched: [['c', '5']], ambiguous: [] });
  });

  it('by the number that somebody typed in his own way, with the same vendor', () => {
    const source = sourceOf({ id: 'c', number: 'SC-0101' });
    const orders = [orderOf({ id: '1', vendorReference: 'sc 101', total: '7.00' }), orderOf({ id: '2' })];
    expect(numbers(matchOrders([source], orders, 'B1')).matched).toEqual([['c', '1']]);
  });

  it('to nobody where the vendor is another one or the currency is', () => {
    const source = sourceOf({ id: 'c', number: 'SC-1' });
    const orders = [
      orderOf({ id: '1', vendorReference: 'SC-1', vendorCode: 'V2' }),
      orderOf({ id: '2', vendorReference: 'SC-1', currency: 'EUR' }),
    ];
    const found = matchOrders([source], orders, 'B1');
    expect(numbers(found)).toEqual({ matched: [], ambiguous: [] });
    expect(found.unmatchedOrders).toHaveLength(2);
    expect(found.unmatchedCommitments[0]?.why).toMatch(/no order of V1/);
  });

  it('to nobody by itself where the origin id names something that is not there', () => {
    const source = sourceOf({ id: 'c', number: 'SC-1', originId: 'OTHER-9' });
    expect(numbers(matchOrders([source], [orderOf({ id: '1', vendorReference: 'SC-1' })], 'B1'))).toEqual({
      matched: [],
      ambiguous: [['c', '1']],
    });
  });

  it('never where it carries a reference of ours', () => {
    const found = matchOrders(
      [sourceOf({ id: 'c', number: 'SC-1' })],
      [orderOf({ id: '1', vendorReference: 'SC-1', reference: 'TB1ABC' })],
      'B1',
    );
    expect(found.unmatchedOrders[0]?.why).toMatch(/TB1ABC/);
    expect(numbers(found)).toEqual({ matched: [], ambiguous: [] });
  });

  it('never by the total alone', () => {
    const source = sourceOf({ id: 'c', number: 'SC-1' });
    const order = orderOf({ id: '1', lines: [{ amount: '60.00' }, { amount: '40.00' }] });
    expect(numbers(matchOrders([source], [order], 'B1'))).toEqual({ matched: [], ambiguous: [['c', '1']] });
  });
});

it('reads numbers as people mean them, and does not join what is apart', () => {
  expect(normaliseNumber(' sc_0001 ')).toBe(normaliseNumber('SC-1'));
  expect(normaliseNumber('SC-1-01')).not.toBe(normaliseNumber('SC-10-1'));
  expect(normaliseNumber('SC-10')).not.toBe(normaliseNumber('SC-1'));
});

const someNumber = fc.constantFrom('SC-1', 'SC-2', 'sc 01', '', '1');
const someTotal = fc.constantFrom('100.00', '100.01', '250.00');
const someVendor = fc.constantFrom('V1', 'V2');
const someSources = fc
  .array(
    fc.record({
      number: someNumber,
      total: someTotal,
      vendorCode: fc.option(someVendor),
      originId: fc.option(fc.constantFrom('1', '3', 'B1-2')),
    }),
    { maxLength: 6 },
  )
  .map((rows) =>
    rows.map(({ vendorCode, ...row }, place) => ({
      commitment: commitmentOf({ id: `c${place}`, lines: [{ amount: row.total }], ...row }),
      vendorCode,
    })),
  );
const someOrders = fc
  .array(fc.record({ vendorReference: someNumber, total: someTotal, vendorCode: someVendor }), {
    maxLength: 6,
  })
  .map((rows) =>
    rows.map((row, place) => orderOf({ id: String(place + 1), lines: [{ amount: row.total }], ...row })),
  );

describe('whatever stands on both sides', () => {
  it('no order is given twice, none that was given is offered, and everybody is accounted for', () => {
    fc.assert(
      fc.property(someSources, someOrders, (sources, orders) => {
        const { matched, ambiguous, unmatchedCommitments, unmatchedOrders } = matchOrders(
          sources,
          orders,
          'B1',
        );
        const given = matched.map(({ candidate }) => candidate.order.id);
        const offered = ambiguous.flatMap(({ candidates }) => candidates.map(({ order }) => order.id));
        expect(new Set(given).size).toBe(given.length);
        expect(offered.filter((id) => given.includes(id))).toEqual([]);
        const seen = [...matched, ...ambiguous, ...unmatchedCommitments].map(
          ({ commitment }) => commitment.id,
        );
        expect(seen.sort()).toEqual(sources.map(({ commitment }) => commitment.id).sort());
        const orderIds = new Set([...given, ...offered, ...unmatchedOrders.map(({ order }) => order.id)]);
        expect(orderIds).toEqual(new Set(orders.map(({ id }) => id)));
      }),
    );
  });

  it('the order in which they are listed decides nothing', () => {
    const pairs = (found: ReturnType<typeof matchOrders>) =>
      found.matched.map(({ commitment, candidate }) => `${commitment.id}=${candidate.order.id}`).sort();
    fc.assert(
      fc.property(someSources, someOrders, (sources, orders) => {
        const other = matchOrders([...sources].reverse(), [...orders].reverse(), 'B1');
        expect(pairs(other)).toEqual(pairs(matchOrders(sources, orders, 'B1')));
      }),
    );
  });

  it('a copy of an order that was matched makes it a question, never another guess', () => {
    fc.assert(
      fc.property(someSources, someOrders, fc.nat(), (sources, orders, at) => {
        const { matched } = matchOrders(sources, orders, 'B1');
        const one = matched[at % Math.max(matched.length, 1)];
        if (one === undefined || one.candidate.evidence[0]?.startsWith('its origin')) return;
        const copy = { ...one.candidate.order, id: '99', number: '99' };
        const again = matchOrders(sources, [...orders, copy], 'B1');
        expect(again.matched.map(({ commitment }) => commitment.id)).not.toContain(one.commitment.id);
        expect(again.ambiguous.map(({ commitment }) => commitment.id)).toContain(one.commitment.id);
      }),
    );
  });
});

it('takes dates within a week for alike, and never decides by them', () => {
  const contractDate = calendarDate('2026-03-05');
  const source = sourceOf({ id: 'c', number: 'X', contractDate });
  const near = orderOf({ id: '1', date: calendarDate('2026-03-11') });
  const far = orderOf({ id: '2', date: calendarDate('2026-06-01') });
  const { ambiguous } = matchOrders([source], [near, far], 'B1');
  expect(ambiguous[0]?.candidates.map(({ evidence }) => evidence.includes('dates within a week'))).toEqual([
    true,
    false,
  ]);
});
