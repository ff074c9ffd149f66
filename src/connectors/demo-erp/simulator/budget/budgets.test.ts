import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { line, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
beforeEach(() => company.reset());
afterAll(() => company.stop());

const titled = { revision: 1, number: 'N1', title: 'Tower', date: '2031-02-01' };
const budget = (reference: string, more: object = {}) => ({
  ...{ type: 'budget', reference, ...titled, project: 'P1', currency: 'USD', lines: [line], ...more },
});
const change = (reference: string, of: string, more: object = {}) => ({
  ...{ type: 'budget-change', reference, ...titled, budget: of, lines: [{ ...line, amount: '-40.00' }] },
  ...more,
});

test('keeps one original estimate of a job, in no period, and the changes of it as entries of their own', async () => {
  const booked = await company.run(budget('A'));
  const id = (booked.documents as { id: string }[])[0]!.id;
  expect((await company.run(change('B', id))).status).toBe('done');
  const { body } = await company.call('GET', '/budgets?project=P1');
  expect(body.records).toMatchObject([
    { id, type: 'budget', budget: id, project: 'P1', lines: [{ key: 'a', amount: '100.00' }] },
    { type: 'budget-change', budget: id, project: 'P1', reference: 'B', lines: [{ amount: '-40.00' }] },
  ]);
  expect((await company.call('GET', '/budgets?reference=B')).body.records).toHaveLength(1);
  expect((await company.run(budget('C'))).errors).toMatchObject([
    { field: 'project', code: 'budget-stands' },
  ]);
});

test('refuses what names no open job, no budget, another currency or a heading', async () => {
  const bad = budget('A', { project: 'P9', currency: 'EUR', lines: [{ ...line, account: '5000' }] });
  expect((await company.run(bad)).errors).toMatchObject([
    { field: 'project', code: 'unknown' },
    { field: 'currency', code: 'foreign' },
    { line: 1, field: 'account', code: 'not-postable' },
  ]);
  expect((await company.run(change('B', 'LB-000999'))).errors).toMatchObject([
    { field: 'budget', code: 'unknown' },
  ]);
  expect((await company.send(budget('C', { lines: [] }))).status).toBe(400);
  const booked = await company.run(budget('D'));
  const { id } = (booked.documents as { id: string }[])[0]!;
  await company.control.post('act', { action: 'open_project', code: 'P1', open: false });
  expect((await company.run(change('E', id))).errors).toMatchObject([{ field: 'project', code: 'closed' }]);
});

test('takes its own cost codes and cost types in place of an account, where both are open', async () => {
  const { account: _, ...plain } = line;
  const coded = { ...plain, cost_code: '05-120', cost_type: 'M' };
  const known = { type: 'cost-code', reference: 'K', revision: 1, code: '05-120', name: 'Steel' };
  expect((await company.run(known)).status).toBe('done');
  const refused = await company.run(budget('A', { lines: [{ ...coded, cost_type: 'Z' }] }));
  expect(refused.errors).toMatchObject([{ line: 1, field: 'cost_type', code: 'unknown' }]);
  expect((await company.send(budget('B', { lines: [{ ...coded, account: '5100' }] }))).status).toBe(400);
});
