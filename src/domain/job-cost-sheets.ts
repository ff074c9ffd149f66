import type { CalendarDate } from './calendar-date.ts';
import type { Figure } from './job-cost-figures.ts';
import type { DecimalText } from './records.ts';

// A sync call takes no more.
export const ROWS_PER_CALL = 1_000;

/** Ids of a cost code and a cost type in Procore. */
export type CodingIds = { readonly costCodeId: string; readonly costTypeId: string };

/** Cost of one month of a project that no pay application has counted: one direct cost, a line for each coding. */
export type DirectCostSheet = {
  readonly projectId: string;
  readonly originId: string;
  readonly description: string;
  readonly date: CalendarDate;
  /** The lines that changed; the others stand as they are. */
  readonly lines: readonly (CodingIds & {
    readonly originId: string;
    readonly description: string;
    readonly amount: DecimalText;
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
