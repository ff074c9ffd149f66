import { Decimal, wholeNumber, ZERO } from '../odata/decimal.ts';

export type Scalar = string | number | boolean | null | Decimal;
export type Value = Scalar | Row[];

/** One stored record. Keys starting with '#' are the simulator's own notes and never leave it. */
export interface Row {
  [field: string]: Value;
}

/** How much of an order line has been invoiced, in local currency. */
export const INVOICED = '#invoiced';
/** The LineNum the next new line of a document gets; numbers are not used twice. */
export const NEXT_LINE_NUM = '#nextLineNum';

export function text(row: Row, field: string): string | null {
  const value = row[field];
  return typeof value === 'string' ? value : null;
}

export function integer(row: Row, field: string): number | null {
  const value = row[field];
  return typeof value === 'number' ? value : null;
}

export function decimal(row: Row, field: string): Decimal | null {
  const value = row[field];
  if (value instanceof Decimal) return value;
  return typeof value === 'number' ? wholeNumber(value) : null;
}

export function amount(row: Row, field: string): Decimal {
  return decimal(row, field) ?? ZERO;
}

export function rows(row: Row, field: string): Row[] {
  const value = row[field];
  return Array.isArray(value) ? value : [];
}

/** Copies a record deep enough that changing the copy cannot touch what is stored. */
export function copied(row: Row): Row {
  const copy: Row = {};
  for (const [field, value] of Object.entries(row)) {
    copy[field] = Array.isArray(value) ? value.map(copied) : value;
  }
  return copy;
}

export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Decimal && b instanceof Decimal) return a.toString() === b.toString();
  return (a ?? null) === (b ?? null);
}
