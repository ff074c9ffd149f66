import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { line, order, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company.stop());
beforeEach(async () => {
  await company.reset();
  for (const code of ['05', '06'])
    await company.run({ type: 'cost-code', reference: `C${code}`, revision: 1, code, name: code });
});

const assign = (codes: object[], project = 'P1') =>
  company.run({ type: 'project-codes', reference: 'A1', revision: 1, project, codes });
const edit = (change: object) =>
  company.control.post('act', { action: 'edit_project_codes', code: 'P1', change });
const shown = async () => (await company.call('GET', '/projects?code=P1')).body.records;

it('adds cost codes to a project, as often as they are sent, and takes none off', async () => {
  const five = { cost_code: '05', cost_types: [] };
  expect(await assign([five])).toMatchObject({ status: 'done', documents: [{ id: 'P1' }] });
  await assign([five, { cost_code: '06' }]);
  expect(await shown()).toMatchObject([{ cost_codes: [five, { cost_code: '06', cost_types: [] }] }]);
});

it('refuses what the company does not have, and a project that is not open', async () => {
  expect((await assign([{ cost_code: '07' }])).errors).toMatchObject([{ line: 1, code: 'unknown' }]);
  expect((await assign([{ cost_code: '05', cost_types: ['S'] }])).errors).toMatchObject([
    { field: 'cost_types' },
  ]);
  expect((await assign([{ cost_code: '05' }], 'P9')).errors).toMatchObject([{ field: 'project' }]);
  expect(await shown()).toMatchObject([{ cost_codes: [] }]);
});

it('wants an assigned cost code on lines of orders and of their changes where the project restricts them', async () => {
  await assign([{ cost_code: '05' }]);
  const coded = (cost_code: string) => ({ lines: [{ ...line, cost_code }] });
  expect(await company.run(order('R1', coded('06')))).toMatchObject({ status: 'done' });
  await edit({ restricts_cost_codes: true });
  expect((await company.run(order('R2'))).errors).toMatchObject([
    { line: 1, field: 'cost_code', code: 'missing' },
  ]);
  expect((await company.run(order('R3', coded('06')))).errors).toMatchObject([{ code: 'not-assigned' }]);
  const [{ order_id: id }] = (await company.run(order('R4', coded('05')))).documents as [
    { order_id: string },
  ];
  const change = { type: 'order-change', reference: 'R5', revision: 2, number: 'N1', title: 'Walls' };
  const onIt = { ...change, date: '2026-02-01', order: id, based_on: 'v1' };
  expect((await company.run({ ...onIt, ...coded('06') })).errors).toMatchObject([{ field: 'cost_code' }]);
  expect(await company.run({ ...onIt, lines: [{ line: 1, amount: '1.00' }] })).toMatchObject({
    status: 'done',
  });
  expect((await company.call('GET', `/orders/${id}`)).body).toMatchObject({
    lines: [{ cost_code: '05' }],
    changes: [{ lines: [{ cost_code: '05' }] }],
  });
});
