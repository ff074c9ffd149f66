import type { Line, Stamps } from '../records.ts';
import { accessError, fieldErrors } from './errors.ts';
import type { Answer, Context } from './router.ts';

export const pagingParameters = ['page', 'per_page'] as const;

/**
 * Refuses parameters the endpoint does not name. The real API probably ignores them, which would turn a wrong
 * filter into a full list in silence; being stricter shows the mistake.
 */
export function assertParameters(query: URLSearchParams, allowed: readonly string[]): void {
  for (const name of query.keys()) {
    if (allowed.includes(name)) continue;
    if (name.endsWith('[]') && allowed.includes(name.slice(0, -2))) continue;
    throw accessError(400, `Unknown query parameter: ${name}`);
  }
}

/** A required or optional whole-number parameter. */
export function integerParameter(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,16}$/.test(text)) throw fieldErrors(400, { [name]: ['must be an integer'] });
  return Number(text);
}

export function requiredInteger(query: URLSearchParams, name: string): number {
  const value = integerParameter(query, name);
  if (value === null) throw fieldErrors(400, { [name]: ['is missing'] });
  return value;
}

/** Ids of `filters[x]=1` or of repeated `filters[x][]=1`; null when the filter is absent. */
export function idFilter(query: URLSearchParams, name: string): Set<number> | null {
  const values = [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap((text) => text.split(','));
  if (values.length === 0) return null;
  if (values.some((text) => !/^\d{1,16}$/.test(text)))
    throw fieldErrors(400, { [name]: ['must be integers'] });
  return new Set(values.map(Number));
}

/** One of the published values of a filter, or null when it is absent. */
export function enumFilter<T extends string>(
  query: URLSearchParams,
  name: string,
  values: readonly T[],
): T | null {
  const text = query.get(name);
  if (text === null) return null;
  const found = values.find((value) => value === text);
  if (found === undefined) throw fieldErrors(400, { [name]: ['does not have a valid value'] });
  return found;
}

/** `"from...to"`, with or without the quotes the documentation prints; both ends belong to the range. */
export function rangeFilter(query: URLSearchParams, name: string): ((at: number) => boolean) | null {
  const text = query.get(name);
  if (text === null) return null;
  const [from, to, ...rest] = text.replace(/^"|"$/g, '').split('...');
  const start = Date.parse(from ?? '');
  const dayOnly = /^\d{4}-\d{2}-\d{2}$/.test(to ?? '');
  const end = Date.parse(to ?? '') + (dayOnly ? 86_399_999 : 999);
  if (rest.length > 0 || Number.isNaN(start) || Number.isNaN(end)) {
    throw fieldErrors(400, { [name]: ['is not a valid date range'] });
  }
  return (at) => Math.floor(at / 1_000) * 1_000 >= start && at <= end;
}

/** Applies filters[id], filters[created_at] and filters[updated_at]. */
export function stampedFilter(query: URLSearchParams): (row: Stamps & { id: number }) => boolean {
  const ids = idFilter(query, 'filters[id]');
  const created = rangeFilter(query, 'filters[created_at]');
  const updated = rangeFilter(query, 'filters[updated_at]');
  return (row) =>
    (ids?.has(row.id) ?? true) && (created?.(row.created_at) ?? true) && (updated?.(row.updated_at) ?? true);
}

export const lineFilters = [
  'filters[id]',
  'filters[created_at]',
  'filters[updated_at]',
  'filters[cost_code_id]',
  'filters[line_item_type_id]',
] as const;

/** The filters of a contract's lines, whoever the contract is with. */
export function lineFilter(query: URLSearchParams): (line: Line) => boolean {
  const keep = stampedFilter(query);
  const codes = idFilter(query, 'filters[cost_code_id]');
  const typeId = integerParameter(query, 'filters[line_item_type_id]');
  return (line) =>
    keep(line) &&
    (codes?.has(line.cost_code_id ?? -1) ?? true) &&
    (typeId === null || line.line_item_type_id === typeId);
}

/** One page of a v1 list: bare array, headers Total, Per-Page and Link whose URLs keep page and per_page only. */
export function paged<T>(
  context: Context,
  rows: readonly T[],
  view: (row: T) => unknown,
  usualPerPage?: number,
): Answer {
  const { default_per_page, max_per_page } = context.world.settings.paging;
  const usual = Math.min(usualPerPage ?? default_per_page, default_per_page, max_per_page);
  const page = Math.max(1, integerParameter(context.query, 'page') ?? 1);
  const asked = integerParameter(context.query, 'per_page') ?? usual;
  const perPage = Math.min(Math.max(1, asked), max_per_page);
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const link = (rel: string, target: number) =>
    `<https://api.procore.com${context.path}?page=${target}&per_page=${perPage}>; rel="${rel}"`;
  const links: string[] = [];
  if (page > 1) links.push(link('first', 1), link('prev', page - 1));
  if (page < last) links.push(link('last', last), link('next', page + 1));
  const headers: Record<string, string> = { Total: String(rows.length), 'Per-Page': String(perPage) };
  if (links.length > 0) headers.Link = links.join(', ');
  const start = (page - 1) * perPage;
  return { status: 200, body: rows.slice(start, start + perPage).map(view), headers };
}
