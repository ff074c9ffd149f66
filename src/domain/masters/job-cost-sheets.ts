import type { Figure } from '../actuals/job-cost-figures.ts';
import type { DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';

// A sync call takes no more.
export const ROWS_PER_CALL = 1_000;

/** Ids of a cost code and a cost type in Procore. */
export type CodingIds = { readonly costCodeId: string; readonly costTypeId: string };

// The ids that one call gives back go with the next one, in one text.
export const DOCUMENTS_PER_SHEET = 200;

/** Cost that no pay application has counted, as one direct cost with a line for each coding. */
export type ShownDocument = {
  readonly originId: string;
  readonly description: string;
  readonly date: CalendarDate;
  /** Its amounts are shown by other direct costs from now on: what stands of it counts no more. */
  readonly retired?: true;
  /** The lines that changed; the others stand as they are. */
  readonly lines: readonly (CodingIds & {
    readonly originId: string;
    readonly description: string;
    readonly amount: DecimalText;
  })[];
};

/** Cost of one month of a project, added up. */
export type DirectCostSheet = ShownDocument & { readonly projectId: string };

/** Entries of the ledger, each as a direct cost of its own. */
export type CostDocumentSheet = {
  readonly projectId: string;
  readonly documents: readonly (ShownDocument & {
    /** Whose bill it is, by the vendor's id in the source and its own number; null for every other entry. */
    readonly bill: { readonly vendorId: string; readonly number: string } | null;
  })[];
};

/** Cost to date by coding, in absolute figures. */
export type JobCostSheet = {
  readonly projectId: string;
  /** What the ERP calls the project, as Procore knows it. */
  readonly jobOriginId: string;
  readonly lines: readonly (CodingIds & {
    readonly jobToDate: DecimalText;
    readonly commitmentInvoiced: DecimalText;
    /** What else is known of the coding; absent in writes of a time before that. */
    readonly figures?: Readonly<Partial<Record<Figure, DecimalText>>>;
  })[];
};

/** How an answer names a row: what of it Procore repeats to us. */
export function lineName({ costCodeId, costTypeId }: CodingIds): string {
  return `${costCodeId}/${costTypeId}`;
}
