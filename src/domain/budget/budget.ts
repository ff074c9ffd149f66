import type { LineCoding } from '../documents.ts';
import type { CodeRef, DecimalText } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';

/** A cost code and a cost type of the ERP's own, which no mapping stands between. */
export type OwnCoding = { readonly kind: 'cost-code'; readonly code: string; readonly costType: string };

/** What one export of a budget moves on one line of it, for ever under one id. Procore calls it a transaction. */
export type BudgetMove = {
  readonly id: string;
  /** Null where the code of the line is none that the project lists. */
  readonly costCode: CodeRef | null;
  readonly costType: CodeRef | null;
  /** What the ERP itself calls both codes, where the source says so. */
  readonly own: OwnCoding | null;
  /** How the source names the line, for people to find it. */
  readonly label: string;
  readonly amount: DecimalText;
  /** Whether the source says that an ERP has it. */
  readonly synced: boolean;
  readonly originId: string | null;
  /** The budget change of the source that moved it; null for the original estimate. */
  readonly changeId: string | null;
  /** It undoes what stands in the ERP for a change that is not approved, or not shown, any more. */
  readonly takesBack?: true;
};

/** The budget of a project as its exports state it. */
export type BudgetRecord = {
  readonly object: 'budget';
  readonly id: string;
  readonly projectId: string;
  readonly currency: string;
  readonly originId: string | null;
  /** What was exported and is not known to stand in the ERP; a later export repeats what is still open. */
  readonly moves: readonly BudgetMove[];
  /** The export that the changes among its moves were read for: what people approve later waits for another one. */
  readonly changesOf: string | null;
  /** Whether the export carries moves of a kind that is not known: they may be budget changes already. */
  readonly hidesChanges: boolean;
  /** What is wrong with the changes that were read, in words. */
  readonly problems: readonly string[];
  readonly url: string;
};

/** A line of a budget in the ERP: it stands for one move of the source and is never edited. */
export type BudgetLine = {
  /** The move that it stands for. */
  readonly key: string;
  readonly description: string;
  readonly amount: DecimalText;
  readonly coding: LineCoding | OwnCoding;
  readonly costCode: string;
  readonly costType: string;
  readonly changeId: string | null;
};

/** An entry in the budget of a job in the ERP: its original estimate, or a numbered change of it by deltas. */
export type BudgetBody = {
  readonly kind: 'budget';
  readonly purpose: 'original' | 'change';
  readonly reference: string;
  readonly revision: number;
  readonly number: string;
  readonly title: string;
  readonly projectCode: string;
  /** The original estimate in the ERP that a change belongs to. */
  readonly budgetId: string | null;
  readonly currency: string;
  readonly accountingDate: CalendarDate;
  readonly lines: readonly BudgetLine[];
  readonly total: DecimalText;
  readonly sourceUrl: string;
  /** Lines of it undo what stands in the ERP: a person approves that, whatever it amounts to. */
  readonly takesBack?: true;
};

/** An entry of ours that stands in the ERP, under the id that it has there. */
export type StandingBudget = { readonly id: string; readonly body: BudgetBody };

/**
 * What is open after another export: all that it carries, and what an earlier one carried that neither it repeats nor
 * the ERP has. Nothing that was sent once is lost because a later export leaves it out.
 */
export function openMoves(
  earlier: readonly BudgetMove[],
  now: readonly BudgetMove[],
  carried: ReadonlySet<string>,
): readonly BudgetMove[] {
  const repeated = new Set(now.map(({ id }) => id));
  const left = earlier.filter(({ id, synced }) => !synced && !repeated.has(id) && !carried.has(id));
  return [...left, ...now];
}
