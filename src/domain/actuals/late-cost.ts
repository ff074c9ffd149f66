import { isVendorCredit } from '../billing/vendor-credit.ts';
import type { ApInvoiceBody, DirectInvoiceBody } from '../documents.ts';
import { coveringPeriod } from '../planning/plan-period.ts';
import type { DecimalText, PeriodRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { add, formatMoney, type Money, parseMoney, sum } from '../values/money.ts';

/** What one account bears on one project: a debit, or a credit where it is below zero. */
export type AccrualLine = {
  /** An account, or an item whose account of cost the ERP knows. */
  readonly on: { readonly kind: 'account' | 'item'; readonly code: string };
  readonly project: string;
  readonly subJob?: string;
  readonly amount: DecimalText;
};

/** Cost of work of one period that is posted in a later one, as an entry that would show it where it belongs. */
export type Accrual = {
  readonly earned: CalendarDate;
  readonly period: string;
  /** The last day of the period in which the work was done. */
  readonly cutOff: CalendarDate;
  /** The day on which the invoice itself is posted, which takes the accrual back. */
  readonly reversal: CalendarDate;
  readonly currency: string;
  readonly lines: readonly AccrualLine[];
  readonly total: DecimalText;
};

/** Whether work up to a day falls into a later period than it was done in. */
export function isLate(
  periods: readonly PeriodRecord[],
  posted: CalendarDate,
  earned: CalendarDate,
): boolean {
  return posted > earned && coveringPeriod(periods, posted) !== coveringPeriod(periods, earned);
}

/**
 * The accrual at the cut-off that an invoice makes good, where it is late: its lines gross of retainage, which is no cost,
 * and before tax, added up by what bears them. Null where nothing is late, or where no cost is in it.
 */
export function lateCostAccrual(
  body: ApInvoiceBody | DirectInvoiceBody,
  earned: CalendarDate,
  periods: readonly PeriodRecord[],
): Accrual | null {
  const period = coveringPeriod(periods, earned);
  if (period === undefined || !isLate(periods, body.accountingDate, earned)) return null;
  // What a vendor gives back is no cost that a period lacks.
  if (isVendorCredit(body)) return null;
  const { currency } = body;
  const places = new Map<string, { line: Omit<AccrualLine, 'amount'>; amount: Money }>();
  for (const { on, amount } of costsOf(body)) {
    const key = JSON.stringify(on);
    const before = places.get(key);
    const cost = parseMoney(amount, currency);
    places.set(key, { line: on, amount: before === undefined ? cost : add(before.amount, cost) });
  }
  const borne = [...places.values()].filter(({ amount }) => amount.minor !== 0n);
  if (borne.length === 0) return null;
  return {
    ...{ earned, currency, period: period.name, cutOff: period.to, reversal: body.accountingDate },
    lines: borne.map(({ line, amount }) => ({ ...line, amount: formatMoney(amount) })),
    total: formatMoney(
      sum(
        borne.map(({ amount }) => amount),
        currency,
      ),
    ),
  };
}

function costsOf(body: ApInvoiceBody | DirectInvoiceBody) {
  if (body.purpose === 'direct-cost')
    return body.lines.map(({ coding, projectCode, subJob, amount }) => ({
      on: { on: coding, project: projectCode, ...(subJob === undefined ? {} : { subJob }) },
      amount,
    }));
  const { projectCode: project, lines } = body;
  return lines.map(({ coding, amount }) => ({ on: { on: coding, project }, amount }));
}
