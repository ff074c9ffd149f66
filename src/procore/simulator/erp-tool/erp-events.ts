/**
 * Every event of the ERP tool, as the events dictionary tells it. What a client does about an event can be tested
 * against this table, because nothing is raised that is not in it.
 */
export type ErpEvent = {
  readonly raisedBy:
    | 'approver' /** exports, links, merges or deletes */
    | 'refresh' /** somebody presses Refresh */
    | 'unlink'
    | 'import' /** an approver imports a staged record */
    | 'payment' /** Procore Pay has paid */
    | 'schedule'
    | 'super user';
  /** Where the id of the status row stands; `absent` has one that the payload does not name, `none` has none. */
  readonly detail: 'inside' | 'beside' | 'rows' | 'absent' | 'none';
  /** The integrator has to do something; otherwise it is only told. */
  readonly acts: boolean;
};

const exported = { raisedBy: 'approver', detail: 'inside', acts: true } as const;
const refreshed = { raisedBy: 'refresh', detail: 'inside', acts: true } as const;
const unlinked = { raisedBy: 'unlink', detail: 'inside', acts: true } as const;
const imported = { raisedBy: 'import', detail: 'none', acts: false } as const;
const told = { raisedBy: 'approver', detail: 'none', acts: false } as const;
const scheduled = { raisedBy: 'schedule', detail: 'none', acts: false } as const;
const superTold = { raisedBy: 'super user', detail: 'none', acts: false } as const;
const superAsked = { raisedBy: 'super user', detail: 'none', acts: true } as const;

export const ERP_EVENTS = {
  create_standard_cost_codes: { ...exported, detail: 'rows' },
  delete_standard_cost_codes: superTold,
  sync_standard_cost_codes: refreshed,
  unlink_standard_cost_codes: superTold,
  delete_standard_categories: superTold,
  sync_standard_categories: { ...refreshed, detail: 'none' },
  create_vendor: exported,
  create_vendor_in_procore: imported,
  link_vendor: told,
  unlink_vendor: told,
  link_all_vendors: told,
  merge_vendors: told,
  sync_vendors: refreshed,
  create_job_in_procore: imported,
  create_or_update_job: { ...exported, detail: 'beside' },
  reset_job: superTold,
  sync_jobs: refreshed,
  sync_single_job: scheduled,
  create_sub_job: exported,
  create_sub_job_in_procore: imported,
  reset_sub_job: superTold,
  sync_sub_job: scheduled,
  sync_sub_jobs: refreshed,
  delete_cost_code: superTold,
  delete_cost_codes: { ...exported, detail: 'rows' },
  delete_cost_type_assignments: { ...exported, detail: 'rows' },
  create_budget: { ...exported, detail: 'absent' },
  update_budget: { ...exported, detail: 'absent' },
  create_budget_in_procore: imported,
  create_requisitions: { ...exported, detail: 'absent' },
  reset_requisition: superTold,
  /** Announced under the first name, sent under the second. */
  create_payment: { ...exported, raisedBy: 'payment' },
  create_contract_payment: { ...exported, raisedBy: 'payment' },
  reset_payment: superAsked,
  sync_contract_payments: refreshed,
  create_commitment: exported,
  create_commitment_in_procore: imported,
  sync_commitments: refreshed,
  unlink_commitment: unlinked,
  create_commitment_change_order: exported,
  sync_commitment_change_orders: refreshed,
  unlink_commitment_change_order: unlinked,
  create_payment_application: exported,
  unlink_payment_application: unlinked,
  sync_prime_contracts: refreshed,
  create_prime_contract_change_order: exported,
  reset_prime_contract_change_order: superAsked,
  unlink_prime_contract_change_order: unlinked,
  create_company_level_direct_cost: exported,
  reset_company_level_direct_cost: superTold,
  unlink_company_level_direct_cost: unlinked,
  sync_metadata: { ...refreshed, detail: 'none' },
} as const satisfies Record<string, ErpEvent>;

export type ErpEventName = keyof typeof ERP_EVENTS;
