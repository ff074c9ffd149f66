import { changeTime, nextBatch } from './change-cursor.ts';
import { readDetails, statusWord } from './closings.ts';
import type { Reading } from './commitment-reads.ts';
import { CONTRACTS } from './commitments.ts';
import { erpRequest } from './erp-requests.ts';
import type { CommitmentRef, ErpRequest } from './hub.ts';
import { readList } from './paging.ts';
import { type DetailRow, parsed, requestRow } from './wire.ts';

const MAX_IDS_PER_PAGE = 500;
const MAX_LOOKUPS = 50;

/** One ERP request; an item whose payload names no request detail gets the open one of its commitment. */
export async function fetchRequest(reading: Reading, id: string): Promise<ErpRequest | null> {
  const { client, config } = reading;
  const found = await client.find(
    `/rest/v1.0/companies/${config.companyId}/erp_requests/${encodeURIComponent(id)}`,
  );
  if (found === null) return null;
  const request = erpRequest(found.value, found.raw);
  let lookups = 0;
  const items = [];
  for (const item of request.items) {
    if (item.detailId !== null || item.commitment === null || lookups >= MAX_LOOKUPS) {
      items.push(item);
      continue;
    }
    lookups += 1;
    const rows = await readDetails(client.read, item.commitment.id, config);
    items.push({ ...item, detailId: openDetail(rows, item.commitment, request.id) });
  }
  return { ...request, items };
}

/** The detail of this export: of this request where rows say so, of this item type, open, and the newest. */
export function openDetail(rows: readonly DetailRow[], ref: CommitmentRef, requestId: string): string | null {
  const { itemType } = CONTRACTS[ref.type];
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
