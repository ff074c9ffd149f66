import { Stop } from '../domain/posting/outcomes.ts';
import type { Reading } from './commitments/commitment-reads.ts';
import { asTree, PROCORE, textOf } from './http/errors.ts';
import { readList } from './http/paging.ts';
import { companyRow, parsed } from './wire.ts';

/** The company as the credentials see it; a Stop when they do not see it at all. */
export async function seenCompany({ client, config }: Reading): Promise<{ id: string; name: string }> {
  const path = '/rest/v1.0/companies';
  const rows = await readList(client.read, { path, query: {}, pageSize: config.pageSize });
  const companies = rows.map((row) => parsed(companyRow, row, 'a company'));
  const own = companies.find((company) => company.id === config.companyId);
  if (own) return { id: own.id, name: own.name ?? '' };
  const seen = companies.slice(0, 5).map((company) => `${company.id} ${company.name ?? ''}`.trim());
  throw new Stop('unauthorised', PROCORE, `the credentials do not see company ${config.companyId}`, {
    remedy:
      seen.length === 0
        ? 'Ask a company administrator to install the app; until then the service account belongs to no company.'
        : `Correct the company id (the credentials see ${seen.join(', ')}) or install the app in that company.`,
  });
}

/** The service account's own user: events name it where they do not name the app. Null where it is not shown. */
export async function seenAccount({ client, config }: Reading): Promise<string | null> {
  try {
    const found = await client.find(`/rest/v1.0/me?company_id=${config.companyId}`);
    return textOf(asTree(found?.value)?.id);
  } catch (error) {
    // Without it an echo costs a read, which is no reason to call the company unreachable.
    if (error instanceof Stop) return null;
    throw error;
  }
}

/**
 * Zone and company. The name is left out, because a company may be renamed; the web address is kept, because
 * a monthly sandbox is a copy with the same ids.
 */
export async function fingerprint(reading: Reading): Promise<string> {
  const { id } = await seenCompany(reading);
  const found = await reading.client.find('/rest/v1.0/company_base_url');
  const answer = asTree(found?.value) ?? {};
  return `procore ${textOf(answer.zone) ?? '-'} ${textOf(answer.web_base_url) ?? '-'} ${id}`;
}
