import type { TypedFields } from '../planning/export-fields.ts';
import type { ChangeOrderRecord, CommitmentLine, DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';

/** The contract with an owner: as the source keeps it, or as an ERP does under its own code. */
export type PrimeContractRecord = {
  readonly object: 'prime-contract';
  readonly id: string;
  /** A project of the side that keeps it. */
  readonly projectId: string;
  readonly number: string;
  readonly title: string;
  /** That side's own word, and whether what was agreed may still be changed there. */
  readonly status: string;
  readonly open: boolean;
  readonly ownerId: string | null;
  readonly ownerName: string | null;
  readonly currency: string;
  /** What was signed: the sum of its lines. */
  readonly total: DecimalText;
  /** What was agreed since adds to it, or takes away. */
  readonly changes: DecimalText;
  readonly retainagePercent: DecimalText | null;
  readonly originId: string | null;
  readonly lines: readonly CommitmentLine[];
  readonly url: string | null;
};

/** What is put on top of a line: earned, and no cost. */
export type Markup = { readonly id: string; readonly name: string; readonly amount: DecimalText };

export type PrimeChangeLine = CommitmentLine & { readonly markups: readonly Markup[] };

/** A change of a prime contract, with lines of its own and what is put on top of each. */
export type PrimeChangeOrderRecord = Omit<ChangeOrderRecord, 'object' | 'commitmentId' | 'lines'> & {
  readonly object: 'prime-change-order';
  readonly contractId: string;
  readonly lines: readonly PrimeChangeLine[];
};

/** What a change adds to the contract in the ERP: a line of it, or a markup on one. */
export type ContractChangeLine = {
  /** The source line's id, or `markup:` and the markup's. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly account: string;
};

/** One change of a contract with an owner, complete: the contract itself stays as it was signed. */
export type ContractChangeBody = {
  readonly kind: 'contract-change';
  readonly reference: string;
  readonly revision: number;
  /** The change's own number on its contract. */
  readonly number: string;
  readonly title: string;
  /** What the ERP calls the contract. */
  readonly contractCode: string;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly lines: readonly ContractChangeLine[];
  readonly total: DecimalText;
  readonly sourceUrl: string;
  /** What the approver typed at the export, by the fields of the ERP that hold it. */
  readonly fields?: TypedFields;
};

const MARKUP = 'markup:';

export function markupKey(id: string): string {
  return `${MARKUP}${id}`;
}

/** Of the lines of a change in the ERP, those that stand for lines of the source and those that stand for markups. */
export function linesAndMarkups(lineKeys: Readonly<Record<string, string>>): {
  readonly lines: Readonly<Record<string, string>>;
  readonly markups: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(lineKeys);
  return {
    lines: Object.fromEntries(entries.filter(([key]) => !key.startsWith(MARKUP))),
    markups: Object.fromEntries(
      entries.flatMap(([key, line]) => (key.startsWith(MARKUP) ? [[key.slice(MARKUP.length), line]] : [])),
    ),
  };
}
