import type { DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';

/** How a line is coded in the ERP, for the question which cost code it belongs to. */
type Coded = {
  readonly account: string;
  readonly project: string;
  /** Debit less credit in the currency of the books. */
  readonly amount: DecimalText;
  /** Codes of the cost centres and the like that it names, in the ERP's order. */
  readonly dimensions: readonly string[];
};

export type JournalLine = Coded & { readonly key: string };

/** A line of the document that an entry was made by: it knows what it is based on. */
export type JournalDocumentLine = Coded & {
  readonly line: string;
  readonly base: {
    readonly object: 'order' | 'receipt' | 'invoice';
    readonly id: string;
    readonly line: string;
  } | null;
};

/** An entry of the ERP's general ledger, as far as it names projects; lines of vendors and banks are left out. */
export type JournalRecord = {
  readonly object: 'journal';
  readonly id: string;
  readonly date: CalendarDate;
  readonly memo: string;
  readonly currency: string;
  readonly lines: readonly JournalLine[];
  /** The goods receipt that made this entry, where what comes in is cost at once; an invoice of it books no cost then. */
  readonly receipt?: { readonly id: string; readonly lines: readonly JournalDocumentLine[] };
  /** The invoice, or the mirror of one, that made this entry; null for every other entry. */
  readonly document: {
    readonly id: string;
    readonly lines: readonly JournalDocumentLine[];
    /** It gives back what was billed; where nobody sent it from here, the source knows nothing of that. */
    readonly credit?: true;
    /** Whose bill it is, under the vendor's own number; absent where the ERP does not say, or did not when it was read. */
    readonly bill?: { readonly vendorCode: string; readonly number: string };
    /** What its vendor is owed by it, with tax and less what is withheld; absent where the ERP did not say. */
    readonly payable?: DecimalText;
  } | null;
};
