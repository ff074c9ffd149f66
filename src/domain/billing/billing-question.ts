import type { Reason } from '../reasons.ts';
import type { DecimalText, PayApplication } from '../records.ts';
import { canonicalOf, contentHash } from '../values/canonical.ts';
import { add, formatMoney, type Money, magnitude, money, subtract } from '../values/money.ts';
import type { Billing } from './plan-invoice-billing.ts';
import type { InvoicePart } from './plan-invoice-input.ts';

/**
 * What becomes of an application that cannot be billed in its turn. `next`: the next one bills what it moved.
 * `standing`: its invoice stands in the ERP already. `opening`: it was billed there, and all before it, until somebody
 * connected the contract. `itself`: it was left to the next one, and is billed by itself after all.
 */
export type BillingAnswer = 'next' | 'standing' | 'opening' | 'itself';

/** What of an application is not posted, and the number that its invoice would bear. */
export type DuePart = { readonly part: InvoicePart; readonly number: string; readonly amount: DecimalText };

/** An application of the time before, with the one invoice of the ERP that bears its number. */
export type OlderInvoice = {
  readonly recordId: string;
  readonly application: number;
  readonly number: string;
  readonly amount: DecimalText;
  readonly invoice: { readonly id: string; readonly number: string; readonly amount: DecimalText } | null;
};

export type BillingQuestion = {
  readonly object: 'sub-invoice' | 'owner-invoice';
  readonly recordId: string;
  readonly application: number;
  readonly currency: string;
  readonly parts: readonly DuePart[];
  readonly answers: readonly BillingAnswer[];
  readonly older: readonly OlderInvoice[];
  /** Binds what is decided to what was shown. */
  readonly hash: string;
};

export type Situation = {
  readonly record: PayApplication;
  readonly billing: Billing;
  /** The parts that stand in the ERP. */
  readonly posted: ReadonlySet<InvoicePart>;
  /** Why its own invoices wait. */
  readonly codes: ReadonlySet<Reason['code']>;
  /** A later application waits until this one is posted, and nothing of this one is under way. */
  readonly isWaitedFor: boolean;
  /** Nothing of its contract was posted or is on its way, and no opening is known. */
  readonly isUntouched: boolean;
  /** It was left to the next one, exported once more since, and no later one is posted. */
  readonly isWantedBack: boolean;
};

/** What may be answered about an application; nothing where it goes its way, or another one has to be decided first. */
export function answersFor(situation: Situation): readonly BillingAnswer[] {
  const { record, billing, posted, codes, isWaitedFor, isUntouched, isWantedBack } = situation;
  if (isWantedBack) return ['itself'];
  const code = billing.problem?.code ?? null;
  if (code === 'application-reopened' && posted.size > 0) return codes.has(code) ? ['next'] : [];
  // A later one that is posted bills to date: what this one moved is in it.
  if (code === 'application-out-of-order') return codes.has(code) || isWaitedFor ? ['next'] : [];
  if (dueOf(billing, posted).length === 0) return [];
  if (code !== null) return isWaitedFor && isUntouched && record.approved ? ['opening'] : [];
  if (codes.has('duplicate-number') || codes.has('foreign-origin')) return ['standing'];
  const isLess = codes.has('billing-reduced') || codes.has('negative-invoice');
  if (!isLess && !isWaitedFor) return [];
  // What is not approved yet may still change: only what it bills to date counts, with the next one.
  return record.approved ? ['next', 'standing'] : ['next'];
}

/** The parts that move something and are not posted, with what becomes payable by each. */
export function dueOf(
  { moves, gross, withheld, released }: Billing,
  posted: ReadonlySet<InvoicePart>,
): readonly { readonly part: InvoicePart; readonly amount: Money }[] {
  const parts = [
    { part: 'progress', amount: subtract(gross, withheld) },
    { part: 'retainage-release', amount: released },
  ] as const;
  return parts.filter(({ part }) => moves[part].length > 0 && !posted.has(part));
}

/** What a threshold counts of it: all gross that moves and all retainage that is released, pluses and minuses apart. */
export function exposureOfParts({ deltas, gross }: Billing): Money {
  const none = money(0n, gross.currency);
  return deltas.reduce((sum, { gross: billed, released }) => {
    const paidOut = magnitude(add(released.work, released.stored));
    return add(sum, money(magnitude(billed) + paidOut, gross.currency));
  }, none);
}

/** The question as it is shown, bound to the state of the record and to everything else that it follows from. */
export function billingQuestion(
  object: BillingQuestion['object'],
  situation: Situation,
  known: {
    readonly recordHash: string;
    readonly numberOf: (part: InvoicePart, alone: boolean) => string;
    readonly older: readonly OlderInvoice[];
    /** Ids of all invoices of the contract that stand. */
    readonly standing: readonly string[];
  },
): BillingQuestion {
  const { record, billing, posted } = situation;
  const parts = dueOf(billing, posted).map(({ part, amount }) => ({
    part,
    number: known.numberOf(part, !billing.twofold),
    amount: formatMoney(amount),
  }));
  const answers = answersFor(situation);
  const older = answers.includes('opening') ? known.older : [];
  const shown = {
    object,
    recordId: record.id,
    application: record.application,
    currency: record.currency,
    parts,
    answers,
    older,
  };
  const { recordHash, standing } = known;
  return {
    ...shown,
    hash: contentHash(canonicalOf({ ...shown, recordHash, standing: [...standing].sort() })),
  };
}
