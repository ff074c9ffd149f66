import { describe, expect, it } from 'vitest';
import type { PurchaseOrderBody } from '../../domain/documents.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { type Door, openDoor } from '../../lib/door.ts';
import { demoErp } from './index.ts';
import { changeOrder, createOrder } from './order-writes.ts';
import { pulls } from './pull.ts';

const BODY: PurchaseOrderBody = {
  kind: 'purchase-order',
  reference: 'TACFIRST',
  revision: 1,
  number: 'SC-001',
  title: 'Foundations',
  vendorCode: 'V1',
  projectCode: 'P1',
  currency: 'USD',
  accountingDate: calendarDate('2026-08-31'),
  total: '100.00',
  lines: [
    {
      key: 'a',
      description: 'Walls',
      amount: '100.00',
      coding: { kind: 'account', code: '5100' },
      costCode: '03',
      costType: 'S',
    },
  ],
  sourceUrl: 'https://example.com/7',
};
const SECOND: PurchaseOrderBody = {
  ...BODY,
  reference: 'TACSECOND',
  revision: 2,
  total: '90.00',
  lines: BODY.lines.map((line) => ({ ...line, amount: '90.00' })),
};
const BASE = { id: 'LO-1', body: BODY, lineKeys: { a: '1' } };

const CHANGE = {
  reference: 'TACSECOND',
  revision: 2,
  number: 'SC-001',
  title: 'Foundations',
  date: '2026-08-31',
  created_on: '2026-09-02',
  lines: [{ line: 1, key: 'a', description: null, account: '5100', amount: '-10.00' }],
};
const order = (changes: object[] = [], more: object = {}) => ({
  id: 'LO-1',
  reference: 'TACFIRST',
  revision: 1,
  number: 'SC-001',
  title: 'Foundations',
  vendor: 'V1',
  project: 'P1',
  currency: 'USD',
  date: '2026-08-31',
  created_on: '2026-09-01',
  status: 'open',
  version: 'v7',
  lines: [{ line: 1, key: 'a', description: 'Walls', account: '5100', amount: '100.00' }],
  invoiced: {},
  changes,
  ...more,
});

const answering =
  (body: unknown, status = 200): Read =>
  async () => ({ status, headers: {}, body: JSON.stringify(body) });
const anywhere = { earlierIds: {} };

describe('the probe of an order', () => {
  it('does not take a change under the reference for the order', async () => {
    const read = answering({ records: [order([CHANGE])], next: null });
    expect(await createOrder({ ...BODY, reference: 'TACSECOND' }).probe(read, anywhere)).toEqual({
      kind: 'found',
      matches: [],
    });
  });

  it('finds every duplicate, cancelled ones by that name', async () => {
    const both = [order(), order([], { id: 'LO-2', status: 'cancelled' })];
    const result = await createOrder(BODY).probe(answering({ records: both, next: null }), anywhere);
    expect(result).toMatchObject({ matches: [{ state: 'posted' }, { id: 'LO-2', state: 'cancelled' }] });
  });

  it('stops at paging that never ends', async () => {
    const endless = answering({ records: [], next: 'LO-1' });
    await expect(createOrder(BODY).probe(endless, anywhere)).rejects.toThrow(/more than 10000 pages/);
  });
});

describe('the probe of a change', () => {
  const probe = (found: object) => changeOrder(SECOND, BASE).probe(answering(found), anywhere);

  it('is at its target when the change stands once', async () => {
    expect(await probe(order([CHANGE]))).toMatchObject({ standing: 'at-target', lineKeys: { a: '1' } });
  });

  it('says that a change stands twice', async () => {
    expect(await probe(order([CHANGE, CHANGE]))).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringContaining('change TACSECOND stands 2 times'),
    });
  });

  it.each(['closed', 'cancelled'])('is not sent to a %s order', async (status) => {
    expect(await probe(order([], { status }))).toMatchObject({
      standing: 'elsewhere',
      difference: `order LO-1 is ${status} in Ledgerline`,
    });
  });

  it('takes a line down to what is invoiced on it, and not below', async () => {
    expect(await probe(order([], { invoiced: { 1: '90.00' } }))).toMatchObject({ standing: 'at-base' });
    expect(await probe(order([], { invoiced: { 1: '90.01' } }))).toMatchObject({
      standing: 'elsewhere',
      difference: 'line 1 "Walls" becomes 90.00, and 90.01 of it is invoiced',
    });
  });

  it('is sent when only other lines are invoiced', async () => {
    const lines = [
      ...order().lines,
      { line: 2, key: 'b', description: 'Roof', account: '5100', amount: '7.00' },
    ];
    const roof = { ...BODY.lines[0]!, key: 'b', description: 'Roof', amount: '7.00' };
    const write = changeOrder(
      { ...SECOND, lines: [...SECOND.lines, roof] },
      { ...BASE, body: { ...BODY, lines: [...BODY.lines, roof] }, lineKeys: { a: '1', b: '2' } },
    );
    expect(
      await write.probe(answering(order([], { lines, invoiced: { 2: '7.00' } })), anywhere),
    ).toMatchObject({
      standing: 'at-base',
      guard: 'v7',
    });
  });

  it('names each line and field that a person changed', async () => {
    const lines = [
      { ...order().lines[0], amount: '120.00' },
      { line: 2, key: null, description: 'Fence', account: '5200', amount: '5.00' },
    ];
    expect(await probe(order([], { lines, title: 'Basement' }))).toMatchObject({
      difference:
        'title is "Basement", expected "Foundations"; ' +
        'line a is "120.00 on 5100: Walls", expected "100.00 on 5100: Walls"; ' +
        'line number 2 is "5.00 on 5200: Fence", expected missing',
    });
  });
});

describe('the poll of a job', () => {
  const poll = (answer: unknown, status?: number) =>
    createOrder(BODY).poll?.(answering(answer, status), 'JOB-1');

  it.each([
    ['a running job', { status: 'running' }, 200, { kind: 'accepted', handle: 'JOB-1' }],
    ['a lost job', { error: {} }, 404, { kind: 'unknown' }],
    ['a job in an unknown form', { status: 'paused' }, 200, { kind: 'unknown' }],
    ['a done job that names others', { status: 'done', documents: [] }, 200, { kind: 'unknown' }],
    [
      'a done job',
      { status: 'done', documents: [{ reference: 'TACFIRST', id: 'LO-9', order_id: 'LO-9' }] },
      200,
      { kind: 'posted', id: 'LO-9' },
    ],
  ])('gives for %s what it proves', async (_, answer, status, outcome) => {
    expect(await poll(answer, status)).toMatchObject(outcome);
  });

  it('takes a change of a stale version for unknown, because our own lost attempt may stand', async () => {
    const errors = [{ reference: 'TACSECOND', line: null, field: 'based_on', code: 'stale', message: 'no' }];
    const read = answering({ status: 'refused', errors });
    expect(await changeOrder(SECOND, BASE).poll?.(read, 'JOB-1')).toMatchObject({ kind: 'unknown' });
  });

  it('names our line behind a refused one, with a remedy', async () => {
    const errors = [
      { reference: 'TACFIRST', line: 1, field: 'account', code: 'not-postable', message: 'no' },
    ];
    expect(await poll({ status: 'refused', errors })).toEqual({
      kind: 'refused',
      errors: [
        {
          field: 'lines[a].coding',
          message: 'Ledgerline refuses: no. Map it to an account that takes bookings.',
          code: 'not-postable',
        },
      ],
    });
  });
});

describe('the connection', () => {
  const door = openDoor({ baseUrl: 'http://127.0.0.1:1', readPosts: [], writesAllowed: () => false });
  const config = { baseUrl: 'http://127.0.0.1:1', company: 'LL-1', apiKey: 'k', requestLifeMs: null };
  const connection = demoErp.connect(config, { door, now: () => new Date(0), sleep: async () => {} });

  it('lists an order and its changes each under its own reference, foreign ones not', async () => {
    const foreign = { ...CHANGE, reference: 'OTHER-1' };
    const orders = [order([CHANGE, foreign]), order([CHANGE], { id: 'LO-2', reference: 'OTHER-2' })];
    const canned: Door = {
      ...door,
      read: async ({ path }) => {
        const body = JSON.stringify({ records: path.startsWith('/orders?') ? orders : [], next: null });
        return { status: 200, headers: {}, cookies: [], body };
      },
    };
    const { list } = demoErp.connect(config, { door: canned, now: () => new Date(0), sleep: async () => {} });
    const listed = await Array.fromAsync(list?.('TAC', calendarDate('2026-09-01')) ?? []);
    expect(listed.map(({ id, reference }) => [id, reference])).toEqual([
      ['LO-1', 'TACFIRST'],
      ['LO-1', 'TACSECOND'],
      ['LO-2', 'TACSECOND'],
    ]);
  });

  it('keeps its cursor when nothing new came', async () => {
    const page = await pulls(answering({ records: [] })).vendor?.('41');
    expect(page).toEqual({ records: [], cursor: '41' });
  });

  it('refuses items before anybody approves them', () => {
    const lines = BODY.lines.map((line) => ({ ...line, coding: { kind: 'item' as const, code: 'REBAR' } }));
    expect(connection.preflight({ kind: 'create-order', body: { ...BODY, lines } })).toMatchObject([
      { field: 'lines[a].coding', code: 'coding-kind' },
    ]);
  });

  it('says that a change cannot move an order to another vendor or touch an unlinked line', () => {
    const moved = { ...SECOND, vendorCode: 'V2' };
    expect(
      connection.preflight({ kind: 'update-order', body: moved, base: { ...BASE, lineKeys: {} } }),
    ).toMatchObject([{ field: 'vendorCode' }, { field: 'lines[a]', code: 'unlinked' }]);
  });

  it('does not pretend to do what Ledgerline cannot', () => {
    expect(() => connection.writes({ kind: 'prepare-target' })).toThrow(/does not support prepare-target/);
  });
});
