import { Stop } from '../domain/outcomes.ts';
import { readDetails, statusWord } from './closings.ts';
import type { Reading } from './commitment-reads.ts';
import { erpEvent } from './erp-events.ts';
import type { RequestItem } from './hub.ts';
import type { DetailRow } from './wire.ts';

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

/** Finds what broken payloads no longer name, where Procore lists it for this very request. */
export async function withLostDetails(
  reading: Reading,
  requestId: string,
  items: readonly RequestItem[],
  lost: ReadonlySet<RequestItem>,
): Promise<readonly RequestItem[]> {
  return lost.size === 0 ? items : foundAgain(requestId, items, lost, await listed(reading));
}

/**
 * A request of which nothing else can be read gets an item for each of its open details, so that each is answered;
 * where one item of several lost its detail it gets the one that is left. Between two nothing is guessed: what is not
 * certain stays open.
 */
export function foundAgain(
  requestId: string,
  items: readonly RequestItem[],
  lost: ReadonlySet<RequestItem>,
  rows: readonly DetailRow[],
): readonly RequestItem[] {
  const named = new Set(items.map(({ detailId }) => detailId));
  const open = rows.filter(
    ({ id, status, erp_request_id: request }) =>
      request === requestId && statusWord(status) === 'in_progress' && !named.has(id),
  );
  const [item] = items;
  if (items.length === 1 && item?.subject === null && erpEvent(item.event)?.list !== true && open.length > 0)
    return open.map(({ id }, index) => ({ ...item, key: `${requestId}/${index}`, detailId: id }));
  const [left, ...more] = open;
  if (left === undefined || more.length > 0 || lost.size > 1) return items;
  return items.map((each) => (lost.has(each) ? { ...each, detailId: left.id } : each));
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
