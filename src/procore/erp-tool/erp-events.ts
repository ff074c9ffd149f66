/**
 * What an event of the ERP Integrations tool wants:
 * - `export`: a person sends a record to the ERP.
 * - `refresh`: a person wants what the ERP has to be read anew.
 * - `unlink`: a person takes back that a record stands for a document of the ERP.
 * - `forget`: Procore's staff did so, without asking anybody.
 * - `linked`, `unlinked`, `merged`: told afterwards of what a person did to the ids in Procore.
 * - `removed`: codes that were taken out of Procore.
 * - `periodic`: Procore's own reminder that a project may have moved.
 * - `describe`: the tool asks what it may offer and what the ERP would refuse.
 */
export type EventAct =
  | 'export'
  | 'refresh'
  | 'unlink'
  | 'forget'
  | 'linked'
  | 'unlinked'
  | 'merged'
  | 'removed'
  | 'periodic'
  | 'describe';

/** How one event is read: what it wants, of which kind of record, and where in its data the records stand. */
export type ErpEvent = {
  readonly act: EventAct;
  readonly object: string;
  /** Field of the data that holds the record or an array of them; absent where the data itself is the record. */
  readonly rows?: string;
  /** Fields that name the record within its row, the first that is there. */
  readonly id?: readonly string[];
  /** Fields that name what the record belongs to. */
  readonly parent?: readonly string[];
  /** No record is named: the event is about a list. */
  readonly list?: true;
};

const of = (act: EventAct, object: string, where: Omit<ErpEvent, 'act' | 'object'> = {}): ErpEvent => ({
  act,
  object,
  ...where,
});
const list = (act: EventAct, object: string) => of(act, object, { list: true });

/** Every event of the published dictionary. */
export const ERP_EVENTS: Readonly<Record<string, ErpEvent>> = {
  create_standard_cost_codes: of('export', 'standard-cost-code', { parent: ['standard_cost_code_list_id'] }),
  delete_standard_cost_codes: of('removed', 'standard-cost-code', { rows: 'standard_cost_code_data_array' }),
  sync_standard_cost_codes: list('refresh', 'cost-code'),
  unlink_standard_cost_codes: of('unlinked', 'standard-cost-code', { rows: 'standard_cost_codes' }),
  delete_standard_categories: of('removed', 'cost-type', {
    rows: 'standard_category_data_array',
    id: ['procore_id', 'id'],
  }),
  sync_standard_categories: list('refresh', 'cost-type'),

  create_vendor: of('export', 'vendor', { rows: 'vendor' }),
  create_vendor_in_procore: of('linked', 'vendor', { rows: 'vendor' }),
  link_vendor: of('linked', 'vendor', { rows: 'vendor' }),
  link_all_vendors: of('linked', 'vendor', { rows: 'vendors' }),
  merge_vendors: of('merged', 'vendor', { rows: 'source_vendors', parent: ['master_vendor'] }),
  sync_vendors: list('refresh', 'vendor'),
  unlink_vendor: of('unlinked', 'vendor', { rows: 'vendor' }),

  create_job_in_procore: of('linked', 'project', { rows: 'project' }),
  create_or_update_job: of('export', 'project', { rows: 'job' }),
  reset_job: of('forget', 'project', { rows: 'project' }),
  sync_jobs: list('refresh', 'project'),
  sync_single_job: of('periodic', 'project', { rows: 'additional_job_data', id: ['procore_project_id'] }),
  create_sub_job: of('export', 'sub-job', { rows: 'sub_job' }),
  create_sub_job_in_procore: of('linked', 'sub-job', { rows: 'sub_job' }),
  reset_sub_job: of('forget', 'sub-job', { rows: 'sub_job' }),
  sync_sub_job: of('periodic', 'sub-job', { rows: 'additional_job_data', id: ['procore_sub_job_id'] }),
  sync_sub_jobs: list('refresh', 'sub-job'),

  delete_cost_code: of('removed', 'cost-code', { rows: 'project_cost_code_data_array' }),
  delete_cost_codes: of('removed', 'cost-code', { rows: 'cost_codes' }),
  delete_cost_type_assignments: of('removed', 'cost-assignment', {
    rows: 'cost_type_assignments',
    parent: ['job_cost_id'],
  }),

  create_budget: of('export', 'budget', { rows: 'budget' }),
  update_budget: of('export', 'budget', { rows: 'budget' }),
  create_budget_in_procore: of('linked', 'budget', { rows: 'budget' }),

  create_requisitions: of('export', 'sub-invoice', {
    rows: 'requisitions',
    id: ['procore_requisition_id', 'id'],
    parent: ['contract_id'],
  }),
  reset_requisition: of('forget', 'sub-invoice', { id: ['requisition_id'] }),

  // The dictionary lists the first name and its sample bears the second.
  create_payment: of('export', 'contract-payment', { rows: 'contract_payment', parent: ['requisition_id'] }),
  create_contract_payment: of('export', 'contract-payment', {
    rows: 'contract_payment',
    parent: ['requisition_id'],
  }),
  reset_payment: of('forget', 'contract-payment', { id: ['payment_id'] }),
  sync_contract_payments: list('refresh', 'payment'),

  create_commitment: of('export', 'commitment', { rows: 'commitment' }),
  create_commitment_in_procore: of('linked', 'commitment', { rows: 'commitment' }),
  sync_commitments: list('refresh', 'commitment'),
  unlink_commitment: of('unlink', 'commitment', { id: ['procore_commitment_id'] }),
  create_commitment_change_order: of('export', 'change-order', {
    rows: 'change_order',
    parent: ['contract_id'],
  }),
  sync_commitment_change_orders: list('refresh', 'change-order'),
  unlink_commitment_change_order: of('unlink', 'change-order', {
    id: ['procore_commitment_change_order_id'],
    parent: ['procore_commitment_id'],
  }),

  create_payment_application: of('export', 'owner-invoice', { rows: 'payment_application' }),
  unlink_payment_application: of('unlink', 'owner-invoice', { rows: 'payment_application' }),
  sync_prime_contracts: list('refresh', 'prime-contract'),
  create_prime_contract_change_order: of('export', 'prime-change-order', {
    rows: 'prime_contract_change_order',
    parent: ['contract_id'],
  }),
  reset_prime_contract_change_order: of('forget', 'prime-change-order', {
    id: ['prime_contract_change_order_id'],
    parent: ['prime_contract_id'],
  }),
  unlink_prime_contract_change_order: of('unlink', 'prime-change-order', {
    rows: 'prime_contract_change_order',
    parent: ['contract_id'],
  }),

  create_company_level_direct_cost: of('export', 'company-direct-cost', { rows: 'direct_cost' }),
  reset_company_level_direct_cost: of('forget', 'company-direct-cost', { rows: 'direct_cost' }),
  unlink_company_level_direct_cost: of('unlink', 'company-direct-cost', { rows: 'direct_cost' }),

  sync_metadata: list('describe', 'metadata'),
};

/** Null for a name that the dictionary does not have, whatever it is called. */
export function erpEvent(name: string): ErpEvent | null {
  return Object.hasOwn(ERP_EVENTS, name) ? (ERP_EVENTS[name] ?? null) : null;
}
