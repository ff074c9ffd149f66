import { add, formatMoney, type Money, moneyWords, subtract } from '../values/money.ts';
import { along, checkRetainage, wrongSide } from './retainage.ts';
import { broken, type SheetFinding, unequal } from './sub-invoice-findings.ts';
import { type Certificate, heldOn, type Sheet, type SheetLine, total } from './sub-invoice-sheet.ts';

/** What an owner may allow beyond the usual signs and ranges. Nothing of it is allowed by itself. */
export type SheetAllows = {
  /** G beyond C. */
  readonly overbilling: boolean;
  /** Less than before: E below zero on a line that is not deductive. */
  readonly reductions: boolean;
};

/** Lines 4 to 8 of the certificate as they follow from the lines; only line 7 is a figure of its own. */
export type ComputedCertificate = Certificate & {
  /** Line 4, completed and stored to date. */
  readonly completed: Money;
  /** Line 5a. */
  readonly heldOnWork: Money;
  /** Line 5b. */
  readonly heldOnStored: Money;
};

/** Computes the certificate anew: 5 = 5a + 5b, 6 = 4 - 5, 8 = 6 - 7. */
export function certificateOf({ lines, currency, certificate }: Sheet): ComputedCertificate {
  const completed = total(lines, currency, ({ toDate }) => toDate);
  const heldOnWork = total(lines, currency, ({ work }) => work.held);
  const heldOnStored = total(lines, currency, ({ storedMaterials }) => storedMaterials.held);
  const retainageHeld = add(heldOnWork, heldOnStored);
  const earnedLessRetainage = subtract(completed, retainageHeld);
  const { previouslyCertified } = certificate;
  const currentDue = subtract(earnedLessRetainage, previouslyCertified);
  return {
    completed,
    heldOnWork,
    heldOnStored,
    retainageHeld,
    earnedLessRetainage,
    previouslyCertified,
    currentDue,
  };
}

/** Everything in one pay application, looked at by itself, that does not agree with the rest of it. */
export function checkSheet(sheet: Sheet, allows: SheetAllows): readonly SheetFinding[] {
  return [
    ...sheet.lines.flatMap((line) => checkLine(line, allows)),
    ...checkOnce(sheet.lines),
    ...checkTotals(sheet),
    ...checkCertificate(sheet),
  ];
}

function checkLine(line: SheetLine, allows: SheetAllows): readonly SheetFinding[] {
  const { name, previous, thisPeriod, stored, toDate, scheduled } = line;
  const worked = add(add(previous, thisPeriod), stored);
  const findings = [...unequal('line-sum', `${name}, G`, toDate, worked, 'D + E + F')];
  const wrongSign = (column: string, amount: Money) => {
    if (along(line, amount) < 0n)
      findings.push(broken('line-sign', `${name}, ${column}`, amount, wrongSide(line)));
  };
  wrongSign('D', previous);
  if (!allows.reductions) wrongSign('E', thisPeriod);
  wrongSign('F', stored);
  wrongSign('G', toDate);
  if (!allows.overbilling && along(line, subtract(scheduled, toDate)) < 0n) {
    const why =
      scheduled.minor === 0n ? 'nothing is scheduled on this line' : `C is only ${moneyWords(scheduled)}`;
    findings.push(broken('line-range', `${name}, G`, toDate, why));
  }
  return [...findings, ...checkRetainage(line)];
}

/** Only the details of one line may share it: anything else listed twice would be paid twice. */
function checkOnce(lines: readonly SheetLine[]): readonly SheetFinding[] {
  const first = new Map<string, SheetLine>();
  const findings: SheetFinding[] = [];
  for (const line of lines) {
    const other = first.get(line.key);
    if (other === undefined) first.set(line.key, line);
    else if (line.bills !== 'contract-detail' || other.bills !== 'contract-detail')
      findings.push(
        broken('line-once', `${line.name}, G`, line.toDate, `${other.name} bills the same line already`),
      );
  }
  return findings;
}

/** Single lines may be deductive; a contract as a whole may not. */
function checkTotals({ lines, currency }: Sheet): readonly SheetFinding[] {
  const sums: readonly (readonly [string, Money])[] = [
    ['all lines, C', total(lines, currency, ({ scheduled }) => scheduled)],
    ['certificate, line 4', total(lines, currency, ({ toDate }) => toDate)],
    ['certificate, line 5', total(lines, currency, heldOn)],
  ];
  return sums
    .filter(([, amount]) => amount.minor < 0n)
    .map(([field, amount]) => broken('total-sign', field, amount, 'a contract as a whole is not below zero'));
}

function checkCertificate(sheet: Sheet): readonly SheetFinding[] {
  const stated = sheet.certificate;
  const own = certificateOf(sheet);
  // Line 8 is measured from the stated line 6, so that one wrong figure is not reported twice.
  const due = subtract(stated.earnedLessRetainage, stated.previouslyCertified);
  const field = (number: number) => `certificate, line ${number}`;
  const held = `retainage on work + on stored materials (${formatMoney(own.heldOnWork)} + ${formatMoney(own.heldOnStored)})`;
  return [
    ...unequal('certificate', field(5), stated.retainageHeld, own.retainageHeld, held),
    ...unequal(
      'certificate',
      field(6),
      stated.earnedLessRetainage,
      own.earnedLessRetainage,
      'line 4 - line 5',
    ),
    ...unequal('certificate', field(8), stated.currentDue, due, 'line 6 - line 7'),
  ];
}
