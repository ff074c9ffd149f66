import { Stop } from '../../domain/posting/outcomes.ts';
import { type JsonValue, parseJson } from '../../lib/decimal-json.ts';
import type { Reads } from '../http/client.ts';
import { asTree, PROCORE } from '../http/errors.ts';

const PAGE = 100;
const MAX_PAGES = 100;

/** Rows that come a hundred at a time, without a word on whether there are more: a page that is not full is the last. */
export async function rowsByHundreds(client: Reads, path: string): Promise<readonly JsonValue[]> {
  const rows: JsonValue[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { status, body } = await client.read({
      method: 'GET',
      path: `${path}?page=${page}&per_page=${PAGE}`,
    });
    const data = status === 404 ? [] : asTree(parseJson(body))?.data;
    if (!Array.isArray(data))
      throw new Stop('bug', PROCORE, `${path} was answered with something that is no list`);
    rows.push(...data);
    if (data.length < PAGE) return rows;
  }
  throw new Stop('bug', PROCORE, `${path} has more than ${MAX_PAGES} pages of ${PAGE}`);
}
