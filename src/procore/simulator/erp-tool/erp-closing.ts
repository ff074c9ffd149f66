import { deleteCostCode } from '../costs/cost-code-store.ts';
import type { ErpRequestDetail } from '../records.ts';
import type { World } from '../state.ts';
import { stageAgain } from './staged-record-store.ts';

/** What follows in Procore when the integrator says that it did what was asked (inferred). */
export function concludeRequest(world: World, detail: ErpRequestDetail): void {
  const request = world.requests.get(detail.erp_request_id);
  switch (request?.request_name) {
    case 'delete_cost_codes': {
      const code = world.costCodes.get(detail.item_id);
      if (code) deleteCostCode(world, code);
      return;
    }
    case 'unlink_commitment':
      restage(world, detail, detail.item_type, request.request_data, 'commitment_origin_id');
      return;
    case 'unlink_commitment_change_order': {
      const field = 'commitment_change_order_origin_id';
      restage(world, detail, 'commitment_change_order', request.request_data, field);
      return;
    }
    default:
  }
}

/** What was unlinked and had been imported waits in Ready to Import again. */
function restage(world: World, detail: ErpRequestDetail, type: string, data: unknown, field: string): void {
  const originId: unknown = Reflect.get(Object(data), field);
  if (typeof originId === 'string') stageAgain(world, detail.company_id, type, originId);
}
