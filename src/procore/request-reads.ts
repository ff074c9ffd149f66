import { changeTime, nextBatch } from './change-cursor.ts';
import { readDetails, statusWord } from './closings.ts';
import type { Reading } from './commitment-reads.ts';
import { CONTRACTS } from './commitments.ts';
import { erpRequest, type NamedApplication } from './erp-requests.ts';
import type { ErpRequest, RequestItem, SubInvoiceRef } from './hub.ts';
import { readList } from './paging.ts';
import { type DetailRow, parsed, projectRow, requestRow } from './wire.ts';

const MAX_IDS_PER_PAGE = 500;
// A batch whose payload names no details costs one look-up for each of its items.
const MAX_LOOKUPS = 200;

/** One ERP request; an item whose payload names no request detail gets the open one of what it exports. */
export async function fetchRequest(reading: Reading, id: string): Promise<ErpRequest | null> {
  const { client, config } = reading;
  const found = await client.find(
    `/rest/v1.0/companies/${config.companyId}/erp_requests/${encodeURIComponent(id)}`,
  );
  if (found === null) return null;
  const request = erpRequest(found.value, found.raw);
  const projects = new Map<string, Promise<string | null>>();
  let lookups = 0;
  const items: RequestItem[] = [];
  for (const { application, ...item } of request.items) {
    const subInvoice = application === null ? null : await subInvoiceRef(reading, application, projects);
    const exported = item.detailId === null ? exportedBy(item, application) : null;
    if (exported === null || lookups >= MAX_LOOKUPS) {
      items.push({ ...item, subInvoice });
      continue;
    }
    lookups += 1;
    const rows = await readDetails(client.read, exported.id, config);
    items.push({ ...item, subInvoice, detailId: openDetail(rows, exported.itemType, request.id) });
  }
  return { ...request, items };
}

/** What an item exports, in the words of its request detail; a reset is a notice and has none. */
function exportedBy(
  { event, commitment }: Pick<RequestItem, 'event' | 'commitment'>,
  application: NamedApplication | null,
): { readonly itemType: string; readonly id: string } | null {
  if (commitment !== null) return { itemType: CONTRACTS[commitment.type].itemType, id: commitment.id };
  return application !== null && event === 'create_requisitions'
    ? { itemType: 'requisition', id: application.id }
    : null;
}

/** An export tells the project by its origin id, which one project of a company has. */
async function subInvoiceRef(
  reading: Reading,
  { id, projectId, projectOriginId }: NamedApplication,
  projects: Map<string, Promise<string | null>>,
): Promise<SubInvoiceRef | null> {
  if (projectId !== null) return { id, projectId };
  if (projectOriginId === null) return null;
  const known = projects.get(projectOriginId) ?? projectByOrigin(reading, projectOriginId);
  projects.set(projectOriginId, known);
  const found = await known;
  return found === null ? null : { id, projectId: found };
}

async function projectByOrigin({ client, config }: Reading, originId: string): Promise<string | null> {
  const query = { company_id: config.companyId, 'filters[origin_id]': originId };
  const rows = await readList(client.read, {
    path: '/rest/v1.1/projects',
    query,
    pageSize: config.pageSize,
  });
  const named = rows
    .map((row) => parsed(projectRow, row, 'a project'))
    .filter((project) => project.origin_id === originId);
  return named.length === 1 ? (named[0]?.id ?? null) : null;
}

/** The detail of this export: of this request where rows say so, of this item type, open, and the newest. */
export function openDetail(rows: readonly DetailRow[], itemType: string, requestId: string): string | null {
  const open = rows
    .filter((row) => row.item_type === null || row.item_type === itemType)
    .filter((row) => row.erp_request_id === null || row.erp_request_id === requestId)
    .filter((row) => statusWord(row.status) === 'in_progress');
  const newest = open.sort((a, b) => b.id.length - a.id.length || (a.id < b.id ? 1 : -1))[0];
  return newest?.id ?? null;
}

/** Ids of requests made since the cursor, oldest first; an empty answer ends a cycle. */
export async function listRequests(
  { client, config, now }: Reading,
  cursor: string | null,
): Promise<{ ids: readonly string[]; cursor: string }> {
  const path = `/rest/v1.0/companies/${config.companyId}/erp_requests`;
  const batch = await nextBatch(cursor, MAX_IDS_PER_PAGE, now, async (range) => {
    const query = range === null ? {} : { 'filters[created_at]': range };
    const values = await readList(client.read, { path, query, pageSize: config.pageSize });
    return values.map((value) => {
      const row = parsed(requestRow, value, path);
      return { id: row.id, at: changeTime(row.created_at) };
    });
  });
  return { ids: batch.rows.map((row) => row.id), cursor: batch.cursor };
}
