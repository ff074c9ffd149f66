import type { ApInvoiceBody, BilledMove } from '../documents.ts';
import type { Reason } from '../reasons.ts';
import type { PayApplication } from '../records.ts';
import { add } from '../values/money.ts';
import { releasedOn } from './retainage.ts';
import { type Billed, billedBy, billedIn, differences } from './sub-invoice-billed.ts';
import { readSheet, type Sheet, total } from './sub-invoice-sheet.ts';

/** What of an invoice that stands counts for those after it, whoever bills whom. */
export type BilledInvoice = Pick<
  ApInvoiceBody,
  'purpose' | 'application' | 'invoiceNumber' | 'currency' | 'moves'
>;

/** An invoice of ours that stands in the ERP, and the pay application that it is of. */
export type PostedInvoice = { readonly recordId: string; readonly body: BilledInvoice };

/** What was billed on a commitment, up to one application, before it was connected: taken over, not posted. */
export type OpeningBilling = { readonly application: number; readonly moves: readonly BilledMove[] };

/** What was posted on the commitment, as one application sees it. */
export type History = {
  /** Where billing stands by all earlier applications. */
  readonly before: Billed;
  /** The last of these; 0 where there is none. */
  readonly lastApplication: number;
  readonly own: readonly BilledInvoice[];
  readonly others: readonly PostedInvoice[];
  readonly opening: OpeningBilling | null;
};

export function historyOf(
  record: PayApplication,
  posted: readonly PostedInvoice[],
  opening: OpeningBilling | null,
): History {
  const others = posted.filter(({ recordId }) => recordId !== record.id);
  const earlier = others.filter(({ body }) => body.application < record.application);
  const moves = [...(opening?.moves ?? []), ...earlier.flatMap(({ body }) => body.moves)];
  return {
    before: billedBy(moves, record.currency),
    lastApplication: Math.max(opening?.application ?? 0, 0, ...earlier.map(({ body }) => body.application)),
    own: posted.filter(({ recordId }) => recordId === record.id).map(({ body }) => body),
    others,
    opening,
  };
}

/** Why an application cannot be billed from where billing stands. */
export type SequenceProblem = Pick<Reason, 'field' | 'message'> & {
  readonly code: 'application-skipped' | 'application-out-of-order' | 'application-reopened';
  readonly remedy: string;
};

/**
 * An application is billed when all before it is posted as the source shows it. That is judged by the cumulative
 * figures of the previous application and not by numbers: one that moved nothing was never posted, and is no gap.
 */
export function sequenceProblem(
  record: PayApplication,
  previous: PayApplication | null,
  history: History,
): SequenceProblem | null {
  const { application } = record;
  const twin = history.others.find(({ body }) => body.application === application);
  if (twin !== undefined)
    return outOfOrder(
      application,
      `it was posted already as ${twin.body.invoiceNumber}, from another record`,
    );
  const later = history.others.find(({ body }) => body.application > application);
  if (later !== undefined)
    return outOfOrder(application, `application ${later.body.application} is posted already`);
  if (previous !== null) return comparePrevious(record, previous, history);
  const { lastApplication, opening } = history;
  if (opening !== null && lastApplication === opening.application && application === lastApplication + 1)
    return null;
  if (record.previousId !== null) return skipped(application, 'the application before it has not been read');
  return lastApplication === 0
    ? null
    : outOfOrder(application, `application ${lastApplication} is posted and Procore shows none before this`);
}

function comparePrevious(
  record: PayApplication,
  previous: PayApplication,
  history: History,
): SequenceProblem | null {
  const { application, currency } = record;
  if (previous.application >= application)
    return outOfOrder(application, `Procore shows application ${previous.application} as the one before it`);
  const read = readSheet({ ...previous, currency });
  if (!('sheet' in read)) return skipped(application, `application ${previous.application} cannot be read`);
  const there = billedIn(read.sheet);
  const [first] = differences(there, history.before, currency);
  if (first === undefined) return null;
  if (previous.application < history.lastApplication)
    return outOfOrder(
      application,
      `application ${history.lastApplication} is posted, and Procore shows ${previous.application} as the one before it`,
    );
  if (previous.application > history.lastApplication || releaseIsMissing(previous, read.sheet, history))
    return skipped(application, `application ${previous.application} is not posted in full`);
  const place = read.sheet.lines.find(({ key }) => key === first)?.name ?? first;
  return reopened(previous.application, `stands posted with other figures at ${place} than it shows now`);
}

/** Whether the application before is posted but for the invoice that pays its release. */
function releaseIsMissing(previous: PayApplication, sheet: Sheet, { others, opening }: History): boolean {
  if (opening !== null && previous.application <= opening.application) return false;
  const released = total(sheet.lines, sheet.currency, (line) => {
    const { work, stored } = releasedOn(line);
    return add(work, stored);
  });
  const isPosted = others.some(
    ({ recordId, body }) => recordId === previous.id && body.purpose === 'retainage-release',
  );
  return !isPosted && released.minor !== 0n;
}

function skipped(application: number, why: string): SequenceProblem {
  return {
    code: 'application-skipped',
    field: 'application',
    message: `Application ${application} waits: ${why}.`,
    remedy: 'Export the one before, or say in Review what became of it; then this one goes by itself.',
  };
}

function outOfOrder(application: number, why: string): SequenceProblem {
  return {
    code: 'application-out-of-order',
    field: 'application',
    message: `Application ${application} comes out of order: ${why}.`,
    remedy:
      'Compare the invoices in the ERP with Procore; in Review this one is left to the next application.',
  };
}

/** What a person decided is no problem any more, and is said all the same. */
export function passedOver(previous: PayApplication): SequenceProblem {
  return {
    code: 'application-skipped',
    field: 'application',
    message: `What application ${previous.application} moved is billed here: a person left it to this one.`,
    remedy: 'Nothing is left to do.',
  };
}

export function reopened(application: number, why: string): SequenceProblem {
  return {
    code: 'application-reopened',
    field: 'application',
    message: `Application ${application} ${why}.`,
    remedy:
      'Put the application back as it was posted, or leave the difference to the next application in Review.',
  };
}
