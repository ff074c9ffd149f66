import type { Reading } from '../commitments/commitment-reads.ts';
import { CONTRACTS } from '../commitments/commitments.ts';
import { changeTime, nextBatch } from '../events/change-cursor.ts';
import { readList } from '../http/paging.ts';
import type { ErpRequest, RequestItem, RequestSubject } from '../hub.ts';
import { type DetailRow, parsed, projectRow, requestRow } from '../wire.ts';
import { readDetails, statusWord } from './closings.ts';
import { erpEvent } from './erp-events.ts';
import { erpRequest, type ReadItem } from './erp-requests.ts';
import { awaitsAnswer, everyDetailOf, isUnreadable, withLostDetails } from './lost-details.ts';

const MAX_IDS_PER_PAGE = 500;
// A batch whose payload names no details costs one look-up for each of its items: the rest waits for the next turn.
const MAX_ITEMS_PER_TURN = 200;

/** One ERP request; an item whose payload names no request detail gets the open one of what it exports. */
export async function fetchRequest(reading: Reading, id: string, from = 0): Promise<ErpRequest | null> {
  const { client, config } = reading;
  const found = await client.find(
    `/rest/v1.0/companies/${config.companyId}/erp_requests/${encodeURIComponent(id)}`,
  );
  if (found === null) return null;
  const { items: read, ...request } = erpRequest(id, found.value, found.raw, config.currency);
  const all = isUnreadable(read) ? await everyDetailOf(reading, request.id, read) : read;
  const to = from + MAX_ITEMS_PER_TURN;
  const page = all.slice(from, to).filter(({ closed }) => closed !== true);
  const named = new Set(all.map(({ detailId }) => detailId));
  const { items, unclaimed } = await withDetails(reading, request.id, page, named);
  const isWhole = from === 0 && to >= all.length;
  // Of a part of it nobody can say what the other parts claim.
  const left = isWhole && unclaimed.length > 0 ? { unclaimed } : {};
  return { ...request, items, next: to < all.length ? to : null, ...left };
}

async function withDetails(
  reading: Reading,
  requestId: string,
  page: readonly ReadItem[],
  named: ReadonlySet<string | null>,
): ReturnType<typeof withLostDetails> {
  const { client, config } = reading;
  const projects = new Map<string, Promise<string | null>>();
  const items: RequestItem[] = [];
  const lost = new Set<RequestItem>();
  for (const { projectOriginId, closed: _, ...read } of page) {
    const item = { ...read, subject: await inProject(reading, read.subject, projectOriginId, projects) };
    const itemType = item.detailId === null ? exportedType(item) : null;
    if (itemType === null) {
      items.push(item);
      if (item.detailId === null && awaitsAnswer(item)) lost.add(item);
      continue;
    }
    const rows = await readDetails(client.read, item.subject!.id, config);
    const found = { ...item, detailId: openDetail(rows, itemType, requestId) };
    items.push(found);
    if (found.detailId === null && !rows.some((row) => row.erp_request_id === requestId)) lost.add(found);
  }
  return withLostDetails(reading, { id: requestId, named }, items, lost);
}

/** What the request details of exported records are filed under. */
const ITEM_TYPES: Readonly<Record<string, string>> = {
  'sub-invoice': 'requisition',
  'change-order': 'change_order',
  'prime-change-order': 'change_order',
  vendor: 'vendor',
  project: 'project',
  'sub-job': 'sub_job',
  'standard-cost-code': 'standard_cost_code',
  budget: 'budget',
  'contract-payment': 'contract_payment',
  'cost-code': 'cost_code',
  'cost-assignment': 'cost_code_line_item_type',
  'owner-invoice': 'payment_application',
  'company-direct-cost': 'company_level_direct_cost',
};

/** Those who export, unlink or take away wait for an answer; a notice has no detail. */
function exportedType({ event, subject }: Pick<RequestItem, 'event' | 'subject'>): string | null {
  const act = erpEvent(event)?.act;
  if (subject === null || (act !== 'export' && act !== 'unlink' && act !== 'removed')) return null;
  if (subject.object !== 'commitment') return ITEM_TYPES[subject.object] ?? null;
  return subject.type === null ? null : CONTRACTS[subject.type].itemType;
}

/** An export may tell the project by its origin id, which one project of a company has. */
async function inProject(
  reading: Reading,
  subject: RequestSubject | null,
  originId: string | null,
  projects: Map<string, Promise<string | null>>,
): Promise<RequestSubject | null> {
  if (subject === null || subject.projectId !== null || originId === null) return subject;
  const known = projects.get(originId) ?? projectByOrigin(reading, originId);
  projects.set(originId, known);
  return { ...subject, projectId: await known };
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
