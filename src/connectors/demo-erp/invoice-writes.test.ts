import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApInvoiceBody, OpenOrderLine } from '../../domain/documents.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, money } from '../../domain/values/money.ts';
import { preflight } from './constraints.ts';
import { formHash } from './form.ts';
import { formOfInvoice, formOfInvoiceBody } from './invoice-form.ts';
import { createInvoice } from './invoice-writes.ts';
import { openOrderLines } from './order-writes.ts';
import { type Invoice, invoice as invoiceSchema } from './wire.ts';

const draw = (key: string, amount: string, orderLine = '1') => {
  return {
    key,
    description: `Line ${key}`,
    amount,
    orderLine,
    coding: { kind: 'account', code: '51' },
  } as const;
};
const kept = (amount: string) => ({ key: 'retainage', description: 'Retainage', amount, account: '2050' });

const BODY: ApInvoiceBody = {
  kind: 'ap-invoice',
  reference: 'TACINVOICE',
  revision: 1,
  purpose: 'progress',
  application: 1,
  invoiceNumber: 'ACME-1',
  vendorCode: 'V1',
  projectCode: 'P1',
  currency: 'USD',
  accountingDate: calendarDate('2026-08-31'),
  documentDate: calendarDate('2026-08-25'),
  dueDate: null,
  orderId: 'LO-1',
  lines: [draw('a', '60.00')],
  retainage: [kept('-6.00')],
  total: '54.00',
  paymentHold: null,
  moves: [],
  sourceUrl: 'https://example.com/7',
};
const RELEASE: ApInvoiceBody = {
  ...BODY,
  purpose: 'retainage-release',
  lines: [],
  retainage: [kept('6.00')],
};

/** Books an invoice as Ledgerline does, written for this test alone. */
function booked(body: ApInvoiceBody): Invoice {
  const { lines = [], ...sent } = JSON.parse(createInvoice(body).encode({ earlierIds: {} }).body ?? '')
    .documents[0];
  const numbered = lines.map((line: object, index: number) => ({ ...line, line: index + 1 }));
  return invoiceSchema.parse({ retainage: null, ...sent, id: 'LI-1', status: 'posted', lines: numbered });
}

const answering =
  (body: unknown, status = 200, deliveries: readonly object[] = []): Read =>
  async ({ path }) =>
    path.startsWith('/deliveries')
      ? { status: 200, headers: {}, body: JSON.stringify({ records: deliveries }) }
      : { status, headers: {}, body: JSON.stringify(body) };

describe('the form of an invoice', () => {
  const bodies = fc
    .record({
      lines: fc.uniqueArray(
        fc.record({
          key: fc.constantFrom('a', 'b', 'c'),
          cents: fc.bigInt({ min: -99_999_999_999_999n, max: 99_999_999_999_999n }),
        }),
        { selector: ({ key }) => key, minLength: 1 },
      ),
      withheld: fc.option(fc.bigInt({ min: 1n, max: 99_999_999n })),
      release: fc.boolean(),
    })
    .map(({ lines, withheld, release }): ApInvoiceBody => {
      const text = (cents: bigint) => formatMoney(money(cents, 'USD'));
      if (release) return { ...RELEASE, retainage: [kept(text(withheld ?? 1n))] };
      return {
        ...BODY,
        lines: lines.map(({ key, cents }) => draw(key, text(cents))),
        retainage: withheld === null ? [] : [kept(text(-withheld))],
      };
    });

  it('is the same for what is sent and for what stands, and tells every cent and direction apart', () => {
    fc.assert(
      fc.property(bodies, bodies, (body, other) => {
        const hash = (stands: Invoice) => formHash(formOfInvoice(stands));
        expect(formOfInvoice(booked(body))).toEqual(formOfInvoiceBody(body));
        const alike = ({ purpose, lines, retainage }: ApInvoiceBody) =>
          JSON.stringify([
            purpose,
            lines
              .filter(({ amount }) => amount !== '0.00')
              .map(({ key, amount }) => `${key} ${amount}`)
              .sort(),
            retainage,
          ]);
        expect(hash(booked(other)) === createInvoice(body).targetHash).toBe(alike(other) === alike(body));
      }),
    );
  });

  it('leaves out what the people who pay may change', () => {
    const held = { ...BODY, paymentHold: 'No waiver', dueDate: calendarDate('2026-09-30') };
    expect(createInvoice(held).targetHash).toBe(createInvoice(BODY).targetHash);
  });

  it('sends as many holds as its field takes, and counts the others', () => {
    const paymentHold = ['a', 'b', 'c'].map((letter) => letter.repeat(90)).join('; ');
    const { body = '' } = createInvoice({ ...BODY, paymentHold }).encode({ earlierIds: {} });
    expect(JSON.parse(body).documents[0].hold).toBe(`${'a'.repeat(90)}; ${'b'.repeat(90)}; and 1 more`);
  });
});

describe('a number that is taken', () => {
  const errors = [{ line: null, field: 'vendor_number', code: 'number-taken', message: 'it is taken' }];
  const poll = (...found: object[]) => {
    const read: Read = ({ path }) =>
      answering(path.startsWith('/jobs/') ? { status: 'refused', errors } : { records: found, next: null })({
        method: 'GET',
        path,
      });
    return createInvoice(BODY).poll?.(read, 'JOB-1');
  };
  const stranger = { ...booked(BODY), id: 'LI-2', reference: null };

  it.each([
    ['our own lost attempt has it', [booked(BODY)]],
    ['no list shows yet who has it', []],
    ['only a cancelled invoice is shown', [{ ...stranger, status: 'cancelled' }]],
  ])('proves nothing where %s', async (_, found) => {
    expect(await poll(...found)).toMatchObject({ kind: 'unknown' });
  });

  it("is a refusal with a remedy where a stranger's invoice has it", async () => {
    expect(await poll(stranger)).toMatchObject({
      kind: 'refused',
      errors: [{ field: 'invoiceNumber', message: expect.stringContaining('reject this one') }],
    });
  });
});

describe('what is still open of an order', () => {
  const line = { line: 1, key: 'a', description: 'Walls', account: '51', amount: '100.00' };
  const order = {
    ...{ id: 'LO-1', reference: 'TACFIRST', revision: 1, number: 'SC-1', title: 'Walls', vendor: 'V1' },
    ...{ project: 'P1', currency: 'USD', date: '2026-08-01', status: 'open', version: 'v3' },
    lines: [line],
    invoiced: { 1: '60.00', 2: '0.01' },
    changes: [
      {
        ...{ reference: 'TACSECOND', revision: 2, number: 'SC-1', title: 'Walls', date: '2026-08-02' },
        lines: [
          { ...line, amount: '-10.00' },
          { ...line, line: 2, key: 'b', amount: '5.00' },
        ],
      },
    ],
  };

  it('is what stands after all changes less what anybody invoiced', async () => {
    expect(await openOrderLines(answering(order), 'LO-1')).toEqual([
      { key: '1', open: '30.00', closed: false },
      { key: '2', open: '4.99', closed: false },
    ]);
  });

  it('is less by what came in, which is open on its deliveries, the oldest first', async () => {
    const came = (code: string, date: string, status: string, amount: string, unbilled: string) => ({
      ...{ change: 1, code, order: 'LO-1', vendor: 'V1', currency: 'USD', date, status },
      lines: [{ order_line: 1, amount, unbilled }],
    });
    const deliveries = [
      came('LG-3', '2026-08-09', 'open', '7.00', '2.00'),
      came('LG-2', '2026-08-05', 'closed', '4.00', '1.00'),
      came('LG-1', '2026-08-04', 'cancelled', '9.00', '9.00'),
    ];
    const [first] = (await openOrderLines(answering(order, 200, deliveries), 'LO-1'))!;
    expect(first).toMatchObject({
      ...{ key: '1', open: '27.00' },
      received: [
        { receipt: 'LG-2', open: '1.00', unusable: 'closed' },
        { receipt: 'LG-3', line: '1', open: '2.00', unusable: null },
      ],
    });
  });

  it('is billed by delivery, and on the order for what is beyond, to the cent', () => {
    const received = [{ receipt: 'LG-3', number: 'LG-3', line: '1', amount: '2.00' }];
    const [line] = BODY.lines;
    const body = { ...BODY, lines: [{ ...line!, amount: '12.50', received }] };
    const [sent] = JSON.parse(createInvoice(body).encode({ earlierIds: {} }).body ?? '').documents;
    expect(sent.lines).toMatchObject([
      { key: line!.key, order_line: Number(line!.orderLine), delivery: 'LG-3', amount: '2.00' },
      { key: `${line!.key}#2`, order_line: Number(line!.orderLine), amount: '10.50' },
    ]);
    expect(sent.lines[1]).not.toHaveProperty('delivery');
  });

  it('is closed with its order, and gone only where Ledgerline says so', async () => {
    expect(await openOrderLines(answering({ ...order, status: 'closed' }), 'LO-1')).toMatchObject([
      { closed: true },
      { closed: true },
    ]);
    const gone = { error: { code: 'unknown', message: 'there is no order LO-1' } };
    expect(await openOrderLines(answering(gone, 404), 'LO-1')).toBe(null);
    await expect(openOrderLines(answering('<html>', 404), 'LO-1')).rejects.toThrow(/unknown form/);
  });
});

describe('what Ledgerline would refuse of an invoice', () => {
  const open = (amount: string, closed = false): OpenOrderLine[] => [{ key: '1', open: amount, closed }];
  const asked = (more: Partial<ApInvoiceBody>, orderLines = open('100.00')) =>
    preflight({ kind: 'create-invoice', body: { ...BODY, ...more }, orderLines }).map(({ field, code }) => [
      field,
      code,
    ]);

  it.each([
    ['nothing of one that fits', {}, open('60.00'), []],
    ['nothing of a draw below zero', { lines: [draw('a', '-5.00')] }, open('-5.00'), []],
    ['a closed order', {}, open('100.00', true), [['lines[a].amount', 'closed']]],
    [
      'a line that is gone',
      { lines: [draw('a', '1.00', '7')] },
      open('1.00'),
      [['lines[a].amount', 'closed']],
    ],
    [
      'a draw against its line',
      { lines: [draw('a', '-5.00')] },
      open('5.00'),
      [['lines[a].amount', 'over-open']],
    ],
    [
      'two lines that draw too much of one',
      { lines: [draw('a', '60.00'), draw('b', '40.01')] },
      open('100.00'),
      [['lines[b].amount', 'over-open']],
    ],
    ['a long number', { invoiceNumber: 'x'.repeat(31) }, open('60.00'), [['invoiceNumber', 'max-length']]],
    [
      'two retainages',
      { retainage: [kept('-1.00'), kept('-2.00')] },
      open('60.00'),
      [['retainage', 'retainage']],
    ],
    ['work that pays out', { retainage: [kept('1.00')] }, open('60.00'), [['retainage', 'retainage']]],
    [
      'a release that withholds',
      { ...RELEASE, ...BODY, purpose: 'retainage-release', lines: [] },
      [],
      [['retainage', 'retainage']],
    ],
    ['a release of zero', { ...RELEASE, retainage: [kept('0.00')] }, [], [['retainage', 'retainage']]],
    ['a release of nothing', { ...RELEASE, retainage: [] }, [], [['retainage', 'retainage']]],
    ['nothing of a release', RELEASE, [], []],
  ] as const)('%s', (_, more, orderLines, errors) => {
    expect(asked(more, [...orderLines])).toEqual(errors);
  });
});
