import type { LineCoding } from '../documents.ts';
import type { DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { parseMoney } from '../values/money.ts';

/** One line of an order as it stands in the ERP, whoever wrote it. */
export type StandingOrderLine = {
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly coding: LineCoding;
  /** The part of the job and the cost code that it names, where the ERP keeps them on lines. */
  readonly subJob?: string;
  readonly assignedCode?: string;
  readonly projectCode: string;
  /** The line of a requisition that it was ordered from; absent where it was not. */
  readonly drawsOn?: { readonly requisition: string; readonly line: string };
  /** What of it was invoiced so far, before tax. */
  readonly invoiced: DecimalText;
  readonly closed: boolean;
};

/** An order that stands in the ERP, as it is read before a project goes live. Amounts are before tax. */
export type StandingOrder = {
  readonly id: string;
  readonly number: string;
  /** The number that the vendor, or whoever typed the order, gave it; empty for none. */
  readonly vendorReference: string;
  /** A reference of ours that it carries, or null. */
  readonly reference: string | null;
  readonly vendorCode: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly date: CalendarDate;
  readonly total: DecimalText;
  /** Nothing more is received or invoiced on it; it stands all the same. */
  readonly closed: boolean;
  readonly lines: readonly StandingOrderLine[];
};

/** A requisition of ours as it stands in the ERP. */
export type StandingRequisition = {
  readonly id: string;
  readonly number: string;
  /** Closed where nothing more is ordered of it: because all of it was, or because somebody ended it. */
  readonly state: 'open' | 'closed' | 'cancelled';
};

/** Why amounts of an order or a commitment cannot be compared to the cent, or null. */
export function unreadable(currency: string, amounts: readonly DecimalText[]): string | null {
  try {
    for (const text of amounts) parseMoney(text, currency);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'an amount cannot be read';
  }
}
