import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read, WireResponse } from '../../domain/posting/writes.ts';
import { type JsonValue, parseJson } from '../../lib/decimal-json.ts';
import { asTree, PROCORE, stopFor, textOf } from './errors.ts';
import { storable } from './storable.ts';

const MAX_PAGES = 200;
const MAX_PASSES = 3;

export type ListOptions = {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly pageSize: number;
};

type Pass = { readonly rows: Map<string, JsonValue>; readonly settled: boolean };

/**
 * Reads a whole list, bare as version 1 gives it or in the envelope of version 2. Pages are numbered, so a row that comes, goes or moves while we read shifts the rest:
 * a pass counts only when the total held still and as many different ids came as it states. Otherwise the
 * list is read again from the start.
 */
export async function readList(read: Read, options: ListOptions): Promise<JsonValue[]> {
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const { rows, settled } = await readPass(read, options);
    if (settled) return [...rows.values()];
  }
  throw new Stop('retry-later', PROCORE, `${options.path} kept changing while it was read`);
}

async function readPass(read: Read, options: ListOptions): Promise<Pass> {
  const rows = new Map<string, JsonValue>();
  const totals = new Set<string>();
  let received = 0;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = new URLSearchParams({
      ...options.query,
      page: String(page),
      per_page: String(options.pageSize),
    });
    const response = await read({ method: 'GET', path: `${options.path}?${query}` });
    if (response.status === 404) throw stopFor(response, `GET ${options.path}`, null);
    const body = pageOf(response, options.path);
    for (const [index, row] of body.entries()) rows.set(textOf(asTree(row)?.id) ?? `${page}/${index}`, row);
    received += body.length;
    const total = response.headers.total;
    if (total !== undefined) totals.add(total);
    // A page without rows ends the list whatever the headers say: nothing more can come of it.
    if (body.length === 0 || !hasNext(response, received)) {
      const stated = total === undefined ? null : Number(total);
      return { rows, settled: totals.size <= 1 && (stated === null || rows.size === stated) };
    }
  }
  throw new Stop('bug', PROCORE, `${options.path} has more than ${MAX_PAGES} pages of ${options.pageSize}`, {
    remedy: 'Raise the page size of the connection (Procore advises at most 2,000).',
  });
}

function pageOf(response: WireResponse, path: string): readonly JsonValue[] {
  const body = parseJson(storable(response.body));
  const rows = Array.isArray(body) ? body : asTree(body)?.data;
  if (Array.isArray(rows)) return rows;
  throw new Stop('bug', PROCORE, `${path} was answered with something that is not a list`);
}

/** Link is the documented sign; Total stands in for it, because not every route sends both. */
function hasNext(response: WireResponse, readSoFar: number): boolean {
  const link = response.headers.link;
  if (link !== undefined && link !== '') return /rel="?next"?/.test(link);
  const total = response.headers.total;
  return total !== undefined && /^\d+$/.test(total) && readSoFar < Number(total);
}
