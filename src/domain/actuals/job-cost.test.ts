import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, parseMoney, sum } from '../values/money.ts';
import { type CostFacts, costParts, ledgerTotal, orderLineKey, unattributedWords } from './job-cost.ts';
import { changedRows, type JobCostRow, jobCostRows, type KnownRow, sendableRows } from './job-cost-rows.ts';
import type { JournalDocumentLine, JournalRecord } from './journal.ts';

const steel = { costCode: '05-100', costType: 'S' };
const doors = { costCode: '08-100', costType: 'S' };
const concrete = { costCode: '03-100', costType: 'S' };

const facts: CostFacts = {
  projectCode: 'JOB-4',
  codings: new Map([
    ['5200', [steel, doors]],
    ['5100', [concrete]],
  ]),
  isCost: (account) => ['5100', '5200', '5900'].includes(account),
  orderLines: new Map([
    [orderLineKey('7', '0'), steel],
    [orderLineKey('7', '1'), doors],
  ]),
  ourInvoices: new Set(['31']),
  ourBills: new Set(['33']),
};

type Line = Partial<JournalRecord['lines'][number]>;
function entry(id: string, lines: readonly Line[], more: Partial<JournalRecord> = {}): JournalRecord {
  const full = lines.map((line, index) => ({
    key: String(index),
    account: '5100',
    project: 'JOB-4',
    amount: '1.00',
    dimensions: [],
    ...line,
  }));
  const head = { object: 'journal', memo: '', currency: 'USD', document: null } as const;
  return { ...head, id, date: calendarDate('2026-08-31'), lines: full, ...more };
}

function billed(id: string, lines: readonly (Line & Pick<JournalDocumentLine, 'base'>)[]) {
  return {
    id,
    lines: lines.map((line, index) => ({
      line: String(index),
      account: '5200',
      project: 'JOB-4',
      amount: '1.00',
      dimensions: [],
      ...line,
    })),
  };
}

const ofOrder = (line: string) => ({ object: 'order', id: '7', line }) as const;
const codesOf = (journals: readonly JournalRecord[]) =>
  costParts(journals, facts).map((part) => [part.coding?.costCode ?? null, formatMoney(part.amount)]);

describe('what a posted line is for', () => {
  test('the only cost code of its account', () => {
    expect(codesOf([entry('1', [{ amount: '-12.05' }])])).toEqual([['03-100', '-12.05']]);
  });

  test('nobody can say where several cost codes share an account, and it is told with its amount', () => {
    const [part] = costParts([entry('9', [{ account: '5200', amount: '250.10' }])], facts);
    expect(part).toMatchObject({ coding: null });
    expect(unattributedWords(part!)).toBe(
      'entry 9 of 2026-08, account 5200, 250.10: account 5200 stands for 05-100 S, 08-100 S, and the line names none',
    );
  });

  test('its cost centre names one of them', () => {
    expect(codesOf([entry('1', [{ account: '5200', dimensions: ['', '08-100'] }])])).toEqual([
      ['08-100', '1.00'],
    ]);
  });

  test('the order lines that its invoice is based on, though the ledger joined them', () => {
    const document = billed('31', [
      { base: ofOrder('0'), amount: '4000.00' },
      { base: ofOrder('1'), amount: '1000.50' },
    ]);
    const journal = entry('1', [{ account: '5200', amount: '5000.50' }], { document });
    expect(codesOf([journal])).toEqual([
      ['05-100', '4000.00'],
      ['08-100', '1000.50'],
    ]);
    expect(costParts([journal], facts).every(({ isInvoiced }) => isInvoiced)).toBe(true);
  });

  test('a bill that Procore has as a direct cost already, which is shown there no second time', () => {
    const document = billed('33', [{ account: '5100', base: null, amount: '80.00' }]);
    const journal = entry('1', [{ account: '5100', amount: '80.00' }], { document });
    expect(jobCostRows(costParts([journal], facts), 'USD')).toMatchObject([
      { sheet: 'summary', amountMinor: 8_000n, invoicedMinor: 0n },
    ]);
  });

  test('the order lines of the invoice that its mirror cancels', () => {
    const document = billed('31', [{ base: ofOrder('1'), amount: '80.00' }]);
    const mirror = billed('32', [{ base: { object: 'invoice', id: '31', line: '0' }, amount: '-80.00' }]);
    const journals = [
      entry('1', [{ account: '5200', amount: '80.00' }], { document }),
      entry('2', [{ account: '5200', amount: '-80.00' }], { document: mirror }),
    ];
    expect(codesOf(journals)).toEqual([
      ['08-100', '80.00'],
      ['08-100', '-80.00'],
    ]);
    expect(jobCostRows(costParts(journals, facts), 'USD')).toEqual([
      { sheet: 'summary', period: '', entry: '', ...doors, amountMinor: 0n, invoicedMinor: 0n, figures: {} },
    ]);
  });

  test('what a person gave back of an invoice of ours, beside what its pay application counts', () => {
    const document = billed('31', [{ base: ofOrder('1'), amount: '80.00' }]);
    const credit = {
      ...billed('credit-1', [{ base: { object: 'invoice', id: '31', line: '0' }, amount: '-20.00' }]),
      credit: true,
    } as const;
    const journals = [
      entry('1', [{ account: '5200', amount: '80.00' }], { document }),
      entry('2', [{ account: '5200', amount: '-20.00' }], { document: credit }),
    ];
    expect(jobCostRows(costParts(journals, facts), 'USD')).toMatchObject([
      { sheet: 'transaction', ...doors, amountMinor: -2_000n },
      { sheet: 'summary', ...doors, amountMinor: 6_000n, invoicedMinor: 8_000n },
    ]);
  });

  test('a credit that Procore has as a direct cost already, which is shown there no second time', () => {
    const lines = [{ account: '5100', base: null, amount: '-80.00' }];
    const document = { ...billed('credit-33', lines), credit: true } as const;
    const journal = entry('1', [{ account: '5100', amount: '-80.00' }], { document });
    const sent = { ...facts, ourBills: new Set(['credit-33']) };
    expect(jobCostRows(costParts([journal], sent), 'USD')).toMatchObject([
      { sheet: 'summary', amountMinor: -8_000n, invoicedMinor: 0n },
    ]);
    expect(jobCostRows(costParts([journal], facts), 'USD')).toHaveLength(2);
  });

  test('what came in, once: by its receipt and by no invoice of it, as billed as far as pay applications drew on it', () => {
    const atDock = { id: '9', lines: billed('9', [{ base: ofOrder('1'), amount: '300.00' }]).lines };
    const onReceipt = { object: 'receipt', id: '9', line: '0' } as const;
    const document = billed('31', [
      { base: onReceipt, amount: '200.00' },
      { base: ofOrder('0'), amount: '50.00' },
    ]);
    const journals = [
      entry('1', [{ account: '5200', amount: '300.00' }], { receipt: atDock }),
      entry(
        '2',
        [
          { account: '5200', amount: '50.00' },
          { account: '2150', amount: '200.00' },
        ],
        { document },
      ),
    ];
    const billedThere = { orderLine: orderLineKey('7', '1'), billed: parseMoney('200.00', 'USD') };
    const seen = { ...facts, received: new Map([[orderLineKey('9', '0'), billedThere]]) };
    expect(jobCostRows(costParts(journals, seen), 'USD')).toMatchObject(
      [
        { sheet: 'summary', ...steel, amountMinor: 5_000n, invoicedMinor: 5_000n },
        { sheet: 'summary', ...doors, amountMinor: 30_000n, invoicedMinor: 20_000n },
        { sheet: 'transaction', ...doors, amountMinor: 10_000n },
      ]
        .toSorted((a, b) => a.sheet.localeCompare(b.sheet))
        .reverse(),
    );
    expect(formatMoney(ledgerTotal(journals, seen, 'USD'))).toBe('350.00');
    // A receipt that was booked nowhere: the invoice is the cost, and its order line says what it is for.
    const unbooked = entry('3', [{ account: '5200', amount: '200.00' }], {
      document: billed('31', [{ base: onReceipt, amount: '200.00' }]),
    });
    expect(costParts([unbooked], seen)).toMatchObject([{ coding: doors, isInvoiced: true }]);
  });

  test('not what its invoice says, where the ledger says another amount', () => {
    const document = billed('33', [{ base: ofOrder('0'), amount: '99.00' }]);
    expect(codesOf([entry('1', [{ account: '5200', amount: '100.00' }], { document })])).toEqual([
      [null, '100.00'],
    ]);
  });

  test('no cost at all: retainage, other projects', () => {
    expect(codesOf([entry('1', [{ account: '2050', amount: '-5.00' }, { project: 'JOB-5' }])])).toEqual([]);
  });
});

const cents = fc
  .bigInt({ min: -(10n ** 15n), max: 10n ** 15n })
  .map((minor) => formatMoney({ minor, currency: 'USD' }));
const journals = fc.array(
  fc
    .array(
      fc.record({
        account: fc.constantFrom('5100', '5200', '5900', '2050'),
        project: fc.constantFrom('JOB-4', 'JOB-5'),
        amount: cents,
        dimensions: fc.constantFrom([], ['08-100'], ['77']),
        base: fc.constantFrom(null, ofOrder('0'), ofOrder('9'), {
          object: 'invoice' as const,
          id: '1',
          line: '0',
        }),
      }),
      { maxLength: 6 },
    )
    .chain((lines) =>
      fc.record({
        lines: fc.constant(lines),
        month: fc.constantFrom('2026-08-01', '2026-09-30'),
        told: fc.constantFrom('as booked', 'other', 'nothing'),
      }),
    ),
  { maxLength: 12 },
);
const ledgers = journals.map((entries) =>
  entries.map(({ lines, month, told }, index) => {
    const tellOther = told === 'other' ? lines.map((line) => ({ ...line, amount: '0.01' })) : lines;
    const document = told === 'nothing' ? null : billed(String(index), tellOther);
    return entry(String(index), lines, { document, date: calendarDate(month) });
  }),
);

test('every cent of the ledger is in one part, and every cent that is for something in the rows', () => {
  fc.assert(
    fc.property(ledgers, (ledger) => {
      const parts = costParts(ledger, facts);
      const sumOf = (some: typeof parts) =>
        sum(
          some.map(({ amount }) => amount),
          'USD',
        ).minor;
      expect(sumOf(parts)).toBe(ledgerTotal(ledger, facts, 'USD').minor);
      const rows = jobCostRows(parts, 'USD');
      const single = jobCostRows(parts, 'USD', new Map(), 'document');
      const byMonth = (some: typeof rows) =>
        Map.groupBy(
          some.filter(({ sheet }) => sheet === 'transaction'),
          ({ period }) => period,
        );
      for (const [period, some] of byMonth(rows))
        expect(
          byMonth(single)
            .get(period)!
            .reduce((total, { amountMinor }) => total + amountMinor, 0n),
        ).toBe(some.reduce((total, { amountMinor }) => total + amountMinor, 0n));
      const rowSum = (sheet: JobCostRow['sheet'], of: 'amountMinor' | 'invoicedMinor') =>
        rows.filter((row) => row.sheet === sheet).reduce((total, row) => total + row[of], 0n);
      const attributed = sumOf(parts.filter(({ coding }) => coding !== null));
      expect(rowSum('summary', 'amountMinor')).toBe(attributed);
      expect(rowSum('transaction', 'amountMinor') + rowSum('summary', 'invoicedMinor')).toBe(attributed);
    }),
  );
});

describe('what is sent', () => {
  const row: JobCostRow = {
    sheet: 'transaction',
    period: '2026-08',
    entry: '',
    ...steel,
    amountMinor: 100n,
    invoicedMinor: 0n,
    figures: {},
  };
  const known = (fate: KnownRow['fate'], amountMinor = 100n): KnownRow => ({ ...row, amountMinor, fate });

  test('what is new or changed, and nothing else', () => {
    expect(changedRows([row], [])).toEqual([row]);
    expect(changedRows([row], [known('stands')])).toEqual([]);
    expect(changedRows([row], [known('stands', 99n)])).toEqual([row]);
    expect(changedRows([{ ...row, amountMinor: 0n }], [])).toEqual([]);
  });

  test('zero where a row has nothing left', () => {
    expect(changedRows([], [known('stands')])).toEqual([{ ...row, amountMinor: 0n }]);
    expect(changedRows([], [known('stands', 0n)])).toEqual([]);
  });

  test('a month in the other grain only once what stands of it was taken back', () => {
    const sum = { ...row, amountMinor: 0n };
    const entry = { ...row, entry: '71' };
    const other = { ...entry, period: '2026-09' };
    const changed = changedRows([entry, other], [known('stands')]);
    expect(changed).toEqual([entry, other, sum]);
    expect(sendableRows(changed, [known('stands')])).toEqual([other, sum]);
    expect(sendableRows(changed, [known('under-way', 0n)])).toEqual([other, sum]);
    expect(sendableRows(changed, [known('refused', 0n)])).toEqual([other, sum]);
    expect(sendableRows([entry, other], [known('stands', 0n)])).toEqual([entry, other]);
    const back = [{ ...entry, fate: 'stands' as const }];
    expect(sendableRows([row, other], back)).toEqual([other]);
  });

  test('what was refused only with another amount, what was taken back as it is', () => {
    expect(changedRows([row], [known('refused')])).toEqual([]);
    expect(changedRows([row], [known('refused', 99n)])).toEqual([row]);
    expect(changedRows([row], [known('taken-back')])).toEqual([row]);
  });
});
