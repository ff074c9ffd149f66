import { z } from 'zod';
import { Stop } from '../domain/posting/outcomes.ts';
import type { JsonValue } from '../lib/decimal-json.ts';

// Every body is parsed with numbers as text, so an id or an amount is a string whichever way Procore wrote it.
export const id = z.string().regex(/^[0-9A-Za-z-]{1,40}$/);
export const text = z.string();
export const optional = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));
export const optionalId = id.nullish().transform((value) => value ?? null);
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
});

export const companyRow = z.object({ id, name: optional });

export const projectRow = z.object({
  id,
  name: text,
  project_number: optional,
  origin_id: optional,
  active: flag,
  updated_at: optional,
});

/** A row of Ready to Import; its data are taken as the texts that we wrote. */
export const stagedRow = z.object({
  id: optionalId,
  parent_id: optionalId,
  item_type: text,
  origin_id: optional,
  status: z.enum(['staged', 'archived', 'imported', 'invalid']),
  data: z.record(z.string(), z.unknown()).transform(textsIn),
});

function textsIn(data: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What every record says of the other system that has it too. */
export const originOf = z.object({ origin_id: optional, origin_code: optional });

export const vendorRow = z.object({
  id,
  name: text,
  origin_id: optional,
  origin_code: optional,
  business_id: optional,
  business_register: z
    .object({ identifier: optional })
    .nullish()
    .transform((value) => value ?? null),
  email_address: optional,
  business_phone: optional,
  mobile_phone: optional,
  address: optional,
  city: optional,
  state_code: optional,
  zip: optional,
  country_code: optional,
  is_active: flag,
  updated_at: optional,
});

const costCode = z.object({
  full_code: optional,
  code: optional,
  name: optional,
  /** Whose code it is: the project's, or a sub job's of it. */
  biller: optional,
  biller_id: optionalId,
  biller_type: optional,
});
const lineItemType = z.object({ code: optional, name: optional });

/** A code of the budget as a line names it. */
export const wbsCode = z.object({ id: optionalId, flat_code: optional });

const file = z.object({ id, filename: optional, name: optional, url: optional });
/** A purchase order is typed with one file alone. */
const orderFiles = z
  .union([z.array(file).max(1_000), file.transform((one) => [one])])
  .nullish()
  .transform((value) => value ?? []);

export const contractLine = z.object({
  id,
  position: optional,
  description: optional,
  amount: text,
  quantity: optional,
  unit_cost: optional,
  uom: optional,
  cost_code: costCode.nullish(),
  line_item_type: lineItemType.nullish(),
  wbs_code: wbsCode.nullish(),
  origin_id: optional,
  deleted_at: optional,
});

const currency = z.object({ currency_iso_code: optional, base_currency_iso_code: optional });
const stated = currency.nullish().transform((value) => value ?? null);

export const contractHead = z.object({
  id,
  number: optional,
  title: optional,
  status: text,
  project: z.object({ id }),
  vendor: z
    .object({ id: optionalId, company: optional, name: optional })
    .nullish()
    .transform((value) => value ?? null),
  grand_total: text,
  approved_change_orders: optional,
  revised_contract: optional,
  retainage_percent: optional,
  contract_date: optional,
  created_by_id: optionalId,
  origin_id: optional,
  origin_code: optional,
  deleted_at: optional,
  updated_at: optional,
  currency_configuration: stated,
});

export const contractShow = contractHead.extend({
  attachments: orderFiles,
  line_items: z.array(contractLine).max(20_000),
});

const person = z
  .object({ id: optionalId, name: optional })
  .nullish()
  .transform((value) => value ?? null);

export const changeOrderHead = z.object({
  id,
  contract_id: id,
  number: optional,
  title: optional,
  status: text,
  grand_total: text,
  reviewed_at: optional,
  reviewer: person,
  designated_reviewer: person,
  creator: person,
  created_by_id: optionalId,
  origin_id: optional,
  deleted_at: optional,
  updated_at: optional,
  currency_configuration: stated,
});

export const changeOrderShow = changeOrderHead.extend({
  attachments: orderFiles,
  line_items: z
    .array(contractLine.omit({ amount: true }).extend({ extended_amount: optional, total_amount: optional }))
    .max(20_000),
});

export const requisitionRow = z.object({ id, origin_id: optional, updated_at: optional });

const files = z
  .array(file)
  .max(1_000)
  .nullish()
  .transform((value) => value ?? []);

// Columns that exist with one way of accounting only are absent with the other.
const requisitionItem = z.object({
  id,
  item_type: text,
  line_item_id: optionalId,
  position: optional,
  description_of_work: optional,
  scheduled_value: text,
  work_completed_from_previous_application: text,
  work_completed_this_period: text,
  materials_presently_stored: optional,
  total_completed_and_stored_to_date: text,
});

export const billingPeriod = z.object({ start_date: optional, end_date: optional });
export type BillingPeriod = z.output<typeof billingPeriod>;

export const requisitionShow = requisitionRow.extend({
  project_id: id,
  commitment_id: id,
  commitment_type: text,
  previous_requisition_id: optionalId,
  number: z.string().regex(/^\d{1,9}$/),
  invoice_number: optional,
  vendor_id: optionalId,
  vendor_name: optional,
  status: text,
  final: flag,
  billing_date: optional,
  period_id: optionalId,
  requisition_start: optional,
  requisition_end: optional,
  move_materials_to_previous_work_completed: flag,
  currency_configuration: stated,
  created_by: z
    .object({ id: optionalId })
    .nullish()
    .transform((value) => value ?? null),
  summary: z.object({
    total_retainage: text,
    total_earned_less_retainage: text,
    less_previous_certificates_for_payment: text,
    current_payment_due: text,
  }),
  attachments: files,
  items: z.array(requisitionItem).max(20_000),
});

/** A row of the older detail: the only place that states both kinds of retainage in full. */
export const sheetRow = z.object({
  id,
  item_type: text,
  work_completed_retainage_from_previous_application: text,
  work_completed_retainage_retained_this_period: text,
  work_completed_retainage_released_this_period: text,
  work_completed_retainage_currently_retained: text,
  materials_stored_retainage_from_previous_application: optional,
  materials_stored_retainage_retained_this_period: optional,
  materials_stored_retainage_released_this_period: optional,
  materials_stored_retainage_currently_retained: optional,
});

export const paymentRow = z.object({
  id,
  amount: text,
  date: optional,
  requisition_id: optionalId,
  check_number: optional,
  origin_id: optional,
});

/** A payment as people see it on its contract. */
export const contractPaymentRow = paymentRow.extend({
  status: optional,
  payment_number: optional,
  external_payment_id: optional,
});

/** The same as an export carries it. */
export const contractPaymentExport = z.object({
  id,
  project_id: id,
  contract_id: id,
  vendor_id: optionalId,
  payment_method: optional,
  retainage_released_payment_amount: optional,
  date_payment_initiated: optional,
  date_payment_settled: optional,
  currency_configuration: stated,
});

export const codingRow = z.object({ id, full_code: optional, code: optional, origin_id: optional });

export const directCostRow = z.object({
  id,
  description: optional,
  direct_cost_date: optional,
  direct_cost_type: optional,
  status: optional,
  origin_id: optional,
});

export const directCostLineRow = z.object({ id, amount: text, origin_id: optional });

const directCostExportLine = z.object({
  id,
  position: optional,
  description: optional,
  total_amount: text,
  quantity: optional,
  unit_cost: optional,
  uom: z.object({ name: optional }).nullish(),
  project: z.object({ id }),
  cost_code_id: optionalId,
  line_item_type_id: optionalId,
});

/** A company's direct cost as an export carries it: no address of the interface shows one. */
export const directCostExport = z.object({
  id,
  direct_cost_type: text,
  status: text,
  description: optional,
  invoice_number: optional,
  billed_amount: optional,
  line_item_total: text,
  direct_cost_date: optional,
  accounting_date: optional,
  payment_due_date: optional,
  currency_configuration: stated,
  vendor: z
    .object({ id: optionalId, name: optional })
    .nullish()
    .transform((value) => value ?? null),
  direct_cost_attachment: z
    .object({ id, name: optional, url: optional })
    .nullish()
    .transform((value) => value ?? null),
  origin_id: optional,
  line_items: z.array(directCostExportLine).max(20_000),
});

export const paymentApplicationRow = z.object({
  id,
  number: z.string().regex(/^\d{1,9}$/),
  status: text,
  origin_id: optional,
  contract: z.object({ id }),
  updated_at: optional,
});

// Columns of stored materials are absent where the contract shows none.
const g703Row = z.object({
  id,
  origin_id: optionalId,
  origin_type: optional,
  added_from_source: optional,
  item_number: optional,
  description_of_work: optional,
  description_override: optional,
  cost_code: costCode.nullish(),
  scheduled_value: text,
  work_completed_from_previous_application: text,
  work_completed_this_period: text,
  materials_presently_stored: optional,
  total_completed_and_stored_to_date: text,
  work_completed_retainage_from_previous_application: optional,
  work_completed_retainage_retained_this_period: optional,
  work_completed_retainage_released_this_period: optional,
  work_completed_retainage_currently_retained: optional,
  materials_stored_retainage_from_previous_application: optional,
  materials_stored_retainage_retained_this_period: optional,
  materials_stored_retainage_released_this_period: optional,
  materials_stored_retainage_currently_retained: optional,
});

/** An owner invoice with both of its forms (AIA G702 and G703). */
export const paymentApplicationShow = paymentApplicationRow.extend({
  invoice_number: optional,
  billing_date: optional,
  period_start: optional,
  period_end: optional,
  billing_period: billingPeriod.nullish(),
  formatted_contract_company: optional,
  currency_configuration: stated,
  g702: z.object({
    total_retainage: text,
    total_earned_less_retainage: text,
    less_previous_certificates_for_payment: text,
    current_payment_due: text,
  }),
  g703: z.array(g703Row).max(20_000),
  attachments: files,
});

export const primeContractShow = z.object({
  id,
  number: optional,
  title: optional,
  vendor: z
    .object({ id: optionalId, company: optional, name: optional })
    .nullish()
    .transform((value) => value ?? null),
});

export const userRow = z.object({ id, email_address: optional, login: optional });

export const requestRow = z.object({ id, created_at: optional });

// Fields of a request detail are published nowhere: only the id and the status are relied on.
export const detailRow = z.object({
  id,
  status: optional,
  item_type: optional,
  item_id: optionalId,
  erp_request_id: optionalId,
});

export const externalRow = z.object({
  item_type: optional,
  item_id: optionalId,
  origin_id: optional,
  origin_code: optional,
});

export const syncAnswer = z.object({ entities: z.array(z.unknown()), errors: z.array(z.unknown()) });

export type VendorRow = z.output<typeof vendorRow>;
export type ProjectRow = z.output<typeof projectRow>;
export type ContractHead = z.output<typeof contractHead>;
export type ContractShow = z.output<typeof contractShow>;
export type ContractLine = z.output<typeof contractLine>;
export type ChangeOrderHead = z.output<typeof changeOrderHead>;
export type ChangeOrderShow = z.output<typeof changeOrderShow>;
export type RequisitionShow = z.output<typeof requisitionShow>;
export type RequisitionItem = z.output<typeof requisitionItem>;
export type SheetRow = z.output<typeof sheetRow>;
export type DirectCostExport = z.output<typeof directCostExport>;
export type PaymentApplicationShow = z.output<typeof paymentApplicationShow>;
export type PrimeContractShow = z.output<typeof primeContractShow>;
export type PaymentRow = z.output<typeof paymentRow>;
export type ContractPaymentRow = z.output<typeof contractPaymentRow>;
export type ContractPaymentExport = z.output<typeof contractPaymentExport>;
export type DetailRow = z.output<typeof detailRow>;
export type ExternalRow = z.output<typeof externalRow>;

/** Parses one object at the edge. A form that Procore never had is a stop that names the field, not a guess. */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: JsonValue | undefined,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue && issue.path.length > 0 ? issue.path.join('.') : 'the whole answer';
  throw new Stop(
    'bug',
    'Procore',
    `${what} came in an unknown form: ${where} ${issue?.message ?? ''}`.trim(),
    {
      remedy: 'Keep the raw answer and report it: Procore has changed this route or the fact sheet is wrong.',
    },
  );
}
