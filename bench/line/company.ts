import type { SeedInput } from '../../src/connectors/sap-business-one/simulator/company/seed-schema.ts';
import type { PurchaseOrderBody } from '../../src/domain/documents.ts';
import { calendarDate } from '../../src/domain/values/calendar-date.ts';
import type { ProcoreSeed } from '../../src/procore/simulator/seed.ts';

export const LINES = 6;
const PROJECTS = 10;
const VENDORS = 50;
// A chart of accounts and a list of jobs as long as those of a contractor of middle size.
const ACCOUNTS = 400;
const OTHER_JOBS = 60;

const FIRST_ID = 562_949_953_000_000;
const COMPANY = FIRST_ID;
const PETER = FIRST_ID + 1;
export const APPROVER = FIRST_ID + 2;
const PROJECT = FIRST_ID + 100;
const VENDOR = FIRST_ID + 200;
const TYPE = FIRST_ID + 900;
const COST_CODE = FIRST_ID + 1_000;
const CONTRACT = FIRST_ID + 100_000;
const LINE = FIRST_ID + 1_000_000;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const jobCode = (index: number) => `J${1_000 + index}`;
const vendorCode = (index: number) => `V${10_000 + index}`;
const accountCode = (index: number) => `${50_000 + index}`;
const fullCode = (index: number) => `03-${100 + index}`;

/** The contracts have ids without gaps, so that a slice of them is a range. */
export const contractIds = (from: number, to: number) =>
  numbers(to - from).map((index) => CONTRACT + from + index);
export const contractNumber = (id: number) => `SC-${String(id - CONTRACT).padStart(6, '0')}`;
export const lineIds = (contract: number) =>
  numbers(LINES).map((index) => LINE + (contract - CONTRACT) * LINES + index);

/** Between 200 and about 3,000 for a line: far below the threshold above which a person approves. */
const lineAmount = (contract: number, line: number) =>
  `${200 + ((contract * 37 + line * 411) % 2_800)}.${String((contract * 7 + line * 13) % 100).padStart(2, '0')}`;

export function procoreSeed(documents: number): ProcoreSeed {
  return {
    company: { id: COMPANY, name: 'Bench Builders', erp: {} },
    apps: [{ client_id: 'tiebeam', client_secret: 'secret' }],
    users: [
      { id: PETER, login: 'peter@bench.example', name: 'Peter' },
      { id: APPROVER, login: 'anna@bench.example', name: 'Anna', roles: ['accounting_approver'] },
    ],
    projects: numbers(PROJECTS).map((index) => ({
      id: PROJECT + index,
      name: `Job ${index}`,
      origin_id: jobCode(index),
    })),
    vendors: numbers(VENDORS).map((index) => ({
      id: VENDOR + index,
      name: `Vendor ${index}`,
      email_address: `office@vendor-${index}.example`,
      origin_id: vendorCode(index),
      origin_code: vendorCode(index),
    })),
    line_item_types: [{ id: TYPE, name: 'Subcontract', code: 'S', base_type: 'commitment' }],
    cost_codes: numbers(PROJECTS).flatMap((project) =>
      numbers(LINES).map((index) => ({
        id: COST_CODE + project * LINES + index,
        project_id: PROJECT + project,
        code: String(100 + index),
        full_code: fullCode(index),
        name: `Work ${index}`,
      })),
    ),
    contracts: numbers(documents).map((index) => ({
      kind: 'work_order_contract',
      id: CONTRACT + index,
      project_id: PROJECT + (index % PROJECTS),
      vendor_id: VENDOR + (index % VENDORS),
      number: contractNumber(CONTRACT + index),
      title: `Subcontract ${index}`,
      status: 'Approved',
      line_items: numbers(LINES).map((line) => ({
        id: lineIds(CONTRACT + index)[line]!,
        amount: lineAmount(index, line),
        description: `Work ${line} of subcontract ${index}`,
        cost_code_id: COST_CODE + (index % PROJECTS) * LINES + line,
        line_item_type_id: TYPE,
      })),
    })),
  };
}

export function businessOneSeed(): SeedInput {
  return {
    company: { db: 'SBO_BENCH', name: 'Bench Builders', currency: 'USD' },
    users: [{ user: 'tiebeam', password: 'secret' }],
    vendors: numbers(VENDORS).map((index) => ({ code: vendorCode(index), name: `Vendor ${index}` })),
    projects: numbers(PROJECTS + OTHER_JOBS).map((index) => ({ code: jobCode(index), name: `Job ${index}` })),
    accounts: numbers(ACCOUNTS).map((index) => ({ code: accountCode(index), name: `Account ${index}` })),
    periods: months(new Date().getUTCFullYear()),
    udfs: [
      { table: 'OPOR', name: 'TiebeamRef', size: 16 },
      { table: 'OPOR', name: 'TiebeamRev', size: 10 },
    ],
  };
}

/** The posting periods of this year and the next: a run at midnight of New Year's Eve posts as well. */
function months(year: number) {
  return numbers(24).map((index) => {
    const from = new Date(Date.UTC(year, index, 1)).toISOString().slice(0, 10);
    const to = new Date(Date.UTC(year, index + 1, 0)).toISOString().slice(0, 10);
    return { code: from.slice(0, 7), from, to };
  });
}

export const mappings = [
  ...numbers(PROJECTS).map((index) => ({
    kind: 'project' as const,
    key: String(PROJECT + index),
    value: { kind: 'project' as const, code: jobCode(index) },
  })),
  ...numbers(LINES).map((index) => ({
    kind: 'cost' as const,
    key: `${fullCode(index)}|S`,
    value: { kind: 'account' as const, code: accountCode(index) },
  })),
];

/** `inFlight`: calls at the same time in Business One; without it what the connector does by itself. */
export const connections = (procoreUrl: string, businessOneUrl: string, inFlight?: number) => ({
  companyId: String(COMPANY),
  procore: {
    authUrl: procoreUrl,
    apiUrl: procoreUrl,
    companyId: String(COMPANY),
    clientId: 'tiebeam',
    clientSecret: 'secret',
    requestLifeMs: 1_500,
  },
  businessOne: {
    baseUrl: businessOneUrl,
    companyDb: 'SBO_BENCH',
    userName: 'tiebeam',
    password: 'secret',
    requestLifeMs: 1_500,
    ...(inFlight === undefined ? {} : { maxInFlight: inFlight }),
  },
});
export type Connections = ReturnType<typeof connections>;

/** Where a contract belongs in Procore. */
export const placeOf = (contract: number) => ({
  projectId: String(PROJECT + ((contract - CONTRACT) % PROJECTS)),
  vendorId: String(VENDOR + ((contract - CONTRACT) % VENDORS)),
});

/** The order that the line would post for a contract, for the loop that posts it without the line. */
export function orderOf(contract: number): PurchaseOrderBody {
  const index = contract - CONTRACT;
  return {
    kind: 'purchase-order',
    reference: `N${String(index).padStart(15, '0')}`,
    revision: 1,
    number: contractNumber(contract),
    title: `Subcontract ${index}`,
    vendorCode: vendorCode(index % VENDORS),
    projectCode: jobCode(index % PROJECTS),
    currency: 'USD',
    accountingDate: calendarDate(new Date().toISOString().slice(0, 10)),
    total: '0.00',
    lines: lineIds(contract).map((id, line) => ({
      key: String(id),
      description: `Work ${line} of subcontract ${index}`,
      amount: lineAmount(index, line),
      coding: { kind: 'account', code: accountCode(line) },
      costCode: fullCode(line),
      costType: 'S',
    })),
    sourceUrl: 'https://app.procore.com/1/project/commitments/1',
  };
}
