import { z } from 'zod';
import { dateField, idField, textField } from '../http/body.ts';

/** What a certificate shows besides its ids and the insurer. */
export const shownInsuranceFields = {
  additional_insured: textField,
  division_template: textField,
  effective_date: dateField,
  enable_expired_insurance_notifications: z.boolean(),
  exempt: z.boolean(),
  expiration_date: dateField,
  info_received: z.boolean(),
  insurance_sets: textField,
  insurance_type: textField,
  limit: textField,
  notes: textField,
  policy_number: textField,
  status: z.enum([
    'compliant',
    'compliant_in_progress',
    'expired',
    'non_compliant',
    'non_compliant_in_progress',
    'undecided',
    'unregistered',
  ]),
};

/** Writable fields, shared by the sync rows, the seed and the acts of people. */
export const insuranceFields = z
  .strictObject({
    ...shownInsuranceFields,
    id: idField,
    name: textField,
    origin_id: textField,
    origin_data: textField,
  })
  .partial();
export type InsuranceInput = z.output<typeof insuranceFields>;
