import type { TypedFields } from '../../domain/planning/export-fields.ts';
import { type CalendarDate, calendarDate } from '../../domain/values/calendar-date.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { type CommitmentType, commitmentTypeOf } from '../commitments/commitments.ts';
import { asTree, textOf } from '../http/errors.ts';
import type { ErpRequest, RequestItem, RequestSubject } from '../hub.ts';
import { acceptedIn } from './accepted.ts';
import { type ErpEvent, erpEvent } from './erp-events.ts';

// The size of an answer is bounded where it is read; only its depth has to be bounded here.
const MAX_DEPTH = 12;

export type ReadItem = RequestItem & {
  /** Some events name their project only by what the ERP calls it. */
  readonly projectOriginId: string | null;
  /** Its detail is closed already: it keeps its place among the others, and nothing is left to do. */
  readonly closed?: true;
};
export type ReadRequest = Omit<ErpRequest, 'items' | 'next'> & { readonly items: readonly ReadItem[] };

type Tree = { readonly [key: string]: JsonValue };
type Draft = Omit<ReadItem, 'key' | 'event'>;

const NOTHING: Draft = {
  subject: null,
  projectOriginId: null,
  detailId: null,
  erpCode: null,
  accountingDate: null,
};

/**
 * An ERP request as items to work on. Payloads are irregular: the request detail's id stands inside the data,
 * beside it, per row or nowhere, the data is an object or an array, ids are numbers or text; one event comes without
 * the id of its own request, so it is the one that was asked for. Whatever else is broken gives an item all the same,
 * so that somebody sees it and its detail can be closed.
 */
export function erpRequest(id: string, value: JsonValue, raw: string, usualCurrency: string): ReadRequest {
  const envelope = asTree(value) ?? {};
  const name = nameOf(envelope);
  return {
    id,
    name,
    createdAt: textOf(envelope.created_at) ?? '',
    items: requestItems(id, name, envelope, usualCurrency),
    raw,
  };
}

function nameOf(envelope: Tree): string {
  const data = asTree(envelope.request_data);
  const named = textOf(envelope.request_name) ?? textOf(data?.request_name);
  if (named !== null) return named;
  // The one event whose sample bears no name is known by a field that no other has.
  const isReset = 'reset_revenue_transactions' in { ...envelope, ...data };
  return isReset ? 'reset_prime_contract_change_order' : 'unknown';
}

function requestItems(requestId: string, name: string, envelope: Tree, usualCurrency: string): ReadItem[] {
  const data = envelope.request_data ?? envelope;
  const event = erpEvent(name);
  const parts: readonly JsonValue[] = Array.isArray(data) ? data : [data];
  const read = event === null ? [] : parts.flatMap((part) => itemsOf(event, part, usualCurrency));
  const found = read.length > 0 ? read : detailsOf(data).map((detailId) => ({ ...NOTHING, detailId }));
  const items = found.length > 0 ? found : [NOTHING];
  const fallback = items.length === 1 ? firstDetail(envelope) : null;
  return items.map((item, index) => ({
    ...item,
    key: `${requestId}/${index}`,
    event: name,
    detailId: item.detailId ?? fallback,
  }));
}

/** One item for each record that a part of the data names. An id of a detail beside several belongs to none of them. */
function itemsOf(event: ErpEvent, part: JsonValue, usualCurrency: string): Draft[] {
  const tree = asTree(part);
  if (tree === null || event.list) return [];
  const rows = rowsOf(event, tree);
  return rows.map((row) => ({
    subject: subjectOf(event, row, tree),
    projectOriginId: projectOriginOf(event, row, tree),
    detailId: firstDetail(row) ?? (rows.length === 1 ? firstDetail(part) : null),
    erpCode: codeOf(event, row),
    accountingDate: dateIn(row, tree),
    ...typedIn(row),
    ...acceptedIn(event, row, tree, usualCurrency),
  }));
}

function rowsOf({ rows: field, act, parent }: ErpEvent, tree: Tree): Tree[] {
  if (field === undefined) return [tree];
  const other = field.endsWith('s') ? field.slice(0, -1) : `${field}s`;
  const listed = tree[field] ?? tree[other];
  const values = Array.isArray(listed) ? listed : listed === undefined ? [] : [listed];
  const rows = values.map((value: JsonValue) => asTree(value)).filter((row) => row !== null);
  // A merge may name nobody but the one that stays.
  const master = act === 'merged' && rows.length === 0 ? asTree(tree[parent?.[0] ?? '']) : null;
  return master === null ? rows : [master];
}

/** Null where the record, or what has to be known to find it, is not named. */
function subjectOf(event: ErpEvent, row: Tree, tree: Tree): RequestSubject | null {
  const { object } = event;
  const id = firstOf(event.id ?? ['id'], (field) => idOf(row[field]));
  const projectId = object === 'project' ? id : projectOf(row, tree);
  const type = typeIn(row, tree);
  if (id === null || (object === 'commitment' && (projectId === null || type === null))) return null;
  const parentId = firstOf(
    event.parent ?? [],
    (field) => idOf(row[field]) ?? idOf(tree[field]) ?? idOf(asTree(tree[field])?.id),
  );
  return { object, id, projectId, type, parentId, originId: originOf(event, row, tree) };
}

function projectOf(row: Tree, tree: Tree): string | null {
  return (
    idOf(asTree(row.project)?.id) ??
    idOf(row.project_id) ??
    idOf(row.procore_project_id) ??
    idOf(asTree(firstLine(tree)?.project)?.id) ??
    idOf(asTree(tree.project)?.id) ??
    idOf(tree.project_id) ??
    idOf(tree.procore_project_id)
  );
}

/** What an event calls a job is the project's id in the ERP. */
function projectOriginOf({ object }: ErpEvent, row: Tree, tree: Tree): string | null {
  if (object === 'project' || object === 'vendor') return null;
  return (
    textOf(row.job_origin_id) ??
    textOf(tree.job_origin_id) ??
    textOf(tree.project_origin_id) ??
    textOf(tree.job_id) ??
    textOf(asTree(row.project)?.origin_id)
  );
}

const ORIGINS = [
  'origin_id',
  'commitment_change_order_origin_id',
  'prime_contract_change_order_origin_id',
  'requisition_origin_id',
  'commitment_origin_id',
  'line_item_type_origin_id',
];

function originOf({ act }: ErpEvent, row: Tree, tree: Tree): string | null {
  if (act === 'periodic') return textOf(tree.id);
  return firstOf(ORIGINS, (field) => textOf(row[field]));
}

function typeIn(row: Tree, tree: Tree): CommitmentType | null {
  return (
    typeOf(row.type) ??
    typeOf(tree.commitment_type) ??
    typeOf(asTree(tree.commitment)?.type) ??
    typeOf(asTree(firstLine(tree)?.holder)?.holder_type)
  );
}

function firstLine({ commitment_items: items }: Tree): Tree | null {
  return Array.isArray(items) ? asTree(items[0]) : null;
}

/** What the approver typed: documents get a code of their own, masters keep theirs in their external data. */
function codeOf({ act, object }: ErpEvent, row: Tree): string | null {
  if (act === 'removed')
    return textOf(row.sortable_code) ?? textOf(row.code) ?? textOf(row.cost_code_origin_id);
  if (act !== 'export') return null;
  const isMaster = object === 'vendor' || object === 'project' || object === 'sub-job';
  return textOf(row.code) ?? (isMaster ? textOf(row.origin_code) : null);
}

function firstOf<T>(fields: readonly string[], read: (field: string) => T | null): T | null {
  for (const field of fields) {
    const value = read(field);
    if (value !== null) return value;
  }
  return null;
}

function typeOf(value: JsonValue | undefined): CommitmentType | null {
  return commitmentTypeOf(textOf(value) ?? '');
}

/** The date the approver typed. One that cannot be read counts as none: policy then gives the date. */
function dateIn(row: Tree, part: Tree): CalendarDate | null {
  const text =
    textOf(asTree(part.additional_data)?.accounting_date) ??
    textOf(asTree(row.additional_data)?.accounting_date) ??
    textOf(asTree(row.erp_custom_fields)?.accounting_date) ??
    textOf(asTree(row.erp_custom_fields)?.transaction_date);
  if (text === null) return null;
  try {
    return calendarDate(text);
  } catch {
    return null;
  }
}

// As many as a connection may ask for; what is longer than any of them is cut where everybody sees it.
const MAX_TYPED = 20;
const MAX_TYPED_LENGTH = 500;
const DATES: ReadonlySet<string> = new Set(['accounting_date', 'transaction_date']);

/** What the approver typed besides dates. */
function typedIn(row: Tree): { readonly typed?: TypedFields } {
  const typed = Object.entries(asTree(row.erp_custom_fields) ?? {}).flatMap(([key, value]) => {
    const text = textOf(value)?.trim() ?? '';
    if (text === '' || DATES.has(key)) return [];
    return [[key, text.length > MAX_TYPED_LENGTH ? `${text.slice(0, MAX_TYPED_LENGTH)}…` : text] as const];
  });
  return typed.length === 0 ? {} : { typed: Object.fromEntries(typed.slice(0, MAX_TYPED)) };
}

function firstDetail(value: JsonValue): string | null {
  return detailsOf(value)[0] ?? null;
}

/** Every request detail id in a payload, in its order and each once. */
function detailsOf(value: JsonValue): string[] {
  const found = new Set<string>();
  const walk = (node: JsonValue, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    if (Array.isArray(node)) {
      for (const entry of node) walk(entry, depth + 1);
      return;
    }
    const tree = asTree(node);
    if (!tree) return;
    const own = idOf(tree.request_detail_id);
    if (own !== null) found.add(own);
    for (const entry of Object.values(tree))
      if (entry !== null && typeof entry === 'object') walk(entry, depth + 1);
  };
  walk(value, 0);
  return [...found];
}

function idOf(value: JsonValue | undefined): string | null {
  const text = textOf(value);
  return text !== null && /^\d{1,20}$/.test(text) ? text : null;
}
