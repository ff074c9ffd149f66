import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, money } from '../../domain/values/money.ts';
import { classifyImport } from './errors.ts';
import { formHash } from './form.ts';
import { formOfBody, formOfOrder, lineKeysOf, namesIn } from './order-form.ts';
import { changeLines, encodeChange, encodeOrder } from './purchase-order.ts';
import { type Order, order as orderForm } from './wire.ts';

type Lines = PurchaseOrderBody['lines'];

function body(lines: Lines, revision = 1): PurchaseOrderBody {
  return {
    kind: 'purchase-order',
    reference: `TACREVISION${revision}`,
    revision,
    number: 'SC-001',
    title: 'Foundations',
    vendorCode: 'V1',
    projectCode: 'P1',
    currency: 'USD',
    accountingDate: calendarDate('2026-08-31'),
    total: '0.00',
    lines,
    sourceUrl: 'https://example.com/7',
  };
}

const line = (key: string, amount: string, code = '5100', description = `Line ${key}`): Lines[number] => ({
  key,
  description,
  amount,
  coding: { kind: 'account', code },
  costCode: '03',
  costType: 'S',
});

/** Books an order as Ledgerline does, written for this test alone. */
function booked(create: PurchaseOrderBody): Order {
  const sent = JSON.parse(encodeOrder(create).body ?? '').documents[0];
  return orderForm.parse({
    ...sent,
    id: 'LO-1',
    created_on: '2026-08-31',
    status: 'open',
    version: 'v1',
    lines: sent.lines.map((each: object, index: number) => ({ ...each, line: index + 1 })),
    invoiced: {},
    changes: [],
  });
}

function changed(order: Order, update: PurchaseOrderBody, base: PostedBase): Order {
  const sent = JSON.parse(encodeChange(update, base, 'v1').body ?? '').documents[0];
  const all = [...order.lines, ...order.changes.flatMap(({ lines }) => lines)];
  let next = Math.max(0, ...all.map((each) => each.line));
  const lines = sent.lines.map((each: { line?: number; description?: string }) => {
    const stands = all.find((other) => other.line === each.line);
    if (!stands) next += 1;
    return stands
      ? { ...each, key: stands.key, account: stands.account, description: each.description ?? null }
      : { ...each, line: next };
  });
  return orderForm.parse({
    ...order,
    changes: [...order.changes, { ...sent, created_on: '2026-09-01', lines }],
  });
}

const lines = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    cents: fc.bigInt({ min: -99_999_999_999_999n, max: 99_999_999_999_999n }),
    code: fc.constantFrom('5100', '5200'),
    description: fc.constantFrom('Walls', 'Roof'),
  }),
  { selector: ({ key }) => key, maxLength: 5 },
);

const linesOf = (drawn: { key: string; cents: bigint; code: string; description: string }[]) =>
  drawn.map(({ key, cents, code, description }) =>
    line(key, formatMoney(money(cents, 'USD')), code, description),
  );

describe('an order change', () => {
  it('brings any order to any next revision, and that to any further one', () => {
    fc.assert(
      fc.property(fc.array(lines, { minLength: 2, maxLength: 4 }), (drawn) => {
        const [first, ...later] = drawn.map((each, index) => body(linesOf(each), index + 1));
        let order = booked(first!);
        let last = first!;
        for (const update of later) {
          const base: PostedBase = {
            id: 'LO-1',
            body: last,
            lineKeys: lineKeysOf(order, Number.POSITIVE_INFINITY),
          };
          order = changed(order, update, base);
          expect(formOfOrder(order, Number.POSITIVE_INFINITY)).toEqual(formOfBody(update));
          last = update;
        }
        // What the first document ordered can still be told from the changes after it.
        expect(formHash(formOfOrder(order, 0))).toBe(formHash(formOfBody(first!)));
      }),
      { numRuns: 300 },
    );
  });

  it('brings an order that people typed to any revision, by the numbers of its lines', () => {
    const keys = fc.array(fc.constantFrom(null, 'theirs', '1'), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(keys, fc.array(lines, { minLength: 2, maxLength: 4 }), (typed, drawn) => {
        const [first, ...later] = drawn.map((each, index) => body(linesOf(each), index));
        const own = booked(first!);
        let order = { ...own, lines: own.lines.map((each, place) => ({ ...each, key: typed[place]! })) };
        const lineKeys = Object.fromEntries(first!.lines.map(({ key }, place) => [key, String(place + 1)]));
        let base: PostedBase = { id: 'LO-1', body: first!, lineKeys };
        expect(formOfOrder(order, 0, namesIn(base))).toEqual(formOfBody(first!));
        for (const update of later) {
          order = { ...order, changes: changed(order, update, base).changes };
          const names = namesIn(base);
          expect(formOfOrder(order, Number.POSITIVE_INFINITY, names)).toEqual(formOfBody(update));
          base = { ...base, body: update, lineKeys: lineKeysOf(order, Number.POSITIVE_INFINITY, names) };
        }
      }),
      { numRuns: 300 },
    );
  });

  const base: PostedBase = {
    id: 'LO-1',
    body: body([line('a', '100.00'), line('b', '50.00')]),
    lineKeys: { a: '1', b: '2' },
  };

  it('carries only what changed, as the difference to the cent', () => {
    expect(changeLines(body([line('a', '99.99'), line('b', '50.00')], 2), base)).toEqual([
      { key: 'a', line: { line: 1, amount: '-0.01' } },
    ]);
  });

  it('empties a line that was coded anew and opens it on the new account', () => {
    expect(changeLines(body([line('a', '100.00', '5200'), line('b', '50.00')], 2), base)).toEqual([
      { key: 'a', line: { line: 1, amount: '-100.00' } },
      { key: 'a', line: { key: 'a', description: 'Line a', account: '5200', amount: '100.00' } },
    ]);
  });

  it('is not guessed when the line in the ERP is unknown', () => {
    const unlinked = { ...base, lineKeys: { a: '1' } };
    expect(() => encodeChange(body([line('a', '100.00'), line('b', '51.00')], 2), unlinked, 'v1')).toThrow(
      /no known line/,
    );
  });
});

describe('the answer to an import', () => {
  const answer = (status: number, answered: unknown) =>
    classifyImport({
      status,
      headers: { 'retry-after': '7' },
      body: typeof answered === 'string' ? answered : JSON.stringify(answered),
    });
  const failure = { error: { code: 'c', message: 'because' } };

  it.each([
    [202, { job: 'JOB-1' }, { kind: 'accepted', handle: 'JOB-1' }],
    [202, '{"jo', { kind: 'unknown' }],
    [200, { job: 'JOB-1' }, { kind: 'unknown' }],
    [400, failure, { kind: 'refused', errors: [{ message: 'because' }] }],
    [400, '<html>', { kind: 'unknown' }],
    [401, failure, { kind: 'not-sent' }],
    [404, failure, { kind: 'unknown' }],
    [429, failure, { kind: 'not-sent', retryAfterMs: 7_000 }],
    [429, '<html>', { kind: 'unknown' }],
    [500, failure, { kind: 'unknown' }],
    [503, '<html>', { kind: 'unknown' }],
  ])('%i with %j is %j', (status, answered, outcome) => {
    expect(answer(status, answered)).toMatchObject(outcome);
  });
});
