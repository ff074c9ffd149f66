import type { DecimalText, LineRetainage, PayApplication, SubInvoiceLine } from '../records.ts';
import { add, type Money, money, parseMoney, sum } from '../values/money.ts';
import { type SheetFinding, unreadable } from './sub-invoice-findings.ts';

/** Retainage of one kind on one line, as amounts. */
export type RetainageColumns = { readonly [column in keyof LineRetainage]: Money };

/** One line of the continuation sheet (G703), as amounts of one currency. */
export type SheetLine = {
  /** What it bills; the details of one line of a commitment share it. */
  readonly key: string;
  readonly bills: SubInvoiceLine['bills'];
  readonly billedLineId: string;
  /** `line 3`, as findings name it. */
  readonly name: string;
  readonly position: number;
  readonly scheduled: Money;
  readonly previous: Money;
  readonly thisPeriod: Money;
  readonly stored: Money;
  readonly toDate: Money;
  readonly work: RetainageColumns;
  readonly storedMaterials: RetainageColumns;
};

/** Lines 5 to 8 of the certificate (G702). */
export type Certificate = {
  readonly retainageHeld: Money;
  readonly earnedLessRetainage: Money;
  readonly previouslyCertified: Money;
  readonly currentDue: Money;
};

/** A pay application whose every amount could be read. */
export type Sheet = {
  readonly application: number;
  readonly currency: string;
  readonly lines: readonly SheetLine[];
  readonly certificate: Certificate;
};

/** The key under which all that bills one line of a commitment, or of a change order of it, is added up. */
export function billedKey(bills: SubInvoiceLine['bills'], lineId: string): string {
  return `${bills === 'change-order' ? 'change-order' : 'contract'}:${lineId}`;
}

/** Reads every amount of a pay application, or names each one that is no amount of its currency. */
export function readSheet(
  record: PayApplication,
): { readonly sheet: Sheet } | { readonly unreadable: readonly SheetFinding[] } {
  const findings: SheetFinding[] = [];
  const read = (field: string, text: DecimalText): Money => {
    try {
      return parseMoney(text, record.currency);
    } catch (error) {
      findings.push(unreadable(field, text, error instanceof Error ? error.message : 'not an amount'));
      return { minor: 0n, currency: record.currency };
    }
  };
  const lines = record.lines.map((line) => sheetLine(line, read)).sort(byPlace);
  const certificate = {
    retainageHeld: read('certificate, line 5', record.retainageHeld),
    earnedLessRetainage: read('certificate, line 6', record.earnedLessRetainage),
    previouslyCertified: read('certificate, line 7', record.previouslyCertified),
    currentDue: read('certificate, line 8', record.currentDue),
  };
  const { application, currency } = record;
  return findings.length > 0
    ? { unreadable: findings }
    : { sheet: { application, currency, lines, certificate } };
}

function sheetLine(line: SubInvoiceLine, read: (field: string, text: DecimalText) => Money): SheetLine {
  const name = `line ${line.position}`;
  const retainage = (kind: string, of: LineRetainage): RetainageColumns => ({
    previouslyHeld: read(`${name}, ${kind} retainage held before`, of.previouslyHeld),
    retained: read(`${name}, ${kind} retainage of this period`, of.retained),
    released: read(`${name}, ${kind} retainage released`, of.released),
    held: read(`${name}, ${kind} retainage held`, of.held),
  });
  return {
    key: billedKey(line.bills, line.billedLineId),
    bills: line.bills,
    billedLineId: line.billedLineId,
    name,
    position: line.position,
    scheduled: read(`${name}, C`, line.scheduled),
    previous: read(`${name}, D`, line.previous),
    thisPeriod: read(`${name}, E`, line.thisPeriod),
    stored: read(`${name}, F`, line.stored),
    toDate: read(`${name}, G`, line.toDate),
    work: retainage('work', line.workRetainage),
    storedMaterials: retainage('stored', line.storedRetainage),
  };
}

/** The order in which the source happens to list its lines means nothing. */
function byPlace(a: SheetLine, b: SheetLine): number {
  if (a.position !== b.position) return a.position - b.position;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** A column, or any amount of a line, summed over lines. */
export function total(
  lines: readonly SheetLine[],
  currency: string,
  amount: (line: SheetLine) => Money,
): Money {
  return sum(lines.map(amount), currency);
}

/** Retainage of both kinds held on a line after this application (its part of line 5). */
export function heldOn(line: SheetLine): Money {
  return add(line.work.held, line.storedMaterials.held);
}

/** The lines that bill one thing, under its key and in the order of the sheet. */
export function linesByKey(lines: readonly SheetLine[]): ReadonlyMap<string, readonly SheetLine[]> {
  return Map.groupBy(lines, ({ key }) => key);
}

/** Stands for the application before the first: nothing was billed. */
export function emptySheet(currency: string): Sheet {
  const none = money(0n, currency);
  return {
    application: 0,
    currency,
    lines: [],
    certificate: {
      retainageHeld: none,
      earnedLessRetainage: none,
      previouslyCertified: none,
      currentDue: none,
    },
  };
}
