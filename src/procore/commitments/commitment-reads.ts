import type { CommittedDocument, Pulled, PullPage } from '../../connectors/connector.ts';
import { formatDecimal, parseDecimal, rescale } from '../../domain/values/decimal.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { withWbsCodes } from '../budget/wbs-codes.ts';
import type { ProcoreConfig } from '../config.ts';
import { changeTime } from '../events/change-cursor.ts';
import { changedPage, changedSince } from '../events/changed-page.ts';
import type { Reads } from '../http/client.ts';
import { readList } from '../http/paging.ts';
import type { CommitmentRef } from '../hub.ts';
import { type ContractHead, contractHead, contractShow, parsed } from '../wire.ts';
import {
  amountText,
  COMMITMENT_TYPES,
  CONTRACTS,
  type CommitmentType,
  commitmentRecord,
  currencyOf,
  isApproved,
  withoutLines,
} from './commitments.ts';

// Each changed commitment costs one more call for its lines, and an hour may allow only 3,600 calls.
const MAX_SHOWN_PER_PAGE = 250;

export type Reading = {
  readonly client: Reads;
  readonly config: ProcoreConfig;
  readonly now: () => Date;
};

/** One commitment with its lines; null when Procore does not show it, which may mean deleted or not permitted. */
export async function fetchCommitment(
  { client, config }: Reading,
  ref: CommitmentRef,
): Promise<Pulled | null> {
  const { route } = CONTRACTS[ref.type];
  const found = await client.find(commitmentPath(ref));
  if (found === null) return null;
  const row = parsed(contractShow, found.value, `${route} ${ref.id}`);
  const line_items = await withWbsCodes(client, ref.projectId, config, row.line_items);
  return { record: commitmentRecord(ref.type, { ...row, line_items }, config), raw: found.raw };
}

/** What the lines of a commitment are in the ERP, as far as they bear its ids. */
export async function lineOrigins(
  { client }: Reading,
  ref: CommitmentRef,
): Promise<ReadonlyMap<string, string> | null> {
  const found = await client.find(commitmentPath(ref));
  if (found === null) return null;
  const { line_items: lines } = parsed(contractShow, found.value, `${CONTRACTS[ref.type].route} ${ref.id}`);
  return new Map(lines.flatMap(({ id, origin_id }) => (origin_id === null ? [] : [[id, origin_id]])));
}

export function commitmentPath({ id, projectId, type }: CommitmentRef): string {
  return `/rest/v1.0/${CONTRACTS[type].route}/${encodeURIComponent(id)}?project_id=${encodeURIComponent(projectId)}`;
}

type Listed = { readonly type: CommitmentType; readonly head: ContractHead; readonly raw: JsonValue };

/** Commitments of both kinds that changed since the cursor. */
export function listCommitments(
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
    read: async ({ type, head, raw }) => {
      const shown = await fetchCommitment(reading, { type, id: head.id, projectId });
      // A deleted contract stays in the list but is not shown any more.
      return shown ?? { record: withoutLines(type, head, reading.config), raw: JSON.stringify(raw) };
    },
  });
}

/** What Procore counts as committed in a project: approved commitments with their approved change orders. */
export async function* committedIn(
  reading: Reading,
  projectId: string,
): AsyncGenerator<CommittedDocument & { readonly type: CommitmentType }> {
  for (const { type, head } of await headsOf(reading, projectId, {})) {
    if (head.deleted_at !== null || !isApproved(type, head.status)) continue;
    const currency = currencyOf(head, reading.config);
    yield {
      type,
      id: head.id,
      number: head.number ?? '',
      reference: head.origin_id,
      projectCode: head.project.id,
      vendorCode: head.vendor?.id ?? '',
      currency,
      amount: committedAmount(head, currency),
      state: 'posted',
    };
  }
}

/** The contract sum with approved change orders; the list states it, else it is added up. */
export function committedAmount(head: ContractHead, currency: string): string {
  if (head.revised_contract !== null) return amountText(head.revised_contract, currency, 'revised_contract');
  const original = parseDecimal(head.grand_total);
  const changes = parseDecimal(head.approved_change_orders ?? '0');
  const scale = Math.max(original.scale, changes.scale);
  const sum = rescale(original, scale, 'down') + rescale(changes, scale, 'down');
  return amountText(formatDecimal({ units: sum, scale }), currency, 'grand_total');
}

async function headsOf(
  { client, config }: Reading,
  projectId: string,
  filter: Readonly<Record<string, string>>,
): Promise<Listed[]> {
  const lists = await Promise.all(
    COMMITMENT_TYPES.map(async (type): Promise<Listed[]> => {
      const path = `/rest/v1.0/${CONTRACTS[type].route}`;
      const query = { project_id: projectId, view: 'extended', ...filter };
      const rows = await readList(client.read, { path, query, pageSize: config.pageSize });
      return rows.map((raw) => ({ type, head: parsed(contractHead, raw, path), raw }));
    }),
  );
  return lists.flat();
}
