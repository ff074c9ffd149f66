import { Stop } from '../../domain/posting/outcomes.ts';
import { type JsonValue, parseJson } from '../../lib/decimal-json.ts';
import type { Reads } from '../http/client.ts';
import { asTree, PROCORE } from '../http/errors.ts';
import { parsed } from '../wire.ts';
import { workflowTools } from './context-wire.ts';

const PAGE = 100;
const MAX_PAGES = 200;

/** Workflows of a project by the newer routes, which list one tool at a time: the company says which tools have any. */
export async function instancesByTool(
  client: Reads,
  path: string,
  companyId: string,
): Promise<readonly JsonValue[]> {
  const found = await client.find(`/rest/v2.0/companies/${companyId}/workflows/tools`);
  if (found === null) return [];
  const { data } = parsed(workflowTools, found.value, 'the tools that have workflows');
  const rows: JsonValue[] = [];
  for (const { type, subtype, provider } of data) {
    if (type === null || provider === 'Company') continue;
    const of = {
      'filters[tool_type]': type,
      ...(subtype === null ? {} : { 'filters[tool_subtype]': subtype }),
    };
    rows.push(...(await allPages(client, path, of)));
  }
  return rows;
}

/** Pages go by a cursor, which the link to the next one bears (inferred). */
async function allPages(
  client: Reads,
  path: string,
  of: Readonly<Record<string, string>>,
): Promise<readonly JsonValue[]> {
  const rows: JsonValue[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = new URLSearchParams({
      ...of,
      per_page: String(PAGE),
      ...(cursor === null ? {} : { cursor }),
    });
    const { body, headers } = await client.read({ method: 'GET', path: `${path}?${query}` });
    const data = asTree(parseJson(body))?.data;
    if (!Array.isArray(data))
      throw new Stop('bug', PROCORE, `${path} was answered with something that is no list`);
    rows.push(...data);
    cursor = nextCursor(headers.link);
    if (cursor === null || data.length === 0) return rows;
  }
  throw new Stop('bug', PROCORE, `${path} has more than ${MAX_PAGES} pages of ${PAGE}`);
}

function nextCursor(link: string | undefined): string | null {
  const next = /<([^>]+)>;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return next === undefined ? null : new URL(next, 'https://api.procore.com').searchParams.get('cursor');
}
