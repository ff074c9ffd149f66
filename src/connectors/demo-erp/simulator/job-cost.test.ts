import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestCompany } from './test-company.ts';

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
