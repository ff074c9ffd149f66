import { add, type Money, subtract } from './money.ts';
import { broken, type SheetFinding, unequal } from './sub-invoice-findings.ts';
import { heldOn, type RetainageColumns, type SheetLine } from './sub-invoice-sheet.ts';

/**
 * What must hold for the retainage of a line: it carries its balance on, never releases more than is held, and
 * never holds more than was earned. On a deductive line all of this holds with the signs turned.
 */
export function checkRetainage(line: SheetLine): readonly SheetFinding[] {
  const findings = [
    ...checkKind(line, 'work', line.work),
    ...checkKind(line, 'stored', line.storedMaterials),
  ];
  const held = heldOn(line);
  if (along(line, held) > 0n && along(line, subtract(line.toDate, held)) < 0n)
    findings.push(broken('retainage-range', `${line.name}, retainage held`, held, 'more than was earned'));
  return findings;
}

function checkKind(line: SheetLine, kind: string, of: RetainageColumns): SheetFinding[] {
  const field = (column: string) => `${line.name}, ${kind} retainage ${column}`;
  const available = add(of.previouslyHeld, of.retained);
  const findings = [
    ...unequal(
      'retainage-balance',
      field('held'),
      of.held,
      subtract(available, of.released),
      'held before + of this period - released',
    ),
  ];
  const wrongSign = (column: string, amount: Money) => {
    if (along(line, amount) < 0n)
      findings.push(broken('retainage-range', field(column), amount, wrongSide(line)));
  };
  wrongSign('held before', of.previouslyHeld);
  wrongSign('of this period', of.retained);
  wrongSign('released', of.released);
  if (along(line, available) >= 0n && along(line, subtract(available, of.released)) < 0n)
    findings.push(broken('retainage-range', field('released'), of.released, 'more than is held'));
  return findings;
}

/** An amount as seen in the direction of its line: positive where it goes the way of the scheduled value. */
export function along(line: Pick<SheetLine, 'scheduled'>, amount: Money): bigint {
  return line.scheduled.minor < 0n ? -amount.minor : amount.minor;
}

export function wrongSide(line: Pick<SheetLine, 'scheduled'>): string {
  return line.scheduled.minor < 0n
    ? 'a deductive line (C below zero) has nothing above zero here'
    : 'a line with C at or above zero has nothing below zero here';
}
