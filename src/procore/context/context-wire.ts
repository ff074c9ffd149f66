import { z } from 'zod';

// Numbers arrive as text. A field that is not here is not kept: the payload of a context record is what was read.
const id = z.string().regex(/^[\w-]{1,40}$/);
const optional = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);
const ref = z
  .object({ id: id.nullish(), name: optional })
  .nullish()
  .transform((value) => value ?? null);
const rows = <Row extends z.ZodType>(row: Row) =>
  z
    .array(row)
    .max(10_000)
    .nullish()
    .transform((value) => value ?? []);
const impact = z
  .object({ status: optional, value: optional })
  .nullish()
  .transform((value) => value ?? null);
const stamped = { id, updated_at: optional };

export const changeEventRow = z.object({
  ...stamped,
  number: optional,
  title: optional,
  description: optional,
  scope: optional,
  in_recycle_bin: flag,
  status: z.object({ name: optional, mapped_to_status: optional }).nullish(),
  change_type: z.object({ name: optional }).nullish(),
  change_reason: z.object({ change_reason: optional }).nullish(),
  event_origin: z
    .object({ origin_id: id.nullish(), origin_type: optional, display_name: optional })
    .nullish(),
  change_items: rows(
    z.object({
      cost_impact: z
        .object({ commitment: ref, change_order_package: ref, contract: ref, vendor: ref })
        .partial()
        .nullish(),
      latest_cost_values: z.object({ amount: optional }).nullish(),
      latest_revenue_values: z.object({ amount: optional }).nullish(),
    }),
  ),
});

/** Of a project: a bill, an expense or a payroll that somebody entered, or an integration. */
export const directCostRow = z.object({
  ...stamped,
  direct_cost_type: optional,
  direct_cost_date: optional,
  invoice_number: optional,
  description: optional,
  status: optional,
  grand_total: optional,
  vendor_id: id.nullish(),
  vendor_name: optional,
  received_date: optional,
  payment_date: optional,
  origin_id: optional,
});

export const budgetChangeRow = z.object({
  id,
  number: optional,
  title: optional,
  description: optional,
  status: optional,
  erp_status: optional,
  amount: optional,
});

/** What somebody expects a budget line to cost still, typed by hand. */
export const manualForecastRow = z.object({
  ...stamped,
  budget_line_item_id: id.nullish(),
  wbs_code_id: id.nullish(),
  description: optional,
  quantity: optional,
  uom: optional,
  unit_cost: optional,
  amount: optional,
  currency_configuration: z.object({ currency_iso_code: optional }).nullish(),
});

/** What a budget line costs to its end, by months. It has no id but that of its budget line. */
export const advancedForecastRow = z
  .object({
    budget_line_item_id: id,
    wbs_code_id: id.nullish(),
    start_date: optional,
    end_date: optional,
    curve: optional,
    forecast_to_complete: optional,
    periods: rows(z.object({ period_date: optional, amount: optional })),
  })
  .transform((row) => ({ ...row, id: row.budget_line_item_id }));

export const rfiPage = z.object({
  ...stamped,
  full_number: optional,
  number: optional,
  subject: optional,
  status: optional,
  due_date: optional,
  time_resolved: optional,
  cost_impact: impact,
  schedule_impact: impact,
  cost_code: ref,
  responsible_contractor: ref,
  questions: rows(
    z.object({
      plain_text_body: optional,
      answers: rows(z.object({ official: flag, plain_text_body: optional })),
    }),
  ),
});

/** A list that only says which rows changed. */
export const changedRow = z.object(stamped);

export const submittalRow = z.object({
  ...stamped,
  formatted_number: optional,
  number: optional,
  revision: optional,
  title: optional,
  due_date: optional,
  required_on_site_date: optional,
  status: z.object({ name: optional, status: optional }).nullish(),
  type: z.object({ name: optional }).nullish(),
  responsible_contractor: ref,
  approvers: rows(z.object({ response: z.object({ name: optional }).nullish(), returned_date: optional })),
});

const logged = { ...stamped, date: optional, status: optional, vendor: ref, cost_code: ref };
/** A sheet of the daily log with the columns that are read of it: a text, a flag, or something that has a name. */
export const dailyLogRow = (columns: readonly string[]) =>
  z.looseObject(logged).transform(({ id, updated_at, date, status, vendor, cost_code, ...more }) => ({
    ...{ id, updated_at, date, status, vendor, cost_code },
    columns: Object.fromEntries(columns.map((name) => [name, columnOf(more[name])])),
  }));

function columnOf(value: unknown): string | boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value === '' ? null : value;
  const shown = ref.safeParse(value);
  return shown.success ? (shown.data?.name ?? null) : null;
}

export const billingPeriodRow = z.object({
  ...stamped,
  position: optional,
  start_date: optional,
  end_date: optional,
  due_date: optional,
  status: optional,
});

export const budgetCodeRow = z.object({
  ...stamped,
  flat_code: optional,
  flat_name: optional,
  description: optional,
  status: optional,
  segment_items: rows(
    z.object({
      code: optional,
      path_code: optional,
      name: optional,
      segment: z.object({ type: optional }).nullish(),
    }),
  ),
});

export const taskRow = z.object({
  ...stamped,
  name: optional,
  task_name: optional,
  activity_id: optional,
  start_datetime: optional,
  finish_datetime: optional,
  baseline_start: optional,
  baseline_finish: optional,
  actual_start: optional,
  actual_finish: optional,
  percentage: optional,
  critical_path: flag,
  milestone: flag,
});

const fileVersion = z.object({ number: optional, size: optional });
/** A row of the list, or the page of one file: the newest version stands in another place in each. */
export const fileRow = z.object({
  ...stamped,
  name: optional,
  name_with_path: optional,
  is_deleted: flag,
  document_type: optional,
  file: z.object({ current_version: fileVersion.nullish() }).nullish(),
  file_versions: rows(fileVersion),
});

/** A project has one, without an id of its own. */
export const currencyRow = z
  .object({
    project_id: id,
    currency_iso_code: optional,
    multicurrency_enabled: flag,
    company_currency_exchange_rate_override: optional,
  })
  .transform((row) => ({ ...row, id: row.project_id }));

export const workflowRow = z.object({
  id,
  current_state_set_at: optional,
  workflowed_object_id: id.nullish(),
  workflowed_object_type: optional,
  project: ref,
  current_workflow_activities: rows(
    z.object({ workflow_user_role: z.object({ name: optional, assignee: ref }).nullish() }),
  ),
  current_workflow_state: z.object({ name: optional, status: optional }).nullish(),
  workflow: z.object({ name: optional }).nullish(),
});

/** The newer routes state one in an envelope, with ids as text. */
export const workflowInstancePage = z
  .object({
    data: z.object({
      ...stamped,
      item_id: id.nullish(),
      tool_type: optional,
      started_at: optional,
      ended_at: optional,
      current_step_occurrence: z.object({ name: optional, started_at: optional }).nullish(),
      all_assignees: rows(z.object({ name: optional })),
    }),
  })
  .transform(({ data }) => data);

export const workflowTools = z.object({
  data: z.array(z.object({ type: optional, subtype: optional, provider: optional })).max(500),
});

/** Of people no more than who they are and what they may send: no address, no telephone. */
export const contextUserRow = z.object({
  ...stamped,
  name: optional,
  login: optional,
  email_address: optional,
  is_active: flag,
  is_employee: flag,
  erp_integrated_accountant: flag,
  company_permission_template: ref,
  permission_template: ref,
});

export const unitRow = z.object({
  id,
  name: optional,
  description: optional,
  uom_category: z.object({ name: optional }).nullish(),
});
