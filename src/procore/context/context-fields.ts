import type { z } from 'zod';
import type { ContextObject, ContextRecord, DailyLogObject, RecordRef } from '../../domain/context-record.ts';
import { formatDecimal, parseDecimal, rescale } from '../../domain/values/decimal.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { parsed } from '../wire.ts';
import * as wire from './context-wire.ts';
import type { LogSheet } from './daily-logs.ts';

/** A context record as one answer of Procore shows it, with the fields of the answer that were read. */
export type SeenContext = {
  readonly record: ContextRecord;
  /** When it changed last; null where the answer does not say. */
  readonly at: string | null;
  readonly raw: string;
};

type Said = {
  readonly projectId?: string | null;
  readonly number?: string | null;
  readonly title: string | null;
  readonly status?: string | null | undefined;
  readonly facts: Readonly<Record<string, string | boolean | null | undefined>>;
  readonly about?: readonly (RecordRef | null)[];
  readonly at?: string | null;
};

export type ReadContext = (value: JsonValue, projectId: string | null) => SeenContext;

function reader<Schema extends z.ZodType<{ id: string; updated_at?: string | null }>>(
  object: ContextObject,
  schema: Schema,
  said: (row: z.output<Schema>) => Said,
): ReadContext {
  return (value, projectId) => {
    const row = parsed(schema, value, `a ${object}`);
    const { number = null, title, status = null, facts, about = [], at, ...more } = said(row);
    const told = Object.entries(facts).flatMap(([name, fact]): [string, string][] =>
      fact === null || fact === undefined ? [] : [[name, worded(fact)]],
    );
    return {
      record: {
        object,
        id: row.id,
        projectId: more.projectId === undefined ? projectId : more.projectId,
        number,
        title: title ?? '',
        status,
        facts: Object.fromEntries(told),
        about: about.filter((named) => named !== null),
      },
      at: at === undefined ? (row.updated_at ?? null) : at,
      raw: JSON.stringify(row),
    };
  };
}

export const changeEvent = reader('change-event', wire.changeEventRow, (row) => ({
  number: row.number,
  title: row.title,
  status: row.in_recycle_bin === true ? 'Deleted' : (row.status?.mapped_to_status ?? row.status?.name),
  facts: {
    'status in the company': row.status?.name,
    scope: row.scope,
    type: row.change_type?.name,
    reason: row.change_reason?.change_reason,
    origin: row.event_origin?.display_name ?? row.event_origin?.origin_type,
    description: row.description,
    cost: sumOf(row.change_items.map((item) => item.latest_cost_values?.amount)),
    revenue: sumOf(row.change_items.map((item) => item.latest_revenue_values?.amount)),
  },
  about: row.change_items.flatMap(({ cost_impact: impact }) => [
    named('commitment', impact?.commitment ?? impact?.contract),
    named('change-order', impact?.change_order_package),
    named('vendor', impact?.vendor),
  ]),
}));

export const directCost = reader('direct-cost', wire.directCostRow, (row) => ({
  number: row.invoice_number,
  title: row.description ?? row.vendor_name ?? row.direct_cost_type,
  status: row.status,
  facts: {
    type: row.direct_cost_type,
    total: row.grand_total,
    date: row.direct_cost_date,
    received: row.received_date,
    paid: row.payment_date,
    vendor: row.vendor_name,
    // Without one nobody says that it stands in a ledger: such a bill is shown, and never posted.
    'in the ERP as': row.origin_id,
  },
  about: [row.vendor_id == null ? null : { object: 'vendor', id: row.vendor_id }],
}));

export const budgetChange = reader('budget-change', wire.budgetChangeRow, (row) => ({
  number: row.number,
  title: row.title,
  status: row.status,
  facts: { amount: row.amount, 'in the ERP': row.erp_status, description: row.description },
}));

export const manualForecast = reader('manual-forecast', wire.manualForecastRow, (row) => ({
  title: row.description,
  facts: {
    amount: row.amount,
    currency: row.currency_configuration?.currency_iso_code,
    quantity: [row.quantity, row.uom].filter((part) => part !== null).join(' ') || null,
    'unit cost': row.unit_cost,
    'budget line': row.budget_line_item_id,
  },
  about: [named('budget-code', { id: row.wbs_code_id })],
}));

export const advancedForecast = reader('advanced-forecast', wire.advancedForecastRow, (row) => ({
  title: `Forecast of budget line ${row.budget_line_item_id}`,
  facts: {
    'to complete': row.forecast_to_complete,
    from: row.start_date,
    until: row.end_date,
    curve: row.curve,
    // Of another curve than a manual one months are told for one view of the budget only.
    'by month': row.periods.map(({ period_date, amount }) => `${period_date}: ${amount}`).join(', ') || null,
  },
  about: [named('budget-code', { id: row.wbs_code_id })],
  at: null,
}));

export const rfi = reader('rfi', wire.rfiPage, (row) => ({
  number: row.full_number ?? row.number,
  title: row.subject,
  status: row.status,
  facts: {
    due: row.due_date,
    resolved: row.time_resolved,
    'cost impact': row.cost_impact?.status,
    'cost impact amount': row.cost_impact?.value,
    'schedule impact': row.schedule_impact?.status,
    'schedule impact days': row.schedule_impact?.value,
    'cost code': row.cost_code?.name,
    question: row.questions[0]?.plain_text_body,
    'official answer': row.questions.flatMap(({ answers }) => answers).find(({ official }) => official)
      ?.plain_text_body,
  },
  about: [named('vendor', row.responsible_contractor)],
}));

export const submittal = reader('submittal', wire.submittalRow, (row) => ({
  number: row.formatted_number ?? row.number,
  title: row.title,
  status: row.status?.status ?? row.status?.name,
  facts: {
    'status in the company': row.status?.name,
    type: row.type?.name,
    revision: row.revision,
    due: row.due_date,
    'required on site': row.required_on_site_date,
    'last response': row.approvers
      .map(({ response }) => response?.name ?? null)
      .findLast((name) => name !== null),
  },
  about: [named('vendor', row.responsible_contractor)],
}));

export function dailyLog(object: DailyLogObject, { title, facts }: LogSheet): ReadContext {
  const columns = [...new Set([...title, ...Object.values(facts)])].filter((name) => name !== 'vendor');
  return reader(object, wire.dailyLogRow(columns), (row) => {
    const column = (name: string) => (name === 'vendor' ? row.vendor?.name : row.columns[name]);
    const own = Object.entries(facts).map(([name, from]) => [name, column(from)]);
    return {
      title: [...title.map(column), row.date].filter((part) => part != null).join(' '),
      status: row.status,
      facts: {
        date: row.date,
        vendor: row.vendor?.name,
        'cost code': row.cost_code?.name,
        ...Object.fromEntries(own),
      },
      about: [named('vendor', row.vendor)],
    };
  });
}

export const billingPeriod = reader('billing-period', wire.billingPeriodRow, (row) => ({
  number: row.position,
  title: [row.start_date, row.end_date].filter((day) => day !== null).join(' to '),
  status: row.status,
  facts: { from: row.start_date, to: row.end_date, 'to be submitted by': row.due_date },
}));

export const budgetCode = reader('budget-code', wire.budgetCodeRow, (row) => {
  const item = (type: string) => row.segment_items.find(({ segment }) => segment?.type === type) ?? null;
  const code = (type: string) => item(type)?.path_code ?? item(type)?.code;
  return {
    number: row.flat_code,
    title: row.description ?? row.flat_name ?? row.flat_code,
    status: row.status,
    facts: {
      'sub job': code('sub_job'),
      'cost code': code('cost_code'),
      'cost type': code('line_item_type'),
      others: row.segment_items
        .filter(({ segment }) => segment?.type === 'custom')
        .map(({ code: own, name }) => [own, name].filter((part) => part !== null).join(' '))
        .join(', '),
    },
  };
});

export const task = reader('schedule-task', wire.taskRow, (row) => ({
  number: row.activity_id,
  title: row.name ?? row.task_name,
  status: row.percentage === '100' ? 'finished' : row.percentage === '0' ? 'not started' : 'in progress',
  facts: {
    start: row.start_datetime,
    finish: row.finish_datetime,
    'baseline start': row.baseline_start,
    'baseline finish': row.baseline_finish,
    'actual start': row.actual_start,
    'actual finish': row.actual_finish,
    'percent complete': row.percentage,
    'critical path': row.critical_path,
    milestone: row.milestone,
  },
}));

export const file = reader('file', wire.fileRow, (row) => {
  const version = row.file?.current_version ?? newest(row.file_versions);
  return {
    title: row.name,
    status: row.is_deleted === true ? 'deleted' : null,
    facts: { path: row.name_with_path, version: version?.number, bytes: version?.size },
  };
});

export const currency = reader('currency', wire.currencyRow, (row) => ({
  title: row.currency_iso_code,
  facts: {
    currency: row.currency_iso_code,
    'several currencies': row.multicurrency_enabled,
    'exchange rate of its own': row.company_currency_exchange_rate_override,
  },
}));

export const workflow = reader('workflow', wire.workflowRow, (row) => ({
  projectId: row.project?.id ?? null,
  title: row.workflow?.name ?? null,
  status: row.current_workflow_state?.name,
  facts: {
    'kind of record': row.workflowed_object_type,
    state: row.current_workflow_state?.status,
    since: row.current_state_set_at,
    'with now': row.current_workflow_activities
      .flatMap(({ workflow_user_role: role }) => role?.assignee?.name ?? role?.name ?? [])
      .join(', '),
  },
  about: [
    { object: WORKFLOWED[row.workflowed_object_type ?? ''] ?? 'unknown', id: row.workflowed_object_id ?? '' },
  ],
  at: row.current_state_set_at,
}));

export const workflowInstance = reader('workflow-instance', wire.workflowInstancePage, (row) => ({
  title: row.tool_type,
  status: row.ended_at === null ? row.current_step_occurrence?.name : 'ended',
  facts: {
    'kind of record': row.tool_type,
    started: row.started_at,
    ended: row.ended_at,
    since: row.current_step_occurrence?.started_at,
    'with now': row.all_assignees.map(({ name }) => name ?? '').join(', '),
  },
  about: [{ object: objectOfTool(row.tool_type ?? ''), id: row.item_id ?? '' }],
}));

/** Tools are named by a list of the company, in words that no page lists (inferred from those of its routes). */
function objectOfTool(tool: string): string {
  const known = TOOLS.find(([name]) => name.test(tool));
  return known?.[1] ?? 'unknown';
}

const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/change.?order/i, 'change-order'],
  [/payment.?application|owner.?invoice/i, 'owner-invoice'],
  [/requisition|subcontractor.?invoice/i, 'sub-invoice'],
  [/prime.?contract/i, 'prime-contract'],
  [/work.?order|purchase.?order|commitment|subcontract/i, 'commitment'],
];

/** Kinds of records in workflows go by names that no page lists (inferred from those of the models). */
const WORKFLOWED: Readonly<Record<string, string>> = {
  WorkOrderContract: 'commitment',
  PurchaseOrderContract: 'commitment',
  ChangeOrderPackage: 'change-order',
  Requisition: 'sub-invoice',
  PaymentApplication: 'owner-invoice',
};

export const user = reader('user', wire.contextUserRow, (row) => ({
  title: row.name,
  status: row.is_active === false ? 'inactive' : 'active',
  facts: {
    'e-mail': row.email_address ?? (row.login?.includes('@') ? row.login : null),
    'can push to accounting': row.erp_integrated_accountant,
    'permissions in the company': row.company_permission_template?.name,
    'permissions in projects': row.permission_template?.name,
    employee: row.is_employee,
  },
}));

export const unit = reader('unit', wire.unitRow, (row) => ({
  number: row.name,
  title: row.description ?? row.name,
  facts: { category: row.uom_category?.name },
}));

function worded(fact: string | boolean): string {
  return typeof fact === 'string' ? fact : fact ? 'yes' : 'no';
}

function named(object: string, ref: { readonly id?: string | null | undefined } | null | undefined) {
  return ref?.id == null ? null : { object, id: ref.id };
}

function newest<Version extends { readonly number: string | null }>(versions: readonly Version[]) {
  return [...versions].sort((a, b) => Number(b.number ?? 0) - Number(a.number ?? 0))[0];
}

/** Of what is stated; null where nothing is, or something that is no amount: half a sum would mislead. */
function sumOf(amounts: readonly (string | null | undefined)[]): string | null {
  const texts = amounts.filter((amount) => amount != null);
  if (texts.length === 0 || !texts.every((text) => /^-?\d+(\.\d+)?$/.test(text))) return null;
  const stated = texts.map(parseDecimal);
  const scale = Math.max(2, ...stated.map((amount) => amount.scale));
  const units = stated.reduce((sum, amount) => sum + rescale(amount, scale, 'down'), 0n);
  return formatDecimal({ units, scale });
}
