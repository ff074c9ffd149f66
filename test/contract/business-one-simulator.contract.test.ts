import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ENTITY_SETS } from '../../src/connectors/sap-business-one/simulator/masters/sets.ts';
import { ENUMS, isEnumName } from '../../src/connectors/sap-business-one/simulator/odata/enums.ts';
import {
  collectionOf,
  freshFieldTables,
} from '../../src/connectors/sap-business-one/simulator/odata/fields.ts';
import { startBusinessOneSimulator } from '../../src/connectors/sap-business-one/simulator/server.ts';

const file = path.join(process.env.TIEBEAM_SPECS ?? '../shared/specs', 'sap/b1-service-layer.json');

const publishedSchema = z.object({
  entitySets: z.record(z.string(), z.object({ type: z.string(), etag: z.boolean() })),
  types: z.record(z.string(), z.object({ fields: z.record(z.string(), z.string()) })),
  enums: z.record(z.string(), z.record(z.string(), z.string())),
});
type Published = z.output<typeof publishedSchema>;

test('gives every property a type the simulator can read and write', () => {
  const simple = ['String', 'Int32', 'Double', 'DateTimeOffset', 'TimeOfDay'];
  const unknown = Object.values(freshFieldTables())
    .flatMap((table) => [...table.values()].map((field) => field.type))
    .filter((type) => !simple.includes(type) && !isEnumName(type) && collectionOf(type) === null);
  expect(unknown).toEqual([]);
});

if (existsSync(file)) {
  promises(publishedSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
} else {
  process.stdout.write(`Business One contract not checked: ${file} is missing\n`);
}

function promises(published: Published): void {
  const tables = Object.entries(freshFieldTables());

  test('knows no property the published metadata lacks, and each by its published type', () => {
    const wrong = tables.flatMap(([typeName, table]) =>
      [...table]
        .filter(([name, field]) => published.types[typeName]?.fields[name] !== field.type)
        .map(([name, field]) => `${typeName}.${name}: ${field.type}`),
    );
    expect(wrong).toEqual([]);
  });

  test('serves only published entity sets, with the published type and version tags', () => {
    for (const set of ENTITY_SETS) {
      expect(published.entitySets[set.name], set.name).toEqual({ type: set.typeName, etag: set.tagged });
    }
  });

  test('uses only published members of every enumeration', () => {
    const wrong = Object.entries(ENUMS).flatMap(([name, members]) =>
      members.filter((member) => published.enums[name]?.[member] === undefined),
    );
    expect(wrong).toEqual([]);
  });

  test('answers every set with published properties and values of their type', async () => {
    const answers = await answersOfEverySet();
    let properties = 0;
    for (const { set, typeName, record } of answers) {
      const problems = problemsOf(published, typeName, record);
      expect(problems, set).toEqual([]);
      properties += Object.keys(record).length;
    }
    const known = tables.reduce((sum, [, table]) => sum + table.size, 0);
    expect(answers.length).toBe(ENTITY_SETS.length);
    expect(properties).toBeGreaterThan(200);
    process.stdout.write(
      `Business One contract: ${answers.length} entity sets, ${known} properties of ${tables.length} types, ` +
        `${properties} answered properties validated\n`,
    );
  });
}

type Answered = { set: string; typeName: string; record: Record<string, unknown> };

/** One record of every entity set, as it comes over the wire. */
async function answersOfEverySet(): Promise<Answered[]> {
  const clock = () => Date.parse('2026-08-15T10:00:00Z');
  const simulator = await startBusinessOneSimulator({ port: 0, clock });
  try {
    const send = async (where: string, body: unknown, cookie = '') =>
      fetch(simulator.url + where, { method: 'POST', body: JSON.stringify(body), headers: { cookie } });
    await send('/_sim/seed', SEED);
    const login = await send('/b1s/v2/Login', { CompanyDB: 'X', UserName: 'u', Password: 'p' });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await send('/b1s/v2/BusinessPartners', PARTNER, cookie);
    await send('/_sim/act', { action: 'receive_line', docEntry: 1, lineNum: 0, amount: '1.00' });
    await send('/_sim/act', { action: 'invoice_line', docEntry: 1, lineNum: 0, amount: '5.00' });
    await send('/_sim/act', { action: 'pay_invoice', docEntry: 1, method: 'check', number: '77' });
    await fetch(`${simulator.url}/b1s/v2/Attachments2`, {
      method: 'POST',
      body: invoiceFile(),
      headers: { cookie },
    });
    await send('/b1s/v2/PurchaseCreditNotes', ORDER, cookie);
    const { CardCode: _, ...request } = ORDER;
    await send('/b1s/v2/PurchaseRequests', { ...request, RequriedDate: ORDER.DocDueDate }, cookie);
    await send('/b1s/v2/Invoices', { ...ORDER, CardCode: 'C1' }, cookie);
    await send('/_sim/act', { action: 'receive_payment', docEntry: 1, method: 'check', number: '78' });
    const draft = { DocObjectCode: 'bopot_OutgoingPayments', CardCode: 'V1' };
    await send('/b1s/v2/PaymentDrafts', draft, cookie);
    await send('/_sim/settings', { approvalProcedure: true });
    await send('/b1s/v2/PurchaseOrders', ORDER, cookie);
    const found: Answered[] = [];
    for (const set of ENTITY_SETS) {
      const response = await fetch(`${simulator.url}/b1s/v2/${set.name}`, { headers: { cookie } });
      const { value } = answerSchema.parse(await response.json());
      const record = value.at(-1);
      if (record !== undefined) found.push({ set: set.name, typeName: set.typeName, record });
    }
    return found;
  } finally {
    await simulator.stop();
  }
}

function invoiceFile(): FormData {
  const form = new FormData();
  form.append('files', new Blob(['%PDF-1.7']), 'pay app 1.pdf');
  return form;
}

const answerSchema = z.object({ value: z.array(z.record(z.string(), z.unknown())) });

function problemsOf(published: Published, typeName: string, record: Record<string, unknown>): string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    if (name.startsWith('U_') || name.startsWith('@odata.')) return [];
    const type = published.types[typeName]?.fields[name];
    if (type === undefined) return [`${typeName}.${name} is not published`];
    const inner = collectionOf(type);
    if (inner !== null) {
      const rows = z.array(z.record(z.string(), z.unknown())).parse(value);
      return rows.flatMap((row) => problemsOf(published, inner, row));
    }
    return value === null || isOfType(published, type, value)
      ? []
      : [`${typeName}.${name}: ${String(value)}`];
  });
}

function isOfType(published: Published, type: string, value: unknown): boolean {
  if (type === 'Int32') return Number.isInteger(value);
  if (type === 'Double') return typeof value === 'number';
  if (typeof value !== 'string') return false;
  if (type === 'DateTimeOffset') return /^\d{4}-\d{2}-\d{2}T00:00:00Z$/.test(value);
  if (type === 'TimeOfDay') return /^\d{2}:\d{2}:\d{2}$/.test(value);
  return type === 'String' || published.enums[type]?.[value] !== undefined;
}

const ORDER = {
  DocType: 'dDocument_Service',
  CardCode: 'V1',
  DocDate: '2026-08-15',
  DocDueDate: '2026-08-31',
  Project: 'P1',
  U_Ref: 'a',
  DocumentLines: [
    { AccountCode: '5100', ProjectCode: 'P1', CostingCode: 'D1', TaxCode: 'T', LineTotal: 10.5 },
    { AccountCode: '5100', LineTotal: 1, RequiredDate: '2026-09-01' },
  ],
};

const PARTNER = {
  CardCode: 'V2',
  CardName: 'Two',
  CardType: 'cSupplier',
  ValidFrom: '2026-01-01',
  BPAddresses: [{ AddressName: 'Yard', AddressType: 'bo_BillTo', City: 'Oslo' }],
};

const SEED = {
  company: { db: 'X', name: 'X', currency: 'USD' },
  users: [{ user: 'u', password: 'p' }],
  vendors: [
    { code: 'V1', name: 'One' },
    { code: 'C1', name: 'Owner', type: 'cCustomer' },
  ],
  projects: [{ code: 'P1', name: 'One', validFrom: '2026-01-01' }],
  accounts: [{ code: '5100', name: 'Cost' }],
  items: [{ code: 'I1', name: 'One' }],
  distributionRules: [{ code: 'D1' }],
  taxCodes: [{ code: 'T', ratePercent: '8.25' }],
  vatGroups: [{ code: 'V', name: 'Input', rates: [{ from: '2026-01-01', ratePercent: '20' }] }],
  udfs: [{ table: 'OPOR', name: 'Ref' }],
  purchaseOrders: [ORDER],
};
