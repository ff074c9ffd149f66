import { z } from 'zod';
import { assertApprover } from '../directory/approvers.ts';
import { budgetKind } from '../erp-tool/erp-budget-events.ts';
import { standardCostCodeKind } from '../erp-tool/erp-cost-code-events.ts';
import { companyDirectCostKind } from '../erp-tool/erp-direct-cost-events.ts';
import {
  jobKind,
  requestJobRefresh,
  requestSubJobRefresh,
  subJobKind,
  vendorKind,
} from '../erp-tool/erp-directory-events.ts';
import type { ErpKind } from '../erp-tool/erp-kinds.ts';
import { ownerInvoiceKind } from '../erp-tool/erp-owner-invoice-events.ts';
import { primeChangeOrderKind } from '../erp-tool/erp-prime-events.ts';
import { requestsMade } from '../erp-tool/erp-raise.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor } from '../records.ts';
import type { World } from '../state.ts';

/** What is sent to the ERP in the same way; commitments, their change orders and invoices have acts of their own. */
const KINDS = {
  vendor: vendorKind,
  project: jobKind,
  sub_job: subJobKind,
  standard_cost_code: standardCostCodeKind,
  /** By the ids of projects. */
  budget: budgetKind,
  prime_contract_change_order: primeChangeOrderKind,
  payment_application: ownerInvoiceKind,
  company_level_direct_cost: companyDirectCostKind,
} as const satisfies Record<string, ErpKind>;

const as = idField;
const kind = z.enum(Object.keys(KINDS) as (keyof typeof KINDS)[]);
const ids = z.array(idField).min(1).max(1_000);

export const exportActs = [
  z.strictObject({ as, action: z.literal('send_object_to_erp'), kind, ids }),
  z.strictObject({
    as,
    action: z.literal('approve_object_export'),
    kind,
    ids,
    code: z.string().optional(),
    accounting_date: z.iso.date().optional(),
    erp_custom_fields: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ as, action: z.literal('reject_object_export'), kind, ids }),
  z.strictObject({ as, action: z.literal('unlink_object'), kind, id: idField }),
  z.strictObject({
    as,
    action: z.literal('staff_reset_object'),
    kind,
    id: idField,
    reset_override: z.boolean().default(false),
  }),
  /** What the ERP tool asks for by itself from time to time. */
  z.strictObject({ as, action: z.literal('periodic_job_sync'), project_id: idField }),
  z.strictObject({ as, action: z.literal('periodic_sub_job_sync'), sub_job_id: idField }),
] as const;

export type ExportAct = z.output<(typeof exportActs)[number]>;

export const isExportAct = (act: { action: string }): act is ExportAct =>
  exportActs.some(({ shape }) => shape.action.value === act.action);

/** Plays the way of a thing into the ERP. */
export function performExport(world: World, act: ExportAct, actor: Actor): Record<string, unknown> {
  switch (act.action) {
    case 'send_object_to_erp':
      KINDS[act.kind].send(world, act.ids);
      return { ids: act.ids };
    case 'approve_object_export':
      assertApprover(world, actor);
      return requestsMade(world, KINDS[act.kind].export(world, act.ids, act, actor));
    case 'reject_object_export':
      assertApprover(world, actor);
      return { ids: KINDS[act.kind].reject(world, act.ids) };
    case 'unlink_object':
      assertApprover(world, actor);
      return requestsMade(world, [KINDS[act.kind].unlink(world, act.id, actor)]);
    case 'staff_reset_object':
      return requestsMade(world, [KINDS[act.kind].reset(world, act.id, actor, act.reset_override)]);
    case 'periodic_job_sync': {
      const project = synced(world.projects.get(act.project_id));
      return requestsMade(world, [requestJobRefresh(world, project, actor)]);
    }
    case 'periodic_sub_job_sync': {
      const subJob = synced(world.subJobs.get(act.sub_job_id));
      return requestsMade(world, [requestSubJobRefresh(world, subJob, actor)]);
    }
  }
}

function synced<T extends { origin_id: string | null }>(thing: T | undefined): T {
  if (!thing || thing.origin_id === null) throw fieldErrors(422, { base: ['is not synced with ERP'] });
  return thing;
}
