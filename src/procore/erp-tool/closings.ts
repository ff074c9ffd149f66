import type { RequestClosing } from '../../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { classifyPlain } from '../outcomes.ts';
import { type DetailRow, detailRow, parsed } from '../wire.ts';

// Shown word for word in the ERP tab. No limit is published; this keeps a closing readable (inferred).
const MAX_MESSAGES = 20;
const MAX_MESSAGE_LENGTH = 500;

/** Answers the person who sent the item: a request detail is closed once, as success or failed. */
export function closingWrite(closing: RequestClosing, config: ProcoreConfig): Write {
  const messages = closing.messages.slice(0, MAX_MESSAGES).map((text) => text.slice(0, MAX_MESSAGE_LENGTH));
  const target = { detail: closing.requestDetailId, status: closing.status, messages };
  const targetHash = contentHash(target);
  return {
    name: 'close-request-detail',
    kind: 'set',
    answerProves: true,
    object: 'request-detail',
    reference: `request-detail/${closing.requestDetailId}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `/rest/v1.0/companies/${config.companyId}/erp_request_details/${encodeURIComponent(closing.requestDetailId)}`,
      body: JSON.stringify({ request_detail: { status: closing.status, messages } }),
    }),
    probe: async (read) => standingOfDetail(closing, await findDetail(read, closing, config)),
    classify: (response) => classifyPlain(response, closing.requestDetailId),
  };
}

const CLOSED: ReadonlySet<string> = new Set(['success', 'failed', 'rejected', 'stale']);

/** Only an open detail is ours to close; one that says something else already was closed by somebody. */
export function standingOfDetail(closing: RequestClosing, detail: DetailRow | null): ProbeResult {
  const id = closing.requestDetailId;
  if (detail === null)
    return {
      kind: 'standing',
      standing: 'elsewhere',
      id,
      difference: `Procore shows no request detail ${id}`,
    };
  const status = statusWord(detail.status);
  if (status === closing.status) return { kind: 'standing', standing: 'at-target', id };
  if (!CLOSED.has(status)) return { kind: 'standing', standing: 'at-base', id };
  const difference = `the request detail is already closed as "${status}", not as "${closing.status}"`;
  return { kind: 'standing', standing: 'elsewhere', id, difference };
}

/** The glossary prints the states in words; which spelling the interface uses is not published. */
export function statusWord(status: string | null): string {
  return (status ?? 'in_progress').toLowerCase().replace(/[ -]+/g, '_');
}

/** An item is exported a few times at most; a detail that is not one of its own is looked for among all of them. */
async function findDetail(
  read: Read,
  closing: RequestClosing,
  config: ProcoreConfig,
): Promise<DetailRow | null> {
  const { itemId, requestDetailId } = closing;
  for (const item of itemId === '' ? [null] : [itemId, null]) {
    const rows = await readDetails(read, item, config);
    const found = rows.find((row) => row.id === requestDetailId);
    if (found !== undefined) return found;
  }
  return null;
}

/** The request details of one item, of every export it had. */
export async function readDetails(
  read: Read,
  itemId: string | null,
  config: ProcoreConfig,
): Promise<DetailRow[]> {
  const rows = await readList(read, {
    path: `/rest/v1.0/companies/${config.companyId}/erp_request_details`,
    query: itemId === null ? {} : { 'filters[item_id]': itemId },
    pageSize: config.pageSize,
  });
  return rows.map((row) => parsed(detailRow, row, 'a request detail'));
}
