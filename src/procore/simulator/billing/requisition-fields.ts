import { z } from 'zod';
import { dateField, decimalField, idField, textField } from '../http/body.ts';
import { MONEY_SCALE, QUANTITY_SCALE } from '../http/decimals.ts';

export const REQ_STATUS = [
  'draft',
  'under_review',
  'revise_and_resubmit',
  'approved',
  'approved_as_noted',
  'pending_owner_approval',
] as const;

export const ITEM_KINDS = ['contract_item', 'contract_detail_item', 'change_order_item'] as const;

const amount = decimalField(MONEY_SCALE);

/** What the deprecated routes for single items take. */
export const plainItemFields = {
  work_completed_this_period: amount,
  materials_presently_stored: amount,
  work_completed_retainage_retained_this_period: amount,
  materials_stored_retainage_currently_retained: amount,
  work_completed_retainage_released_this_period: amount,
  work_completed_this_period_quantity: decimalField(QUANTITY_SCALE),
};

const judgedItemFields = {
  ...plainItemFields,
  subcontractor_claimed_amount: amount,
  status: z.enum(['approved', 'rejected', 'no_action']),
  comment: textField,
};

/** Item fields inside an application; the quantities of materials have no published type and are read past. */
export const itemFields = {
  ...judgedItemFields,
  materials_presently_stored_from_previous_progress: amount,
  new_materials: amount,
  new_materials_quantity: z.unknown(),
  stored_materials: amount,
  stored_materials_quantity: z.unknown(),
  work_completed_retainage_percent_this_period: amount,
  materials_stored_retainage_percent_this_period: amount,
};

const itemInput = z.strictObject(itemFields).partial();

const kind = { item_type: z.enum(ITEM_KINDS) };
const lineIds = { line_item_id: idField, detail_line_item_id: idField };

const newItem = z.strictObject({ ...itemInput.shape, ...z.strictObject(lineIds).partial().shape, ...kind });
const changedItem = z.strictObject({ ...newItem.shape, id: idField });
const bulkItem = z.strictObject({ ...judgedItemFields, ...kind, id: idField }).partial();

const headerFields = {
  period_id: idField.nullable(),
  requisition_start: dateField,
  requisition_end: dateField,
  billing_date: dateField,
  final: z.boolean(),
  // The tutorial sends a number.
  invoice_number: z.union([z.string().max(255), z.number()]).nullable(),
  payment_date: dateField,
  origin_id: textField,
  origin_data: textField,
  status: z.enum(REQ_STATUS),
  submitted_at: dateField,
  prostore_file_ids: z.array(idField).max(100),
  upload_ids: z.array(z.string()).max(100),
};

const headerInput = z.strictObject(headerFields).partial();

const addressed = { project_id: idField, commitment_id: idField };
const MAX_ITEMS = 10_000;

export const newRequisitionBody = z.strictObject({
  ...addressed,
  requisition: z.strictObject({ ...headerInput.shape, items: z.array(newItem).max(MAX_ITEMS).optional() }),
});
export const requisitionPatchBody = z.strictObject({
  ...addressed,
  requisition: z.strictObject({
    ...headerInput.shape,
    items: z.array(changedItem).max(MAX_ITEMS).optional(),
  }),
});
export const bulkItemBody = z.strictObject({ requisition_items: z.array(bulkItem).max(MAX_ITEMS) });

export type RequisitionInput = z.output<typeof headerInput>;
export type ItemInput = z.output<typeof itemInput>;
export type NewItemInput = z.output<typeof newItem>;
export type ChangedItemInput = z.output<typeof changedItem>;
