import type { SeedInput } from '../connectors/sap-business-one/simulator/company/seed-schema.ts';
import { jsonNumber } from '../lib/decimal-json.ts';
import type { Cast } from './cast.ts';
import { access } from './people.ts';
import { accountOf, chartOfAccounts } from './trades.ts';
import { namesakes } from './vendor-list.ts';

/** The same company as SAP Business One knows it. */
export function businessOneSeed(cast: Cast, today: string): SeedInput {
  return {
    company: { db: access.companyDb, name: 'Larkspur Builders, Inc.', currency: 'USD' },
    users: [
      { user: access.userName, password: access.password },
      { user: access.clerkName, password: access.clerkPassword },
    ],
    vendors: [
      ...cast.vendors
        .filter(({ standing }) => standing !== 'procore-only' && standing !== 'comes-later')
        .map(({ cardCode, erpName, email, taxId }) => ({
          code: cardCode!,
          name: erpName,
          federalTaxId: taxId,
          emailAddress: email,
        })),
      ...namesakes(cast.vendors),
      { code: 'C20010', name: 'Riverside Health Partners', type: 'cCustomer' as const },
    ],
    projects: [
      ...cast.projects.map(({ erpCode, name }) => ({ code: erpCode, name })),
      { code: 'J2210', name: 'Maple Court Apartments', active: false },
    ],
    accounts: chartOfAccounts(),
    periods: postingPeriods(Number(today.slice(0, 4))),
    // As after the first `check`: the two fields that mark an order as ours.
    udfs: [
      { table: 'OPOR', name: 'TiebeamRef', size: 16, description: 'Tiebeam reference' },
      { table: 'OPOR', name: 'TiebeamRev', size: 10, description: 'Tiebeam revision' },
      { table: 'OCRD', name: 'TiebeamRef', size: 16, description: 'Tiebeam reference' },
      { table: 'OPRJ', name: 'TiebeamRef', size: 16, description: 'Tiebeam reference' },
    ],
    purchaseOrders: [fuelOrder(cast, today)],
  };
}

/** Last year is closed; this one and the next are open. */
function postingPeriods(year: number): NonNullable<SeedInput['periods']> {
  return [year - 1, year, year + 1].flatMap((fiscalYear) =>
    Array.from({ length: 12 }, (_, index) => {
      const month = String(index + 1).padStart(2, '0');
      return {
        code: `${fiscalYear}-${month}`,
        from: `${fiscalYear}-${month}-01`,
        to: new Date(Date.UTC(fiscalYear, index + 1, 0)).toISOString().slice(0, 10),
        status: fiscalYear < year ? ('ltLocked' as const) : ('ltUnlocked' as const),
      };
    }),
  );
}

/** Somebody keyed an order straight into the ERP: no commitment stands for it. */
function fuelOrder(cast: Cast, today: string): Record<string, unknown> {
  const vendor = cast.vendors.find(({ name }) => name === 'Metro Fuel');
  const project = cast.projects[0];
  return {
    DocType: 'dDocument_Service',
    CardCode: vendor?.cardCode,
    NumAtCard: 'FUEL-07',
    Comments: 'Diesel for generators, keyed by the office',
    DocDate: today,
    TaxDate: today,
    DocDueDate: today,
    Project: project?.erpCode,
    DocumentLines: [
      {
        ItemDescription: 'Diesel, delivered',
        AccountCode: accountOf({ code: '01-500', type: 'O' }),
        ProjectCode: project?.erpCode,
        LineTotal: jsonNumber('4875.40'),
      },
    ],
  };
}
