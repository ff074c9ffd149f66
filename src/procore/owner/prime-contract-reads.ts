import type { Pulled, PullPage } from '../../connectors/connector.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { changeTime } from '../events/change-cursor.ts';
import { changedPage, changedSince, stillShown } from '../events/changed-page.ts';
import { isNotShown } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { ChangeOrderRef, PrimeContractRef } from '../hub.ts';
import { parsed } from '../wire.ts';
import { primeChangeShow, primeContractHead, primeContractWhole } from './prime-contract-wire.ts';
import { primeChangeOrderRecord, primeContractRecord } from './prime-contracts.ts';

// Each changed one costs one more call for its lines.
const MAX_SHOWN_PER_PAGE = 100;

/** One prime contract with its lines; null when Procore does not show it: deleted, or not permitted any more. */
export async function fetchPrimeContract(
  { client, config }: Reading,
  { id, projectId }: PrimeContractRef,
): Promise<Pulled | null> {
  const query = new URLSearchParams({ project_id: projectId });
  const found = await client.find(`/rest/v1.0/prime_contract/${encodeURIComponent(id)}?${query}`);
  if (found === null) return null;
  const row = parsed(primeContractWhole, found.value, `prime contract ${id}`);
  return { record: primeContractRecord(row, projectId, config), raw: found.raw };
}

/** Prime contracts of a project that changed since the cursor. */
export function listPrimeContracts(
  reading: Reading,
  projectId: string,
  cursor: string | null,
): Promise<PullPage> {
  return changedPage(reading.now, cursor, {
    size: MAX_SHOWN_PER_PAGE,
    list: async (range) => {
      const query = { project_id: projectId, ...changedSince(range) };
      const rows = await ownerSideRows(reading, '/rest/v1.0/prime_contracts', query);
      return rows.map((value) => {
        const { id, updated_at } = parsed(primeContractHead, value, 'a prime contract');
        return { id, at: changeTime(updated_at) };
      });
    },
    read: async ({ id }) =>
      stillShown(await fetchPrimeContract(reading, { id, projectId }), `prime contract ${id}`),
  });
}

/** Who bills no owner through the integration need not let it see the prime contracts and their invoices. */
export async function ownerSideRows(
  { client, config }: Reading,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly JsonValue[]> {
  try {
    return await readList(client.read, { path, query, pageSize: config.pageSize });
  } catch (error) {
    if (isNotShown(error)) return [];
    throw error;
  }
}

/** A change order of a prime contract, with its lines and what is put on top of them. */
export async function fetchPrimeChangeOrder(
  { client, config }: Reading,
  { id, projectId }: ChangeOrderRef,
): Promise<Pulled | null> {
  const query = new URLSearchParams({ project_id: projectId });
  const found = await client.find(`/rest/v1.0/change_order_packages/${encodeURIComponent(id)}?${query}`);
  if (found === null) return null;
  const row = parsed(primeChangeShow, found.value, `change order package ${id}`);
  return { record: primeChangeOrderRecord(row, projectId, config), raw: found.raw };
}
