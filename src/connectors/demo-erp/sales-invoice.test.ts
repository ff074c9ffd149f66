import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ArInvoiceBody } from '../../domain/documents.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { deliver, matches, type Opened, open, pullAll } from '../conformance/steps.ts';
import { demoErp } from './index.ts';
import { startTestCompany } from './simulator/company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
let opened: Opened;
beforeAll(async () => {
  company = await startTestCompany();
  const config = { baseUrl: company.url, company: 'LL-1', apiKey: 'k', requestLifeMs: 1_500 };
  opened = open(demoErp, config);
});
afterAll(async () => {
  await opened?.close();
  await company?.stop();
});
beforeEach(() => company.reset());

const DAY = calendarDate('2026-02-20');
const BODY: ArInvoiceBody = {
  ...{ kind: 'ar-invoice', purpose: 'progress', reference: 'TACSALES', revision: 1, application: 1 },
  ...{ invoiceNumber: 'PC-1-1', customerCode: 'C1', projectCode: 'P1', currency: 'USD' },
  ...{ accountingDate: DAY, documentDate: DAY },
  lines: [
    { key: '81', description: 'Steel', amount: '400.10', account: '4000' },
    { key: '82', description: 'Deduction', amount: '-0.10', account: '4000' },
  ],
  retainage: [{ key: 'retainage', description: 'Withheld', amount: '-40.00', account: '1250' }],
  total: '360.00',
  moves: [],
  sourceUrl: 'https://example.com/1',
};
const RELEASE: ArInvoiceBody = {
  ...{ ...BODY, purpose: 'retainage-release', reference: 'TACSALESR', invoiceNumber: 'PC-1-1-R' },
  lines: [],
  retainage: [{ key: 'retainage', description: 'Released', amount: '15.00', account: '1250' }],
  total: '15.00',
};

const writeOf = (body: ArInvoiceBody) => opened.connection.writes({ kind: 'create-ar-invoice', body })[0]!;
const objections = (body: ArInvoiceBody) =>
  opened.connection.preflight({ kind: 'create-ar-invoice', body }).map(({ field, code }) => [field, code]);

it('posts work and its release as they were approved, and lists both', async () => {
  for (const body of [BODY, RELEASE]) {
    expect(objections(body)).toEqual([]);
    expect(await deliver(opened.connection, writeOf(body))).toMatchObject({ kind: 'posted' });
    expect(await matches(opened.connection, writeOf(body))).toMatchObject([
      { state: 'posted', hash: writeOf(body).targetHash, lineKeys: { retainage: 'retainage' } },
    ]);
  }
  const { salesInvoices } = await company.control.state();
  expect(salesInvoices.map(({ due }) => due)).toEqual(['360.00', '15.00']);
  const listed = await Array.fromAsync(opened.connection.list!('TAC', DAY));
  expect(listed.map(({ reference }) => reference)).toEqual(['TACSALES', 'TACSALESR']);
});

it('is refused under a number that stands already, unless it may be our own that stands', async () => {
  await deliver(opened.connection, writeOf(BODY));
  const other = await deliver(opened.connection, writeOf({ ...BODY, reference: 'TACOTHER' }));
  expect(other).toMatchObject({ kind: 'refused', errors: [{ code: 'number-taken' }] });
  expect(await deliver(opened.connection, writeOf(BODY))).toMatchObject({ kind: 'unknown' });
  expect(await opened.connection.arInvoicesNumbered!('C1', 'PC-1-1')).toMatchObject([
    { reference: 'TACSALES', state: 'posted' },
  ]);
});

it('is objected to where Ledgerline would refuse it', () => {
  const [kept] = BODY.retainage;
  expect(objections({ ...BODY, retainage: [{ ...kept!, amount: '-400.01' }] })).toEqual([
    ['retainage', 'retainage'],
  ]);
  expect(objections({ ...BODY, retainage: [], lines: BODY.lines.slice(1) })).toEqual([['total', 'negative']]);
  expect(objections({ ...BODY, retainage: [], lines: [] })).toEqual([['lines', 'required']]);
  expect(objections({ ...RELEASE, retainage: [] })).toEqual([['retainage', 'retainage']]);
  expect(objections({ ...BODY, invoiceNumber: 'x'.repeat(31) })).toEqual([['invoiceNumber', 'max-length']]);
});

it('reads customers, and that one was frozen', async () => {
  await company.control.post('act', { action: 'freeze_customer', code: 'C1' });
  const { records } = await pullAll(opened.connection.pull.customer!);
  expect([...records.values()].map(({ record }) => record)).toEqual([
    { object: 'customer', id: 'C1', name: 'Port Authority', active: false },
  ]);
});
