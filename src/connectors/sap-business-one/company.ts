import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read } from '../../domain/posting/writes.ts';
import type { BusinessOneConfig } from './config.ts';
import { readStop } from './service-layer/errors.ts';
import { SYSTEM } from './service-layer/vendor-error.ts';
import { bodyOf, type CompanyEntity, readCompany } from './service-layer/wire.ts';

export async function readCompanySettings(read: Read): Promise<CompanyEntity> {
  const response = await read({ method: 'POST', path: '/CompanyService_GetAdminInfo' });
  if (response.status !== 200) throw readStop(response, 'the company settings');
  return readCompany(bodyOf(response));
}

/** Names the company behind the credentials: server, database, and what the company says of itself. */
export function fingerprintOf(config: BusinessOneConfig, company: CompanyEntity): string {
  const { origin } = new URL(config.baseUrl);
  return `${company.CompanyName} (${config.companyDb}, ${company.LocalCurrency}) at ${origin}`;
}

/** What the books are kept in: the only currency that needs no rate. */
export function companyCurrency(company: CompanyEntity): string {
  if (company.LocalCurrency) return company.LocalCurrency;
  throw new Stop('bug', SYSTEM, 'the company settings name no local currency');
}
