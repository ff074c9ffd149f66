import { z } from 'zod';
import { assertApprover } from '../directory/approvers.ts';
import { originOf, subJobErpView } from '../erp-tool/erp-directory-events.ts';
import type { ErpEventName } from '../erp-tool/erp-events.ts';
import { commitmentView } from '../erp-tool/erp-export.ts';
import { raise, requestsMade } from '../erp-tool/erp-raise.ts';
import { forgetAll } from '../erp-tool/erp-resets.ts';
import { importStaged } from '../erp-tool/staged-record-import.ts';
import {
  isReadyToImport,
  type StagedRecord,
  setStatus,
  stageAgain,
} from '../erp-tool/staged-record-store.ts';
import { idField } from '../http/body.ts';
import { fieldErrors, TAKEN } from '../http/errors.ts';
import type { Actor, ErpRequest, Vendor } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;

export const stagingActs = [
  z.strictObject({ as, action: z.literal('import_staged_record'), staged_record_id: idField }),
  z.strictObject({ as, action: z.literal('link_vendor'), vendor_id: idField, staged_record_id: idField }),
  /** Links every vendor that is called like a staged one. */
  z.strictObject({ as, action: z.literal('link_all_vendors') }),
  z.strictObject({ as, action: z.literal('unlink_vendor'), vendor_id: idField }),
  z.strictObject({
    as,
    action: z.literal('merge_vendors'),
    master_vendor_id: idField,
    source_vendor_ids: z.array(idField).max(100).default([]),
  }),
] as const;

export type StagingAct = z.output<(typeof stagingActs)[number]>;

export const isStagingAct = (act: { action: string }): act is StagingAct =>
  stagingActs.some(({ shape }) => shape.action.value === act.action);

/** Plays what the accounting approver does with what the ERP offers. */
export function performStaging(world: World, act: StagingAct, actor: Actor): Record<string, unknown> {
  assertApprover(world, actor);
  switch (act.action) {
    case 'import_staged_record': {
      const staged = stagedOf(world, act.staged_record_id);
      if (!isReadyToImport(world, staged)) throw fieldErrors(422, { base: ['is not in Ready to Import'] });
      const { itemType, record } = importStaged(world, staged, actor);
      const told = tellImported(world, staged, record.id, actor);
      return { item_type: itemType, item_id: record.id, ...requestsMade(world, told ? [told] : []) };
    }
    case 'link_vendor': {
      const vendor = link(
        world,
        vendorOf(world, act.vendor_id),
        stagedOf(world, act.staged_record_id),
        actor,
      );
      return requestsMade(world, [tellVendor(world, 'link_vendor', vendor, actor)]);
    }
    case 'link_all_vendors':
      return requestsMade(world, [linkAll(world, actor)]);
    case 'unlink_vendor':
      return requestsMade(world, [unlink(world, vendorOf(world, act.vendor_id), actor)]);
    case 'merge_vendors': {
      const master = vendorOf(world, act.master_vendor_id);
      return requestsMade(world, [merge(world, master, act.source_vendor_ids, actor)]);
    }
  }
}

/** Prime contracts and change orders come in without an event. */
function tellImported(world: World, staged: StagedRecord, id: number, actor: Actor): ErpRequest | null {
  const company_id = staged.company_id;
  const tell = (name: ErpEventName, fields: Record<string, unknown>) =>
    raise(world, actor, { id: world.nextId(), name, company_id, fields });
  const vendor = world.vendors.get(id);
  if (vendor) return tellVendor(world, 'create_vendor_in_procore', vendor, actor);
  const project = world.projects.get(id);
  if (project) {
    const shown = { id, name: project.name, ...originOf(project) };
    return tell('create_job_in_procore', { project: shown, company_id });
  }
  const subJob = world.subJobs.get(id);
  if (subJob) return tell('create_sub_job_in_procore', { sub_job: subJobErpView(world, subJob), company_id });
  const contract = world.contracts.get(id);
  if (!contract) return null;
  const job = world.projects.get(contract.project_id);
  return tell('create_commitment_in_procore', {
    project_origin_id: job?.origin_id ?? null,
    commitment: commitmentView(world, contract),
  });
}

function link(world: World, vendor: Vendor, staged: StagedRecord, actor: Actor): Vendor {
  if (staged.item_type !== 'vendor' || staged.status !== 'staged')
    throw fieldErrors(422, { staged_record_id: ['is not a staged vendor'] });
  if (vendor.origin_id !== null) throw fieldErrors(422, { vendor_id: ['is synced with ERP'] });
  const target = { companyId: vendor.company_id, itemType: 'vendor', id: vendor.id, record: vendor };
  if (!world.setOrigin(target, originOf(staged))) throw fieldErrors(422, TAKEN);
  setStatus(world, staged, 'imported');
  touch(world, vendor, actor);
  return vendor;
}

function linkAll(world: World, actor: Actor): ErpRequest {
  const companyId = world.users.get(actor.user_id)?.company_id ?? -1;
  const linked: Vendor[] = [];
  for (const staged of world.stagedRecords.values()) {
    if (staged.company_id !== companyId || staged.item_type !== 'vendor' || staged.status !== 'staged')
      continue;
    const name = String(staged.data.name).toLowerCase();
    const vendor = [...world.vendors.values()].find(
      (each) => each.company_id === companyId && each.origin_id === null && each.name.toLowerCase() === name,
    );
    if (vendor) linked.push(link(world, vendor, staged, actor));
  }
  return raise(world, actor, {
    id: world.nextId(),
    name: 'link_all_vendors',
    company_id: companyId,
    fields: { vendors: linked.map(refOf), company_id: companyId },
  });
}

/** The tool takes the origin fields away by itself; what was staged waits again. */
function unlink(world: World, vendor: Vendor, actor: Actor): ErpRequest {
  if (vendor.origin_id === null) throw fieldErrors(422, { vendor_id: ['is not synced with ERP'] });
  const told = tellVendor(world, 'unlink_vendor', vendor, actor);
  stageAgain(world, vendor.company_id, 'vendor', vendor.origin_id);
  forgetAll(world, [{ itemType: 'vendor', record: vendor }]);
  touch(world, vendor, actor);
  return told;
}

/** Contracts of the merged vendors go to the one that stays. */
function merge(world: World, master: Vendor, sourceIds: readonly number[], actor: Actor): ErpRequest {
  const sources = sourceIds.map((id) => vendorOf(world, id));
  if (sources.includes(master)) throw fieldErrors(422, { source_vendor_ids: ['name the master'] });
  const told = raise(world, actor, {
    id: world.nextId(),
    name: 'merge_vendors',
    company_id: master.company_id,
    fields: {
      master_vendor: refOf(master),
      source_vendors: sources.map(refOf),
      company_id: master.company_id,
    },
  });
  for (const source of sources) {
    for (const contract of world.contracts.values())
      if (contract.vendor_id === source.id) contract.vendor_id = master.id;
    forgetAll(world, [{ itemType: 'vendor', record: source }]);
    world.vendors.delete(source.id);
    world.announce('Company Vendors', 'delete', source, actor);
  }
  touch(world, master, actor);
  return told;
}

function tellVendor(
  world: World,
  name: 'create_vendor_in_procore' | 'link_vendor' | 'unlink_vendor',
  vendor: Vendor,
  actor: Actor,
): ErpRequest {
  const { company_id } = vendor;
  const fields = { vendor: refOf(vendor), company_id };
  return raise(world, actor, { id: world.nextId(), name, company_id, fields });
}

function refOf({ id, origin_id }: Vendor): { id: number; origin_id: string | null } {
  return { id, origin_id };
}

function touch(world: World, vendor: Vendor, actor: Actor): void {
  vendor.updated_at = world.clock.now();
  world.announce('Company Vendors', 'update', vendor, actor);
}

function vendorOf(world: World, id: number): Vendor {
  const vendor = world.vendors.get(id);
  if (!vendor) throw fieldErrors(422, { vendor_id: [`${id} is not a vendor`] });
  return vendor;
}

function stagedOf(world: World, id: number): StagedRecord {
  const staged = world.stagedRecords.get(id);
  if (!staged) throw fieldErrors(422, { staged_record_id: [`${id} is not a staged record`] });
  return staged;
}
