import { z } from 'zod';
import { POC_STATUS, WOC_STATUS } from '../contracts/contract-fields.ts';
import { idField } from '../http/body.ts';
import { BLANK, type Errors } from '../http/errors.ts';

/** What may wait in Ready to Import. Standard cost codes and cost types cannot be staged. */
export const STAGED_TYPES = [
  'vendor',
  'project',
  'sub_job',
  'prime_contract',
  'purchase_order_contract',
  'work_order_contract',
  'commitment_change_order',
  'line_item',
] as const;
export type StagedType = (typeof STAGED_TYPES)[number];

/** The switch in the ERP metadata that turns staging on for each type; lines follow what they hang on. */
export const STAGED_ENTITY: Record<Exclude<StagedType, 'line_item'>, string> = {
  vendor: 'vendors',
  project: 'jobs',
  sub_job: 'sub_jobs',
  prime_contract: 'prime_contracts',
  purchase_order_contract: 'commitments',
  work_order_contract: 'commitments',
  commitment_change_order: 'commitment_change_orders',
};

const text = z.string().nullable();
const flag = z.boolean();
const day = z.iso.date().nullable();
const place = { address: text, city: text, state_code: text, zip: text, country_code: text };
const ofProject = { project_id: idField, project_origin_id: z.string() };

const vendor = z.strictObject({
  ...place,
  name: z.string().min(1),
  abbreviated_name: text,
  business_phone: text,
  mobile_phone: text,
  fax_number: text,
  email_address: text,
  website: text,
  notes: text,
  is_active: flag,
  prequalified: flag,
  authorized_bidder: flag,
  union_member: flag,
  labor_union: text,
  license_number: text,
  non_union_prevailing_wage: flag,
  vendor_group_id: idField.nullable(),
  vendor_type_id: idField.nullable(),
  vendor_type_origin_id: text,
});

const project = z.strictObject({
  ...place,
  name: z.string().min(1),
  project_number: text,
  accounting_project_number: text,
  phone: text,
  description: text,
  public_notes: text,
  estimated_start_date: day,
  estimated_completion_date: day,
  estimated_value: z.number(),
  flag: z.enum(['Red', 'Yellow', 'Green']),
  square_feet: z.int(),
  store_number: text,
  image_id: idField,
  office_id: idField,
  program_id: idField,
  parent_job_id: idField,
  project_bid_type_id: idField,
  project_type_id: idField,
  project_owner_type_id: idField,
  project_region_id: idField,
  from_project_template_id: idField,
  template: flag,
  warranty_start_date: day,
  warranty_end_date: day,
  department_ids: z.array(idField),
  customer_origin_id: text,
});

const subJob = z.strictObject({ ...ofProject, name: z.string(), code: z.string() });

const primeContract = z.strictObject({
  ...ofProject,
  title: z.string(),
  number: z.string(),
  status: z.enum(['Draft', 'Out For Bid', 'Out For Signature', 'Approved', 'Complete', 'Terminated']),
  description: z.string(),
  executed: flag,
  private: flag,
  accounting_method: z.enum(['unit', 'amount']),
  retainage_percent: z.number(),
  inclusions: z.string(),
  exclusions: z.string(),
  contract_start_date: day,
  contract_estimated_completion_date: day,
  actual_completion_date: day,
  signed_contract_received_date: day,
  allow_markups: flag,
});

const commitment = {
  ...ofProject,
  title: z.string(),
  number: z.string(),
  description: z.string(),
  executed: flag,
  private: flag,
  retainage_percent: z.number(),
  show_line_items_to_non_admins: flag,
  vendor_id: idField,
  vendor_origin_id: z.string(),
};

const lineItem = z.strictObject({
  amount: z.number(),
  description: text,
  position: z.int(),
  quantity: z.number(),
  unit_cost: z.number(),
  uom: z.string(),
  cost_code_id: idField,
  cost_code_origin_id: z.string(),
  line_item_type_id: idField,
  line_item_type_origin_id: z.string(),
  tax_code_id: idField,
  tax_code_origin_id: z.string(),
  commitment_line_item_id: idField,
  commitment_line_item_origin_id: z.string(),
});

/** The data of a row by its type; the ERP may leave out what it does not know. */
export const stagedData = {
  vendor: vendor.partial(),
  project: project.partial(),
  sub_job: subJob.partial(),
  prime_contract: primeContract.partial(),
  purchase_order_contract: z.strictObject({ ...commitment, status: z.enum(POC_STATUS) }).partial(),
  work_order_contract: z.strictObject({ ...commitment, status: z.enum(WOC_STATUS) }).partial(),
  commitment_change_order: z
    .strictObject({
      ...ofProject,
      title: z.string(),
      number: z.string(),
      description: z.string(),
      commitment_origin_id: z.string(),
    })
    .partial(),
  line_item: lineItem.partial(),
} satisfies Record<StagedType, z.ZodType>;

export type StagedData = { [T in StagedType]: z.output<(typeof stagedData)[T]> };

/** Keys without which the tool cannot say where a row belongs. */
const REQUIRED: Partial<Record<StagedType, readonly string[]>> = {
  sub_job: ['project_origin_id'],
  prime_contract: ['project_origin_id'],
  purchase_order_contract: ['project_origin_id'],
  work_order_contract: ['project_origin_id'],
  commitment_change_order: ['project_origin_id', 'commitment_origin_id'],
};

/** What is wrong with the data of a row, by field; null when nothing is. */
export function dataErrors(type: StagedType, data: Record<string, unknown>): Errors | null {
  const errors: Errors = {};
  for (const name of REQUIRED[type] ?? []) if (data[name] == null) errors[name] = BLANK;
  const known = Object.entries(data).filter(([name]) => !(type === 'vendor' && name.startsWith('bidding_')));
  const read = stagedData[type].safeParse(Object.fromEntries(known));
  for (const issue of read.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) errors[key] = ['is not a field'];
    else errors[String(issue.path[0] ?? 'data')] = [issue.message];
  }
  return Object.keys(errors).length > 0 ? errors : null;
}
