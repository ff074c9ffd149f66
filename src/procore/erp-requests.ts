import { type CalendarDate, calendarDate } from '../domain/calendar-date.ts';
import type { JsonValue } from '../lib/decimal-json.ts';
import { type CommitmentType, commitmentTypeOf } from './commitments.ts';
import { asTree, textOf } from './errors.ts';
import type { CommitmentRef, ErpRequest, RequestItem } from './hub.ts';
import { parsed, requestRow } from './wire.ts';

const MAX_ITEMS = 1_000;
const MAX_DEPTH = 12;
const MAX_NODES = 100_000;

/** A pay application as a request names it: an export names its project only by what the ERP calls it. */
export type NamedApplication = {
  readonly id: string;
  readonly projectId: string | null;
  readonly projectOriginId: string | null;
};

export type ReadItem = Omit<RequestItem, 'subInvoice'> & { readonly application: NamedApplication | null };
export type ReadRequest = Omit<ErpRequest, 'items'> & { readonly items: readonly ReadItem[] };

/**
 * An ERP request as items to work on. Payloads are irregular: the request detail's id stands inside the data,
 * beside it, per row or nowhere, the data is an object or an array, ids are numbers or text. An event that is
 * not known here still gives an item, so that somebody sees it and its detail can be closed.
 */
export function erpRequest(value: JsonValue, raw: string): ReadRequest {
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
): ReadItem[] {
  const data = envelope.request_data ?? envelope;
  const parts = (Array.isArray(data) ? data : [data]).flatMap(
    (part: JsonValue) => EVENTS.get(event)?.(part) ?? [],
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

type Draft = Omit<ReadItem, 'key' | 'event'>;
const NOTHING: Draft = {
  commitment: null,
  application: null,
  detailId: null,
  erpCode: null,
  accountingDate: null,
};

/** What each event that is carried speaks of; of any other only the request details are read. */
const EVENTS: ReadonlyMap<string, (part: JsonValue) => Draft[]> = new Map([
  ['create_commitment', commitmentsOf],
  ['create_requisitions', applicationsOf],
  ['reset_requisition', resetOf],
]);

/** One item for each invoice of the batch. An id that stands once beside several belongs to none of them. */
function applicationsOf(part: JsonValue): Draft[] {
  const tree = asTree(part);
  const listed = tree?.requisitions ?? tree?.requisition;
  const rows: readonly JsonValue[] = Array.isArray(listed) ? listed : listed === undefined ? [] : [listed];
  return rows.flatMap((row): Draft[] => {
    const requisition = asTree(row);
    const id = idOf(requisition?.procore_requisition_id) ?? idOf(requisition?.id);
    if (!tree || !requisition || id === null) return [];
    return [
      {
        commitment: null,
        application: {
          id,
          projectId: idOf(requisition.project_id),
          projectOriginId: textOf(requisition.job_origin_id),
        },
        detailId: firstDetail(row),
        erpCode: textOf(requisition.code),
        accountingDate: dateIn(requisition, tree),
      },
    ];
  });
}

function resetOf(part: JsonValue): Draft[] {
  const tree = asTree(part);
  const id = idOf(tree?.requisition_id);
  if (!tree || id === null) return [];
  const application = { id, projectId: idOf(tree.project_id), projectOriginId: null };
  return [{ ...NOTHING, application }];
}

function commitmentsOf(part: JsonValue): Draft[] {
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
        application: null,
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

function typeOf(value: JsonValue | undefined): CommitmentType | null {
  return commitmentTypeOf(textOf(value) ?? '');
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
