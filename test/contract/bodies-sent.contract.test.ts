import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { writesFor } from '../../src/connectors/sap-business-one/service-layer/writes.ts';
import type { Operation } from '../../src/domain/documents.ts';
import type { Write } from '../../src/domain/posting/writes.ts';
import { procoreConfig } from '../../src/procore/config.ts';
import { procoreWrites } from '../../src/procore/writes.ts';
import { checkBusinessOneRequest, publishedService } from './business-one-request-check.ts';
import { businessOneTraffic } from './business-one-traffic.ts';
import { type Catalogue, checkProcoreRequest } from './procore-request-check.ts';
import { procoreTraffic } from './procore-traffic.ts';
import { invoiceBodies, orderBodies, orderUpdates, procoreOperations } from './sample-operations.ts';
import { noFindings, type SentFindings, type SentRequest } from './sent-requests.ts';

const specs = process.env.TIEBEAM_SPECS ?? '../shared/specs';
const catalogueFile = resolve(specs, 'procore/operations.json');
const metadataFile = resolve(specs, 'sap/b1-service-layer.json');
const catalogue: Catalogue | null = existsSync(catalogueFile)
  ? JSON.parse(readFileSync(catalogueFile, 'utf8'))
  : null;
const metadata = existsSync(metadataFile)
  ? publishedService.parse(JSON.parse(readFileSync(metadataFile, 'utf8')))
  : null;
if (catalogue === null || metadata === null)
  process.stdout.write('Bodies sent: no specs folder at TIEBEAM_SPECS, only routes of the guides checked\n');

// Enough that every optional field and both codings appear in every run; a run of one takes a second or two.
const RUNS = 200;

const config = procoreConfig.parse({ companyId: '598134325841112', clientId: 'a', clientSecret: 'b' });
const RETAINAGE_TAX = { retainageTaxCode: 'EX', retainageVatGroup: 'V0' };
const seen = { procore: noFindings(), businessOne: noFindings() };

const toProcore = (request: SentRequest, into: SentFindings = seen.procore) =>
  checkProcoreRequest(catalogue, request, into);
const toBusinessOne = (request: SentRequest, into: SentFindings = seen.businessOne) =>
  checkBusinessOneRequest(metadata, request, into);

/** Encodes an operation's writes and fails on the first that says something the other side does not know. */
function holds(
  writes: readonly Write[],
  check: (request: SentRequest) => void,
  found: SentFindings,
  guard: string,
): void {
  for (const write of writes) check(write.encode({ earlierIds: {}, guard }));
  expect(found.wrong).toEqual([]);
}

afterAll(() => {
  const { procore, businessOne } = seen;
  const sum = (what: 'bodies' | 'fields' | 'parameters') => procore[what] + businessOne[what];
  process.stdout.write(
    `Bodies sent: ${procore.published.size + businessOne.published.size} operations against the published facts, ` +
      `${procore.fromGuides.size} against the ERP tool schemas, ${businessOne.fromGuides.size} actions against the ` +
      `manual; ${sum('bodies')} bodies, ${sum('fields')} fields, ${sum('parameters')} query parameters checked\n`,
  );
});

describe('Procore', () => {
  test('is asked only for routes, parameters and fields that it has', async () => {
    const sent = await procoreTraffic();
    for (const request of sent) toProcore(request);
    expect(seen.procore.wrong).toEqual([]);
    expect([...seen.procore.fromGuides].sort()).toEqual([
      'DELETE /rest/v1.0/companies/{company_id}/external_data/bulk_destroy',
      'GET /rest/v1.0/companies/{company_id}/erp_request_details',
      'GET /rest/v1.0/companies/{company_id}/erp_requests',
      'GET /rest/v1.0/companies/{company_id}/erp_requests/{id}',
      'GET /rest/v1.0/companies/{company_id}/external_data',
      'PATCH /rest/v1.0/companies/{company_id}/erp_request_details/{id}',
      'PATCH /rest/v1.0/companies/{company_id}/external_data/sync',
      'PATCH /rest/v1.0/erp_job_costs/sync',
    ]);
    const routes = sent.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    expect(routes).toContain('PATCH /rest/v1.0/vendors/sync');
    expect(sent.some(({ path }) => path.includes('updated_at'))).toBe(true);
  });

  test('takes whatever is written back, whatever people have typed', () => {
    fc.assert(
      fc.property(procoreOperations, (operation) => {
        // The lines of a direct cost are guarded by the id of their head.
        holds(procoreWrites(operation, config), toProcore, seen.procore, '562949953421400');
      }),
      { numRuns: RUNS },
    );
  });

  if (catalogue !== null) {
    test.each([
      ['a field', { body: '{"company_id":1,"updates":[{"id":1,"origin_identifier":"V1"}]}' }],
      ['a type', { body: '{"company_id":1,"updates":[{"id":"1","origin_id":"V1"}]}' }],
      ['a missing field', { body: '{"updates":[{"id":1,"origin_id":"V1"}]}' }],
      ['a null', { body: '{"company_id":1,"updates":[{"id":1,"origin_id":null}]}' }],
      ['a route', { path: '/rest/v1.0/vendors/sync/now' }],
      [
        'a number in a path',
        { path: '/rest/v1.0/vendors/V1', body: '{"company_id":1,"vendor":{"name":"A"}}' },
      ],
      ['a parameter', { path: '/rest/v1.0/vendors/sync?dry_run=true' }],
    ])('would be noticed to refuse %s', (_what, change) => {
      const good = {
        method: 'PATCH',
        path: '/rest/v1.0/vendors/sync',
        body: '{"company_id":1,"updates":[]}',
      } as const;
      const found = noFindings();
      toProcore(good, found);
      expect(found.wrong).toEqual([]);
      toProcore({ ...good, ...change }, found);
      expect(found.wrong).toHaveLength(1);
    });
  }
});

describe('SAP Business One', () => {
  test('is asked only for entity sets, fields and options that it has', async () => {
    const sent = await businessOneTraffic();
    for (const request of sent) toBusinessOne(request);
    expect(seen.businessOne.wrong).toEqual([]);
    expect(seen.businessOne.fromGuides.size).toBe(6);
    const operations = sent.map(({ method, path }) => `${method} ${path.split(/[?(]/)[0]}`);
    for (const operation of [
      'POST /PurchaseOrders',
      'PATCH /PurchaseOrders',
      'POST /UserFieldsMD',
      'GET /Drafts',
      'POST /PurchaseRequests',
      'POST /PurchaseInvoices',
      'PATCH /PurchaseInvoices',
      'POST /Invoices',
      'GET /VendorPayments',
      'GET /JournalEntries',
    ])
      expect(operations).toContain(operation);
  });

  test('takes whatever order is created or changed, and whatever is billed', () => {
    const operations: fc.Arbitrary<Operation> = fc.oneof(
      orderBodies.map((body) => ({ kind: 'create-order', body }) as const),
      orderBodies.map(
        (body) => ({ kind: 'create-requisition', body, requiredDate: body.accountingDate }) as const,
      ),
      orderUpdates.map((update) => ({ kind: 'update-order', ...update }) as const),
      invoiceBodies.map((body) => ({ kind: 'create-invoice', body }) as const),
    );
    fc.assert(
      fc.property(operations, (operation) => {
        holds(writesFor(operation, RETAINAGE_TAX), toBusinessOne, seen.businessOne, 'W/"1"');
      }),
      { numRuns: RUNS },
    );
  });

  if (metadata !== null) {
    test.each([
      ['a field', { body: '{"CardCodes":"V1"}' }],
      ['a field of a line', { body: '{"DocumentLines":[{"Account":"5100"}]}' }],
      ['a type', { body: '{"DocumentLines":[{"LineTotal":"10.50"}]}' }],
      ['a member', { body: '{"DocType":"dDocument_Services"}' }],
      ['a field that only it writes', { body: '{"DocTotal":10.5}' }],
      ['a set', { path: '/PurchaseOrder' }],
      ['an option', { method: 'GET' as const, path: '/PurchaseOrders?$filters=DocEntry%20eq%201' }],
      ['a field to filter by', { method: 'GET' as const, path: '/PurchaseOrders?$filter=Entry%20eq%201' }],
      ['a literal', { method: 'GET' as const, path: "/PurchaseOrders?$filter=DocEntry%20eq%20'1'" }],
    ])('would be noticed to refuse %s', (_what, change) => {
      const good = { method: 'POST', path: '/PurchaseOrders', body: '{"CardCode":"V1"}' } as const;
      const found = noFindings();
      toBusinessOne(good, found);
      expect(found.wrong).toEqual([]);
      toBusinessOne({ ...good, ...change }, found);
      expect(found.wrong).toHaveLength(1);
    });
  }
});
