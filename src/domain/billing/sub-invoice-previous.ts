import { add, type Money, money, moneyWords } from '../values/money.ts';
import { along } from './retainage.ts';
import { type Billed, billedOn, heldIn, payableIn } from './sub-invoice-billed.ts';
import { broken, type SheetFinding, unequal } from './sub-invoice-findings.ts';
import { heldOn, linesByKey, type Sheet, type SheetLine, total } from './sub-invoice-sheet.ts';

/**
 * Compares a pay application with the one before it. Lines are compared by what they bill, details added up. Where
 * `movesStored`, what was stored before moves into D by itself; otherwise it is installed by hand in E. Never both.
 */
export function checkAgainstPrevious(
  sheet: Sheet,
  previous: Sheet,
  movesStored: boolean,
): readonly SheetFinding[] {
  const now = linesByKey(sheet.lines);
  const before = linesByKey(previous.lines);
  const findings = [...now].flatMap(([key, lines]) =>
    checkLines(lines, before.get(key) ?? [], sheet.currency, movesStored),
  );
  for (const [key, lines] of before) {
    const billed = total(lines, sheet.currency, ({ toDate }) => toDate);
    if (!now.has(key) && billed.minor !== 0n)
      findings.push(
        broken(
          'previous-work',
          `${lines[0]!.name} of application ${previous.application}, G`,
          billed,
          'it is missing now',
        ),
      );
  }
  return [
    ...findings,
    ...checkCertifiedBefore(sheet.certificate.previouslyCertified, previous.certificate.earnedLessRetainage),
  ];
}

function checkLines(
  now: readonly SheetLine[],
  before: readonly SheetLine[],
  currency: string,
  movesStored: boolean,
): readonly SheetFinding[] {
  const name = now[0]!.name;
  const of = (lines: readonly SheetLine[], amount: (line: SheetLine) => Money) =>
    total(lines, currency, amount);
  const stated = of(now, ({ previous }) => previous);
  const worked = of(before, ({ previous, thisPeriod }) => add(previous, thisPeriod));
  const stored = of(before, (line) => line.stored);
  return [
    ...(movesStored
      ? checkMoved(name, stated, worked, stored)
      : unequal('previous-work', `${name}, D`, stated, worked, 'D + E of the application before')),
    // Of both kinds together: retainage follows material that moves from stored to installed.
    ...unequal(
      'previous-retainage',
      `${name}, retainage held before`,
      of(now, heldBefore),
      of(before, heldOn),
      'what the application before held',
    ),
  ];
}

/** All of what was stored moves. A part of it is shown only: G and what it bills are the same either way. */
function checkMoved(name: string, stated: Money, worked: Money, stored: Money): readonly SheetFinding[] {
  const why = 'D + E of the application before, and what it had stored,';
  const findings = unequal('previous-work', `${name}, D`, stated, add(worked, stored), why);
  const moved = stated.minor - worked.minor;
  const isPart =
    stored.minor < 0n ? moved >= stored.minor && moved <= 0n : moved >= 0n && moved <= stored.minor;
  return findings.map((finding) => ({ ...finding, stops: !isPart }));
}

/** Compares a pay application with what was taken over before it, of which no sheet is known. */
export function checkAgainstOpening(sheet: Sheet, before: Billed): readonly SheetFinding[] {
  const { lines, currency, certificate } = sheet;
  const why = 'what was billed before';
  const findings = [...linesByKey(lines)].flatMap(([key, same]) => {
    const stated = total(same, currency, ({ previous }) => previous);
    const { gross } = billedOn(before, key, currency);
    const beyond = along({ scheduled: gross }, stated) > along({ scheduled: gross }, gross);
    return beyond
      ? [
          broken(
            'previous-work',
            `${same[0]!.name}, D`,
            stated,
            `only ${moneyWords(gross)} was billed before`,
          ),
        ]
      : [];
  });
  return [
    ...findings,
    ...unequal(
      'previous-retainage',
      'all lines, retainage held before',
      total(lines, currency, heldBefore),
      heldIn(before, currency),
      why,
    ),
    ...checkCertifiedBefore(certificate.previouslyCertified, payableIn(before, currency)),
  ];
}

function heldBefore({ work, storedMaterials }: SheetLine): Money {
  return add(work.previouslyHeld, storedMaterials.previouslyHeld);
}

/** Line 7 is what was certified: an architect may have cut what was earned, but never adds to it. */
function checkCertifiedBefore(certified: Money, earned: Money): readonly SheetFinding[] {
  const field = 'certificate, line 7';
  const why = `the application before had earned ${moneyWords(earned)} less retainage`;
  if (certified.minor === earned.minor) return [];
  if (certified.minor > earned.minor) return [broken('previous-certificate', field, certified, why)];
  const cut = moneyWords(money(earned.minor - certified.minor, earned.currency));
  const finding = broken('previous-certificate', field, certified, `${why}, so ${cut} of it was cut`);
  return [
    {
      ...finding,
      remedy: `What was posted already includes the ${cut}: line 8 is higher by it than what is posted now.`,
      stops: false,
    },
  ];
}
