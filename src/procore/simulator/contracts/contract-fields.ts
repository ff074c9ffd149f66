import { z } from 'zod';
import { dateField, decimalField, idField, textField } from '../http/body.ts';
import { MONEY_SCALE, QUANTITY_SCALE } from '../http/decimals.ts';
import type { ContractKind } from '../records.ts';

export const WOC_STATUS = [
  'Draft',
  'Out For Bid',
  'Out For Signature',
  'Approved',
  'Complete',
  'Terminated',
  'Void',
] as const;
export const POC_STATUS = [
  'Draft',
  'Processing',
  'Submitted',
  'Partially Received',
  'Received',
  'Approved',
  'Closed',
] as const;
export const CO_STATUS = [
  'draft',
  'not_pricing',
  'pricing',
  'pending',
  'revised',
  'proceeding',
  'not_proceeding',
  'no_charge',
  'approved',
  'rejected',
  'void',
] as const;

const sharedDates = {
  approval_letter_date: dateField,
  contract_date: dateField,
  execution_date: dateField,
  issued_on_date: dateField,
  letter_of_intent_date: dateField,
  returned_date: dateField,
  signed_contract_received_date: dateField,
};

/** Fields that are kept and given back without any rule of their own. */
export const keptFields = {
  work_order_contract: {
    ...sharedDates,
    actual_completion_date: dateField,
    contract_start_date: dateField,
    contract_estimated_completion_date: dateField,
    description: textField,
    exclusions: textField,
    inclusions: textField,
  },
  purchase_order_contract: {
    ...sharedDates,
    delivery_date: dateField,
    description: textField,
    bill_to_address: textField,
    ship_to_address: textField,
    ship_via: textField,
    payment_terms: textField,
    assignee_id: idField.nullable(),
  },
} satisfies Record<ContractKind, Record<string, z.ZodType>>;

export const originFields = { origin_id: textField, origin_code: textField, origin_data: textField };

const headerFields = {
  title: textField,
  number: z.string().max(255),
  executed: z.boolean(),
  private: z.boolean(),
  retainage_percent: decimalField(MONEY_SCALE),
  accounting_method: z.enum(['amount', 'unit']),
  vendor_id: idField.nullable(),
  invoice_contact_user_ids: z.array(idField).max(100),
  drawing_revision_ids: z.array(idField).max(100),
  file_version_ids: z.array(idField).max(100),
  form_ids: z.array(idField).max(100),
  image_ids: z.array(idField).max(100),
  upload_ids: z.array(z.string()).max(100),
  currency_iso_code: z.string().length(3),
  currency_exchange_rate: z.number(),
  ...originFields,
};

/** What a user-level client may write on a header, per kind; everything else is read-only or unknown. */
export const contractBody = {
  work_order_contract: z
    .strictObject({ ...headerFields, ...keptFields.work_order_contract, status: z.enum(WOC_STATUS) })
    .partial(),
  purchase_order_contract: z
    .strictObject({ ...headerFields, ...keptFields.purchase_order_contract, status: z.enum(POC_STATUS) })
    .partial(),
};

export type ContractInput =
  | Partial<z.output<(typeof contractBody)['work_order_contract']>>
  | Partial<z.output<(typeof contractBody)['purchase_order_contract']>>;

/** What may be written on a schedule-of-values line. */
export const lineBody = z
  .strictObject({
    amount: decimalField(MONEY_SCALE),
    quantity: decimalField(QUANTITY_SCALE),
    unit_cost: decimalField(QUANTITY_SCALE),
    cost_code_id: idField.nullable(),
    line_item_type_id: idField.nullable(),
    tax_code_id: idField.nullable(),
    wbs_code_id: idField.nullable(),
    description: textField,
    extended_type: z.enum(['manual', 'calculated']),
    uom: z.string().max(20),
    origin_id: textField,
    origin_data: textField,
  })
  .partial();

export type LineInput = z.output<typeof lineBody>;
