import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { line, order, SEED, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company.stop());
beforeEach(async () => {
  await company.reset();
  const document_fields = [
    { name: 'cost_center', documents: ['order', 'invoice'], type: 'text', max_length: 8 },
    { name: 'signed', documents: ['order', 'contract'], type: 'date', max_length: 10 },
  ];
  await company.control.post('seed', { ...SEED, document_fields });
});

const change = (order: unknown, fields: object) => ({
  ...{ type: 'order-change', reference: 'C', revision: 2, number: 'N1', title: 'Walls', date: '2026-02-01' },
  ...{ order, based_on: 'v1', lines: [], fields },
});

test('an order and its changes bear the fields of the company, and show them', async () => {
  const done = await company.run(order('A', { fields: { cost_center: 'A100', signed: '2026-01-31' } }));
  const [{ id }] = done.documents as [{ id: string }];
  await company.run(change(id, { cost_center: 'B200' }));
  const { body } = await company.call('GET', `/orders/${id}`);
  expect(body).toMatchObject({
    fields: { cost_center: 'A100', signed: '2026-01-31' },
    changes: [{ fields: { cost_center: 'B200' } }],
  });
});

test('a change of a contract bears those of contracts, and no others', async () => {
  const lines = [{ description: 'Railing', account: '4000', amount: '50.00' }];
  const changed = (fields: object) => ({
    ...{ type: 'contract-change', reference: 'X', revision: 1, number: '1', title: 'Railing' },
    ...{ date: '2026-02-20', contract: 'OC-1', lines, fields },
  });
  const errors = [{ field: 'fields.cost_center', code: 'unknown' }];
  expect(await company.run(changed({ cost_center: 'A100' }))).toMatchObject({ status: 'refused', errors });
  expect(await company.run(changed({ signed: '2026-02-19' }))).toMatchObject({ status: 'done' });
  const { body } = await company.call('GET', '/contract-changes?reference=X');
  expect(body).toMatchObject({ records: [{ fields: { signed: '2026-02-19' } }] });
});

test('a field that no document has, a text that is too long and a date that is none are refused', async () => {
  const fields = { plant: '1', cost_center: '123456789', signed: '2026-02-30' };
  const { status, errors } = await company.run(order('A', { fields, lines: [line] }));
  expect(status).toBe('refused');
  expect((errors as { field: string; code: string }[]).map(({ field, code }) => [field, code])).toEqual([
    ['fields.plant', 'unknown'],
    ['fields.cost_center', 'too-long'],
    ['fields.signed', 'not-a-date'],
  ]);
});
