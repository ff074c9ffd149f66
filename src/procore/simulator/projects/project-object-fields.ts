import { z } from 'zod';
import { dateField, idField } from '../http/body.ts';
import type { ResourceName } from '../records.ts';
import { DAILY_LOG_KINDS, DAILY_LOG_RESOURCES, dailyLogFields } from './daily-log-fields.ts';

const text = z.string().max(65_535);
const money = z.string().regex(/^-?\d{1,15}(\.\d{1,2})?$/);
const timestamp = z.iso.datetime();
const dated = { date: dateField, vendor_id: idField.optional(), notes: text.default('') };
const impactStatus = z.enum(['yes_known', 'yes_unknown', 'no_impact', 'tbd', 'n_a']);
const impact = z.strictObject({ status: impactStatus, value: z.number().optional() });

/** One budget line that an event touches, with the documents that it led to so far. */
const changeItem = z.strictObject({
  description: text.default(''),
  cost: money.default('0.00'),
  revenue: money.default('0.00'),
  commitment_id: idField.optional(),
  change_order_package_id: idField.optional(),
  vendor_id: idField.optional(),
});

/** What people type about a project beside its contracts and money. */
export const projectObjectFields = {
  ...dailyLogFields,
  change_event: z.strictObject({
    number: text.optional(),
    title: text.min(1),
    description: text.default(''),
    scope: z.enum(['tbd', 'in_scope', 'out_of_scope']).default('tbd'),
    status: z.enum(['Open', 'Closed', 'Pending']).default('Open'),
    change_reason: text.default('Owner Requested'),
    change_type: text.default('TBD'),
    items: z.array(changeItem).max(1_000).default([]),
  }),
  rfi: z.strictObject({
    number: text.optional(),
    subject: text.min(1),
    question: text.default(''),
    answer: text.optional(),
    status: z.enum(['draft', 'open', 'closed']).default('open'),
    due_date: dateField.default(null),
    cost_impact: impact.default({ status: 'tbd' }),
    schedule_impact: impact.default({ status: 'tbd' }),
    responsible_contractor_id: idField.optional(),
    cost_code_id: idField.optional(),
    private: z.boolean().default(false),
  }),
  submittal: z.strictObject({
    number: text.optional(),
    title: text.min(1),
    revision: text.default('0'),
    status: z.enum(['Draft', 'Open', 'Closed', 'Distributed']).default('Open'),
    type: text.default('Shop Drawing'),
    due_date: dateField.default(null),
    required_on_site_date: dateField.default(null),
    responsible_contractor_id: idField.optional(),
    /** What the last of its approvers answered. */
    response: text.optional(),
  }),
  manpower_log: z.strictObject({
    ...dated,
    num_workers: z.int().min(0),
    num_hours: money,
    cost_code_id: idField.optional(),
  }),
  delay_log: z.strictObject({ ...dated, delay_type: text.default('Weather'), duration: z.int().min(0) }),
  notes_log: z.strictObject({ ...dated, is_issue_day: z.boolean().default(false) }),
  task: z.strictObject({
    name: text.min(1),
    start: timestamp,
    finish: timestamp,
    baseline_start: timestamp.optional(),
    baseline_finish: timestamp.optional(),
    percentage: z.int().min(0).max(100).default(0),
    activity_id: text.default(''),
    critical_path: z.boolean().default(false),
    milestone: z.boolean().default(false),
  }),
  file: z.strictObject({
    name: text.min(1),
    folder: text.default('Documents'),
    description: text.default(''),
    size: z.int().min(0).default(0),
    version: z.int().min(1).default(1),
    private: z.boolean().default(false),
  }),
} as const;

export type ProjectObjectKind = keyof typeof projectObjectFields;
export type FieldsOf<K extends ProjectObjectKind> = z.output<(typeof projectObjectFields)[K]>;
export const PROJECT_OBJECT_KINDS = Object.keys(projectObjectFields) as readonly ProjectObjectKind[];

/** The webhook that tells of each kind, and the tool in which an administrator opens it. */
export const PROJECT_OBJECT_TOOLS: Readonly<
  Record<ProjectObjectKind, { readonly resource: ResourceName; readonly tool: string }>
> = {
  ...dailyLogTools(),
  change_event: { resource: 'Change Events', tool: 'Change Events' },
  rfi: { resource: 'RFIs', tool: 'RFIs' },
  submittal: { resource: 'Submittals', tool: 'Submittals' },
  manpower_log: { resource: 'Manpower Logs', tool: 'Daily Log' },
  delay_log: { resource: 'Delay Logs', tool: 'Daily Log' },
  notes_log: { resource: 'Notes Logs', tool: 'Daily Log' },
  task: { resource: 'Tasks', tool: 'Schedule' },
  file: { resource: 'Project Files', tool: 'Documents' },
};

type DailyLogTools = Readonly<
  Record<(typeof DAILY_LOG_KINDS)[number], { readonly resource: ResourceName; readonly tool: string }>
>;

function dailyLogTools(): DailyLogTools {
  const told = DAILY_LOG_KINDS.map((kind) => [
    kind,
    { resource: DAILY_LOG_RESOURCES[kind], tool: 'Daily Log' },
  ]);
  return Object.fromEntries(told) as DailyLogTools;
}
