import type { BilledMove } from '../documents.ts';
import { add, formatMoney, type Money, money, negate, subtract, sum } from '../values/money.ts';
import { along, releasedOn } from './retainage.ts';
import { type Billed, billedIn, billedOn } from './sub-invoice-billed.ts';
import { linesByKey, type Sheet, type SheetLine, total } from './sub-invoice-sheet.ts';

/** What one pay application moves on one line, in the source's currency. */
export type LineDelta = {
  readonly key: string;
  /** The first line of the sheet that bills it; null where the sheet no longer has one. */
  readonly line: SheetLine | null;
  /** G now less G of all that was posted: the gross of the period, whatever the columns of the period say. */
  readonly gross: Money;
  /** G now. */
  readonly toDate: Money;
  /** More retainage held than before, releases not counted. Material that is installed shifts it from stored to work. */
  readonly withheld: { readonly work: Money; readonly stored: Money };
  readonly released: { readonly work: Money; readonly stored: Money };
  /** Whether less is billed than was posted: against the direction of the line. */
  readonly reduced: boolean;
};

/**
 * What an application moves from where billing stands to where it says it stands. Balances decide; of the period's
 * columns only the release is taken, because a balance does not say whether it fell by one.
 */
export function deltasOf(sheet: Sheet, before: Billed): readonly LineDelta[] {
  const now = billedIn(sheet);
  const sheetLines = linesByKey(sheet.lines);
  const gone = [...before.keys()].filter((key) => !now.has(key)).sort();
  const deltas = [...now.keys(), ...gone].map((key) =>
    deltaOf(key, sheetLines.get(key) ?? [], billedOn(before, key, sheet.currency), sheet.currency),
  );
  return releasedWithoutWork(deltas, sheet.currency);
}

/** Where no work is billed, what the ERP holds beyond the source was released before, and is still to be paid out. */
function releasedWithoutWork(deltas: readonly LineDelta[], currency: string): readonly LineDelta[] {
  const billsWork = deltas.some(({ gross }) => gross.minor !== 0n);
  if (billsWork || withheldOf(deltas, currency).minor >= 0n) return deltas;
  const none = money(0n, currency);
  return deltas.map((delta) => ({
    ...delta,
    withheld: { work: none, stored: none },
    released: {
      work: subtract(delta.released.work, delta.withheld.work),
      stored: subtract(delta.released.stored, delta.withheld.stored),
    },
  }));
}

function deltaOf(
  key: string,
  lines: readonly SheetLine[],
  before: { readonly gross: Money; readonly work: Money; readonly stored: Money },
  currency: string,
): LineDelta {
  const of = (amount: (line: SheetLine) => Money) => total(lines, currency, amount);
  const toDate = of((line) => line.toDate);
  const gross = subtract(toDate, before.gross);
  const released = {
    work: of((line) => releasedOn(line).work),
    stored: of((line) => releasedOn(line).stored),
  };
  const heldWork = of(({ work }) => work.held);
  const heldStored = of(({ storedMaterials }) => storedMaterials.held);
  // A line that is gone went the way that its billing went.
  const direction = lines.length === 0 ? before.gross : of(({ scheduled }) => scheduled);
  return {
    key,
    line: lines[0] ?? null,
    gross,
    toDate,
    withheld: {
      work: add(subtract(heldWork, before.work), released.work),
      stored: add(subtract(heldStored, before.stored), released.stored),
    },
    released,
    reduced: along({ scheduled: direction }, gross) < 0n,
  };
}

/** What the progress invoice of these deltas moves: all but the releases. Lines that do not move are left out. */
export function progressMoves(deltas: readonly LineDelta[]): readonly BilledMove[] {
  return moves(deltas.map(({ key, gross, withheld }) => ({ key, gross, ...withheld })));
}

/** What the release invoice moves: retainage only, downwards by what is released. */
export function releaseMoves(deltas: readonly LineDelta[]): readonly BilledMove[] {
  return moves(
    deltas.map(({ key, gross, released }) => ({
      key,
      gross: money(0n, gross.currency),
      work: negate(released.work),
      stored: negate(released.stored),
    })),
  );
}

export function grossOf(deltas: readonly LineDelta[], currency: string): Money {
  return sum(
    deltas.map(({ gross }) => gross),
    currency,
  );
}

export function withheldOf(deltas: readonly LineDelta[], currency: string): Money {
  return sum(
    deltas.map(({ withheld }) => add(withheld.work, withheld.stored)),
    currency,
  );
}

export function releasedOf(deltas: readonly LineDelta[], currency: string): Money {
  return sum(
    deltas.map(({ released }) => add(released.work, released.stored)),
    currency,
  );
}

type LineMove = { readonly key: string; readonly gross: Money; readonly work: Money; readonly stored: Money };

function moves(lines: readonly LineMove[]): readonly BilledMove[] {
  return lines
    .filter(({ gross, work, stored }) => gross.minor !== 0n || work.minor !== 0n || stored.minor !== 0n)
    .map(({ key, gross, work, stored }) => ({
      line: key,
      gross: formatMoney(gross),
      workRetainage: formatMoney(work),
      storedRetainage: formatMoney(stored),
    }));
}
