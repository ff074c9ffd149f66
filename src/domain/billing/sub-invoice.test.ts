import { describe, expect, it } from 'vitest';
import type { SubInvoiceLine, SubInvoiceRecord } from '../records.ts';
import { payApplications } from '../testing/pay-applications.ts';
import { formatMoney } from '../values/money.ts';
import { certificateOf, checkSheet } from './sub-invoice.ts';
import { billedBy } from './sub-invoice-billed.ts';
import { checkAgainstOpening, checkAgainstPrevious } from './sub-invoice-previous.ts';
import { emptySheet, readSheet, type Sheet } from './sub-invoice-sheet.ts';

const strict = { overbilling: false, reductions: false };
const k = (thousands: number) => BigInt(thousands) * 100_000n;

function sheetOf(record: SubInvoiceRecord): Sheet {
  const read = readSheet(record);
  if (!('sheet' in read)) throw new Error(read.unreadable[0]!.message);
  return read.sheet;
}

function changed(
  record: SubInvoiceRecord,
  position: number,
  change: Partial<SubInvoiceLine>,
): SubInvoiceRecord {
  return {
    ...record,
    lines: record.lines.map((line) => (line.position === position ? { ...line, ...change } : line)),
  };
}

const named = (findings: readonly { rule: string; field: string }[]) =>
  findings.map(({ rule, field }) => `${rule} at ${field}`);

/** 50,000 of work and 20,000 stored, then 15,000 of that installed and 30,000 more work; 10 % retained. */
const wall = (movesStored = false) =>
  payApplications(
    [{ id: '1', scheduled: k(200) }],
    [
      { '1': { worked: k(50), delivered: k(20), retainedOnWork: k(5), retainedOnStored: k(2) } },
      { '1': { worked: k(30), installed: k(15), retainedOnWork: k(3) } },
    ],
    movesStored,
  );
const [first, second] = wall() as [SubInvoiceRecord, SubInvoiceRecord];

describe('a pay application that agrees with itself', () => {
  it('passes, and gives lines 4 to 8 of its certificate', () => {
    const sheet = sheetOf(second);
    expect(sheet.lines[0]).toMatchObject({ previous: { minor: k(50) }, thisPeriod: { minor: k(45) } });
    expect(checkSheet(sheet, strict)).toEqual([]);
    const lines = Object.entries(certificateOf(sheet)).map(([name, amount]) => [name, formatMoney(amount)]);
    expect(Object.fromEntries(lines)).toEqual({
      completed: '100000.00',
      heldOnWork: '8000.00',
      heldOnStored: '2000.00',
      retainageHeld: '10000.00',
      earnedLessRetainage: '90000.00',
      previouslyCertified: '63000.00',
      currentDue: '27000.00',
    });
  });

  it('may bill a deductive line down to its negative scheduled value', () => {
    const [deductive] = payApplications(
      [
        { id: '1', scheduled: k(100) },
        { id: '2', scheduled: -k(10), bills: 'change-order' },
      ],
      [{ '1': { worked: k(40), retainedOnWork: k(4) }, '2': { worked: k(10), retainedOnWork: k(1) } }],
    );
    expect(deductive!.lines[1]).toMatchObject({
      thisPeriod: '-10000.00',
      workRetainage: { held: '-1000.00' },
    });
    expect(checkSheet(sheetOf(deductive!), strict)).toEqual([]);
  });

  it('may list several details of one line of the commitment', () => {
    const details = first.lines.flatMap((line): SubInvoiceLine[] => [
      { ...line, bills: 'contract-detail' },
      { ...line, bills: 'contract-detail', position: 2, scheduled: '0.00', previous: '0.00', ...nothing },
    ]);
    expect(checkSheet(sheetOf({ ...first, lines: details }), strict)).toEqual([]);
  });
});

const noRetainage = { previouslyHeld: '0.00', retained: '0.00', released: '0.00', held: '0.00' };
const nothing = {
  thisPeriod: '0.00',
  stored: '0.00',
  toDate: '0.00',
  workRetainage: noRetainage,
  storedRetainage: noRetainage,
};

describe('what does not agree is named with field, value and remedy', () => {
  const cases: readonly (readonly [string, SubInvoiceRecord, readonly string[]])[] = [
    [
      'G that is not D + E + F',
      changed(first, 1, { toDate: '70000.01' }),
      ['line-sum at line 1, G', 'certificate at certificate, line 6'],
    ],
    ['G beyond C', changed(first, 1, { scheduled: '69999.99' }), ['line-range at line 1, G']],
    [
      'anything billed where C is zero',
      changed(first, 1, { scheduled: '0.00' }),
      ['line-range at line 1, G'],
    ],
    [
      'a positive amount on a deductive line',
      changed({ ...first, earnedLessRetainage: '10.00', currentDue: '10.00', retainageHeld: '0.00' }, 1, {
        ...nothing,
        scheduled: '-100.00',
        thisPeriod: '10.00',
        toDate: '10.00',
      }),
      ['line-sign at line 1, E', 'line-sign at line 1, G', 'total-sign at all lines, C'],
    ],
    [
      'a balance of retainage that is not carried on',
      changed(
        { ...first, retainageHeld: '2000.00', earnedLessRetainage: '68000.00', currentDue: '68000.00' },
        1,
        {
          workRetainage: { previouslyHeld: '0.00', retained: '5000.00', released: '0.00', held: '0.00' },
        },
      ),
      ['retainage-balance at line 1, work retainage held'],
    ],
    [
      'a release of more than is held',
      changed(
        { ...first, retainageHeld: '1999.99', earnedLessRetainage: '68000.01', currentDue: '68000.01' },
        1,
        {
          workRetainage: { previouslyHeld: '0.00', retained: '5000.00', released: '5000.01', held: '-0.01' },
        },
      ),
      ['retainage-range at line 1, work retainage held'],
    ],
    [
      'more retainage than was earned',
      changed({ ...first, retainageHeld: '70000.01', earnedLessRetainage: '-0.01', currentDue: '-0.01' }, 1, {
        workRetainage: { previouslyHeld: '0.00', retained: '68000.01', released: '0.00', held: '68000.01' },
      }),
      ['retainage-range at line 1, retainage held'],
    ],
    [
      'line 5 that is not 5a + 5b',
      { ...first, retainageHeld: '0.00' },
      ['certificate at certificate, line 5'],
    ],
    ['line 8 that is not 6 - 7', { ...first, currentDue: '1.00' }, ['certificate at certificate, line 8']],
    [
      'one line of a commitment billed twice',
      {
        ...first,
        lines: [...first.lines, { ...first.lines[0]!, ...nothing, scheduled: '0.00', position: 2 }],
      },
      ['line-once at line 2, G'],
    ],
  ];

  it.each(cases)('%s', (_, record, expected) => {
    const findings = checkSheet(sheetOf(record), strict);
    expect(named(findings)).toEqual(expected);
    expect(findings.every(({ value, remedy, stops }) => value !== '' && remedy !== '' && stops)).toBe(true);
  });

  it('an amount with digits below the cent, without computing anything from it', () => {
    expect(readSheet(changed(first, 1, { stored: '0.001' }))).toMatchObject({
      unreadable: [{ rule: 'readable', field: 'line 1, F', value: '0.001' }],
    });
  });

  it('but only as a note that retainage shifts between stored materials and work', () => {
    const shifted = changed(first, 1, {
      workRetainage: { previouslyHeld: '0.00', retained: '5000.00', released: '0.00', held: '7000.00' },
      storedRetainage: { previouslyHeld: '0.00', retained: '2000.00', released: '0.00', held: '0.00' },
    });
    expect(checkSheet(sheetOf(shifted), strict)).toMatchObject([
      { rule: 'retainage-balance', field: 'line 1, work retainage held', stops: false },
      { rule: 'retainage-balance', field: 'line 1, stored retainage held', stops: false },
    ]);
  });

  it('but not what the policy allows: billing beyond C, or less in a period', () => {
    const beyond = changed(first, 1, { scheduled: '1.00' });
    expect(checkSheet(sheetOf(beyond), { ...strict, overbilling: true })).toEqual([]);
    const less = changed(second, 1, { previous: '110000.00', thisPeriod: '-15000.00' });
    expect(named(checkSheet(sheetOf(less), strict))).toEqual(['line-sign at line 1, E']);
    expect(checkSheet(sheetOf(less), { ...strict, reductions: true })).toEqual([]);
  });
});

describe('against the application before', () => {
  it.each([false, true])('D carries on, with stored materials that move by themselves: %s', (movesStored) => {
    const [one, two] = wall(movesStored).map(sheetOf) as [Sheet, Sheet];
    expect(two.lines[0]!.previous.minor).toBe(movesStored ? k(70) : k(50));
    expect(checkAgainstPrevious(two, one, movesStored)).toEqual([]);
    expect(checkAgainstPrevious(one, emptySheet('USD'), movesStored)).toEqual([]);
  });

  it('stored materials are never moved and entered by hand both', () => {
    const [one, two] = wall(true).map(sheetOf) as [Sheet, Sheet];
    const findings = checkAgainstPrevious(two, one, false);
    expect(findings).toMatchObject([{ field: 'line 1, D', value: 'USD 70,000.00', stops: true }]);
  });

  it('a part of what was stored may move: that is shown and stops nothing', () => {
    const part = changed(wall(true)[1]!, 1, { previous: '60000.00', stored: '10000.00' });
    const findings = checkAgainstPrevious(sheetOf(part), sheetOf(first), true);
    expect(findings).toMatchObject([{ field: 'line 1, D', stops: false }]);
  });

  it('line 7 may be less than line 6 before, where the architect cut it, and never more', () => {
    const cut = checkAgainstPrevious(
      sheetOf({ ...second, previouslyCertified: '60000.00', currentDue: '30000.00' }),
      sheetOf(first),
      false,
    );
    expect(cut).toMatchObject([{ rule: 'previous-certificate', stops: false }]);
    expect(cut[0]!.message).toContain('USD 3,000.00 of it was cut');
    const more = { ...second, previouslyCertified: '63000.01' };
    expect(checkAgainstPrevious(sheetOf(more), sheetOf(first), false)).toMatchObject([
      { rule: 'previous-certificate', value: 'USD 63,000.01', stops: true },
    ]);
  });

  it('retainage does not vanish between two applications without a release', () => {
    const lost = changed(second, 1, { workRetainage: noRetainage, storedRetainage: noRetainage });
    expect(named(checkAgainstPrevious(sheetOf(lost), sheetOf(first), false))).toEqual([
      'previous-retainage at line 1, retainage held before',
    ]);
  });

  it('a line that was billed does not disappear', () => {
    const findings = checkAgainstPrevious(sheetOf({ ...second, lines: [] }), sheetOf(first), false);
    expect(findings[0]).toMatchObject({ field: 'line 1 of application 1, G', value: 'USD 70,000.00' });
  });

  it('of a contract that was taken over, what was billed before bounds D, line 7 and retainage', () => {
    const opening = (gross: string, held: string) =>
      billedBy([{ line: 'contract:1', gross, workRetainage: held, storedRetainage: '0.00' }], 'USD');
    expect(checkAgainstOpening(sheetOf(second), opening('70000.00', '7000.00'))).toEqual([]);
    expect(named(checkAgainstOpening(sheetOf(second), opening('49999.99', '0.00')))).toEqual([
      'previous-work at line 1, D',
      'previous-retainage at all lines, retainage held before',
      'previous-certificate at certificate, line 7',
    ]);
  });
});
