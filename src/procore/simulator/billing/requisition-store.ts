import { NO_ORIGIN } from '../contracts/made-records.ts';
import { type ApiError, fieldErrors, TAKEN } from '../http/errors.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, Contract } from '../records.ts';
import type { World } from '../state.ts';
import type { Requisition, RequisitionItem } from './billing-records.ts';
import type { ItemInput, NewItemInput, RequisitionInput } from './requisition-fields.ts';
import { applyItem, freshItems } from './requisition-items.ts';

export const SYNCED_NOTICE = 'The invoice is not editable because it has been synced with ERP';
const APPROVED = new Set(['approved', 'approved_as_noted']);

export function isApprovedStatus(status: string): boolean {
  return APPROVED.has(status);
}

/** The next application on a contract, with an item for everything that can be billed. */
export function createRequisition(
  world: World,
  contract: Contract,
  { input, items, actor }: { input: RequisitionInput; items: readonly NewItemInput[]; actor: Actor },
): Requisition {
  assertPeriod(world, contract, input.period_id);
  const last = world.contractRequisitions(contract.id).at(-1);
  const period = input.period_id ? world.billingPeriods.get(input.period_id) : undefined;
  const requisition: Requisition = {
    id: world.nextId(),
    company_id: contract.company_id,
    project_id: contract.project_id,
    contract_id: contract.id,
    number: (last?.number ?? 0) + 1,
    period_id: null,
    requisition_start: period?.start_date ?? null,
    requisition_end: period?.end_date ?? null,
    billing_date: period?.end_date ?? null,
    payment_date: null,
    submitted_at: null,
    invoice_number: null,
    final: false,
    status: 'draft',
    erp_status: 'not_in_erp',
    moves_materials: contract.moves_materials,
    created_by_id: actor.user_id,
    items: [],
    file_ids: [],
    history: [],
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyHeader(world, requisition, input, actor);
  requisition.items = freshItems(world, contract, requisition);
  world.addRequisition(requisition);
  try {
    for (const item of items) applyItem(world, requisition, billedItem(requisition, item), item);
  } catch (error) {
    world.removeRequisition(requisition);
    throw error;
  }
  requisition.history = [];
  return requisition;
}

/** A new application names its items by the lines they bill, because they have no ids yet. */
function billedItem(requisition: Requisition, wanted: NewItemInput): RequisitionItem {
  const item = requisition.items.find(
    (each) =>
      each.kind === wanted.item_type &&
      (wanted.line_item_id === undefined || each.line_item_id === wanted.line_item_id) &&
      (wanted.detail_line_item_id === undefined || each.detail_line_item_id === wanted.detail_line_item_id),
  );
  const named = wanted.line_item_id ?? wanted.detail_line_item_id;
  if (!item || named === undefined)
    throw fieldErrors(422, { line_item_id: [`${named} is not a line of the commitment`] });
  return item;
}

/** Changes header and items as the interface does it: nothing of a bad item stays. */
export function editRequisition(
  world: World,
  requisition: Requisition,
  { input, items, actor }: { input: RequisitionInput; items: readonly ItemChange[]; actor: Actor },
): void {
  const before = requisition.items.map((item) => ({ ...item }));
  try {
    for (const { item, input: given } of items) applyItem(world, requisition, item, given);
    applyHeader(world, requisition, input, actor);
  } catch (error) {
    for (const [index, item] of requisition.items.entries()) Object.assign(item, before[index]);
    throw error;
  }
  for (const [index, item] of requisition.items.entries())
    noteItem(world, requisition, before[index] ?? item, item, actor);
  requisition.updated_at = world.clock.now();
}

export type ItemChange = { item: RequisitionItem; input: ItemInput };

/** Only the latest open invoice of a commitment can be changed or deleted, and none that an ERP has. */
export function assertOpen(world: World, requisition: Requisition): void {
  assertNotSynced(requisition);
  const period = requisition.period_id === null ? undefined : world.billingPeriods.get(requisition.period_id);
  if (
    !world.isLastRequisition(requisition) ||
    isApprovedStatus(requisition.status) ||
    period?.status === 'closed'
  )
    throw locked('Only the latest open invoice of a commitment can be edited or deleted');
}

export function assertNotSynced(requisition: Requisition): void {
  if (requisition.origin_id !== null) throw locked(SYNCED_NOTICE);
}

function locked(notice: string): ApiError {
  return fieldErrors(422, { base: [notice] });
}

function assertPeriod(world: World, contract: Contract, periodId: number | null | undefined): void {
  if (periodId === undefined || periodId === null) return;
  const period = world.billingPeriods.get(periodId);
  if (period?.project_id !== contract.project_id)
    throw fieldErrors(422, { period_id: ['is not a billing period of the project'] });
  if (period.status === 'closed') throw fieldErrors(422, { period_id: ['is closed'] });
  if (world.contractRequisitions(contract.id).some((each) => each.period_id === periodId))
    throw fieldErrors(422, { period_id: ['already has an invoice of this commitment'] });
}

const KEPT = [
  'requisition_start',
  'requisition_end',
  'billing_date',
  'payment_date',
  'submitted_at',
  'final',
  'status',
  'period_id',
] as const;

function applyHeader(world: World, requisition: Requisition, input: RequisitionInput, actor: Actor): void {
  const contract = world.contracts.get(requisition.contract_id);
  if (contract && input.period_id !== requisition.period_id) assertPeriod(world, contract, input.period_id);
  const files = input.prostore_file_ids ?? [];
  if ((input.upload_ids ?? []).length > 0) throw fieldErrors(422, { upload_ids: ['is not a known upload'] });
  if (files.some((id) => world.files.get(id)?.company_id !== requisition.company_id))
    throw fieldErrors(422, { prostore_file_ids: ['is not a file of the company'] });
  const target = {
    companyId: requisition.company_id,
    itemType: 'requisition',
    id: requisition.id,
    record: requisition,
  };
  if (!world.setOrigin(target, { origin_id: input.origin_id, origin_data: input.origin_data }))
    throw fieldErrors(422, TAKEN);
  if (requisition.origin_id !== null) requisition.erp_status = 'synced';
  const before = { ...requisition };
  for (const name of KEPT) if (input[name] !== undefined) Object.assign(requisition, { [name]: input[name] });
  if (input.invoice_number !== undefined)
    requisition.invoice_number = input.invoice_number === null ? null : String(input.invoice_number);
  if (requisition.status === 'under_review' && requisition.submitted_at === null)
    requisition.submitted_at = isoSeconds(world.clock.now()).slice(0, 10);
  requisition.file_ids = [...new Set([...requisition.file_ids, ...files])];
  for (const name of [...KEPT, 'invoice_number'] as const)
    note(world, requisition, { column: name, from: before[name], to: requisition[name], actor });
}

const NOTED = {
  work: 'work_completed_this_period',
  stored: 'materials_presently_stored',
  work_retained: 'work_completed_retainage_retained_this_period',
  work_released: 'work_completed_retainage_released_this_period',
  stored_retained: 'materials_stored_retainage_currently_retained',
} as const;

function noteItem(
  world: World,
  requisition: Requisition,
  from: RequisitionItem,
  to: RequisitionItem,
  actor: Actor,
): void {
  for (const [name, column] of Object.entries(NOTED) as [keyof typeof NOTED, string][])
    note(world, requisition, { column, from: from[name], to: to[name], actor, item: to });
}

type Noted = { column: string; from: unknown; to: unknown; actor: Actor; item?: RequisitionItem };

function note(world: World, requisition: Requisition, { column, from, to, actor, item }: Noted): void {
  if (from === to) return;
  requisition.history.push({
    id: world.nextId(),
    column,
    old_value: String(from ?? ''),
    new_value: String(to ?? ''),
    action_by_id: actor.user_id,
    created_at: world.clock.now(),
    ref_id: item?.id ?? requisition.id,
    ref_type: item ? ITEM_CLASS[item.kind] : 'Billings::Requisition',
  });
}

/** The class names of the vendor; only that of a contract item is published. */
export const ITEM_CLASS = {
  contract_item: 'Billings::ContractItem',
  contract_detail_item: 'Billings::ContractDetailItem',
  change_order_item: 'Billings::ChangeOrderItem',
  whole_change_order_item: 'Billings::WholeChangeOrderItem',
} as const;
