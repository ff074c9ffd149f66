import { z } from 'zod';
import { contractBody, lineBody } from '../contracts/contract-fields.ts';
import {
  addLine,
  createContract,
  editContract,
  editLine,
  isLocked,
  touchContract,
} from '../contracts/contract-store.ts';
import { assertApprover } from '../directory/approvers.ts';
import { tellDirectory } from '../directory/directory-store.ts';
import { commitmentRuled, requestCommitmentExport, requestCommitmentUnlink } from '../erp-tool/erp-export.ts';
import { assertReady, markReady, rejectAll, SENDABLE, SENDABLE_AGAIN } from '../erp-tool/erp-flow.ts';
import { requestsMade } from '../erp-tool/erp-raise.ts';
import { assertRules } from '../erp-tool/erp-rules.ts';
import { pdfOf, storeFile } from '../files.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, ChangeOrder, Contract } from '../records.ts';
import { applyVendor, vendorFields } from '../routes/vendors.ts';
import type { World } from '../state.ts';

const as = idField;
const contract_ids = z.array(idField).min(1).max(1_000);
const newLine = z.strictObject({ ...lineBody.shape, id: idField.optional() });
const changedLine = z.strictObject({ ...lineBody.shape, id: idField.optional() });
const common = {
  as,
  project_id: idField,
  id: idField.optional(),
  line_items: z.array(newLine).max(10_000).default([]),
};

const createCommitment = z.discriminatedUnion('kind', [
  z.strictObject({
    ...contractBody.work_order_contract.shape,
    ...common,
    action: z.literal('create_commitment'),
    kind: z.literal('work_order_contract'),
  }),
  z.strictObject({
    ...contractBody.purchase_order_contract.shape,
    ...common,
    action: z.literal('create_commitment'),
    kind: z.literal('purchase_order_contract'),
  }),
]);

export const commitmentActs = [
  createCommitment,
  z.strictObject({
    as,
    action: z.literal('edit_commitment'),
    contract_id: idField,
    fields: z.record(z.string(), z.unknown()).default({}),
    /** A line with the id of an existing one changes it, any other is added. */
    line_items: z.array(changedLine).max(10_000).default([]),
  }),
  z.strictObject({ as, action: z.literal('send_to_erp'), contract_ids }),
  z.strictObject({
    as,
    action: z.literal('approve_export'),
    contract_ids,
    /** One ERP code for all, or one per contract id. */
    code: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
    accounting_date: z.iso.date().optional(),
    erp_custom_fields: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ as, action: z.literal('reject_export'), contract_ids }),
  z.strictObject({ as, action: z.literal('unlink'), contract_id: idField }),
  /** Somebody hangs a file on a commitment or on a change order. */
  z.strictObject({
    as,
    action: z.literal('attach_file'),
    of: z.enum(['commitment', 'change_order_package']),
    id: idField,
    name: z.string().min(1).max(200),
  }),
  z.strictObject({
    as,
    action: z.literal('edit_vendor'),
    vendor_id: idField,
    fields: z.strictObject(vendorFields).partial(),
  }),
] as const;

type Act = z.output<(typeof commitmentActs)[number]>;
type ActOf<A extends Act['action']> = Extract<Act, { action: A }>;

/** Plays what people do with commitments and vendors, and the way of a commitment into the ERP. */
export function performCommitment(world: World, act: Act, actor: Actor): Record<string, unknown> {
  switch (act.action) {
    case 'create_commitment':
      return playCreate(world, act, actor);
    case 'edit_commitment':
      return playEdit(world, act, actor);
    case 'send_to_erp':
      return playSendToErp(world, act.contract_ids, actor);
    case 'approve_export':
      return playApproveExport(world, act, actor);
    case 'reject_export':
      assertApprover(world, actor);
      return { contract_ids: rejectAll(act.contract_ids.map((id) => contractBy(world, id))) };
    case 'attach_file':
      return playAttach(world, act, actor);
    case 'unlink':
      return playUnlink(world, act.contract_id, actor);
    case 'edit_vendor':
      return playEditVendor(world, act, actor);
  }
}

function playCreate(world: World, act: ActOf<'create_commitment'>, actor: Actor): Record<string, unknown> {
  const project = world.projects.get(act.project_id);
  if (!project) throw fieldErrors(422, { project_id: ['is not a project'] });
  const { as: _as, action: _action, kind, id, project_id: _project, line_items, ...input } = act;
  const contract = createContract(world, { id, kind, project, input, actor });
  const lines = line_items.map((line) => addLine(world, contract, line, actor).id);
  return { contract_id: contract.id, line_ids: lines };
}

function playEdit(world: World, act: ActOf<'edit_commitment'>, actor: Actor): Record<string, unknown> {
  const contract = contractBy(world, act.contract_id);
  const input = contractBody[contract.kind].safeParse(act.fields);
  if (!input.success) throw fieldErrors(422, { fields: input.error.issues.map((issue) => issue.message) });
  if (Object.keys(input.data).length > 0) editContract(world, contract, input.data, actor);
  const lines = act.line_items.map((row) => {
    const line = row.id === undefined ? undefined : world.lines.get(row.id);
    if (!line) return addLine(world, contract, row, actor).id;
    if (line.contract_id !== contract.id) throw fieldErrors(422, { id: ['is a line of another contract'] });
    editLine(world, contract, line, row, actor);
    return line.id;
  });
  return { contract_id: contract.id, line_ids: lines };
}

function playSendToErp(world: World, ids: readonly number[], actor: Actor): Record<string, unknown> {
  const contracts = ids.map((id) => contractBy(world, id));
  for (const contract of contracts) assertSendable(world, contract);
  // Where updates are exported, what is synced goes to the ERP again (inferred, as the switch is).
  const isFollowed = contracts.every((contract) => !isLocked(world, contract, 'commitments'));
  markReady(contracts, isFollowed ? SENDABLE_AGAIN : SENDABLE);
  for (const contract of contracts) touchContract(world, contract, actor);
  return { contract_ids: ids };
}

/** Only approved or complete commitments of a synced project reach Ready to Export. */
function assertSendable(world: World, contract: Contract): void {
  if (!['Approved', 'Complete', 'Closed'].includes(contract.status)) {
    throw fieldErrors(422, { status: ['must be Approved or Complete to be sent to ERP'] });
  }
  if (world.projects.get(contract.project_id)?.origin_id === null) {
    throw fieldErrors(422, { project: ['is not synced with ERP'] });
  }
  assertRules(world, contract.company_id, commitmentRuled(world, contract, contract.number));
}

function playApproveExport(
  world: World,
  act: ActOf<'approve_export'>,
  actor: Actor,
): Record<string, unknown> {
  assertApprover(world, actor);
  const contracts = act.contract_ids.map((id) => contractBy(world, id));
  assertReady(contracts);
  const codeOf = ({ id, number }: Contract) =>
    (typeof act.code === 'string' ? act.code : act.code?.[String(id)]) ?? number;
  for (const contract of contracts)
    assertRules(world, contract.company_id, commitmentRuled(world, contract, codeOf(contract)));
  const requests = contracts.map((contract) => {
    const choices = {
      code: codeOf(contract),
      accounting_date: act.accounting_date,
      erp_custom_fields: act.erp_custom_fields,
    };
    return requestCommitmentExport(world, contract, choices, actor);
  });
  return requestsMade(world, requests);
}

function playAttach(
  world: World,
  { of, id, name }: ActOf<'attach_file'>,
  actor: Actor,
): Record<string, unknown> {
  const record = of === 'commitment' ? contractBy(world, id) : changeOrderBy(world, id);
  const content_type = name.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream';
  const file = storeFile(world, {
    company_id: record.company_id,
    filename: name,
    content_type,
    bytes: pdfOf(name),
  });
  record.file_ids = [...(record.file_ids ?? []), file.id];
  record.updated_at = world.clock.now();
  if (of === 'commitment') touchContract(world, contractBy(world, id), actor);
  else world.announce('Change Order Packages', 'update', changeOrderBy(world, id), actor);
  return { file_id: file.id };
}

function changeOrderBy(world: World, id: number): ChangeOrder {
  const changeOrder = world.changeOrders.get(id);
  if (!changeOrder) throw fieldErrors(422, { change_order_package_id: [`${id} is not a change order`] });
  return changeOrder;
}

function playUnlink(world: World, contractId: number, actor: Actor): Record<string, unknown> {
  assertApprover(world, actor);
  const contract = contractBy(world, contractId);
  if (contract.origin_id === null) throw fieldErrors(422, { base: ['The commitment is not synced'] });
  return requestsMade(world, [requestCommitmentUnlink(world, contract, actor)]);
}

function playEditVendor(world: World, act: ActOf<'edit_vendor'>, actor: Actor): Record<string, unknown> {
  const vendor = world.vendors.get(act.vendor_id);
  if (!vendor) throw fieldErrors(422, { vendor_id: ['is not a vendor'] });
  applyVendor(vendor, act.fields);
  vendor.updated_at = world.clock.now();
  tellDirectory(world, 'Vendors', vendor, actor);
  return { vendor_id: vendor.id };
}

function contractBy(world: World, id: number): Contract {
  const contract = world.contracts.get(id);
  if (!contract) throw fieldErrors(422, { contract_id: [`${id} is not a contract`] });
  return contract;
}
