import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import type { RequestItem } from '../hub.ts';
import type { DetailRow } from '../wire.ts';
import { readDetails, statusWord } from './closings.ts';
import { erpEvent } from './erp-events.ts';
import type { ReadItem } from './erp-requests.ts';

/**
 * Whether an item should have a request detail that can be closed. A notice has none, nor has the refresh of cost
 * types, and an event that we do not know may have one.
 */
export function awaitsAnswer({ event }: Pick<RequestItem, 'event'>): boolean {
  const known = erpEvent(event);
  if (known === null) return true;
  if (known.act === 'refresh') return known.object !== 'cost-type';
  return known.act === 'export' || known.act === 'unlink' || known.act === 'removed';
}

/**
 * Finds what broken payloads no longer name, where Procore lists it for this very request, and says which details are
 * left that nothing in it claims.
 */
export async function withLostDetails(
  reading: Reading,
  request: Named,
  items: readonly RequestItem[],
  lost: ReadonlySet<RequestItem>,
): Promise<{ readonly items: readonly RequestItem[]; readonly unclaimed: readonly string[] }> {
  if (lost.size === 0) return { items, unclaimed: [] };
  const rows = await listed(reading);
  const found = foundAgain(request, items, lost, rows);
  return { items: found, unclaimed: unclaimedOf(request, found, rows).map(({ id }) => id) };
}

/** A request with the details that its payload names, for these items and for those of other turns. */
type Named = { readonly id: string; readonly named: ReadonlySet<string | null> };

/** Whether nothing of a request can be read, but that somebody waits for an answer. */
export function isUnreadable(items: readonly ReadItem[]): boolean {
  const [item] = items;
  if (item === undefined || items.length > 1 || item.subject !== null || item.detailId !== null) return false;
  return awaitsAnswer(item) && erpEvent(item.event)?.list !== true;
}

/** Such a request gets an item for each of its details, so that each is answered. */
export async function everyDetailOf(
  reading: Reading,
  requestId: string,
  items: readonly ReadItem[],
): Promise<readonly ReadItem[]> {
  return itemPerDetail(requestId, items, await listed(reading));
}

/** Closed ones keep their places, so that a later turn goes on where an earlier one ended. */
export function itemPerDetail(
  requestId: string,
  items: readonly ReadItem[],
  rows: readonly DetailRow[],
): readonly ReadItem[] {
  const [item] = items;
  const ours = rows.filter(({ erp_request_id: request }) => request === requestId);
  if (item === undefined || !ours.some(isOpen)) return items;
  return ours.map((row, index) => ({
    ...item,
    key: `${requestId}/${index}`,
    detailId: row.id,
    ...(isOpen(row) ? {} : { closed: true as const }),
  }));
}

function isOpen({ status }: DetailRow): boolean {
  return statusWord(status) === 'in_progress';
}

/**
 * Where one item of several lost its detail it gets the one that is left. Between two nothing is guessed: what is not
 * certain stays open.
 */
export function foundAgain(
  { id: requestId, named }: Named,
  items: readonly RequestItem[],
  lost: ReadonlySet<RequestItem>,
  rows: readonly DetailRow[],
): readonly RequestItem[] {
  const [left, ...more] = unclaimedOf({ id: requestId, named }, items, rows);
  if (left === undefined || more.length > 0 || lost.size > 1) return items;
  return items.map((each) => (lost.has(each) ? { ...each, detailId: left.id } : each));
}

function unclaimedOf(
  { id: requestId, named }: Named,
  items: readonly RequestItem[],
  rows: readonly DetailRow[],
): DetailRow[] {
  const known = new Set([...named, ...items.map(({ detailId }) => detailId)]);
  return rows.filter((row) => row.erp_request_id === requestId && isOpen(row) && !known.has(row.id));
}

/** All details of the company: by request they cannot be listed. Too many of them keep no request from being taken. */
async function listed({ client, config }: Reading): Promise<readonly DetailRow[]> {
  try {
    return await readDetails(client.read, null, config);
  } catch (error) {
    if (error instanceof Stop && error.kind === 'bug') return [];
    throw error;
  }
}
