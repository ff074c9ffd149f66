import { Stop } from '../../../domain/posting/outcomes.ts';
import type { Read, WireRequest } from '../../../domain/posting/writes.ts';
import { readStop } from './errors.ts';
import { SYSTEM } from './vendor-error.ts';
import { page, type Row } from './wire.ts';

/** A string literal of a filter: quotes are doubled, the whole is encoded with the query. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export type Query = {
  readonly set: string;
  readonly filter?: string;
  readonly select?: readonly string[];
  /** The property the rows are ordered and paged by, and how its values are written in a filter. */
  readonly key: { readonly name: string; readonly kind: 'text' | 'number' };
  /** Rows behind this key only. */
  readonly after?: string;
};

// Default pages hold 20 rows; 200 documents with lines stay far below the 32 MB bound of an answer.
export const PAGE_ROWS = 200;
const MAX_PAGES = 5_000;

/**
 * One page by key. Offsets would drift while documents are added, and the server's next link may drop the
 * filter: the next page is asked for by the last key instead, with the whole query again.
 */
export function pageRequest(query: Query): WireRequest {
  const { name, kind } = query.key;
  const after =
    query.after === undefined
      ? undefined
      : `${name} gt ${kind === 'text' ? quoted(query.after) : query.after}`;
  const conditions = [query.filter, after].filter((part) => part !== undefined);
  const filter = conditions.length > 1 ? conditions.map((part) => `(${part})`).join(' and ') : conditions[0];
  const options: [string, string][] = [];
  if (filter !== undefined) options.push(['$filter', filter]);
  if (query.select) options.push(['$select', query.select.join(',')]);
  options.push(['$orderby', name], ['$top', String(PAGE_ROWS)]);
  const search = options.map(([option, value]) => `${option}=${encodeURIComponent(value)}`).join('&');
  return {
    method: 'GET',
    path: `/${query.set}?${search}`,
    headers: { prefer: `odata.maxpagesize=${PAGE_ROWS}` },
  };
}

export type Page = { readonly rows: readonly Row[]; readonly last: boolean };

export async function readPage(read: Read, query: Query): Promise<Page> {
  const response = await read(pageRequest(query));
  if (response.status !== 200) throw readStop(response, query.set);
  const { rows, more } = page(response, query.set);
  // A server that caps pages below what was asked announces more; a short page without that is the last one.
  return { rows, last: rows.length === 0 || (!more && rows.length < PAGE_ROWS) };
}

/** Every row of a query, page by page. */
export async function* allRows(read: Read, query: Query): AsyncIterable<Row> {
  let after = query.after;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const { rows, last } = await readPage(read, after === undefined ? query : { ...query, after });
    yield* rows;
    if (last) return;
    after = keyOf(rows.at(-1)!, query);
  }
  throw new Stop('bug', SYSTEM, `${query.set} has more than ${MAX_PAGES} pages of ${PAGE_ROWS} rows`);
}

export function keyOf(row: Row, query: Query): string {
  const value = row.fields[query.key.name];
  if (typeof value !== 'string' || value === '') {
    throw new Stop('bug', SYSTEM, `a row of ${query.set} has no ${query.key.name}`);
  }
  return value;
}
