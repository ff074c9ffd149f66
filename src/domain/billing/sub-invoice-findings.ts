import type { Reason } from '../reasons.ts';
import { type Money, moneyWords } from '../values/money.ts';

/** What has to hold on a pay application, by short name. G, C and the like are columns and lines of its forms. */
export type SheetRule =
  | 'readable'
  | 'line-once'
  | 'line-sum'
  | 'line-sign'
  | 'line-range'
  | 'retainage-balance'
  | 'retainage-range'
  | 'total-sign'
  | 'certificate'
  | 'previous-work'
  | 'previous-retainage'
  | 'previous-certificate';

/** One disagreement between what the source states and what follows from its other figures. */
export type SheetFinding = {
  readonly rule: SheetRule;
  /** `line 3, G` or `certificate, line 6`. */
  readonly field: string;
  /** What the source states there, as it is shown to people. */
  readonly value: string;
  readonly message: string;
  readonly remedy: string;
  /** False where the figures are unusual but lawful: shown, and in nobody's way. */
  readonly stops: boolean;
};

const REMEDY = 'Correct the invoice in Procore; it is looked at again by itself.';

/** Where two amounts have to be the same and are not. */
export function unequal(
  rule: SheetRule,
  field: string,
  stated: Money,
  expected: Money,
  why: string,
): readonly SheetFinding[] {
  if (stated.minor === expected.minor) return [];
  return [broken(rule, field, stated, `${why} gives ${moneyWords(expected)}`)];
}

/** Where an amount is out of what it may be. */
export function broken(rule: SheetRule, field: string, stated: Money, why: string): SheetFinding {
  const value = moneyWords(stated);
  return { rule, field, value, message: `${field} says ${value}; ${why}.`, remedy: REMEDY, stops: true };
}

export function unreadable(field: string, value: string, why: string): SheetFinding {
  return { rule: 'readable', field, value, message: `${field}: ${why}.`, remedy: REMEDY, stops: true };
}

export function asReason({ field, message, remedy }: SheetFinding): Reason {
  return { code: 'amounts-disagree', owner: 'project-manager', field, message, remedy };
}
