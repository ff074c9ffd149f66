import type { Pulled, PullPage } from '../connectors/connector.ts';
import { Stop } from '../domain/outcomes.ts';
import type { JsonValue } from '../lib/decimal-json.ts';
import { asFarAsItGoes, changeTime, nextBatch } from './change-cursor.ts';
import { type Reading, SHOWN_REMEMBERED } from './commitment-reads.ts';
import { PROCORE } from './errors.ts';
import type { ChangeOrderRef, PrimeContractRef } from './hub.ts';
import { readList } from './paging.ts';
import { primeChangeShow, primeContractHead, primeContractWhole } from './prime-contract-wire.ts';
import { primeChangeOrderRecord, primeContractRecord } from './prime-contracts.ts';
import { parsed } from './wire.ts';

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

/** Prime contracts of a project in the order of their last change, so that the cursor never skips one. */
export async function listPrimeContracts(
  reading: Reading,
  projectId: string,
  cursor: string | null,
): Promise<PullPage> {
  const list = async (range: string | null) => {
    const rows = await listed(reading, projectId, range);
    return rows.map((value) => {
      const { id, updated_at } = parsed(primeContractHead, value, 'a prime contract');
      return { id, at: changeTime(updated_at) };
    });
  };
  const batch = await nextBatch(cursor, MAX_SHOWN_PER_PAGE, reading.now, list, SHOWN_REMEMBERED);
  const records = await asFarAsItGoes(batch.rows, async ({ id }) => {
    const pulled = await fetchPrimeContract(reading, { id, projectId });
    // Listed and gone a moment later: the next pass finds it in neither place.
    if (pulled === null)
      throw new Stop('retry-later', PROCORE, `prime contract ${id} went while it was read`);
    return pulled;
  });
  return { records, cursor: batch.after(records.length) };
}

/** Who bills no owner through the integration need not let it see the prime contracts. */
async function listed(
  { client, config }: Reading,
  projectId: string,
  range: string | null,
): Promise<readonly JsonValue[]> {
  const query = { project_id: projectId, ...(range === null ? {} : { 'filters[updated_at]': range }) };
  try {
    return await readList(client.read, {
      path: '/rest/v1.0/prime_contracts',
      query,
      pageSize: config.pageSize,
    });
  } catch (error) {
    if (error instanceof Stop && error.kind === 'unauthorised') return [];
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
