import { add, type Money, money, subtract } from '../values/money.ts';
import { broken, type SheetFinding, unequal } from './sub-invoice-findings.ts';
import { heldOn, type RetainageColumns, type SheetLine } from './sub-invoice-sheet.ts';

const KINDS = [
  ['work', ({ work }: SheetLine) => work],
  ['stored', ({ storedMaterials }: SheetLine) => storedMaterials],
] as const;

/**
 * What must hold for the retainage of a line: it carries its balance on, never releases more than is held, and
 * never holds more than was earned. On a deductive line all of this holds with the signs turned.
 */
export function checkRetainage(line: SheetLine): readonly SheetFinding[] {
  const findings = [
    ...checkBalance(line),
    ...KINDS.flatMap(([kind, columns]) => checkSigns(line, kind, columns(line))),
  ];
  const held = heldOn(line);
  if (along(line, held) > 0n && along(line, subtract(line.toDate, held)) < 0n)
    findings.push(broken('retainage-range', `${line.name}, retainage held`, held, 'more than was earned'));
  return findings;
}

/** Both kinds together have to balance. What only shifts between them went with material that was installed. */
function checkBalance(line: SheetLine): readonly SheetFinding[] {
  const expected = (of: RetainageColumns) => subtract(add(of.previouslyHeld, of.retained), of.released);
  const both = add(expected(line.work), expected(line.storedMaterials));
  const isShift = both.minor === heldOn(line).minor;
  const why = 'held before + of this period - released';
  return KINDS.flatMap(([kind, columns]) => {
    const field = `${line.name}, ${kind} retainage held`;
    return unequal('retainage-balance', field, columns(line).held, expected(columns(line)), why);
  }).map((finding) => ({ ...finding, stops: !isShift }));
}

function checkSigns(line: SheetLine, kind: string, of: RetainageColumns): readonly SheetFinding[] {
  const findings: SheetFinding[] = [];
  const check = (column: string, amount: Money, why = wrongSide(line)) => {
    if (along(line, amount) < 0n)
      findings.push(broken('retainage-range', `${line.name}, ${kind} retainage ${column}`, amount, why));
  };
  check('held before', of.previouslyHeld);
  check('of this period', of.retained);
  check('released', of.released);
  const isReleased = along(line, of.released) > 0n;
  check('held', of.held, isReleased ? 'more is released than is held' : undefined);
  return findings;
}

/**
 * What a line pays out. Retainage on stored materials that is taken up again on work in the same period is not paid
 * out: it follows the material that was installed.
 */
export function releasedOn(line: SheetLine): { readonly work: Money; readonly stored: Money } {
  const { work, storedMaterials } = line;
  const letGo = along(line, storedMaterials.released);
  const takenUp = along(line, work.retained);
  const followed = letGo < 0n || takenUp < 0n ? 0n : letGo < takenUp ? letGo : takenUp;
  const shift = money(along(line, money(followed, work.held.currency)), work.held.currency);
  return { work: work.released, stored: subtract(storedMaterials.released, shift) };
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
