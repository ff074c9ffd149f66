import type { CalendarDate } from './calendar-date.ts';
import type { ApInvoiceBody } from './documents.ts';
import type { MappingAsk, MappingRow } from './mapping.ts';
import { add, formatMoney, type Money, magnitude, money, subtract, sum } from './money.ts';
import { vendorFor } from './plan-coding.ts';
import { type Findings, openFindings } from './plan-findings.ts';
import { type Billing, billingOf } from './plan-invoice-billing.ts';
import {
  checkApplication,
  checkCurrency,
  checkOrder,
  isConflict,
  otherCurrency,
  reportFigures,
} from './plan-invoice-checks.ts';
import { accountingDateOf } from './plan-invoice-date.ts';
import type { InvoicePart, InvoicePlanInput, PaymentHold } from './plan-invoice-input.ts';
import { checkHeld, checkReduced, orderLines, retainageLines } from './plan-invoice-lines.ts';
import { invoiceNumberOf } from './plan-invoice-number.ts';
import type { Reason, Wait } from './reasons.ts';
import { asReason, type SheetFinding } from './sub-invoice-findings.ts';
import type { SequenceProblem } from './sub-invoice-sequence.ts';

/** One invoice that a pay application should become. Shaped like the plan of an order. */
export type InvoiceDocument = {
  readonly part: InvoicePart;
  readonly revision: number;
  readonly body: ApInvoiceBody | null;
  /** What becomes payable; by line 8 of the certificate where its place among the others is in doubt. */
  readonly amount: Money;
  /** What a threshold counts: all gross that moves, or all retainage that is released, pluses and minuses apart. */
  readonly exposure: Money;
  readonly accountingDate: CalendarDate;
  readonly mappings: readonly MappingRow[];
  readonly reasons: readonly Reason[];
  readonly waits: readonly Wait[];
  readonly asks: readonly MappingAsk[];
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
  reportFigures(input, findings, billing?.problem ?? null, found);
  const { date, late } = accountingDateOf(input, found);
  const amount = payable(part, billing, record.currency);
  const body = billing === null ? null : bodyOf(input, part, billing, { vendorCode, amount, date }, found);
  for (const { field, message } of body === null ? [] : input.preflight(body))
    found.wait('source', record.id, {
      code: 'target-refuses',
      owner: 'accountant',
      field,
      message,
      remedy: 'Correct it in Procore, or in the ERP and plan it again.',
    });
  return {
    part,
    revision: input.identityOf(part).revision,
    body,
    amount,
    exposure: exposureOf(part, billing, record.currency),
    accountingDate: date,
    mappings: found.mappings,
    reasons: found.reasons,
    waits: found.waits,
    asks: found.asks,
    notes: notesOf(findings, billing?.carried ?? null, late),
    conflict: found.reasons.some(isConflict),
  };
}

/** Complete or not at all: null while something is missing without which it cannot be written down. */
function bodyOf(
  input: InvoicePlanInput,
  part: InvoicePart,
  billing: Billing,
  { vendorCode, amount, date }: { vendorCode: string | null; amount: Money; date: CalendarDate },
  found: Findings,
): ApInvoiceBody | null {
  const { record, order } = input;
  if (billing.problem !== null) return null;
  const isProgress = part === 'progress';
  if (isProgress) checkReduced(input, billing, found);
  else checkHeld(input, billing, found);
  checkNotNegative(amount, found);
  const invoiceNumber = invoiceNumberOf(input, part, !billing.twofold, found);
  const retainage = retainageLines(input, part, billing, found);
  const lines = order === null ? null : isProgress ? orderLines(input, order, billing, found) : [];
  const isSound = found.amountsHold() && !found.reasons.some(isConflict);
  if (order === null || vendorCode === null || invoiceNumber === null) return null;
  if (lines === null || retainage === null || !isSound) return null;
  const { revision, reference } = input.identityOf(part);
  return {
    kind: 'ap-invoice',
    reference,
    revision,
    purpose: part,
    application: record.application,
    invoiceNumber,
    vendorCode,
    projectCode: order.projectCode,
    currency: record.currency,
    accountingDate: date,
    documentDate: record.billingDate ?? record.periodEnd ?? date,
    dueDate: record.paymentDueDate,
    orderId: order.id,
    lines,
    retainage,
    total: formatMoney(amount),
    paymentHold: holdText(input.holds),
    moves: billing.moves[part],
    sourceUrl: record.url,
  };
}

function notesOf(
  findings: readonly SheetFinding[],
  carried: SequenceProblem | null,
  late: Reason | null,
): readonly Reason[] {
  const notes = findings.filter(({ stops }) => !stops).map(asReason);
  if (carried !== null) notes.push({ ...carried, owner: 'accountant' });
  if (late !== null) notes.push(late);
  return notes;
}

/** A credit is not an invoice: whether and how one is entered, a person decides. */
function checkNotNegative(amount: Money, found: Findings): void {
  if (amount.minor >= 0n) return;
  found.reason({
    code: 'negative-invoice',
    owner: 'accountant',
    field: 'total',
    message: `It would be an invoice of ${formatMoney(amount)} ${amount.currency}, below zero.`,
    remedy: 'Correct the invoice in Procore, or leave it to the next application.',
  });
}

function payable(part: InvoicePart, billing: Billing | null, currency: string): Money {
  if (billing === null) return money(0n, currency);
  if (billing.problem !== null) return billing.currentDue;
  return part === 'progress' ? subtract(billing.gross, billing.withheld) : billing.released;
}

function exposureOf(part: InvoicePart, billing: Billing | null, currency: string): Money {
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

/** Holds keep back the payment and never the record: the invoice is posted and carries them. */
function holdText(holds: readonly PaymentHold[]): string | null {
  if (holds.length === 0) return null;
  return holds
    .map(({ code, text }) => `${code}: ${text}`)
    .sort()
    .join('; ');
}
