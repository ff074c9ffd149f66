import type { BilledMove } from '../documents.ts';
import type { PayApplication } from '../records.ts';
import { add, type Money } from '../values/money.ts';
import type { InvoicePart, InvoicePlanInput } from './plan-invoice-input.ts';
import { checkSheet } from './sub-invoice.ts';
import { billedBy, heldIn } from './sub-invoice-billed.ts';
import {
  deltasOf,
  grossOf,
  type LineDelta,
  progressMoves,
  releasedOf,
  releaseMoves,
  withheldOf,
} from './sub-invoice-delta.ts';
import type { SheetFinding } from './sub-invoice-findings.ts';
import { checkAgainstOpening, checkAgainstPrevious } from './sub-invoice-previous.ts';
import {
  type BilledInvoice,
  type History,
  historyOf,
  passedOver,
  reopened,
  type SequenceProblem,
  sequenceProblem,
} from './sub-invoice-sequence.ts';
import { emptySheet, readSheet, type Sheet } from './sub-invoice-sheet.ts';

/** What an application bills, beside what was posted before it. */
export type Billing = {
  readonly deltas: readonly LineDelta[];
  readonly gross: Money;
  readonly withheld: Money;
  readonly released: Money;
  /** Retainage that is held in the ERP now, by all that is posted. */
  readonly held: Money;
  /** Line 8 as the source states it. */
  readonly currentDue: Money;
  readonly moves: Readonly<Record<InvoicePart, readonly BilledMove[]>>;
  /** The invoices to plan now: those that move money and are not posted, or stand in conflict with what is. */
  readonly parts: readonly InvoicePart[];
  /** Whether the progress invoice and the release both belong to this application. */
  readonly twofold: boolean;
  readonly problem: SequenceProblem | null;
  /** What was changed after it was posted, where the next application may carry the difference. */
  readonly carried: SequenceProblem | null;
  readonly findings: readonly SheetFinding[];
};

/** What the billing of an application follows from. */
export type BillingInput = Pick<InvoicePlanInput, 'posted' | 'opening' | 'passedOver' | 'policy'> & {
  readonly record: PayApplication;
  /** The application before it, as the source shows it now. */
  readonly previous: PayApplication | null;
};

/** What an application bills, or which of its amounts cannot be read. All is in one currency: that was compared. */
export function billingOf(
  input: BillingInput,
): { readonly billing: Billing } | { readonly unreadable: readonly SheetFinding[] } {
  const { record, policy } = input;
  const read = readSheet(record);
  if (!('sheet' in read)) return read;
  const { sheet } = read;
  const { currency } = record;
  const history = historyOf(record, input.posted, input.opening);
  const deltas = deltasOf(sheet, history.before);
  const moves = { progress: progressMoves(deltas), 'retainage-release': releaseMoves(deltas) };
  const withheld = withheldOf(deltas, currency);
  const released = releasedOf(deltas, currency);
  const wanted: InvoicePart[] = [];
  if (withheld.minor !== 0n || deltas.some(({ gross }) => gross.minor !== 0n)) wanted.push('progress');
  if (released.minor !== 0n) wanted.push('retainage-release');
  const own = billedBy(
    history.own.flatMap((body) => body.moves),
    currency,
  );
  const changed = changedParts(history.own, moves);
  const sequence =
    changed.length > 0
      ? reopened(record.application, 'stands posted with other figures than it shows now')
      : sequenceProblem(record, input.previous, history);
  const carried = sequence === null ? null : carriedOn(input, sequence, changed.length > 0);
  const problem = carried === null ? sequence : null;
  const findings = [
    // What is less than before is judged by what was posted, not by the sign of a column.
    ...checkSheet(sheet, { overbilling: policy.overbilling === 'allow', reductions: true }),
    ...(problem === null ? checkBefore(input, sheet, history) : []),
  ];
  const isPosted = (part: InvoicePart) => history.own.some(({ purpose }) => purpose === part);
  // What was missing when a later application was posted went into that one: it takes its balances from here.
  const isOver =
    history.own.length > 0 && history.others.some(({ body }) => body.application > record.application);
  const due = isOver ? [] : wanted.filter((part) => !isPosted(part));
  const isAtFault = findings.some(({ stops }) => stops);
  // What it moves is known only once its place is: until then, and to name a fault, one document is enough.
  const unsure = history.own.length === 0 && (problem !== null || (isAtFault && due.length === 0));
  return {
    billing: {
      deltas,
      gross: grossOf(deltas, currency),
      withheld,
      released,
      held: add(heldIn(history.before, currency), heldIn(own, currency)),
      moves,
      currentDue: sheet.certificate.currentDue,
      parts: changed.length > 0 && problem !== null ? changed : unsure ? [due[0] ?? 'progress'] : due,
      twofold: wanted.length > 1,
      problem,
      carried,
      findings,
    },
  };
}

/** Why a difference to what was posted is billed on nevertheless: by policy, or because a person decided it. */
function carriedOn(
  { record, previous, policy, passedOver: left }: BillingInput,
  sequence: SequenceProblem,
  isChanged: boolean,
): SequenceProblem | null {
  const isReopened = sequence.code === 'application-reopened';
  if (isReopened && (policy.reductions === 'net' || (isChanged && left.includes(record.id)))) return sequence;
  const isLeft = !isChanged && previous !== null && left.includes(previous.id);
  return isLeft && sequence.code !== 'application-out-of-order' ? passedOver(previous) : null;
}

function checkBefore(
  { record, previous, opening }: BillingInput,
  sheet: Sheet,
  { before }: History,
): readonly SheetFinding[] {
  if (previous === null && opening !== null) return checkAgainstOpening(sheet, before);
  const read = previous === null ? null : readSheet({ ...previous, currency: record.currency });
  const earlier = read !== null && 'sheet' in read ? read.sheet : emptySheet(record.currency);
  return checkAgainstPrevious(sheet, earlier, record.movesStoredMaterials);
}

/** The posted invoices of the application itself that moved something else than it says now. */
function changedParts(own: readonly BilledInvoice[], now: Billing['moves']): readonly InvoicePart[] {
  const text = (moves: readonly BilledMove[]) =>
    moves
      .map(({ line, gross, workRetainage, storedRetainage }) =>
        [line, gross, workRetainage, storedRetainage].join(' '),
      )
      .sort()
      .join('\n');
  return own.filter(({ purpose, moves }) => text(moves) !== text(now[purpose])).map(({ purpose }) => purpose);
}
