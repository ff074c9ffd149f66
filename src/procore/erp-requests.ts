import { type CalendarDate, calendarDate } from '../domain/calendar-date.ts';
import type { JsonValue } from '../lib/decimal-json.ts';
import type { CommitmentType } from './commitments.ts';
import { asTree, textOf } from './errors.ts';
import type { CommitmentRef, ErpRequest, RequestItem } from './hub.ts';
import { parsed, requestRow } from './wire.ts';

const MAX_ITEMS = 1_000;
const MAX_DEPTH = 12;
const MAX_NODES = 100_000;

/**
 * An ERP request as items to work on. Payloads are irregular: the request detail's id stands inside the data,
 * beside it, per row or nowhere, the data is an object or an array, ids are numbers or text. An event that is
 * not known here still gives an item, so that somebody sees it and its detail can be closed.
 */
export function erpRequest(value: JsonValue, raw: string): ErpRequest {
  const row = parsed(requestRow, value, 'an ERP request');
  const envelope = asTree(value) ?? {};
  const name =
    textOf(envelope.request_name) ?? textOf(asTree(envelope.request_data)?.request_name) ?? 'unknown';
  return {
    id: row.id,
    name,
    createdAt: row.created_at ?? '',
    items: requestItems(row.id, name, envelope),
    raw,
  };
}

function requestItems(
  requestId: string,
  event: string,
  envelope: { readonly [key: string]: JsonValue },
): RequestItem[] {
  const data = envelope.request_data ?? envelope;
  const parts = (Array.isArray(data) ? data : [data]).flatMap((part: JsonValue) =>
    commitmentsOf(event, part),
  );
  const found = parts.length > 0 ? parts : detailsOf(data).map((detailId) => ({ ...NOTHING, detailId }));
  const items = found.length > 0 ? found : [NOTHING];
  const fallback = items.length === 1 ? firstDetail(envelope) : null;
  return items.slice(0, MAX_ITEMS).map((item, index) => ({
    ...item,
    key: `${requestId}/${index}`,
    event,
    detailId: item.detailId ?? fallback,
  }));
}

type Draft = Omit<RequestItem, 'key' | 'event'>;
const NOTHING: Draft = { commitment: null, detailId: null, erpCode: null, accountingDate: null };

function commitmentsOf(event: string, part: JsonValue): Draft[] {
  if (event !== 'create_commitment') return [];
  const tree = asTree(part);
  if (!tree) return [];
  const listed = tree.commitment ?? tree.commitments;
  const rows: readonly JsonValue[] = Array.isArray(listed) ? listed : listed === undefined ? [] : [listed];
  return rows.flatMap((row): Draft[] => {
    const commitment = asTree(row);
    if (!commitment) return [];
    const only = rows.length === 1;
    return [
      {
        commitment: refOf(commitment, tree),
        detailId: firstDetail(row) ?? (only ? firstDetail(part) : null),
        erpCode: textOf(commitment.code) ?? null,
        accountingDate: dateIn(commitment, tree),
      },
    ];
  });
}

function refOf(
  commitment: { readonly [key: string]: JsonValue },
  part: { readonly [key: string]: JsonValue },
): CommitmentRef | null {
  const items = Array.isArray(part.commitment_items) ? part.commitment_items : [];
  const line = asTree(items[0]);
  const id = idOf(commitment.id);
  const projectId =
    idOf(asTree(commitment.project)?.id) ??
    idOf(commitment.project_id) ??
    idOf(asTree(line?.project)?.id) ??
    idOf(part.project_id);
  const type = typeOf(commitment.type) ?? typeOf(asTree(line?.holder)?.holder_type);
  return id === null || projectId === null || type === null ? null : { id, projectId, type };
}

/** `WorkOrderContract`, `work_order_contract` and the like. */
function typeOf(value: JsonValue | undefined): CommitmentType | null {
  const text = textOf(value) ?? '';
  if (/work.?order/i.test(text)) return 'subcontract';
  return /purchase.?order/i.test(text) ? 'purchase-order' : null;
}

/** The date the approver typed. One that cannot be read counts as none: policy then gives the date. */
function dateIn(
  commitment: { readonly [key: string]: JsonValue },
  part: { readonly [key: string]: JsonValue },
): CalendarDate | null {
  const text =
    textOf(asTree(part.additional_data)?.accounting_date) ??
    textOf(asTree(commitment.additional_data)?.accounting_date) ??
    textOf(asTree(commitment.erp_custom_fields)?.accounting_date);
  if (text === null) return null;
  try {
    return calendarDate(text);
  } catch {
    return null;
  }
}

function firstDetail(value: JsonValue): string | null {
  return detailsOf(value)[0] ?? null;
}

/** Every request detail id in a payload, in its order and each once; the walk is bounded. */
function detailsOf(value: JsonValue): string[] {
  const found = new Set<string>();
  let nodes = 0;
  const walk = (node: JsonValue, depth: number): void => {
    nodes += 1;
    if (depth > MAX_DEPTH || nodes > MAX_NODES || found.size >= MAX_ITEMS) return;
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
