import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ContractChangeBody } from '../../domain/owner/prime-contract.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { deliver, matches, type Opened, open, pullAll } from '../conformance/steps.ts';
import { demoErpConfig } from './config.ts';
import { demoErp } from './index.ts';
import { startTestCompany } from './simulator/company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
let opened: Opened;
beforeAll(async () => {
  company = await startTestCompany();
  const config = { baseUrl: company.url, company: 'LL-1', apiKey: 'k', requestLifeMs: 1_500 };
  opened = open(demoErp, demoErpConfig.parse(config));
});
afterAll(async () => {
  await opened?.close();
  await company?.stop();
});
beforeEach(() => company.reset());

const DAY = calendarDate('2026-02-20');
const BODY: ContractChangeBody = {
  ...{ kind: 'contract-change', reference: 'TACCHANGE', revision: 1, number: '001', title: 'Railing' },
  ...{ contractCode: 'OC-1', currency: 'USD', accountingDate: DAY, total: '550.05' },
  lines: [
    { key: '7', description: 'CO 001: Rail', amount: '500.00', account: '4000' },
    { key: 'markup:9', description: 'CO 001: Rail, Overhead', amount: '50.05', account: '4000' },
    { key: '8', description: 'CO 001: Nothing', amount: '0.00', account: '4000' },
  ],
  sourceUrl: 'https://example.com/1',
};
const writeOf = (body: ContractChangeBody) =>
  opened.connection.writes({ kind: 'create-contract-change', body })[0]!;

it('stands in the contract as it was approved, once though its answer is lost, and is listed', async () => {
  expect(opened.connection.preflight({ kind: 'create-contract-change', body: BODY })).toEqual([]);
  await company.control.post('faults', {
    seed: 1,
    rules: [{ kind: 'lost-reply', times: 1, match: { method: 'POST' } }],
  });
  expect(await deliver(opened.connection, writeOf(BODY))).toMatchObject({ kind: 'unknown' });
  await company.control.post('clock', { advance_ms: 200_000 });
  expect(await matches(opened.connection, writeOf(BODY))).toMatchObject([
    { state: 'posted', hash: writeOf(BODY).targetHash, lineKeys: { 7: '1', 'markup:9': '2' } },
  ]);
  const { records } = await pullAll(opened.connection.pull['prime-contract']!);
  expect([...records.values()].map(({ record }) => record)).toMatchObject([
    { id: 'OC-1', projectId: 'P1', total: '1000.00', changes: '550.05', open: true, lines: [{ id: '1' }] },
  ]);
  const listed = await Array.fromAsync(opened.connection.list!('TAC', DAY));
  expect(listed.map(({ reference }) => reference)).toEqual(['TACCHANGE']);
});

it('is refused under a number that another change has, and looked for where that may be our own', async () => {
  await deliver(opened.connection, writeOf(BODY));
  const other = writeOf({ ...BODY, reference: 'TACOTHER' });
  expect(await deliver(opened.connection, other)).toMatchObject({
    kind: 'refused',
    errors: [{ code: 'number-taken' }],
  });
  expect(await deliver(opened.connection, writeOf(BODY))).toMatchObject({ kind: 'unknown' });
});

it('shows a line that stands with another amount as another form', async () => {
  await deliver(opened.connection, writeOf(BODY));
  const [first, ...rest] = BODY.lines;
  const wanted = writeOf({ ...BODY, lines: [{ ...first!, amount: '500.01' }, ...rest] });
  const [found] = await matches(opened.connection, wanted);
  expect(found?.hash).not.toBe(wanted.targetHash);
});
