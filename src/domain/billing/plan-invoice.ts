import type { ApInvoiceBody } from '../documents.ts';
import { holdReasons } from '../payments/payment-holds.ts';
import { vendorFor } from '../planning/plan-coding.ts';
import { type Found, openFindings } from '../planning/plan-findings.ts';
import type { Reason } from '../reasons.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { add, type Money, magnitude, money, subtract, sum } from '../values/money.ts';
import { type Billing, billingOf } from './plan-invoice-billing.ts';
import { bodyOf } from './plan-invoice-body.ts';
import {
  checkApplication,
  checkCurrency,
  checkOrder,
  isConflict,
  otherCurrency,
  reportFigures,
} from './plan-invoice-checks.ts';
import { accountingDateOf } from './plan-invoice-date.ts';
import type { InvoicePart, InvoicePlanInput } from './plan-invoice-input.ts';
import { asReason, type SheetFinding } from './sub-invoice-findings.ts';
import type { SequenceProblem } from './sub-invoice-sequence.ts';

/** One invoice that a pay application should become. Shaped like the plan of an order. */
export type InvoiceDocument = Found & {
  readonly part: InvoicePart;
  readonly revision: number;
  readonly body: ApInvoiceBody | null;
  /** What becomes payable; by line 8 of the certificate where its place among the others is in doubt. */
  readonly amount: Money;
  /** What a threshold counts: all gross that moves, or all retainage that is released, pluses and minuses apart. */
  readonly exposure: Money;
  readonly accountingDate: CalendarDate;
  /** Worth knowing, and in nobody's way: late cost, a cut certificate. */
  readonly notes: readonly Reason[];
  /** Whether a person has to decide, because no later state of things would release it. */
  readonly conflict: boolean;
};

export type InvoicePlan =
  | {
      readonly kind: 'nothing';
      readonly why:
        | 'not-exported'
        | 'not-approved'
        | 'deleted'
        | 'before-opening'
        | 'passed-over'
        | 'unchanged'
        | 'carried-forward';
    }
  | { readonly kind: 'documents'; readonly documents: readonly InvoiceDocument[] };

/**
 * Decides which invoices one pay application should become in the ERP: what it bills beyond what was posted, less
 * retainage, and an invoice of its own for retainage that it releases. Pure: same input, same bytes.
 */
export function planInvoice(input: InvoicePlanInput): InvoicePlan {
  const why = nothingBecause(input);
  if (why !== null) return { kind: 'nothing', why };
  const figures = otherCurrency(input) === null ? billingOf(input) : { unreadable: [] };
  if (!('billing' in figures))
    return { kind: 'documents', documents: [documentOf(input, 'progress', null, figures.unreadable)] };
  const { billing } = figures;
  if (billing.parts.length === 0)
    return { kind: 'nothing', why: billing.carried === null ? 'unchanged' : 'carried-forward' };
  const documents = billing.parts.map((part) => documentOf(input, part, billing, billing.findings));
  return { kind: 'documents', documents };
}

function nothingBecause({ record, exported, posted, opening, passedOver, policy }: InvoicePlanInput) {
  // Its invoice stays as it stands: undoing what was posted is a reversal that a person starts.
  if (record.deleted) return 'deleted';
  if (posted.some(({ recordId }) => recordId === record.id)) return null;
  if (opening !== null && record.application <= opening.application) return 'before-opening';
  if (passedOver.includes(record.id)) return 'passed-over';
  if (exported !== null) return null;
  if (policy.startsOn === 'export') return 'not-exported';
  return record.approved ? null : 'not-approved';
}

function documentOf(
  input: InvoicePlanInput,
  part: InvoicePart,
  billing: Billing | null,
  findings: readonly SheetFinding[],
): InvoiceDocument {
  const { record } = input;
  const found = openFindings();
  checkApplication(input, found);
  const vendorCode = vendorFor(input, found);
  checkOrder(input, vendorCode, found);
  checkCurrency(input, found);
  reportFigures(
    { recordId: record.id, contract: record.commitmentId },
    findings,
    billing?.problem ?? null,
    found,
  );
  const { date, late } = accountingDateOf(input, found);
  const amount = payable(part, billing, record.currency);
  const body = billing === null ? null : bodyOf(input, part, billing, { vendorCode, amount, date }, found);
  found.targetRefuses(record.id, body === null ? [] : input.preflight(body));
  return {
    part,
    revision: input.identityOf(part).revision,
    body,
    amount,
    exposure: exposureOf(part, billing, record.currency),
    accountingDate: date,
    ...found.all(),
    notes: [
      ...notesOf(findings, billing?.carried ?? null, late),
      ...holdReasons(input.holds),
      ...(input.vendorNotes ?? []),
    ],
    conflict: found.reasons.some(isConflict),
  };
}

export function notesOf(
  findings: readonly SheetFinding[],
  carried: SequenceProblem | null,
  late: Reason | null,
): readonly Reason[] {
  const notes = findings.filter(({ stops }) => !stops).map(asReason);
  if (carried !== null) notes.push({ ...carried, owner: 'accountant' });
  if (late !== null) notes.push(late);
  return notes;
}

export function payable(part: InvoicePart, billing: Billing | null, currency: string): Money {
  if (billing === null) return money(0n, currency);
  if (billing.problem !== null) return billing.currentDue;
  return part === 'progress' ? subtract(billing.gross, billing.withheld) : billing.released;
}

export function exposureOf(part: InvoicePart, billing: Billing | null, currency: string): Money {
  if (billing === null) return money(0n, currency);
  if (billing.problem !== null) return money(magnitude(billing.currentDue), currency);
  const sizes = billing.deltas.map(({ gross, released }) =>
    magnitude(part === 'progress' ? gross : add(released.work, released.stored)),
  );
  return sum(
    sizes.map((size) => money(size, currency)),
    currency,
  );
}
