import { z } from 'zod';
import type { SentRequest } from './sent-requests.ts';

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

export const erpConnection = z.strictObject({ id, standard_cost_code_list_id: id });

const itemId = z.string().regex(/^[1-9]\d*$/);
const paging = { page: z.string().regex(/^\d+$/), per_page: z.string().regex(/^\d+$/) };
const itemType = z.enum(['work_order_contract', 'purchase_order_contract', 'line_item', 'vendor']);
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
];
