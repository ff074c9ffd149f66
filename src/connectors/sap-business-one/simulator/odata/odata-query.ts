import type { SimState } from '../company/state.ts';
import { decimal, type Row, text } from '../documents/rows.ts';
import { compare } from './decimal.ts';
import { badRequest, invalidProperty, type ProtocolVersion } from './errors.ts';
import { collectionOf, type TypeName } from './fields.ts';
import { compileFilter } from './odata-filter.ts';
import { rendered } from './render.ts';

const OPTIONS = ['$filter', '$select', '$orderby', '$top', '$skip'];

export interface ListRequest {
  set: string;
  typeName: TypeName;
  tagged: boolean;
  version: ProtocolVersion;
  query: URLSearchParams;
  preferredPageSize: number | null;
}

/** Answers a collection read: filter, order, count, page and project. */
export function listed(state: SimState, all: Iterable<Row>, request: ListRequest): Record<string, unknown> {
  const { query, version } = request;
  const countOption = version === 'v1' ? '$inlinecount' : '$count';
  refuseUnknownOptions(query, [...OPTIONS, countOption]);
  const found = inOrder(state, filtered(state, all, request), request);
  const skip = wholeOption(query, '$skip') ?? 0;
  const top = wholeOption(query, '$top');
  const wanted = top === null ? found.slice(skip) : found.slice(skip, skip + top);
  const pageSize = request.preferredPageSize ?? state.settings.pageSize;
  const page = pageSize === 0 ? wanted : wanted.slice(0, pageSize);
  const select = selected(state, query, request.typeName);
  const prefix = version === 'v1' ? 'odata.' : '@odata.';
  const contextKey = version === 'v1' ? 'odata.metadata' : '@odata.context';
  const out: Record<string, unknown> = { [contextKey]: `/b1s/${version}/$metadata#${request.set}` };
  if (isCountWanted(query, countOption)) out[`${prefix}count`] = found.length;
  const view = { version, select, tagged: request.tagged };
  out.value = page.map((row) => rendered(state, request.typeName, row, view));
  if (page.length < wanted.length) {
    const rest = top === null ? null : top - page.length;
    out[`${prefix}nextLink`] = nextLink(state, request, { skip: skip + page.length, top: rest });
  }
  return out;
}

/** The plain number behind `Set/$count`. */
export function counted(state: SimState, all: Iterable<Row>, request: ListRequest): number {
  refuseUnknownOptions(request.query, ['$filter']);
  return filtered(state, all, request).length;
}

/** The properties named by $select, or null for all of them. */
export function selected(state: SimState, query: URLSearchParams, typeName: TypeName): string[] | null {
  const option = query.get('$select');
  if (option === null || option.trim() === '*') return null;
  const names = option.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!state.fieldTables[typeName].has(name)) throw invalidProperty(name, typeName);
  }
  return names;
}

export function refuseUnknownOptions(query: URLSearchParams, known: string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw badRequest(`Query string error - Option '${name}' is not supported`);
    if (query.getAll(name).length > 1) throw badRequest(`Query string error - Option '${name}' given twice`);
  }
}

function filtered(state: SimState, all: Iterable<Row>, request: ListRequest): Row[] {
  const source = request.query.get('$filter');
  if (source === null) return [...all];
  const { typeName, version } = request;
  const predicate = compileFilter(source, { typeName, table: state.fieldTables[typeName], version });
  const found: Row[] = [];
  for (const row of all) if (predicate(row)) found.push(row);
  return found;
}

function inOrder(state: SimState, found: Row[], request: ListRequest): Row[] {
  const option = request.query.get('$orderby');
  if (option === null) return found;
  const keys = option.split(',').map((part) => {
    const match = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(part);
    if (match === null) throw badRequest(`Query string error - Invalid order '${part.trim()}'`);
    const field = state.fieldTables[request.typeName].get(match[1] ?? '');
    if (field === undefined || collectionOf(field.type) !== null) {
      throw invalidProperty(match[1] ?? '', request.typeName);
    }
    return { name: match[1] ?? '', sign: match[2] === 'desc' ? -1 : 1 };
  });
  return found.toSorted((a, b) => {
    for (const key of keys) {
      const order = orderOf(a, b, key.name);
      if (order !== 0) return order * key.sign;
    }
    return 0;
  });
}

function orderOf(a: Row, b: Row, name: string): number {
  const [left, right] = [decimal(a, name), decimal(b, name)];
  if (left !== null && right !== null) return compare(left, right);
  const [leftText, rightText] = [text(a, name) ?? '', text(b, name) ?? ''];
  if (leftText === rightText) return 0;
  return leftText < rightText ? -1 : 1;
}

function wholeOption(query: URLSearchParams, name: string): number | null {
  const option = query.get(name);
  if (option === null) return null;
  if (!/^\d{1,9}$/.test(option)) throw badRequest(`Query string error - '${name}' has to be a whole number`);
  return Number.parseInt(option, 10);
}

function isCountWanted(query: URLSearchParams, option: string): boolean {
  const value = query.get(option);
  if (value === null) return false;
  const yes = option === '$count' ? 'true' : 'allpages';
  const no = option === '$count' ? 'false' : 'none';
  if (value !== yes && value !== no) throw badRequest(`Query string error - Invalid value for '${option}'`);
  return value === yes;
}

// The link is relative to the service root and by default forgets the query it belongs to: a reader that
// follows it blindly gets other records, which is what some patch levels really do.
function nextLink(state: SimState, request: ListRequest, rest: { skip: number; top: number | null }): string {
  const parts: string[] = [];
  if (state.settings.nextLinkKeepsQuery) {
    for (const [name, value] of request.query) {
      if (name !== '$skip' && name !== '$top') parts.push(`${name}=${encodeURIComponent(value)}`);
    }
    if (rest.top !== null) parts.push(`$top=${rest.top}`);
  }
  return `${request.set}?${[...parts, `$skip=${rest.skip}`].join('&')}`;
}
