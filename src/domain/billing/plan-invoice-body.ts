import type { ApInvoiceBody } from '../documents.ts';
import { holdWords } from '../payments/payment-holds.ts';
import { withFields } from '../planning/document-fields.ts';
import type { Findings } from '../planning/plan-findings.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { formatMoney, type Money } from '../values/money.ts';
import type { Billing } from './plan-invoice-billing.ts';
import { isConflict } from './plan-invoice-checks.ts';
import type { InvoicePart, InvoicePlanInput } from './plan-invoice-input.ts';
import {
  checkHeld,
  checkReduced,
  orderLines,
  RETAINAGE_PAYABLE,
  retainageLines,
} from './plan-invoice-lines.ts';
import { invoiceNumberOf } from './plan-invoice-number.ts';

type Known = { readonly vendorCode: string | null; readonly amount: Money; readonly date: CalendarDate };

/** Complete or not at all: null while something is missing without which it cannot be written down. */
export function bodyOf(
  input: InvoicePlanInput,
  part: InvoicePart,
  billing: Billing,
  { vendorCode, amount, date }: Known,
  found: Findings,
): ApInvoiceBody | null {
  const { record, order } = input;
  if (billing.problem !== null) return null;
  const isProgress = part === 'progress';
  if (isProgress) checkReduced(input, billing, found);
  else checkHeld(record.commitmentId, billing, found);
  checkNotNegative(amount, found);
  const invoiceNumber = invoiceNumberOf(input, part, !billing.twofold, found);
  const retainage = retainageLines({ ...input, side: RETAINAGE_PAYABLE }, part, billing, found);
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
    paymentHold: holdWords(input.holds.holds),
    moves: billing.moves[part],
    sourceUrl: record.url,
    ...withFields(input.exported?.fields ?? {}),
  };
}

/** A credit is not an invoice: whether and how one is entered, a person decides. */
export function checkNotNegative(amount: Money, found: Findings): void {
  if (amount.minor >= 0n) return;
  found.reason({
    code: 'negative-invoice',
    owner: 'accountant',
    field: 'total',
    message: `It would be an invoice of ${formatMoney(amount)} ${amount.currency}, below zero.`,
    remedy: 'Correct the invoice in Procore, or leave it to the next application in Review.',
  });
}
