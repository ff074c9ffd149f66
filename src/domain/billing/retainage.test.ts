import { describe, expect, it } from 'vitest';
import { money } from '../values/money.ts';
import { checkRetainage, releasedOn } from './retainage.ts';
import type { RetainageColumns, SheetLine } from './sub-invoice-sheet.ts';

const usd = (minor: bigint) => money(minor, 'USD');

/** Retainage before, of this period and released; what is held follows. */
const retainage = (before: bigint, retained: bigint, released: bigint): RetainageColumns => ({
  previouslyHeld: usd(before),
  retained: usd(retained),
  released: usd(released),
  held: usd(before + retained - released),
});

function line(sign: 1n | -1n, work: RetainageColumns, storedMaterials = retainage(0n, 0n, 0n)): SheetLine {
  const billed = usd(sign * 1_000n);
  return {
    key: 'contract:1',
    bills: 'contract',
    billedLineId: '1',
    name: 'line 1',
    position: 1,
    scheduled: usd(sign * 2_000n),
    previous: usd(0n),
    thisPeriod: billed,
    stored: usd(0n),
    toDate: billed,
    work,
    storedMaterials,
  };
}

const fields = (of: SheetLine) => checkRetainage(of).map(({ field }) => field);

describe.each([1n, -1n] as const)('retainage of a line that goes in the direction %s', (sign) => {
  it('is sound from nothing to its full release', () => {
    expect(fields(line(sign, retainage(0n, sign * 100n, 0n)))).toEqual([]);
    expect(fields(line(sign, retainage(sign * 100n, 0n, sign * 100n)))).toEqual([]);
  });

  it.each([
    ['held before', retainage(-sign * 5n, sign * 10n, 0n)],
    ['of this period', retainage(sign * 10n, -sign * 5n, 0n)],
    ['released', retainage(sign * 10n, 0n, -sign * 5n)],
    ['held', retainage(sign * 10n, 0n, sign * 11n)],
  ])('is on its own side in what is %s', (column, of) => {
    expect(fields(line(sign, of))).toEqual([`line 1, work retainage ${column}`]);
  });

  it.each([
    ['nothing, where work takes it all up', 30n, 30n, 0n],
    ['nothing, where work takes more up', 40n, 30n, 0n],
    ['what work does not take up', 10n, 30n, 20n],
    ['all, where work takes nothing up', 0n, 30n, 30n],
    ['all, where work gives up as well', -10n, 30n, 30n],
    ['nothing, where nothing is given up', 10n, 0n, 0n],
  ])('pays out of stored materials %s', (_, takenUp, givenUp, paid) => {
    const stored = retainage(sign * 50n, 0n, sign * givenUp);
    const released = releasedOn(line(sign, retainage(sign * 50n, sign * takenUp, sign * 7n), stored));
    expect(released).toEqual({ work: usd(sign * 7n), stored: usd(sign * paid) });
  });
});
