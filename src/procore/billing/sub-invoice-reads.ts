import type { Pulled, PullPage } from '../../connectors/connector.ts';
import type { CommitmentLine } from '../../domain/records.ts';
import { fetchCommitment, type Reading } from '../commitments/commitment-reads.ts';
import { commitmentTypeOf } from '../commitments/commitments.ts';
import { changeTime } from '../events/change-cursor.ts';
import { changedPage, changedSince, stillShown } from '../events/changed-page.ts';
import { readList } from '../http/paging.ts';
import type { SourceFile, SubInvoiceRef } from '../hub.ts';
import {
  type BillingPeriod,
  billingPeriod,
  parsed,
  type RequisitionShow,
  requisitionRow,
  requisitionShow,
  sheetRow,
} from '../wire.ts';
import { subInvoiceRecord } from './sub-invoices.ts';

// Each changed application costs two calls more, and one for its commitment.
const MAX_SHOWN_PER_PAGE = 25;

const LIST = '/rest/v1.1/requisitions';

/** One pay application with its sheet; null when Procore does not show it: deleted, or not permitted any more. */
export function fetchSubInvoice(reading: Reading, ref: SubInvoiceRef): Promise<Pulled | null> {
  return readWhole(reading, ref, commitmentShelf(reading));
}

/**
 * Pay applications of a project that changed since the cursor. No webhook tells of them, so that this is how
 * one is noticed; one that was deleted is in no list and has to be missed when it is read again.
 */
export function listSubInvoices(
  reading: Reading,
  projectId: string,
  cursor: string | null,
): Promise<PullPage> {
  const { client, config, now } = reading;
  const shelf = commitmentShelf(reading);
  return changedPage(now, cursor, {
    size: MAX_SHOWN_PER_PAGE,
    list: async (range) => {
      const query = { project_id: projectId, ...changedSince(range) };
      const values = await readList(client.read, { path: LIST, query, pageSize: config.pageSize });
      return values.map((value) => {
        const row = parsed(requisitionRow, value, 'a pay application');
        return { id: row.id, at: changeTime(row.updated_at) };
      });
    },
    read: async ({ id }) =>
      stillShown(await readWhole(reading, { id, projectId }, shelf), `pay application ${id}`),
  });
}

/** A file of a pay application by its id; its address is asked for again, because addresses expire. */
export async function fetchSubInvoiceFile(
  reading: Reading,
  ref: SubInvoiceRef,
  fileId: string,
): Promise<SourceFile | null> {
  const shown = await show(reading, ref);
  const attachment = shown?.row.attachments.find(({ id }) => id === fileId);
  if (!attachment?.url) return null;
  const bytes = await reading.client.file(attachment.url);
  return bytes === null ? null : { name: attachment.filename ?? attachment.name ?? fileId, bytes };
}

async function readWhole(reading: Reading, ref: SubInvoiceRef, shelf: Shelf): Promise<Pulled | null> {
  const shown = await show(reading, ref);
  if (shown === null) return null;
  const path = `/rest/v1.0/requisitions/${encodeURIComponent(ref.id)}/detail?project_id=${encodeURIComponent(ref.projectId)}`;
  const detail = await reading.client.find(path);
  if (detail === null) return null;
  const sheet = parsed(sheetRow.array().max(20_000), detail.value, `the detail of requisition ${ref.id}`);
  const commitmentLines = await shelf(shown.row);
  const period = await periodOf(reading, shown.row);
  return {
    record: subInvoiceRecord({ row: shown.row, sheet, commitmentLines, period }, reading.config),
    raw: `{"requisition":${shown.raw},"detail":${detail.raw}}`,
  };
}

async function show(
  { client }: Reading,
  { id, projectId }: SubInvoiceRef,
): Promise<{ row: RequisitionShow; raw: string } | null> {
  const query = new URLSearchParams({ project_id: projectId, view: 'extended' });
  const found = await client.find(`${LIST}/${encodeURIComponent(id)}?${query}`);
  if (found === null) return null;
  return { row: parsed(requisitionShow, found.value, `requisition ${id}`), raw: found.raw };
}

/** Most applications repeat the days of their billing period; only of the others it is asked for. */
async function periodOf(
  { client }: Reading,
  { project_id, period_id, requisition_start, requisition_end }: RequisitionShow,
): Promise<BillingPeriod | null> {
  if (period_id === null || (requisition_start !== null && requisition_end !== null)) return null;
  const found = await client.find(`/rest/v1.0/projects/${project_id}/billing_periods/${period_id}`);
  return found === null ? null : parsed(billingPeriod, found.value, `billing period ${period_id}`);
}

type Shelf = (row: RequisitionShow) => Promise<ReadonlyMap<string, CommitmentLine>>;

/** The lines of a commitment, whose codes an application does not repeat; each is read once for a whole page. */
function commitmentShelf(reading: Reading): Shelf {
  const shelf = new Map<string, ReturnType<Shelf>>();
  const read = async (row: RequisitionShow): ReturnType<Shelf> => {
    const type = commitmentTypeOf(row.commitment_type);
    if (type === null) return new Map();
    const ref = { id: row.commitment_id, projectId: row.project_id, type };
    const record = (await fetchCommitment(reading, ref))?.record;
    return new Map(record?.object === 'commitment' ? record.lines.map((line) => [line.id, line]) : []);
  };
  return (row) => {
    const lines = shelf.get(row.commitment_id) ?? read(row);
    shelf.set(row.commitment_id, lines);
    return lines;
  };
}
