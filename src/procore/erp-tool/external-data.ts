import type { Operation } from '../../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { type JsonValue, jsonNumber, parseJson } from '../../lib/decimal-json.ts';
import { changeOrderHeader, changeOrderRows } from '../commitments/change-order-origins.ts';
import { CONTRACTS } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { asTree, stopFor } from '../http/errors.ts';
import { classifySync } from '../outcomes.ts';
import { contractShow, externalRow, parsed, requisitionRow } from '../wire.ts';

type Confirm = Extract<Operation, { kind: 'confirm-order' }>;
type ConfirmChangeOrder = Extract<Operation, { kind: 'confirm-change-order' }>;
type Clear = Extract<Operation, { kind: 'clear-origins' }>;
type ConfirmInvoice = Extract<Operation, { kind: 'confirm-invoice' }>;
type ConfirmRecord = Extract<Operation, { kind: 'confirm-record' }>;
/** Found by its own id alone. */
type ConfirmWhole = ConfirmInvoice | ConfirmRecord;

/** One row of the external data of Procore: what stands there, or what we want to stand there. */
export type OriginRow = {
  readonly itemType: string;
  readonly itemId: string;
  readonly originId: string;
  readonly originCode: string | null;
  /** Ids of ours that may stand there until then; never compared beyond that. */
  readonly replaces?: readonly string[] | undefined;
  /** Goes with the ids and is never compared. */
  readonly support?: string | undefined;
};

// Sync calls take at most 1,000 rows; nine of them and the closing are the ten writes of one operation.
const MAX_ROWS_PER_CALL = 1_000;
const MAX_CALLS = 9;

/** What Procore must show once an order is confirmed: every line first, the header last, because the header's
 * origin id is what makes the commitment look synced. */
export function wantedRows(operation: Confirm): OriginRow[] {
  const lines = Object.entries(operation.lines).map(([itemId, lineKey]) => ({
    itemType: 'line_item',
    itemId,
    // Unique per item type in the whole company, so a line's key alone would clash between orders.
    originId: `${operation.originId}/${lineKey}`,
    originCode: null,
  }));
  const header = {
    itemType: CONTRACTS[operation.commitmentType].itemType,
    itemId: operation.commitmentId,
    originId: operation.originId,
    originCode: operation.originCode,
    support: operation.support,
    replaces: operation.replaces,
  };
  return [...lines, header];
}

/** The calls that mark a commitment and its lines as synced. */
export function externalDataWrites(operation: Confirm, config: ProcoreConfig): Write[] {
  const header = headerOf(operation);
  return inCalls(wantedRows(operation)).map((part, index, { length }) => {
    const name = length > 1 ? `mark-synced-${index + 1}` : 'mark-synced';
    return originWrite(name, part, header, config, (read) => standingRows(read, part, operation, config));
  });
}

/** The calls that mark a change order and its lines as synced. Only the ERP route says what a line of it is marked as. */
export function changeOrderWrites(operation: ConfirmChangeOrder, config: ProcoreConfig): Write[] {
  return inCalls(changeOrderRows(operation)).map((part, index, { length }) => {
    const name = length > 1 ? `mark-synced-${index + 1}` : 'mark-synced';
    return originWrite(name, part, changeOrderHeader(operation), config, (read) =>
      readOrigins(read, part, config),
    );
  });
}

/** The calls that take the ids of a record and its lines off again: the header goes first. */
export function clearOriginWrites({ told }: Clear, config: ProcoreConfig): Write[] {
  const [header, rows] = toldOf(told);
  return inCalls(rows).map((part, index, { length }) => {
    const name = length > 1 ? `mark-unsynced-${index + 1}` : 'mark-unsynced';
    return {
      ...originWrite(name, part, header, config, (read) => shownOf(read, part, told, config)),
      targetHash: contentHash(part.map(({ itemType, itemId }) => ({ itemType, itemId, originId: null }))),
      encode: () => ({
        method: 'PATCH',
        path: `/rest/v1.0/companies/${config.companyId}/external_data/sync`,
        body: JSON.stringify({
          updates: part.map((row) => ({
            ...wireRow(row),
            ...{ origin_id: null, origin_code: null, origin_data: null },
          })),
        }),
      }),
      probe: async (read) => clearedOf(part, await shownOf(read, part, told, config), header.id),
    };
  });
}

function toldOf(told: Clear['told']): [{ readonly itemType: string; readonly id: string }, OriginRow[]] {
  if (told.kind === 'confirm-order') return [headerOf(told), wantedRows(told).toReversed()];
  if (told.kind === 'confirm-change-order')
    return [changeOrderHeader(told), changeOrderRows(told).toReversed()];
  return [wholeOf(told), wholeRows(told).toReversed()];
}

function shownOf(
  read: Read,
  part: readonly OriginRow[],
  told: Clear['told'],
  config: ProcoreConfig,
): Promise<Standing> {
  if (told.kind === 'confirm-order') return standingRows(read, part, told, config);
  if (told.kind === 'confirm-change-order') return readOrigins(read, part, config);
  const isHeader = part.some(({ itemType }) => itemType === wholeOf(told).itemType);
  return isHeader ? shownWhole(read, told, config) : readOrigins(read, part, config);
}

/** Only what we wrote is taken off; an id that somebody put there since stays. */
function clearedOf(rows: readonly OriginRow[], standing: Standing, id: string): ProbeResult {
  let reached = true;
  for (const row of rows) {
    const there = standing.get(keyOf(row.itemType, row.itemId)) ?? null;
    if (there === null || there === 'gone' || there.originId === null) continue;
    reached = false;
    if (there.originId !== row.originId) {
      const difference = `${row.itemType} ${row.itemId} carries the origin id "${there.originId}", which is not "${row.originId}"`;
      return { kind: 'standing', standing: 'elsewhere', id, difference };
    }
  }
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id };
}

function headerOf({ commitmentType, commitmentId }: Confirm) {
  return { itemType: CONTRACTS[commitmentType].itemType, id: commitmentId };
}

function inCalls(rows: readonly OriginRow[]): OriginRow[][] {
  if (rows.length > MAX_ROWS_PER_CALL * MAX_CALLS)
    throw new RangeError(`a commitment of ${rows.length} rows is more than ${MAX_CALLS} calls can carry`);
  const parts: OriginRow[][] = [];
  for (let start = 0; start < rows.length; start += MAX_ROWS_PER_CALL)
    parts.push(rows.slice(start, start + MAX_ROWS_PER_CALL));
  return parts;
}

/**
 * The calls that mark a record and its items as synced, which also locks it against people. The record comes last, and
 * its own id says whether all went: no page of Procore shows those of the items.
 */
export function wholeOriginWrites(operation: ConfirmWhole, config: ProcoreConfig): Write[] {
  const { id } = wholeOf(operation);
  const standing = (read: Read) => shownWhole(read, operation, config);
  return inCalls(wholeRows(operation)).map((part, index, { length }) => {
    const name = length > 1 ? `mark-synced-${index + 1}` : 'mark-synced';
    return {
      ...originWrite(name, part, wholeOf(operation), config, standing),
      probe: async (read) => standingOf([wholeRow(operation)], await standing(read), id),
    };
  });
}

const WHOLE_TYPES = {
  'company-direct-cost': 'company_level_direct_cost',
  'owner-invoice': 'payment_application',
  'contract-payment': 'contract_payment',
  'standard-cost-code': 'standard_cost_code',
  'sub-job': 'sub_job',
} as const satisfies Record<ConfirmRecord['object'], string>;

function wholeOf(operation: ConfirmWhole): { readonly itemType: string; readonly id: string } {
  return operation.kind === 'confirm-invoice'
    ? { itemType: 'requisition', id: operation.subInvoiceId }
    : { itemType: WHOLE_TYPES[operation.object], id: operation.recordId };
}

/** Kinds of items that external data can name; a change order that is billed as a whole is none of them. */
const ITEM_TYPES: Readonly<Record<string, string>> = {
  contract_item: 'requisition_contract_item',
  contract_detail_item: 'requisition_contract_detail_item',
  change_order_item: 'requisition_change_order_item',
};

/** Items first, as with a commitment. An item of a subcontractor's application is called by its kind and its id. */
function wholeRows(operation: ConfirmWhole): OriginRow[] {
  const rows = Object.entries(operation.lines ?? {}).flatMap(([item, originId]): OriginRow[] => {
    const [kind = '', id = ''] = operation.kind === 'confirm-invoice' ? item.split('/') : [item, item];
    const itemType =
      operation.kind === 'confirm-invoice' ? ITEM_TYPES[kind] : 'payment_application_line_item';
    return itemType === undefined ? [] : [{ itemType, itemId: id, originId, originCode: null }];
  });
  return [...rows, wholeRow(operation)];
}

function wholeRow(operation: ConfirmWhole): OriginRow {
  const { itemType, id: itemId } = wholeOf(operation);
  const { originId, originCode, support } = operation;
  return { itemType, itemId, originId, originCode, support };
}

/** Most have no address of their own: only the ERP route says what they are marked as. */
async function shownWhole(read: Read, operation: ConfirmWhole, config: ProcoreConfig): Promise<Standing> {
  if (operation.kind === 'confirm-invoice') return shownInvoiceOrigin(read, operation);
  const row = wholeRow(operation);
  const key = keyOf(row.itemType, row.itemId);
  if (operation.object !== 'owner-invoice') {
    const origin = await readOrigin(read, row, config);
    return new Map(origin === null ? [] : [[key, origin]]);
  }
  const path = `/rest/v1.0/payment_applications/${operation.recordId}?project_id=${operation.projectId ?? ''}`;
  const response = await read({ method: 'GET', path });
  if (response.status === 404) return new Map([[key, 'gone']]);
  const { origin_id } = parsed(requisitionRow, parseJson(response.body), 'an owner invoice');
  return new Map([[key, { originId: origin_id, originCode: operation.originCode }]]);
}

/** An application shows its origin id and not its code, which goes with it in the same call. */
async function shownInvoiceOrigin(read: Read, operation: ConfirmInvoice): Promise<Standing> {
  const { subInvoiceId: id, projectId, originCode } = operation;
  const response = await read({
    method: 'GET',
    path: `/rest/v1.1/requisitions/${id}?project_id=${projectId}`,
  });
  const key = keyOf('requisition', id);
  if (response.status === 404) return new Map([[key, 'gone']]);
  const { origin_id } = parsed(requisitionRow, parseJson(response.body), 'a pay application');
  return new Map([[key, { originId: origin_id, originCode }]]);
}

type Standing = ReadonlyMap<string, Origin>;

export function originWrite(
  name: string,
  rows: readonly OriginRow[],
  header: { readonly itemType: string; readonly id: string },
  config: ProcoreConfig,
  standing: (read: Read) => Promise<Standing>,
): Write {
  const targetHash = contentHash(rows.map(({ support: _, replaces: __, ...row }) => row));
  return {
    name,
    kind: 'set',
    answerProves: true,
    object: 'external-data',
    reference: `${header.itemType}/${header.id}/${name}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `/rest/v1.0/companies/${config.companyId}/external_data/sync`,
      body: JSON.stringify({ updates: rows.map(wireRow) }),
    }),
    probe: async (read) => standingOf(rows, await standing(read), header.id),
    classify: (response) => classifySync(response, rows.length, header.id),
  };
}

function wireRow(row: OriginRow): object {
  return {
    item_type: row.itemType,
    item_id: jsonNumber(row.itemId),
    origin_id: row.originId,
    ...(row.originCode === null ? {} : { origin_code: row.originCode }),
    ...(row.support === undefined ? {} : { origin_data: row.support }),
  };
}

type Origin = { readonly originId: string | null; readonly originCode: string | null } | 'gone';

/** At target, ours to write, or taken by somebody else, whose origin id is never overwritten. */
export function standingOf(
  wanted: readonly OriginRow[],
  standing: ReadonlyMap<string, Origin>,
  id: string,
): ProbeResult {
  let reached = true;
  for (const row of wanted) {
    const there = standing.get(keyOf(row.itemType, row.itemId)) ?? { originId: null, originCode: null };
    if (there === 'gone')
      return {
        kind: 'standing',
        standing: 'elsewhere',
        id,
        difference: `${row.itemType} ${row.itemId} was deleted in Procore`,
      };
    const isReplaced = there.originId !== null && row.replaces?.includes(there.originId) === true;
    if (there.originId !== null && there.originId !== row.originId && !isReplaced)
      return {
        kind: 'standing',
        standing: 'elsewhere',
        id,
        difference: `${row.itemType} ${row.itemId} already carries the origin id "${there.originId}" instead of "${row.originId}"`,
      };
    if (
      there.originId === null ||
      isReplaced ||
      (row.originCode !== null && there.originCode !== row.originCode)
    )
      reached = false;
  }
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id };
}

/** One read where the project is known; otherwise a read per row, which is all the ERP route offers. */
async function standingRows(
  read: Read,
  rows: readonly OriginRow[],
  operation: Confirm,
  config: ProcoreConfig,
): Promise<Standing> {
  if (operation.projectId !== undefined) return shownOrigins(read, operation, operation.projectId, rows);
  return readOrigins(read, rows, config);
}

export async function readOrigins(
  read: Read,
  rows: readonly OriginRow[],
  config: ProcoreConfig,
): Promise<Standing> {
  const found = new Map<string, Origin>();
  await Promise.all(
    rows.map(async (row) => {
      const origin = await readOrigin(read, row, config);
      if (origin) found.set(keyOf(row.itemType, row.itemId), origin);
    }),
  );
  return found;
}

async function shownOrigins(
  read: Read,
  operation: Confirm,
  projectId: string,
  rows: readonly OriginRow[],
): Promise<Standing> {
  const { route, itemType } = CONTRACTS[operation.commitmentType];
  const path = `/rest/v1.0/${route}/${operation.commitmentId}?project_id=${projectId}`;
  const response = await read({ method: 'GET', path });
  if (response.status === 404)
    throw stopFor(response, `GET /rest/v1.0/${route}/${operation.commitmentId}`, null);
  const shown = parsed(contractShow, parseJson(response.body), 'a commitment');
  const found = new Map<string, Origin>();
  found.set(keyOf(itemType, shown.id), { originId: shown.origin_id, originCode: shown.origin_code });
  for (const line of shown.line_items)
    found.set(keyOf('line_item', line.id), { originId: line.origin_id, originCode: null });
  for (const row of rows) {
    const key = keyOf(row.itemType, row.itemId);
    if (!found.has(key)) found.set(key, 'gone');
  }
  return found;
}

/** What lines are in the ERP, as far as they bear its ids. */
export async function lineOriginsOf(
  read: Read,
  lineIds: readonly string[],
  config: ProcoreConfig,
): Promise<ReadonlyMap<string, string>> {
  const origins = new Map<string, string>();
  for (const itemId of lineIds) {
    const row = { itemType: 'line_item', itemId, originId: '', originCode: null };
    const origin = await readOrigin(read, row, config);
    if (origin !== null && origin !== 'gone' && origin.originId !== null)
      origins.set(itemId, origin.originId);
  }
  return origins;
}

async function readOrigin(read: Read, row: OriginRow, config: ProcoreConfig): Promise<Origin | null> {
  const query = new URLSearchParams({ item_type: row.itemType, item_id: row.itemId });
  const path = `/rest/v1.0/companies/${config.companyId}/external_data?${query}`;
  const response = await read({ method: 'GET', path });
  if (response.status === 404) return null;
  for (const entry of rowsIn(parseJson(response.body))) {
    const external = parsed(externalRow, entry, 'external data');
    const typed = external.item_type === null || external.item_type === row.itemType;
    const same = external.item_id === null || external.item_id === row.itemId;
    if (typed && same) return { originId: external.origin_id, originCode: external.origin_code };
  }
  return null;
}

/** The answer is an array or one object, perhaps wrapped: its form is published nowhere. */
function rowsIn(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  const tree = asTree(value);
  if (!tree) return [];
  const wrapped = tree.external_data ?? tree.entities ?? tree.data;
  if (Array.isArray(wrapped)) return wrapped;
  return Object.keys(tree).length === 0 ? [] : [value];
}

function keyOf(itemType: string, itemId: string): string {
  return `${itemType}/${itemId}`;
}
