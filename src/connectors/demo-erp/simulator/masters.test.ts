import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestCompany } from './test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());
beforeEach(() => company.reset());

const vendor = (reference: string, more: object = {}) => ({
  type: 'vendor',
  reference,
  revision: 1,
  name: 'Roofers',
  ...more,
});
const found = async (list: string, reference: string) =>
  (await company.call('GET', `/${list}?reference=${reference}`)).body.records;

it('books vendors and projects, under a typed code or one of its own, and finds them by reference', async () => {
  expect(await company.run(vendor('R1', { code: 'V7', tax_id: '12-3' }))).toMatchObject({
    status: 'done',
    documents: [{ reference: 'R1', id: 'V7' }],
  });
  await company.run(vendor('R2'), { ...vendor('R3', { code: 'P7' }), type: 'project' });
  expect(await found('vendors', 'R1')).toMatchObject([{ code: 'V7', tax_id: '12-3', active: true }]);
  expect(await found('vendors', 'R2')).toMatchObject([{ code: 'LV-000003', name: 'Roofers', zip: null }]);
  expect(await found('projects', 'R3')).toMatchObject([{ code: 'P7' }]);
  expect(await found('projects', 'R1')).toEqual([]);
});

it('takes a code once, a reference any number of times, and no name or code that is too long', async () => {
  expect(await company.run(vendor('R1', { code: 'V1' }))).toMatchObject({
    status: 'refused',
    errors: [{ field: 'code', code: 'code-taken' }],
  });
  const long = vendor('R1', { code: 'x'.repeat(13), name: 'x'.repeat(81), tax_id: 'x'.repeat(25) });
  expect(await company.run(long)).toMatchObject({
    errors: [{ field: 'name' }, { field: 'code' }, { field: 'tax_id' }],
  });
  await company.run(vendor('R1'));
  await company.run(vendor('R1'));
  expect(await found('vendors', 'R1')).toHaveLength(2);
  expect((await company.send({ ...vendor('R4'), type: 'project' })).status).toBe(400);
});
