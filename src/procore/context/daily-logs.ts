import type { DailyLogObject } from '../../domain/context-record.ts';

export type LogSheet = {
  /** Procore's word for it. */
  readonly name: string;
  /** What names an entry, beside its day. */
  readonly title: readonly string[];
  /** Fields of its own by what people call them; day, vendor and cost code are told of any. */
  readonly facts: Readonly<Record<string, string>>;
};

/** The sheets of a daily log: each is one list, and differs from the others in its columns only. */
export const DAILY_LOGS: Readonly<Record<DailyLogObject, LogSheet>> = {
  'manpower-log': {
    ...sheet('Manpower', ['vendor']),
    facts: { workers: 'num_workers', 'hours each': 'num_hours', 'man-hours': 'man_hours', notes: 'notes' },
  },
  'delay-log': {
    ...sheet('Delay', ['delay_type']),
    facts: { type: 'delay_type', duration: 'duration', comments: 'comments' },
  },
  'notes-log': { ...sheet('Notes', []), facts: { comment: 'comment', issue: 'is_issue_day' } },
  'accident-log': {
    ...sheet('Accident', ['involved_name']),
    facts: { involved: 'involved_name', company: 'involved_company', comments: 'comments' },
  },
  'call-log': {
    ...sheet('Call', ['subject_from', 'subject_to']),
    facts: { from: 'subject_from', to: 'subject_to', description: 'description' },
  },
  'construction-report-log': {
    ...sheet('Daily Construction Report', ['vendor']),
    facts: {
      foremen: 'number_of_foreman_workers',
      'foreman hours': 'foreman_hours',
      journeymen: 'number_of_journeyman_workers',
      'journeyman hours': 'journeyman_hours',
      apprentices: 'number_of_apprentice_workers',
      'apprentice hours': 'apprentice_hours',
      others: 'number_of_other_workers',
      'hours of others': 'other_hours',
      notes: 'notes',
    },
  },
  'delivery-log': {
    ...sheet('Delivery', ['delivery_from']),
    facts: {
      from: 'delivery_from',
      'tracking number': 'tracking_number',
      contents: 'contents',
      comments: 'comments',
    },
  },
  'dumpster-log': {
    ...sheet('Dumpster', ['vendor']),
    facts: { delivered: 'quantity_delivered', removed: 'quantity_removed', comments: 'comments' },
  },
  'equipment-log': {
    ...sheet('Equipment', ['equipment']),
    facts: { operating: 'hours_operating', idle: 'hours_idle', inspected: 'inspected', notes: 'notes' },
  },
  'inspection-log': {
    ...sheet('Inspection', ['inspection_type']),
    facts: {
      type: 'inspection_type',
      entity: 'inspecting_entity',
      inspector: 'inspector_name',
      area: 'area',
      comments: 'comments',
    },
  },
  'plan-revision-log': {
    ...sheet('Plan Revision', ['plan_number', 'revision']),
    facts: {
      plan: 'plan_number',
      revision: 'revision',
      name: 'title',
      category: 'category',
      comments: 'comments',
    },
  },
  'productivity-log': {
    ...sheet('Productivity', ['line_item_description']),
    facts: {
      company: 'company',
      contract: 'contract',
      line: 'line_item_description',
      delivered: 'quantity_delivered',
      used: 'quantity_used',
      notes: 'notes',
    },
  },
  'quantity-log': {
    ...sheet('Quantity', ['quantity', 'unit']),
    facts: { quantity: 'quantity', unit: 'unit', description: 'description' },
  },
  'safety-violation-log': {
    ...sheet('Safety Violation', ['subject']),
    facts: {
      subject: 'subject',
      notice: 'safety_notice',
      'issued to': 'issued_to',
      due: 'compliance_due',
      comments: 'comments',
    },
  },
  'visitor-log': { ...sheet('Visitor', ['subject']), facts: { visitor: 'subject', details: 'details' } },
  'waste-log': {
    ...sheet('Waste', ['material']),
    facts: {
      material: 'material',
      quantity: 'approximate_quantity',
      method: 'method_of_disposal',
      place: 'disposal_location',
      description: 'description',
    },
  },
  'weather-log': {
    ...sheet('Weather', ['sky']),
    facts: {
      sky: 'sky',
      temperature: 'temperature',
      average: 'average',
      precipitation: 'precipitation',
      wind: 'wind',
      ground: 'ground',
      calamity: 'calamity',
      delay: 'is_weather_delay',
      comments: 'comments',
    },
  },
  'work-log': {
    ...sheet('Work', ['resource_name']),
    facts: {
      resource: 'resource_name',
      workers: 'workers',
      hours: 'hours',
      'hourly rate': 'hourly_rate',
      comments: 'comments',
    },
  },
};

function sheet(name: string, title: readonly string[]): Omit<LogSheet, 'facts'> {
  return { name, title };
}
