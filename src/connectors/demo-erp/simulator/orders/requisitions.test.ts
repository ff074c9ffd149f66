import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { line, order, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
beforeEach(() => company.reset());
afterAll(() => company.stop());

const requisition = (reference: string, more: object = {}) => ({
  ...order(reference, { needed_by: '2026-02-20', lines: [line, { ...line, key: 'b', amount: '40.00' }] }),
  ...{ type: 'requisition', ...more },
});
const made = async (more: object = {}) => {
  const { documents } = await company.run(requisition('R1', more));
  return (documents as { id: string }[])[0]!.id;
};
const act = (action: string, more: object) => company.control.post('act', { action, ...more });
const shown = async (path: string) => (await company.call('GET', path)).body;

test('keeps a requisition that commits nothing until a person orders it, line by line', async () => {
  const id = await made();
  expect((await company.control.state()).orders).toEqual([]);
  await act('buy_requisition', { id, lines: [{ line: 2, amount: '30.00' }] });
  expect(await shown(`/requisitions/${id}`)).toMatchObject({ status: 'open', ordered: { 2: '30.00' } });
  await act('buy_requisition', { id });
  const [first, second] = (await company.control.state()).orders;
  expect(first).toMatchObject({ reference: null, vendor: 'V1', total: '30.00' });
  expect(first?.lines).toMatchObject([
    { key: null, draws_on: { requisition: id, line: 2 }, amount: '30.00' },
  ]);
  expect(second?.lines.map(({ draws_on }) => draws_on?.line)).toEqual([1, 2]);
  expect(second).toMatchObject({ total: '110.00' });
  expect(await shown('/requisitions?reference=R1')).toMatchObject({ records: [{ id, status: 'closed' }] });
  await expect(act('buy_requisition', { id })).rejects.toThrow('is closed');
});

test('opens it again where its order is cancelled, and cancels none that is ordered', async () => {
  const id = await made();
  await act('buy_requisition', { id });
  const [bought] = (await company.control.state()).orders;
  await act('cancel_order', { id: bought?.id });
  expect(await shown(`/requisitions/${id}`)).toMatchObject({ status: 'open', ordered: { 1: '0.00' } });
  await act('buy_requisition', { id, lines: [{ line: 1 }] });
  await expect(act('cancel_requisition', { id })).rejects.toThrow('ordered in part');
  await act('close_requisition', { id });
  expect(await shown(`/requisitions/${id}`)).toMatchObject({ status: 'closed' });
});

test.each([
  ['no day by which it is needed', { needed_by: undefined }, 'malformed'],
  ['a day before its own', { needed_by: '2026-01-31' }, 'too-early'],
  ['a vendor that is none', { vendor: 'V9' }, 'unknown'],
  ['a heading', { lines: [{ ...line, account: '5000' }] }, 'not-postable'],
])('refuses %s', async (_, more, code) => {
  const { status, body } = await company.send(requisition('R1', more));
  if (status === 400) return expect(body.error?.code).toBe(code);
  await company.control.post('clock', { advance_ms: 180_000 });
  expect(await shown(`/jobs/${body.job}`)).toMatchObject({ status: 'refused', errors: [{ code }] });
  expect((await company.control.state()).requisitions).toEqual([]);
});
