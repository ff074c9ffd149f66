import type { PullPage } from '../../connectors/connector.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { projectAllowed } from '../config.ts';
import { changeTime, nextBatch } from '../events/change-cursor.ts';
import { readList } from '../http/paging.ts';
import { parsed, projectRow, userRow, vendorRow } from '../wire.ts';
import { projectRecord } from './projects.ts';
import { vendorRecord } from './vendors.ts';

// A page is kept in one transaction; a smaller one would read the whole list more often.
const MAX_RECORDS_PER_PAGE = 5_000;

export function pullVendors(reading: Reading, cursor: string | null): Promise<PullPage> {
  return pullList(reading, cursor, '/rest/v1.0/vendors', (raw) => {
    const row = parsed(vendorRow, raw, 'a vendor');
    return { at: row.updated_at, record: vendorRecord(row) };
  });
}

/** Projects outside the configuration are left out where they are read, so that a page is empty only at the end. */
export function pullProjects(reading: Reading, cursor: string | null): Promise<PullPage> {
  return pullList(reading, cursor, '/rest/v1.1/projects', (raw) => {
    const row = parsed(projectRow, raw, 'a project');
    return { at: row.updated_at, record: projectRecord(row) };
  });
}

async function pullList(
  { client, config, now }: Reading,
  cursor: string | null,
  path: string,
  canonical: (raw: JsonValue) => { readonly at: string | null; readonly record: CanonicalRecord },
): Promise<PullPage> {
  const batch = await nextBatch(cursor, MAX_RECORDS_PER_PAGE, now, async (range) => {
    const query: Record<string, string> = { company_id: config.companyId };
    if (range !== null) query['filters[updated_at]'] = range;
    const values = await readList(client.read, { path, query, pageSize: config.pageSize });
    return values
      .map((raw) => ({ raw, ...canonical(raw) }))
      .filter(({ record }) => record.object !== 'project' || projectAllowed(config, record.id))
      .map(({ at, record, raw }) => ({ at: changeTime(at), id: record.id, record, raw }));
  });
  const records = batch.rows.map(({ record, raw }) => ({ record, raw: JSON.stringify(raw) }));
  return { records, cursor: batch.cursor };
}

/** The login is an e-mail address too, and is there where the directory hides the address. */
export async function userEmail({ client, config }: Reading, userId: string): Promise<string | null> {
  const path = `/rest/v1.3/companies/${config.companyId}/users/${encodeURIComponent(userId)}`;
  const found = await client.find(path);
  if (found === null) return null;
  const user = parsed(userRow, found.value, 'a user');
  return user.email_address ?? (user.login?.includes('@') ? user.login : null);
}
