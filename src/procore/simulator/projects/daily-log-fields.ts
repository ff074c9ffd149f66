import { z } from 'zod';
import { dateField, idField } from '../http/body.ts';

const text = z.string().max(65_535).nullable().default(null);
const count = z.int().min(0).nullable().default(null);
const hours = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,2})?$/)
  .nullable()
  .default(null);
const flag = z.boolean().nullable().default(null);
const of = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ date: dateField, vendor_id: idField.optional(), ...shape });

/** The sheets of a daily log that differ only in their columns, each with the columns of its own. */
export const dailyLogFields = {
  accident_log: of({ involved_name: text, involved_company: text, comments: text }),
  call_log: of({ subject_from: text, subject_to: text, description: text }),
  daily_construction_report_log: of({
    ...{ number_of_foreman_workers: count, number_of_journeyman_workers: count },
    ...{ number_of_apprentice_workers: count, number_of_other_workers: count },
    ...{ foreman_hours: hours, journeyman_hours: hours, apprentice_hours: hours, other_hours: hours },
    notes: text,
  }),
  delivery_log: of({ delivery_from: text, tracking_number: text, contents: text, comments: text }),
  dumpster_log: of({ quantity_delivered: count, quantity_removed: count, comments: text }),
  equipment_log: of({ hours_operating: hours, hours_idle: hours, inspected: flag, notes: text }),
  inspection_log: of({
    ...{ inspection_type: text, inspecting_entity: text, inspector_name: text, area: text, comments: text },
  }),
  plan_revision_log: of({ plan_number: text, revision: text, title: text, category: text, comments: text }),
  productivity_log: of({
    ...{ company: text, contract: text, line_item_description: text, notes: text },
    ...{ quantity_delivered: hours, quantity_used: hours },
  }),
  quantity_log: of({ quantity: count, unit: text, description: text }),
  safety_violation_log: of({ subject: text, safety_notice: text, issued_to: text, comments: text }),
  visitor_log: of({ subject: text, details: text }),
  waste_log: of({
    ...{ material: text, approximate_quantity: count, method_of_disposal: text },
    ...{ disposal_location: text, description: text },
  }),
  weather_log: of({
    ...{ sky: text, temperature: text, average: text, precipitation: text, wind: text, ground: text },
    ...{ calamity: text, is_weather_delay: text, comments: text },
  }),
  work_log: of({ resource_name: text, workers: count, hours: count, hourly_rate: count, comments: text }),
} as const;

export type DailyLogKind = keyof typeof dailyLogFields;
export const DAILY_LOG_KINDS = Object.keys(dailyLogFields) as readonly DailyLogKind[];

/** Its list has neither pages nor times of its rows. */
export const UNSTAMPED: DailyLogKind = 'plan_revision_log';

/** The webhook that tells of each, by the family name that the list of resources gives (inferred). */
export const DAILY_LOG_RESOURCES = {
  accident_log: 'Accident Logs',
  call_log: 'Call Logs',
  daily_construction_report_log: 'Daily Construction Report Logs',
  delivery_log: 'Delivery Logs',
  dumpster_log: 'Dumpster Logs',
  equipment_log: 'Equipment Logs',
  inspection_log: 'Inspection Logs',
  plan_revision_log: 'Plan Revision Logs',
  productivity_log: 'Productivity Logs',
  quantity_log: 'Quantity Logs',
  safety_violation_log: 'Safety Violation Logs',
  visitor_log: 'Visitor Logs',
  waste_log: 'Waste Logs',
  weather_log: 'Weather Logs',
  work_log: 'Work Logs',
} as const satisfies Readonly<Record<DailyLogKind, string>>;
export type DailyLogResource = (typeof DAILY_LOG_RESOURCES)[DailyLogKind];
