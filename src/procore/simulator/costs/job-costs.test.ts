import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  COST_CODE,
  COST_TYPE,
  type Loose,
  PROJECT,
  startBench,
} from '../simulator-fixture.ts';

const heads = `/rest/v1.0/projects/${PROJECT}/direct_costs/sync`;
const lines = `/rest/v1.0/projects/${PROJECT}/direct_costs/line_items`;
const coding = { cost_code_id: COST_CODE, line_item_type_id: COST_TYPE };

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const head = async (fields: object = {}): Promise<Loose> => {
  const row = { origin_id: 'JC-1', direct_cost_type: 'expense', status: 'approved', ...fields };
  return (await bench.rest('PATCH', heads, { updates: [row] })).body;
};
const line = async (...updates: object[]): Promise<Loose> =>
  (await bench.rest('PATCH', `${lines}/sync`, { updates })).body;
const jobCosts = (body: object) =>
  bench.rest('PATCH', '/rest/v1.0/erp_job_costs/sync', {
    company_id: COMPANY,
    job_origin_id: 'JOB-100',
    ...body,
  });

test('an origin id holds one direct cost and one line, however often they are sent', async () => {
  const first = (await head()).entities[0];
  expect((await head({ description: 'November' })).entities[0].id).toBe(first.id);
  const row = { origin_id: 'JC-1-a', direct_cost_id: first.id, amount: 10.05, ...coding };
  await line(row);
  await line({ ...row, amount: '-3.10' });
  const { body } = await bench.rest('GET', `${lines}?filters[direct_cost_id]=${first.id}`);
  expect(body).toHaveLength(1);
  expect(body[0]).toMatchObject({ amount: '-3.1', origin_id: 'JC-1-a', cost_code: { full_code: '05-120' } });
  const shown = await bench.rest(
    'GET',
    `/rest/v1.1/projects/${PROJECT}/direct_costs?filters[origin_id]=JC-1`,
  );
  expect(shown.body.map((cost: Loose) => [cost.grand_total, cost.description])).toEqual([
    ['-3.1', 'November'],
  ]);
});

test('a line with a mistake is told inside a success, and the others stand', async () => {
  const { id } = (await head()).entities[0];
  const good = { origin_id: 'a', direct_cost_id: id, amount: 1, ...coding };
  const { entities, errors } = await line(
    good,
    { ...good, origin_id: 'b', cost_code_id: 1 },
    { ...good, origin_id: 'c', direct_cost_id: 2 },
  );
  expect(entities.map((entity: Loose) => entity.origin_id)).toEqual(['a']);
  expect(errors.map((error: Loose) => [error.origin_id, error.errors])).toEqual([
    ['b', { cost_code_id: ['does not exist'] }],
    ['c', { direct_cost_id: ['does not exist'] }],
  ]);
});

test('an invoice needs its vendor, and fields nobody published are refused', async () => {
  expect((await head({ direct_cost_type: 'invoice', invoice_number: '1' })).errors[0].errors).toEqual({
    vendor_id: ["can't be blank"],
  });
  expect((await bench.rest('PATCH', heads, { updates: [{ origin: '1' }] })).status).toBe(406);
});

test('the summary of a job keeps one row for each code and type, and what a call leaves out', async () => {
  const row = (fields: object) => jobCosts({ updates: [{ ...coding, ...fields }] });
  await row({ job_to_date_cost: 100.1, commitment_invoiced: 40 });
  const { body } = await row({ job_to_date_cost: '90.05' });
  expect(body.errors).toEqual([]);
  const { job_costs } = await bench.state();
  expect(job_costs).toMatchObject([{ job_to_date_cost: '90.05', commitment_invoiced: '40.0', ...coding }]);
  expect(job_costs).toHaveLength(1);
});

test('a job that is not synced is refused whole, a thousand rows are the most of a call', async () => {
  const unknown = await jobCosts({ job_origin_id: 'JOB-101', updates: [] });
  expect([unknown.status, unknown.body.errors]).toEqual([422, { job_origin_id: ['does not exist'] }]);
  const many = Array.from({ length: 1_001 }, () => coding);
  expect((await jobCosts({ updates: many })).status).toBe(413);
  expect((await jobCosts({ updates: many.slice(1) })).body.entities).toHaveLength(1_000);
});
