import { z } from 'zod';
import type { SentRequest } from './sent-requests.ts';

/** Every amount of a job cost that the guide names. */
const JOB_COST_COLUMNS = [
  ...[
    'original_estimate',
    'original_estimate_units',
    'approved_estimate_changes',
    'approved_estimate_unit_changes',
  ],
  ...[
    'estimate',
    'estimate_units',
    'original_commitment',
    'approved_commitment_changes',
    'revised_commitment',
  ],
  ...[
    'committed_costs',
    'commitment_invoiced',
    'job_to_date_cost',
    'job_to_date_units',
    'job_to_date_dollars_paid',
  ],
  ...[
    'month_to_date_cost',
    'month_to_date_units',
    'month_to_date_dollars_paid',
    'open_balance',
    'paid_amount',
  ],
  'percentage_complete',
];

/**
 * The ERP tool has no public OpenAPI: these shapes are what its guides and two live clients show. Where a
 * source leaves fields unpublished the object stays open.
 */
const id = z.int().positive();
const stamp = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
const decimalText = z.string().regex(/^-?\d+\.\d+$/);
const nullableText = z.string().nullable();

const commitmentItem = z.looseObject({
  id,
  amount: decimalText,
  company: z.object({ id, name: z.string() }),
  cost_code: z.looseObject({ id, full_code: z.string(), biller_origin_id: nullableText }).nullable(),
  description: z.string(),
  extended_amount: decimalText,
  extended_type: z.enum(['manual', 'calculated']),
  holder: z.object({ id, holder_type: z.string() }),
  origin_id: nullableText,
  origin_code: nullableText,
  origin_data: nullableText,
  position: z.int(),
  quantity: decimalText,
  tax_amount: decimalText,
  total_amount: decimalText,
  unit_cost: decimalText,
  created_at: stamp,
  updated_at: stamp,
});

const createCommitment = z.looseObject({
  job_id: z.string(),
  request_detail_id: id.optional(),
  company_id: id,
  commitment: z.looseObject({
    id,
    type: z.enum(['WorkOrderContract', 'PurchaseOrderContract']),
    code: z.string(),
    grand_total: decimalText,
    retainage_percent: decimalText,
    custom_fields: z.record(z.string(), z.unknown()),
    erp_custom_fields: z.record(z.string(), z.unknown()),
    project: z.object({ id, name: z.string(), origin_data: nullableText, origin_id: nullableText }),
    vendor: z
      .object({ id, company: z.string(), origin_data: nullableText, origin_id: nullableText })
      .nullable(),
  }),
  commitment_items: z.array(commitmentItem),
  additional_data: z.strictObject({ accounting_date: z.iso.date().optional() }),
});

const unlinkCommitment = z.strictObject({
  job_origin_id: z.string(),
  erp_commitment_id: id,
  request_detail_id: id,
  project_id: id,
  procore_commitment_id: id,
  commitment_type: z.string(),
  commitment_origin_id: z.string(),
});

const createChangeOrder = z.strictObject({
  job_origin_id: z.string(),
  request_detail_id: id,
  company_id: id,
  commitment: z.looseObject({ id, type: z.enum(['WorkOrderContract', 'PurchaseOrderContract']) }),
  commitment_items: z.array(commitmentItem),
  change_order: z.strictObject({
    id,
    contract_id: id,
    number: z.string(),
    status: z.literal('Approved'),
    title: z.string(),
    description: nullableText,
    created_at: stamp,
    updated_at: stamp,
    deleted_at: stamp.nullable(),
    origin_code: nullableText,
    origin_data: nullableText,
    origin_id: nullableText,
    due_date: z.iso.date().nullable(),
    invoiced_date: z.iso.date().nullable(),
    paid_date: z.iso.date().nullable(),
    reviewed_at: stamp.nullable(),
    custom_fields: z.record(z.string(), z.unknown()),
    erp_custom_fields: z.record(z.string(), z.unknown()),
    // Nobody says where the typed code stands; a commitment has it under this name.
    code: z.string().optional(),
  }),
  change_order_items: z.array(commitmentItem.extend({ commitment_line_item_id: id.nullable() })),
  additional_data: z.strictObject({ accounting_date: z.iso.date().optional() }),
});

const unlinkChangeOrder = z.strictObject({
  job_origin_id: z.string(),
  erp_commitment_id: id,
  erp_commitment_change_order_id: id,
  request_detail_id: id,
  commitment_origin_id: z.string(),
  commitment_type: z.string(),
  commitment_change_order_origin_id: z.string(),
  procore_commitment_change_order_id: id,
  project_id: id,
});

const dollars = z.string().regex(/^-?\$\d{1,3}(,\d{3})*\.\d{2}$/);

const requisitionItem = z.looseObject({
  procore_requisition_item_id: id,
  accounting_method: z.enum(['unit', 'amount']),
  amount: decimalText,
  change_order_line_item_origin_id: nullableText,
  commitment_item_origin_id: nullableText,
  cost_code_id: id.nullable(),
  cost_code_origin_id: nullableText,
  description: z.string(),
  formatted_amount: dollars,
  formatted_unit_cost: dollars,
  line_item_description: z.string(),
  line_item_type_origin_id: nullableText,
  qty: decimalText,
  released_work_completed_this_period: decimalText,
  requisition_item_type: z.string().regex(/^Billings::\w+Item$/),
  retainage_materials_presently_stored: decimalText,
  retainage_materials_previously_stored: decimalText,
  retainage_this_period: decimalText,
  retainage_work_completed_this_period: decimalText,
  scheduled_total_amount: decimalText,
  tax_code_origin_id: nullableText,
  unit_cost: decimalText,
  uom: nullableText,
});

/** The published sample has no detail id and no project; the guide of 2021 says that the payload has the id. */
const createRequisitions = z.strictObject({
  requisitions: z
    .array(
      z.strictObject({
        procore_requisition_id: id,
        accounting_method: z.enum(['unit', 'amount']),
        billing_date: z.iso.date().nullable(),
        code: z.string(),
        contract_id: id,
        contract_origin_id: nullableText,
        created_at: stamp,
        custom_fields: z.record(z.string(), z.unknown()),
        erp_custom_fields: z.record(z.string(), z.unknown()),
        formatted_payment_due: dollars,
        invoice_number: nullableText,
        job_origin_id: nullableText,
        line_items: z.array(requisitionItem),
      }),
    )
    .min(1),
});

const resetRequisition = z.strictObject({
  requisition_id: id,
  project_id: id,
  requisition_origin_id: nullableText,
  reset_override: z.boolean(),
});

const createPayment = z.strictObject({
  request_detail_id: id,
  company_id: id,
  contract_payment: z.strictObject({
    id,
    company_id: id,
    project_id: id,
    contract_id: id,
    requisition_id: id.nullable(),
    external_payment_id: nullableText,
    invoice_number: nullableText,
    invoice_date: z.iso.date().nullable(),
    status: z.string(),
    amount: decimalText,
    date_payment_created: stamp,
    date_payment_initiated: stamp,
    date_payment_funded: stamp,
    date_payment_settled: stamp.nullable(),
    retainage_released_payment_amount: decimalText,
    draw_request_number: z.int().nullable(),
    payment_method: z.string(),
    payment_number: nullableText,
    vendor_id: id.nullable(),
    bank_id: nullableText,
    check_number: nullableText,
  }),
});

const envelope = {
  id,
  company_id: id,
  created_at: stamp,
  updated_at: stamp,
  integration_app_name: nullableText,
};

export const erpRequest = z.discriminatedUnion('request_name', [
  z.strictObject({
    ...envelope,
    request_name: z.literal('create_commitment'),
    request_data: createCommitment,
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('unlink_commitment'),
    request_data: unlinkCommitment,
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('create_commitment_change_order'),
    request_data: createChangeOrder,
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('unlink_commitment_change_order'),
    request_data: unlinkChangeOrder,
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('sync_commitment_change_orders'),
    request_data: z.strictObject({ request_detail_id: id }),
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('create_requisitions'),
    request_data: createRequisitions,
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('reset_requisition'),
    request_data: resetRequisition,
  }),
  z.strictObject({
    ...envelope,
    request_name: z.literal('create_contract_payment'),
    request_data: createPayment,
  }),
]);

export const erpRequestDetail = z.looseObject({
  id,
  status: z.enum(['in_progress', 'success', 'failed', 'stale']),
  messages: z.array(z.string()),
});

export const externalDataRow = z.looseObject({
  id,
  item_type: z.string(),
  item_id: id,
  origin_id: nullableText,
});

export const syncOf = (row: z.ZodType) =>
  z.strictObject({
    entities: z.array(row),
    errors: z.array(z.looseObject({ errors: z.record(z.string(), z.array(z.string())) })),
  });

/** Only the route and its fields are told; that an entity comes back with an id is what every sync action does. */
export const jobCost = z.looseObject({ id });

export const erpConnection = z.strictObject({ id, standard_cost_code_list_id: id });

const itemId = z.string().regex(/^[1-9]\d*$/);
const paging = { page: z.string().regex(/^\d+$/), per_page: z.string().regex(/^\d+$/) };
const itemType = z.enum([
  'work_order_contract',
  'purchase_order_contract',
  'line_item',
  'change_order',
  'requisition',
  'vendor',
]);
const range = z.string().regex(/^"\S+\.\.\.\S+"$/);

export type ErpToolRoute = {
  readonly method: SentRequest['method'];
  readonly path: string;
  readonly query: z.ZodType;
  readonly body: z.ZodType | null;
};

const company = '/rest/v1.0/companies/{company_id}';

/** What the guides and two live clients let an integration send to the ERP tool; rows marked are inferred. */
export const erpToolRoutes: readonly ErpToolRoute[] = [
  // The path and its filter are inferred: the guides show neither a list of requests nor one request's path.
  {
    method: 'GET',
    path: `${company}/erp_requests`,
    query: z.strictObject({ ...paging, 'filters[created_at]': range.optional() }),
    body: null,
  },
  { method: 'GET', path: `${company}/erp_requests/{id}`, query: z.strictObject({}), body: null },
  {
    method: 'GET',
    path: `${company}/erp_request_details`,
    query: z.strictObject({ ...paging, 'filters[item_id]': itemId.optional() }).partial(),
    body: null,
  },
  {
    method: 'PATCH',
    path: `${company}/erp_request_details/{id}`,
    query: z.strictObject({}),
    body: z.strictObject({
      request_detail: z.strictObject({
        status: z.enum(['success', 'failed']),
        messages: z.array(z.string()),
      }),
    }),
  },
  {
    method: 'GET',
    path: `${company}/external_data`,
    query: z.strictObject({ item_type: itemType, item_id: itemId }),
    body: null,
  },
  {
    method: 'PATCH',
    path: `${company}/external_data/sync`,
    query: z.strictObject({}),
    body: z.strictObject({
      updates: z
        .array(
          z.strictObject({
            item_type: itemType,
            item_id: id,
            origin_id: z.string().min(1),
            origin_code: z.string().optional(),
            origin_data: z.string().optional(),
          }),
        )
        .min(1)
        // Sync actions take at most 1,000 rows.
        .max(1_000),
    }),
  },
  {
    method: 'DELETE',
    path: `${company}/external_data/bulk_destroy`,
    query: z.strictObject({}),
    body: z.strictObject({ item_type: z.enum(['contract_payment']), item_ids: z.array(id).min(1) }),
  },
  {
    method: 'PATCH',
    path: '/rest/v1.0/cost_code_line_item_types/sync',
    query: z.strictObject({ project_id: z.string().regex(/^\d+$/), sub_job_id: z.string().optional() }),
    body: z.strictObject({
      updates: z
        .array(z.strictObject({ cost_code_id: id, line_item_type_id: id, synced: z.boolean() }))
        .max(1_000),
    }),
  },
  {
    method: 'PATCH',
    path: '/rest/v1.0/erp_job_costs/sync',
    query: z.strictObject({}),
    body: z.strictObject({
      company_id: id,
      job_origin_id: z.string().min(1),
      updates: z
        .array(
          z.strictObject({
            cost_code_id: id,
            line_item_type_id: id,
            ...Object.fromEntries(JOB_COST_COLUMNS.map((column) => [column, z.number().optional()])),
          }),
        )
        .min(1)
        .max(1_000),
    }),
  },
];
