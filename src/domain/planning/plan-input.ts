import type { Operation, PostedBase } from '../documents.ts';
import type { MappingRow } from '../mapping.ts';
import type { AcceptedOrder } from '../orders/adopted-order.ts';
import type { FieldError } from '../posting/outcomes.ts';
import type { Reason } from '../reasons.ts';
import type { AccountRecord, CommitmentRecord, PeriodRecord, ProjectRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import type { TypedFields } from './export-fields.ts';
import type { SubJobPlaces } from './sub-job-place.ts';

/** What the approver accepted and typed in the source. */
export type ExportOrder = {
  readonly erpCode: string | null;
  readonly accountingDate: CalendarDate | null;
  /** By the fields of the ERP that hold it; left out where nothing was typed. */
  readonly fields?: TypedFields;
};

export type OrderPlanInput = {
  readonly record: CommitmentRecord;
  /** Present once an accounting approver exported it; without it nothing new is ever planned. */
  readonly exported: ExportOrder | null;
  readonly mapping: (kind: MappingRow['kind'], scope: string, key: string) => MappingRow | null;
  /** The source's origin id may be our own word, of which our books know nothing since they were restored. */
  readonly originMayBeOurs: boolean;
  readonly vendorCode: string | null;
  readonly vendorBlocked: string | null;
  /** What is worth knowing of the vendor, and in nobody's way. */
  readonly vendorNotes?: readonly Reason[];
  readonly targetProject: (code: string) => ProjectRecord | null;
  readonly targetAccount: (code: string) => AccountRecord | null;
  /** Left out where nobody asked: a line of a sub job is then a question. */
  readonly subJobPlaces?: SubJobPlaces;
  readonly periods: readonly PeriodRecord[];
  /** Why an order of somebody else may stand in the ERP for it: until that is decided nothing is posted. */
  readonly mayStand?: Reason | null;
  /** What was accepted with an order that was taken over. */
  readonly accepted?: AcceptedOrder | null;
  /** The newest request about it, answered or not. */
  readonly requestKey?: string | null;
  /** The order as it stands in the ERP: by our last revision, by a change order since then, or as it was taken over. */
  readonly base: PostedBase | null;
  /** Whether nothing of the commitment itself was written since its order was taken over; where it is left out, the
   * base says so. */
  readonly asFound?: boolean;
  /** The ERP is set to take requisitions: what would be ordered is asked for instead. */
  readonly asRequisition?: boolean;
  /** The number of the next revision: one that was ever used for another order is not used again. */
  readonly revision: number;
  readonly referenceOf: (revision: number) => string;
  readonly preflight: (operation: Operation) => readonly FieldError[];
  /** The date of an earlier plan of the same document: once frozen it never shifts by itself. */
  readonly frozenDate: CalendarDate | null;
  readonly today: CalendarDate;
};
