import { z } from 'zod';
import type { CanonicalRecord } from '../../domain/records.ts';
import type { Read } from '../../domain/writes.ts';
import type { Connection, PullPage } from '../connector.ts';
import { readJson } from './client.ts';
import { accountRecord, periodRecord, projectRecord, vendorRecord } from './masters.ts';
import * as wire from './wire.ts';

/**
 * Ledgerline numbers every change of a master record in commit order, so the cursor is the number of the last
 * change that was read: nothing is missed and nothing comes twice.
 */
export function pulls(read: Read): Connection['pull'] {
  return {
    vendor: (cursor) => page(read, 'vendors', wire.vendor, vendorRecord, cursor),
    project: (cursor) => page(read, 'projects', wire.project, projectRecord, cursor),
    account: (cursor) => page(read, 'accounts', wire.account, accountRecord, cursor),
    period: (cursor) => page(read, 'periods', wire.period, periodRecord, cursor),
  };
}

async function page<Form extends { readonly change: number }>(
  read: Read,
  list: string,
  form: z.ZodType<Form>,
  canonical: (record: Form) => CanonicalRecord,
  cursor: string | null,
): Promise<PullPage> {
  const after = cursor ?? '0';
  const answer = await readJson(
    read,
    `/${list}?changed_after=${encodeURIComponent(after)}&limit=100`,
    z.object({ records: z.array(form) }),
  );
  return {
    records: answer.records.map((record) => ({ record: canonical(record), raw: JSON.stringify(record) })),
    cursor: String(answer.records.at(-1)?.change ?? after),
  };
}
