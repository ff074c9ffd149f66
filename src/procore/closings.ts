import { contentHash } from '../domain/canonical.ts';
import type { RequestClosing } from '../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../domain/writes.ts';
import { parseJson } from '../lib/decimal-json.ts';
import type { ProcoreConfig } from './config.ts';
import { classifyPlain } from './outcomes.ts';
import { type DetailRow, detailRow, parsed } from './wire.ts';

const MAX_PAGES = 10;
const PAGE_SIZE = 100;
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

async function findDetail(
  read: Read,
  closing: RequestClosing,
  config: ProcoreConfig,
): Promise<DetailRow | null> {
  const filter = closing.itemId === '' ? 'filters[id]' : 'filters[item_id]';
  const wanted = closing.itemId === '' ? closing.requestDetailId : closing.itemId;
  const rows = await readDetails(read, { [filter]: wanted }, config);
  return rows.find((row) => row.id === closing.requestDetailId) ?? null;
}

/** The details of one item, newest exports among them; bounded, because an item is exported a few times. */
export async function readDetails(
  read: Read,
  filter: Readonly<Record<string, string>>,
  config: ProcoreConfig,
): Promise<DetailRow[]> {
  const rows: DetailRow[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ ...filter, page: String(page), per_page: String(PAGE_SIZE) });
    const path = `/rest/v1.0/companies/${config.companyId}/erp_request_details?${query}`;
    const response = await read({ method: 'GET', path });
    if (response.status === 404) return rows;
    const body = parseJson(response.body);
    const found = (Array.isArray(body) ? body : []).map((row) => parsed(detailRow, row, 'a request detail'));
    rows.push(...found);
    if (found.length < PAGE_SIZE) break;
  }
  return rows;
}
