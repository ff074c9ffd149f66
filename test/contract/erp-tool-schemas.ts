import { z } from 'zod';

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
