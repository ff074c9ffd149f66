/** The sheets of a daily log. */
export const DAILY_LOG_OBJECTS = [
  'manpower-log',
  'delay-log',
  'notes-log',
  'accident-log',
  'call-log',
  'construction-report-log',
  'delivery-log',
  'dumpster-log',
  'equipment-log',
  'inspection-log',
  'plan-revision-log',
  'productivity-log',
  'quantity-log',
  'safety-violation-log',
  'visitor-log',
  'waste-log',
  'weather-log',
  'work-log',
] as const;
export type DailyLogObject = (typeof DAILY_LOG_OBJECTS)[number];

/** What the hub knows of a project or a company besides the documents of money. */
export const CONTEXT_OBJECTS = [
  'change-event',
  'budget-change',
  'manual-forecast',
  'advanced-forecast',
  'direct-cost',
  'billing-period',
  'budget-code',
  'rfi',
  'submittal',
  ...DAILY_LOG_OBJECTS,
  'schedule-task',
  'file',
  'currency',
  'workflow',
  'workflow-instance',
  'user',
  'unit',
] as const;
export type ContextObject = (typeof CONTEXT_OBJECTS)[number];

/** A record that another one names. */
export type RecordRef = { readonly object: string; readonly id: string };

/** Evidence for whoever reviews a document: read, compared and shown. Nothing is ever posted from it. */
export type ContextRecord = {
  readonly object: ContextObject;
  readonly id: string;
  /** Null where it belongs to the company. */
  readonly projectId: string | null;
  readonly number: string | null;
  readonly title: string;
  /** The source's own word. */
  readonly status: string | null;
  /** What it says beside that, under the names that people know; amounts are decimal strings. */
  readonly facts: Readonly<Record<string, string>>;
  readonly about: readonly RecordRef[];
};

export function isContextObject(object: string): object is ContextObject {
  return (CONTEXT_OBJECTS as readonly string[]).includes(object);
}
