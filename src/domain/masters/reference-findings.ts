import { type CalendarDate, utcDate } from '../values/calendar-date.ts';

/** What the sweep by reference finds when it compares what an ERP lists under our prefix with what we posted. */
export type FindingKind = 'duplicate' | 'orphan' | 'missing' | 'drift';

export type Finding = {
  readonly kind: FindingKind;
  readonly reference: string;
  /** Ids in the ERP, and the numbers people see on them. */
  readonly targets: readonly { readonly id: string; readonly number: string }[];
  /** Our document, and its number at the source; null where there is none of ours. */
  readonly document: { readonly id: string; readonly number: string } | null;
  /** What else tells this finding from a later one about the same document: the content that was seen. */
  readonly mark: string;
};

export type FindingWords = {
  readonly title: string;
  readonly question: string;
  readonly role: 'engineer' | 'controller';
};

/** One open question for each, however often it is found. */
export function subjectOf(connection: string, { kind, reference, targets, mark }: Finding): string {
  const what = kind === 'drift' ? `${targets[0]?.id}:${mark}` : reference;
  return `reference:${connection}:${kind}:${what}`;
}

/** What is to be done, in words for the person who can do it. Nothing of it is ever done by itself. */
export function wordsOf(finding: Finding, erp: string): FindingWords {
  const { kind, reference, targets, document, mark } = finding;
  const numbers = targets.map(({ number }) => number).join(', ');
  const ours = document?.number ?? reference;
  switch (kind) {
    case 'duplicate':
      return {
        title: `${erp}: ${ours} stands ${targets.length} times`,
        question: `The documents ${numbers} carry one reference (${reference}): the cost is committed more than once. Keep the one that ${ours} is linked to and cancel the others in ${erp}. Tiebeam cancels nothing by itself.`,
        role: 'controller',
      };
    case 'orphan':
      return {
        title: `${erp}: ${numbers} is not known here`,
        question: `Document ${numbers} carries a reference of ours (${reference}), but no write of ours that was sent made it. Somebody copied it, or it was posted before this database was lost. Find out which: cancel the copy in ${erp}, or restore the database it belongs to.`,
        role: 'engineer',
      };
    case 'missing':
      return {
        title: `${erp}: ${ours} is gone`,
        question: `${ours} was posted as ${numbers || reference}, and ${erp} does not list it any more. It is not posted again. See whether it was deleted, or whether ${erp} was restored from an older backup, and enter it there or detach it.`,
        role: 'engineer',
      };
    case 'drift':
      return {
        title: `${erp}: ${numbers} was ${mark === 'cancelled' ? 'cancelled' : 'changed'} by somebody`,
        question:
          mark === 'cancelled'
            ? `${ours} was posted as ${numbers} and cancelled in ${erp} since. It is not posted again. Take the commitment back in Procore, or reopen the document in ${erp}.`
            : `${numbers} in ${erp} no longer says what was approved for ${ours}. It is not overwritten. Change it back in ${erp}, or change the commitment in Procore so that both say the same.`,
        role: 'controller',
      };
  }
}

/** How much of what was posted is not there any more. */
export type Loss = { readonly posted: number; readonly missing: number };

// One or two documents may be deleted by a person; a restored backup takes what was posted last, all of it.
const FEWEST = 3;

/** Whether so much is gone that the company itself must have changed: then nothing more is written to it. */
export function hasVanished(losses: readonly Loss[], limitPercent: number): boolean {
  return losses.some(({ posted, missing }) => missing >= FEWEST && missing * 100 > posted * limitPercent);
}

const DAY_MS = 86_400_000;
// A restored backup is rarely older than this; what is older is seen once a week.
const LOOK_BACK_DAYS = 35;
// A day over there may begin half a day earlier or later, and clocks differ.
const OVERLAP_DAYS = 2;

/** From when a sweep has to list: everything the first time, on Sundays and after a long pause, else five weeks. */
export function lookBack(lastDay: CalendarDate | null, today: CalendarDate): CalendarDate | null {
  const now = Date.parse(today);
  const isSunday = new Date(now).getUTCDay() === 0;
  if (lastDay === null || isSunday || now - Date.parse(lastDay) > 7 * DAY_MS) return null;
  return utcDate(new Date(now - LOOK_BACK_DAYS * DAY_MS));
}

/** What was sent from this day on must be in a listing that begins at `since`. */
export function surelyListedFrom(since: CalendarDate): CalendarDate {
  return utcDate(new Date(Date.parse(since) + OVERLAP_DAYS * DAY_MS));
}
