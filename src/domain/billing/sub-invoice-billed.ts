import type { BilledMove } from '../documents.ts';
import { add, type Money, money, parseMoney, subtract, sum } from '../values/money.ts';
import { linesByKey, type Sheet, total } from './sub-invoice-sheet.ts';

/** Where the billing of one line of a commitment stands: cumulative, gross, with the retainage held on it. */
export type BilledLine = { readonly gross: Money; readonly work: Money; readonly stored: Money };

/** Where the billing of a commitment stands, by `billedKey`. */
export type Billed = ReadonlyMap<string, BilledLine>;

/** Adds up what documents moved, from nothing or from an opening balance, whichever order they come in. */
export function billedBy(moves: Iterable<BilledMove>, currency: string): Billed {
  const billed = new Map<string, BilledLine>();
  const read = (text: string) => parseMoney(text, currency);
  for (const move of moves) {
    const { gross, work, stored } = billedOn(billed, move.line, currency);
    billed.set(move.line, {
      gross: add(gross, read(move.gross)),
      work: add(work, read(move.workRetainage)),
      stored: add(stored, read(move.storedRetainage)),
    });
  }
  return billed;
}

/** Where billing stands by a pay application itself: its cumulative columns, details of a line added up. */
export function billedIn({ lines, currency }: Sheet): Billed {
  const billed = new Map<string, BilledLine>();
  for (const [key, same] of linesByKey(lines))
    billed.set(key, {
      gross: total(same, currency, ({ toDate }) => toDate),
      work: total(same, currency, ({ work }) => work.held),
      stored: total(same, currency, ({ storedMaterials }) => storedMaterials.held),
    });
  return billed;
}

export function billedOn(billed: Billed, key: string, currency: string): BilledLine {
  const none = money(0n, currency);
  return billed.get(key) ?? { gross: none, work: none, stored: none };
}

/** Retainage of all lines: it stands on one account of the ERP, which knows of no lines. */
export function heldIn(billed: Billed, currency: string): Money {
  return sum(
    [...billed.values()].map(({ work, stored }) => add(work, stored)),
    currency,
  );
}

/** Gross less retainage, of all lines: what became payable so far. */
export function payableIn(billed: Billed, currency: string): Money {
  const gross = sum(
    [...billed.values()].map((line) => line.gross),
    currency,
  );
  return subtract(gross, heldIn(billed, currency));
}

/** The lines whose gross differs between two standings, sorted; `retainage` where the balance held does. */
export function differences(a: Billed, b: Billed, currency: string): readonly string[] {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
  const lines = keys.filter(
    (key) => billedOn(a, key, currency).gross.minor !== billedOn(b, key, currency).gross.minor,
  );
  return heldIn(a, currency).minor === heldIn(b, currency).minor ? lines : [...lines, 'retainage'];
}
