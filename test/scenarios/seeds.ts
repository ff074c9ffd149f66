import type { LedgerlineSeed } from '../../src/connectors/demo-erp/simulator/company/seed.ts';
import type { ProcoreSeed } from '../../src/procore/simulator/seed.ts';

export const COMPANY = 598134325841112;
export const PROJECT = 562949953500001;
export const OTHER_PROJECT = 562949953500002;
export const PETER = 562949953900001;
export const APPROVER = 562949953900002;

export const people = {
  accountant: { id: 'u-acc', email: 'ada@harbor.example', name: 'Ada', roles: ['accountant'] },
  controller: { id: 'u-con', email: 'cora@harbor.example', name: 'Cora', roles: ['controller'] },
  peter: {
    id: 'u-pm',
    email: 'peter@harbor.example',
    name: 'Peter',
    roles: ['project-manager', 'controller'],
  },
  engineer: { id: 'u-eng', email: 'eli@harbor.example', name: 'Eli', roles: ['engineer'] },
} as const;

const accounts = [
  { code: '5000', name: 'Job cost', postable: false },
  { code: '5100', name: 'Concrete' },
  { code: '5200', name: 'Steel' },
];

export const businessOneSeed = {
  company: { db: 'SBO_HARBOR', name: 'Harbor Builders', currency: 'USD' },
  currencies: [{ code: 'EUR', name: 'Euro', decimals: 2 }],
  users: [{ user: 'tiebeam', password: 'right-password' }],
  vendors: [
    {
      code: 'V1000',
      name: 'Steel and Sons, Inc.',
      federalTaxId: '12-3456789',
      emailAddress: 'office@steel.example',
    },
    {
      code: 'V1001',
      name: 'Concrete Works',
      federalTaxId: '98-7654321',
      emailAddress: 'ap@concrete.example',
    },
    { code: 'C2000', name: 'Port Authority', type: 'cCustomer' },
  ],
  projects: [
    { code: 'JOB-4', name: 'Pier 4' },
    { code: 'JOB-5', name: 'Depot' },
  ],
  // The last looks like any other account until an order names it.
  accounts: [
    ...accounts,
    { code: '5300', name: 'Overhead', distributionRuleRelevant: true },
    { code: '2050', name: 'Retainage payable' },
    { code: '1250', name: 'Retainage receivable', type: 'at_Other' },
    { code: '4000', name: 'Billings', type: 'at_Revenues' },
  ],
  vatGroups: [
    { code: 'V1', name: 'Full rate', rates: [{ from: '2020-01-01', ratePercent: '20' }] },
    { code: 'V0', name: 'Exempt', rates: [{ from: '2020-01-01', ratePercent: '0' }] },
  ],
  udfs: [
    { table: 'OPOR', name: 'TiebeamRef', size: 16 },
    { table: 'OPOR', name: 'TiebeamRev', size: 10 },
    // The company's own, for what approvers type.
    { table: 'OPOR', name: 'CostCenter', size: 8 },
    { table: 'OPOR', name: 'ChangeCenter', size: 8 },
    { table: 'OCRD', name: 'TiebeamRef', size: 16 },
    { table: 'OPRJ', name: 'TiebeamRef', size: 16 },
    { table: 'OVPM', name: 'TiebeamRef', size: 16 },
  ],
};

const VENDOR = 562949953600001;
export const vendors = { steel: VENDOR, concrete: VENDOR + 1, unknown: VENDOR + 2, twin: VENDOR + 3 };

/** What every world has in Procore, and what a story needs besides. */
export function procoreSeed(more: SeedRows = {}): ProcoreSeed {
  const seed: ProcoreSeed = {
    company: {
      id: COMPANY,
      name: 'Harbor Builders',
      erp: {
        metadata: {
          settings: {
            entities: {
              commitments: { configs: { export: { enabled: true, create: true, update: true } } },
              vendors: { configs: { staged_records: { enabled: true } } },
              jobs: { configs: { staged_records: { enabled: true } } },
              prime_contracts: { configs: { staged_records: { enabled: true } } },
            },
          },
        },
      },
    },
    apps: [{ client_id: 'tiebeam', client_secret: 'secret' }],
    users: [
      // Who sends may export as well: that nobody approves their own is not left to Procore.
      {
        id: PETER,
        login: 'peter@harbor.example',
        name: 'Peter',
        roles: ['accounting_approver'],
      },
      { id: APPROVER, login: 'approver@harbor.example', name: 'Anna', roles: ['accounting_approver'] },
    ],
    projects: [
      { id: PROJECT, name: 'Pier 4', project_number: 'P-004', origin_id: 'JOB-4', origin_code: 'JOB-4' },
      { id: OTHER_PROJECT, name: 'Depot', project_number: 'P-005', origin_id: 'JOB-5', origin_code: 'JOB-5' },
    ],
    vendors: [
      { id: vendors.steel, name: 'Steel & Sons', email_address: 'office@steel.example' },
      { id: vendors.concrete, name: 'Concrete Works LLC', email_address: 'ap@concrete.example' },
      { id: vendors.unknown, name: 'Brand New Roofing' },
      { id: vendors.twin, name: 'Twin Electric' },
    ],
    line_item_types: [{ id: 31, name: 'Subcontract', code: 'S', base_type: 'commitment' }],
    cost_codes: [
      { id: 41, project_id: PROJECT, code: '100', full_code: '05-100', name: 'Structural Steel' },
      { id: 42, project_id: PROJECT, code: '100', full_code: '03-100', name: 'Concrete' },
      { id: 43, project_id: PROJECT, code: '900', full_code: '09-900', name: 'Paint' },
      { id: 44, project_id: OTHER_PROJECT, code: '100', full_code: '05-100', name: 'Structural Steel' },
      { id: 45, project_id: PROJECT, code: '100', full_code: '08-100', name: 'Doors' },
    ],
    contracts: [],
    change_order_packages: [],
  };
  const added = Object.entries(more).map(([kind, rows]) => {
    return [kind, [...(seed[kind as keyof SeedRows] ?? []), ...(rows ?? [])]] as const;
  });
  return { ...seed, ...Object.fromEntries(added) };
}

/** Rows of a seed by their kind. */
export type SeedRows = Omit<ProcoreSeed, 'company'>;

export const ledgerlineSeed = {
  company: { id: 'LL-1', name: 'Harbor Builders', currency: 'USD' },
  keys: [{ key: 'right-key', user: 'tiebeam' }],
  vendors: [
    { code: 'V1000', name: 'Steel and Sons, Inc.', tax_id: '12-3456789', email: 'office@steel.example' },
    { code: 'V1001', name: 'Concrete Works', tax_id: '98-7654321', email: 'ap@concrete.example' },
  ],
  projects: businessOneSeed.projects,
  accounts: [
    ...accounts.map((account) => ({ ...account, expense: true })),
    { code: '5300', name: 'Doors', expense: true },
    { code: '2050', name: 'Retainage payable' },
    { code: '1250', name: 'Retainage receivable' },
    { code: '4000', name: 'Billings' },
  ],
  customers: [{ code: 'C2000', name: 'Port Authority' }],
  document_fields: [
    { name: 'cost_center', documents: ['order', 'invoice'], type: 'text', max_length: 8 },
    { name: 'change_center', documents: ['order', 'contract'], type: 'text', max_length: 8 },
  ],
  contracts: [
    {
      ...{ code: 'OC-1', number: 'PC-1', title: 'Pier 4', customer: 'C2000', project: 'JOB-4' },
      ...{ currency: 'USD', retainage_percent: '10.00' },
      lines: [
        { description: 'Steel', cost_code: '05-100', cost_type: 'S', amount: '1000.10' },
        { description: 'Painting', cost_code: '05-100', cost_type: 'S', amount: '500.05' },
      ],
    },
  ],
  // Every day a run can happen on, whatever the calendar of the machine says.
  periods: [{ code: 'ALL', name: 'All years', from: '2020-01-01', to: '2099-12-31' }],
} satisfies LedgerlineSeed;
