import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());
beforeEach(() => company.reset());

const code = (reference: string, more: object) => ({
  type: 'cost-code',
  reference,
  revision: 1,
  name: 'Steel',
  ...more,
});
const subJob = (reference: string, more: object = {}) => ({
  ...{ type: 'sub-job', reference, revision: 1, name: 'East', code: 'E', project: 'P1' },
  ...more,
});
const listed = async (list: string) => (await company.call('GET', `/${list}`)).body.records;

it('books a cost code below one that stands, and a sub job of an open job', async () => {
  await company.run(code('R1', { code: '05' }));
  expect(await company.run(code('R2', { code: '05-120', parent: '05' }))).toMatchObject({
    status: 'done',
    documents: [{ id: '05-120' }],
  });
  expect(await listed('cost-codes')).toMatchObject([
    { code: '05', parent: null, active: true },
    { code: '05-120', parent: '05', reference: 'R2' },
  ]);
  expect(await company.run(subJob('R3'))).toMatchObject({ documents: [{ id: 'P1/E' }] });
  expect((await company.call('GET', '/sub-jobs?reference=R3')).body.records).toMatchObject([
    { id: 'P1/E', project: 'P1', code: 'E' },
  ]);
});

it('books lines of orders, their changes and bills on a part of their job, and on no other', async () => {
  await company.run(subJob('R1'));
  const line = { description: 'Footings', account: '5100', sub_job: 'P1/E', amount: '10.00' };
  const day = { date: '2026-01-05', revision: 1, title: 'East', currency: 'USD', vendor: 'V1' };
  const order = { type: 'order', number: 'PO-1', project: 'P1', ...day };
  const booked = (await company.run({ ...order, reference: 'R2', lines: [line] })).documents;
  const [{ id }] = booked as [{ id: string }];
  const change = { type: 'order-change', reference: 'R3', number: 'PO-1', order: id, based_on: 'v1' };
  const { currency: _, vendor: __, ...signed } = day;
  await company.run({ ...change, ...signed, lines: [line, { line: 1, amount: '5.00' }] });
  expect((await company.call('GET', `/orders/${id}`)).body).toMatchObject({
    lines: [{ sub_job: 'P1/E' }],
    changes: [{ lines: [{ sub_job: 'P1/E' }, { sub_job: 'P1/E' }] }],
  });
  const bill = { type: 'bill', vendor_number: 'B-1', invoice_date: '2026-01-05', ...day };
  await company.run({ ...bill, reference: 'R4', lines: [{ ...line, project: 'P1' }] });
  expect(await listed('invoices')).toMatchObject([{ lines: [{ project: 'P1', sub_job: 'P1/E' }] }]);
  const refused = async (document: object) => (await company.run(document)).errors;
  const other = [{ ...line, sub_job: 'P1/W' }];
  expect(await refused({ ...order, reference: 'R5', lines: other })).toMatchObject([{ field: 'sub_job' }]);
  expect(await refused({ ...bill, reference: 'R6', vendor_number: 'B-2', lines: [line] })).toMatchObject([
    { line: 1, field: 'sub_job', code: 'unknown' },
  ]);
});

it('refuses a parent that is none or closed, a code that does not begin with it, and a code twice', async () => {
  const errorsOf = async (document: object) => (await company.run(document)).errors;
  expect(await errorsOf(code('R1', { code: '05-120', parent: '05' }))).toMatchObject([
    { field: 'parent', code: 'unknown' },
  ]);
  await company.run(code('R2', { code: '05' }));
  expect(await errorsOf(code('R3', { code: '06-1', parent: '05' }))).toMatchObject([{ code: 'not-below' }]);
  expect(await errorsOf(code('R4', { code: '05' }))).toMatchObject([{ code: 'code-taken' }]);
  const change = { action: 'edit_job_cost', list: 'cost-codes', id: '05', change: { active: false } };
  await company.control.post('act', change);
  expect(await errorsOf(code('R5', { code: '05-1', parent: '05' }))).toMatchObject([{ code: 'closed' }]);
  expect(await errorsOf(subJob('R6', { project: 'P9' }))).toMatchObject([{ field: 'project' }]);
  await company.run(subJob('R7'));
  expect(await errorsOf(subJob('R8'))).toMatchObject([{ code: 'code-taken' }]);
});
