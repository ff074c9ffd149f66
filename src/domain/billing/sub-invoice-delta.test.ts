import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BilledMove } from '../documents.ts';
import type { SubInvoiceRecord } from '../records.ts';
import { applicationHistories } from '../testing/pay-application-histories.ts';
import { payApplications } from '../testing/pay-applications.ts';
import { checkSheet } from './sub-invoice.ts';
import { type Billed, billedBy, billedIn, differences, heldIn } from './sub-invoice-billed.ts';
import {
  deltasOf,
  grossOf,
  type LineDelta,
  progressMoves,
  releasedOf,
  releaseMoves,
  withheldOf,
} from './sub-invoice-delta.ts';
import { checkAgainstPrevious } from './sub-invoice-previous.ts';
import { emptySheet, readSheet, type Sheet } from './sub-invoice-sheet.ts';

const k = (thousands: number) => BigInt(thousands) * 100_000n;
const nothingBilled: Billed = new Map();
const allMoves = (deltas: readonly LineDelta[]): BilledMove[] => [
  ...progressMoves(deltas),
  ...releaseMoves(deltas),
];

function sheetOf(record: SubInvoiceRecord): Sheet {
  const read = readSheet(record);
  if (!('sheet' in read)) throw new Error(read.unreadable[0]!.message);
  return read.sheet;
}

describe('what an application bills', () => {
  it.each([false, true])(
    'is G now less G before, whatever the columns say; stored materials move by themselves: %s',
    (movesStored) => {
      const [one, two] = payApplications(
        [{ id: '1', scheduled: k(200) }],
        [
          { '1': { worked: k(50), delivered: k(20), retainedOnWork: k(5), retainedOnStored: k(2) } },
          { '1': { worked: k(30), installed: k(15), retainedOnWork: k(3) } },
        ],
        movesStored,
      ).map(sheetOf) as [Sheet, Sheet];
      const before = billedBy(allMoves(deltasOf(one, nothingBilled)), 'USD');
      const [delta] = deltasOf(two, before);
      expect(delta).toMatchObject({ gross: { minor: k(30) }, toDate: { minor: k(100) }, reduced: false });
      // Retainage of installed material shifts from stored to work; only the 3,000 are withheld anew.
      expect(withheldOf([delta!], 'USD').minor).toBe(k(3));
      expect(delta!.withheld.stored.minor).toBe(movesStored ? -k(2) : 0n);
    },
  );

  it('releases nothing where retainage goes with material from stored to work by hand', () => {
    const [, two] = payApplications(
      [{ id: '1', scheduled: k(200) }],
      [
        { '1': { delivered: k(20), retainedOnStored: k(2) } },
        { '1': { installed: k(15), worked: k(10), retainedOnWork: k(2), releasedOnStored: k(3) / 2n } },
      ],
    );
    const before = billedBy(
      [{ line: 'contract:1', gross: '20000.00', workRetainage: '0.00', storedRetainage: '2000.00' }],
      'USD',
    );
    const deltas = deltasOf(sheetOf(two!), before);
    expect(releaseMoves(deltas)).toEqual([]);
    expect(progressMoves(deltas)).toEqual([
      { line: 'contract:1', gross: '10000.00', workRetainage: '2000.00', storedRetainage: '-1500.00' },
    ]);
  });

  it('adds up the details of one line', () => {
    const [one] = payApplications([{ id: '1', scheduled: k(100) }], [{ '1': { worked: k(10) } }]);
    const line = { ...one!.lines[0]!, bills: 'contract-detail' as const };
    const sheet = sheetOf({ ...one!, lines: [line, { ...line, position: 2 }] });
    expect(progressMoves(deltasOf(sheet, nothingBilled))).toEqual([
      { line: 'contract:1', gross: '20000.00', workRetainage: '0.00', storedRetainage: '0.00' },
    ]);
  });

  it.each([
    [k(100), -k(10)],
    [-k(100), k(10)],
  ])(
    'takes back, and calls reduced, what was billed on a line of %s that was taken out',
    (scheduled, back) => {
      const [one] = payApplications([{ id: '1', scheduled }], [{ '1': { worked: k(10) } }]);
      const before = billedBy(allMoves(deltasOf(sheetOf(one!), nothingBilled)), 'USD');
      const gone = deltasOf(sheetOf({ ...one!, lines: [] }), before);
      expect(gone).toMatchObject([{ key: 'contract:1', line: null, gross: { minor: back }, reduced: true }]);
    },
  );

  it('goes down on a deductive line without being reduced', () => {
    const [one] = payApplications([{ id: '1', scheduled: -k(10) }], [{ '1': { worked: k(4) } }]);
    expect(deltasOf(sheetOf(one!), nothingBilled)).toMatchObject([
      { gross: { minor: -k(4) }, reduced: false },
    ]);
  });
});

describe('over any course of a contract', () => {
  it('what was billed adds up to the last cumulative figures, and withheld less released to what is held', () => {
    fc.assert(
      fc.property(applicationHistories, (records) => {
        const moves: BilledMove[] = [];
        let withheld = 0n;
        let released = 0n;
        let gross = 0n;
        for (const sheet of records.map(sheetOf)) {
          const deltas = deltasOf(sheet, billedBy(moves, 'USD'));
          moves.push(...allMoves(deltas));
          gross += grossOf(deltas, 'USD').minor;
          withheld += withheldOf(deltas, 'USD').minor;
          released += releasedOf(deltas, 'USD').minor;
          const standing = billedBy(moves, 'USD');
          expect(differences(standing, billedIn(sheet), 'USD')).toEqual([]);
          expect(heldIn(standing, 'USD').minor).toBe(withheld - released);
        }
        const last = sheetOf(records.at(-1)!).certificate;
        expect(gross - withheld + released).toBe(last.earnedLessRetainage.minor);
        expect(withheld - released).toBe(last.retainageHeld.minor);
      }),
    );
  });

  it('a release never exceeds what is held on its line', () => {
    fc.assert(
      fc.property(applicationHistories, (records) => {
        const moves: BilledMove[] = [];
        for (const sheet of records.map(sheetOf)) {
          moves.push(...allMoves(deltasOf(sheet, billedBy(moves, 'USD'))));
          for (const [key, { work, stored }] of billedBy(moves, 'USD')) {
            const sign = key.startsWith('change-order') ? -1n : 1n;
            expect(sign * work.minor >= 0n && sign * stored.minor >= 0n).toBe(true);
          }
        }
      }),
    );
  });

  it('nothing is found wrong, unless the deductive line outweighs the others', () => {
    fc.assert(
      fc.property(applicationHistories, (records) => {
        let previous = emptySheet('USD');
        for (const record of records) {
          const sheet = sheetOf(record);
          const findings = [
            ...checkSheet(sheet, { overbilling: true, reductions: false }),
            ...checkAgainstPrevious(sheet, previous, record.movesStoredMaterials),
          ];
          expect(findings.filter(({ rule }) => rule !== 'total-sign')).toEqual([]);
          previous = sheet;
        }
      }),
    );
  });

  it('the order in which lines are listed changes nothing', () => {
    fc.assert(
      fc.property(applicationHistories, fc.infiniteStream(fc.nat()), (records, places) => {
        for (const record of records) {
          const shuffled = record.lines
            .map((line) => ({ line, place: places.next().value as number }))
            .sort((a, b) => a.place - b.place)
            .map(({ line }) => line);
          expect(deltasOf(sheetOf({ ...record, lines: shuffled }), nothingBilled)).toEqual(
            deltasOf(sheetOf(record), nothingBilled),
          );
        }
      }),
    );
  });
});
