import { type Made, NO_ORIGIN } from '../contracts/made-records.ts';
import { type Errors, TAKEN } from '../http/errors.ts';
import type { Company, Stamps } from '../records.ts';
import type { World } from '../state.ts';
import { metadataAt } from './erp-metadata.ts';
import { dataErrors, STAGED_ENTITY, type StagedType } from './staged-record-fields.ts';

export type StagedStatus = 'staged' | 'archived' | 'imported' | 'invalid';

/** A row of the ERP that waits for the accounting approver. */
export type StagedRecord = Stamps & {
  id: number;
  company_id: number;
  item_type: StagedType;
  origin_id: string | null;
  origin_code: string | null;
  origin_data: string | null;
  parent_id: number | null;
  status: StagedStatus;
  data: Record<string, unknown>;
};

export type StagedInput = {
  item_type: StagedType;
  origin_id?: string | null | undefined;
  origin_code?: string | null | undefined;
  origin_data?: string | Record<string, unknown> | null | undefined;
  parent_id?: number | null | undefined;
  parent_origin_id?: string | null | undefined;
  status?: StagedStatus | undefined;
  data?: Record<string, unknown> | undefined;
};

const PARENTS: readonly StagedType[] = [
  'prime_contract',
  'purchase_order_contract',
  'work_order_contract',
  'commitment_change_order',
];

/** Creates or changes one row; of data, what is not named stays. */
export function putStaged(
  world: World,
  company: Company,
  known: StagedRecord | undefined,
  input: StagedInput,
): Made<StagedRecord> {
  const data = { ...known?.data, ...input.data };
  const parent = parentOf(world, company, known, input);
  const errors = inputErrors(world, company, known, { input, data, parent });
  if (errors) return { errors };
  const record: StagedRecord = known ?? {
    id: world.nextId(),
    company_id: company.id,
    item_type: input.item_type,
    ...NO_ORIGIN,
    parent_id: null,
    status: 'staged',
    data: {},
    ...world.stamps(),
  };
  record.data = data;
  record.parent_id = parent?.id ?? null;
  if (input.origin_id !== undefined) moveOrigin(world, record, input.origin_id);
  if (input.origin_code !== undefined) record.origin_code = input.origin_code;
  if (input.origin_data !== undefined) record.origin_data = textOf(input.origin_data);
  record.updated_at = world.clock.now();
  world.stagedRecords.set(record.id, record);
  if (input.status !== undefined && input.status !== record.status) setStatus(world, record, input.status);
  return { item: record };
}

type Wanted = { input: StagedInput; data: Record<string, unknown>; parent: StagedRecord | undefined };

function inputErrors(
  world: World,
  company: Company,
  known: StagedRecord | undefined,
  { input, data, parent }: Wanted,
): Errors | null {
  const { item_type: type, origin_id: originId } = input;
  if (known && known.item_type !== type) return { item_type: ['cannot be changed'] };
  if (type === 'line_item' && !parent) return { parent_origin_id: ['is not a staged record'] };
  if (type !== 'line_item' && parent) return { parent_id: ['is only for line items'] };
  const owner = type === 'line_item' ? parent?.item_type : type;
  if (!owner || owner === 'line_item') return { parent_id: ['cannot be a line item'] };
  const entity = STAGED_ENTITY[owner];
  if (metadataAt(company, ['entities', entity, 'configs', 'staged_records', 'enabled']) !== true)
    return { item_type: [`Staged records are not enabled for ${entity}`] };
  if (originId != null) {
    const holder = stagedBy(world, company.id, type, originId);
    if (holder && holder !== known) return TAKEN;
  }
  return dataErrors(type, data);
}

/** Named by id, or by the origin id of whatever lines can hang on. */
function parentOf(
  world: World,
  company: Company,
  known: StagedRecord | undefined,
  input: StagedInput,
): StagedRecord | undefined {
  const id = input.parent_id ?? (input.parent_origin_id == null ? known?.parent_id : null);
  if (id != null) {
    const parent = world.stagedRecords.get(id);
    return parent?.company_id === company.id && PARENTS.includes(parent.item_type) ? parent : undefined;
  }
  for (const type of PARENTS) {
    const found = stagedBy(world, company.id, type, input.parent_origin_id ?? '');
    if (found) return found;
  }
  return undefined;
}

export function stagedBy(
  world: World,
  companyId: number,
  type: string,
  originId: string,
): StagedRecord | undefined {
  return world.stagedByOrigin.get(originKey(companyId, type, originId));
}

function originKey(companyId: number, type: string, originId: string): string {
  return `${companyId}|${type}|${originId}`;
}

function moveOrigin(world: World, record: StagedRecord, originId: string | null): void {
  const { company_id, item_type } = record;
  if (record.origin_id !== null)
    world.stagedByOrigin.delete(originKey(company_id, item_type, record.origin_id));
  if (originId !== null) world.stagedByOrigin.set(originKey(company_id, item_type, originId), record);
  record.origin_id = originId;
}

export function stagedChildren(world: World, record: StagedRecord): StagedRecord[] {
  return [...world.stagedRecords.values()].filter(({ parent_id }) => parent_id === record.id);
}

/** Imported takes the children along, staged again too, except those that somebody archived. */
export function setStatus(world: World, record: StagedRecord, status: StagedStatus): void {
  record.status = status;
  record.updated_at = world.clock.now();
  if (status !== 'imported' && status !== 'staged') return;
  for (const child of stagedChildren(world, record)) {
    if (child.status === 'archived') continue;
    child.status = status;
    child.updated_at = world.clock.now();
  }
}

/** What the approver unlinked can be imported again. */
export function stageAgain(world: World, companyId: number, type: string, originId: string | null): void {
  const record = originId === null ? undefined : stagedBy(world, companyId, type, originId);
  if (record?.status === 'imported') setStatus(world, record, 'staged');
}

export function deleteStaged(world: World, record: StagedRecord): void {
  for (const gone of [...stagedChildren(world, record), record]) {
    moveOrigin(world, gone, null);
    world.stagedRecords.delete(gone.id);
  }
}

/** Whether the approver sees it: rows of a project wait for the project, change orders for the commitment too. */
export function isReadyToImport(world: World, record: StagedRecord): boolean {
  const { item_type: type, status, company_id: companyId, data } = record;
  if (type === 'line_item') return false;
  const again = type === 'prime_contract' && status === 'imported';
  if (status !== 'staged' && !again) return false;
  if (type === 'vendor' || type === 'project') return true;
  if (world.holderOf(companyId, 'project', String(data.project_origin_id)) === null) return false;
  if (type !== 'commitment_change_order') return true;
  return commitmentBy(world, companyId, String(data.commitment_origin_id)) !== undefined;
}

export function commitmentBy(world: World, companyId: number, originId: string) {
  for (const kind of ['work_order_contract', 'purchase_order_contract'] as const) {
    const contract = world.contracts.get(world.holderOf(companyId, kind, originId) ?? -1);
    if (contract) return contract;
  }
  return undefined;
}

function textOf(data: string | Record<string, unknown> | null): string | null {
  return typeof data === 'object' && data !== null ? JSON.stringify(data) : data;
}
