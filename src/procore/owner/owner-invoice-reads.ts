import type { Pulled, PullPage } from '../../connectors/connector.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { changeTime } from '../events/change-cursor.ts';
import { changedPage, stillShown } from '../events/changed-page.ts';
import { PROCORE } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { OwnerInvoiceRef, SourceFile } from '../hub.ts';
import { parsed, paymentApplicationRow, paymentApplicationShow, primeContractShow } from '../wire.ts';
import { ownerInvoiceRecord } from './owner-invoices.ts';
import { ownerSideRows } from './prime-contract-reads.ts';

// Each changed application costs two calls more, and its contract two.
const MAX_SHOWN_PER_PAGE = 25;

const LIST = '/rest/v1.0/payment_applications';

/** One owner invoice with its sheet; null when Procore does not show it: deleted, or not permitted any more. */
export function fetchOwnerInvoice(reading: Reading, ref: OwnerInvoiceRef): Promise<Pulled | null> {
  return readWhole(reading, ref, contractShelf(reading, ref.projectId));
}

/**
 * Owner invoices of a project that changed since the cursor. The list knows no filter and states a day rather than
 * a time, so that all of the last day is read again: what did not change is known by its content.
 */
export function listOwnerInvoices(
  reading: Reading,
  projectId: string,
  cursor: string | null,
): Promise<PullPage> {
  const shelf = contractShelf(reading, projectId);
  return changedPage(reading.now, cursor, {
    size: MAX_SHOWN_PER_PAGE,
    memory: 0,
    list: async (range) => {
      const values = await ownerSideRows(reading, LIST, { project_id: projectId });
      const since = range === null ? '' : changeTime(range.slice(1).split('...')[0] ?? null).slice(0, 10);
      return values.flatMap((value) => {
        const { id, updated_at } = parsed(paymentApplicationRow, value, 'an owner invoice');
        const at = changeTime(updated_at);
        return at.slice(0, 10) < since ? [] : [{ id, at }];
      });
    },
    read: async ({ id }) =>
      stillShown(await readWhole(reading, { id, projectId }, shelf), `owner invoice ${id}`),
  });
}

/** A file of an owner invoice by its id; its address is asked for again, because addresses expire. */
export async function fetchOwnerInvoiceFile(
  reading: Reading,
  ref: OwnerInvoiceRef,
  fileId: string,
): Promise<SourceFile | null> {
  const shown = await show(reading, ref);
  const attachment = shown?.row.attachments.find(({ id }) => id === fileId);
  if (!attachment?.url) return null;
  const bytes = await reading.client.file(attachment.url);
  return bytes === null ? null : { name: attachment.filename ?? attachment.name ?? fileId, bytes };
}

async function show({ client }: Reading, { id, projectId }: OwnerInvoiceRef) {
  const query = new URLSearchParams({ project_id: projectId });
  const found = await client.find(`${LIST}/${encodeURIComponent(id)}?${query}`);
  if (found === null) return null;
  return { row: parsed(paymentApplicationShow, found.value, `owner invoice ${id}`), raw: found.raw };
}

async function readWhole(reading: Reading, ref: OwnerInvoiceRef, shelf: Shelf): Promise<Pulled | null> {
  const found = await show(reading, ref);
  if (found === null) return null;
  const { row } = found;
  const { contract, applications } = await shelf(row.contract.id);
  const earlier = applications.filter(({ number }) => number < Number(row.number));
  const previous = earlier.sort((a, b) => b.number - a.number)[0] ?? null;
  const shown = { row, contract, projectId: ref.projectId, previousId: previous?.id ?? null };
  return { record: ownerInvoiceRecord(shown, reading.config), raw: found.raw };
}

type OnShelf = {
  readonly contract: ReturnType<typeof primeContractShow.parse>;
  readonly applications: readonly { readonly id: string; readonly number: number }[];
};
type Shelf = (contractId: string) => Promise<OnShelf>;

/** A prime contract and what was billed on it so far, each read once for a whole page. */
function contractShelf({ client, config }: Reading, projectId: string): Shelf {
  const shelf = new Map<string, Promise<OnShelf>>();
  const read = async (id: string): Promise<OnShelf> => {
    const query = new URLSearchParams({ project_id: projectId });
    const found = await client.find(`/rest/v1.0/prime_contract/${encodeURIComponent(id)}?${query}`);
    if (found === null) throw new Stop('retry-later', PROCORE, `prime contract ${id} is not shown`);
    const rows = await readList(client.read, {
      path: `/rest/v1.0/prime_contracts/${encodeURIComponent(id)}/payment_applications`,
      query: { project_id: projectId },
      pageSize: config.pageSize,
    });
    return {
      contract: parsed(primeContractShow, found.value, `prime contract ${id}`),
      applications: rows.map((row) => {
        const { id: application, number } = parsed(paymentApplicationRow, row, 'an owner invoice');
        return { id: application, number: Number(number) };
      }),
    };
  };
  return (id) => {
    const known = shelf.get(id) ?? read(id);
    shelf.set(id, known);
    return known;
  };
}
