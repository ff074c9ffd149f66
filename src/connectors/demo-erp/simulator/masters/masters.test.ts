import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCompany } from '../company/test-company.ts';

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

describe('insurances of vendors in the Ledgerline simulator', () => {
  const covers = { type: 'General liability', number: 'GL-1', insurer: 'Harbor Mutual', limit: '1000000.00' };
  const insurance = {
    action: 'add_insurance',
    vendor: 'V1',
    ...covers,
    from: '2026-01-01',
    to: '2026-12-31',
  };
  const listed = async (after = 0) =>
    (await company.call('GET', `/insurances?changed_after=${after}`)).body.records as {
      code: string;
      change: number;
      to: string;
    }[];

  it('are listed by their changes, and end earlier where they were cancelled', async () => {
    await company.control.post('act', insurance);
    const [first] = await listed();
    expect(first).toMatchObject({ vendor: 'V1', ...covers, to: '2026-12-31' });
    const { code, change } = first!;
    await company.control.post('act', { action: 'edit_insurance', code, change: { to: '2026-06-30' } });
    expect(await listed(change)).toMatchObject([{ code, to: '2026-06-30' }]);
  });

  it('are of a vendor that is there, and end after they begin', async () => {
    for (const wrong of [{ vendor: 'V9' }, { to: '2025-12-31' }])
      await expect(company.control.post('act', { ...insurance, ...wrong })).rejects.toThrow();
    expect(await listed()).toEqual([]);
  });
});
