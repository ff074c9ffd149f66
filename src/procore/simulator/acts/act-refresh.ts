import { z } from 'zod';
import type { ErpEventName } from '../erp-tool/erp-events.ts';
import { raiseFor, requestsMade } from '../erp-tool/erp-raise.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, Company } from '../records.ts';
import type { World } from '../state.ts';

const WHAT = [
  'standard_cost_codes',
  'standard_categories',
  'vendors',
  'jobs',
  'sub_jobs',
  'contract_payments',
  'commitments',
  'commitment_change_orders',
  'prime_contracts',
  'metadata',
] as const;

export const refreshActs = [
  z.strictObject({ as: idField, action: z.literal('refresh_from_erp'), what: z.enum(WHAT) }),
] as const;
export type RefreshAct = z.output<(typeof refreshActs)[number]>;

export const isRefreshAct = (act: { action: string }): act is RefreshAct => act.action === 'refresh_from_erp';

/** Somebody presses Refresh in the ERP tool. The button stays off until the integrator closes what it asked for. */
export function performRefresh(world: World, act: RefreshAct, actor: Actor): Record<string, unknown> {
  const company = world.companies.get(world.users.get(act.as)?.company_id ?? -1);
  if (!company?.erp) throw fieldErrors(422, { base: ['The company has no ERP connection'] });
  const name: ErpEventName = `sync_${act.what}`;
  for (const detail of world.details.values()) {
    const waits = detail.status === 'in_progress' && detail.company_id === company.id;
    if (waits && world.requests.get(detail.erp_request_id)?.request_name === name)
      throw fieldErrors(422, { base: ['A refresh is already in progress'] });
  }
  const item = { id: company.id, company_id: company.id, kind: 'company' };
  const request = raiseFor(world, actor, item, { name, fields: fieldsOf(act.what, company) });
  return requestsMade(world, [request]);
}

function fieldsOf(what: RefreshAct['what'], company: Company): Record<string, unknown> {
  switch (what) {
    case 'standard_categories':
    case 'contract_payments':
    case 'commitment_change_orders':
    case 'prime_contracts':
      return {};
    case 'standard_cost_codes':
      return { standard_cost_code_list_id: company.erp?.standard_cost_code_list_id ?? null };
    default:
      return { company_id: company.id };
  }
}
