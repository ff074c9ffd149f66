import type { Pulled, PullPage } from '../../connectors/connector.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { withWbsCodes } from '../budget/wbs-codes.ts';
import { lineOriginsOf } from '../erp-tool/external-data.ts';
import { changeTime } from '../events/change-cursor.ts';
import { changedPage, changedSince } from '../events/changed-page.ts';
import { readList } from '../http/paging.ts';
import type { ApprovedChange, ChangeOrderRef } from '../hub.ts';
import { type ChangeOrderHead, changeOrderHead, changeOrderShow, parsed } from '../wire.ts';
import { changeOrderRecord, isApprovedChangeOrder, withoutLines } from './change-orders.ts';
import type { Reading } from './commitment-reads.ts';
import { amountText, currencyOf } from './commitments.ts';

// Each changed one costs one more call for its lines.
const MAX_SHOWN_PER_PAGE = 250;

const LIST = '/rest/v1.0/change_order_packages';

/** One change order with its lines; null when Procore does not show it, which may mean deleted or not permitted. */
export async function fetchChangeOrder(
  { client, config }: Reading,
  { id, projectId }: ChangeOrderRef,
): Promise<Pulled | null> {
  const found = await client.find(changeOrderPath({ id, projectId }));
  if (found === null) return null;
  const row = parsed(changeOrderShow, found.value, `change order package ${id}`);
  const line_items = await withWbsCodes(client, projectId, config, row.line_items);
  return { record: changeOrderRecord({ ...row, line_items }, projectId, config), raw: found.raw };
}

/** What the lines of a change order are in the ERP. No page shows it: each line is asked for. */
export async function changeLineOrigins(
  { client, config }: Reading,
  { id, projectId }: ChangeOrderRef,
): Promise<ReadonlyMap<string, string> | null> {
  const found = await client.find(changeOrderPath({ id, projectId }));
  if (found === null) return null;
  const { line_items: lines } = parsed(changeOrderShow, found.value, `change order package ${id}`);
  return lineOriginsOf(
    client.read,
    lines.map((line) => line.id),
    config,
  );
}

export function changeOrderPath({ id, projectId }: ChangeOrderRef): string {
  return `${LIST}/${encodeURIComponent(id)}?project_id=${encodeURIComponent(projectId)}`;
}

/** Change orders of a project that changed since the cursor. */
export function listChangeOrders(
  reading: Reading,
  projectId: string,
  cursor: string | null,
): Promise<PullPage> {
  return changedPage(reading.now, cursor, {
    size: MAX_SHOWN_PER_PAGE,
    list: async (range) => {
      const filter = { 'filters[include_deleted]': 'with', ...changedSince(range) };
      const listed = await headsOf(reading, projectId, filter);
      return listed.map((entry) => ({ ...entry, at: changeTime(entry.head.updated_at), id: entry.head.id }));
    },
    read: async ({ head, raw }) => {
      const shown = await fetchChangeOrder(reading, { id: head.id, projectId });
      // A deleted one stays in the list but is not shown any more.
      return shown ?? { record: withoutLines(head, projectId, reading.config), raw: JSON.stringify(raw) };
    },
  });
}

/** Approved change orders of a project as Procore counts them now, for the tie-out. */
export async function approvedChangesIn(
  reading: Reading,
  projectId: string,
): Promise<readonly ApprovedChange[]> {
  const listed = await headsOf(reading, projectId, {});
  return listed.flatMap(({ head }) => {
    if (!isApprovedChangeOrder(head)) return [];
    const currency = currencyOf(head, reading.config);
    const { id, contract_id: commitmentId, number, title } = head;
    const amount = amountText(head.grand_total, currency, 'grand_total');
    return [{ id, commitmentId, number: number ?? '', title: title ?? '', currency, amount }];
  });
}

async function headsOf(
  { client, config }: Reading,
  projectId: string,
  filter: Readonly<Record<string, string>>,
): Promise<{ readonly head: ChangeOrderHead; readonly raw: JsonValue }[]> {
  const query = { project_id: projectId, ...filter };
  const rows = await readList(client.read, { path: LIST, query, pageSize: config.pageSize });
  return rows.map((raw) => ({ head: parsed(changeOrderHead, raw, 'a change order package'), raw }));
}
