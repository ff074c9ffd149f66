import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, COMPANY, PROJECT, startBench, VENDOR } from './simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const sync = (updates: unknown[]) =>
  bench.rest('PATCH', '/rest/v1.0/vendors/sync', { company_id: COMPANY, updates });

test('creates a row with neither key or with a new origin id, and updates the holder of a known one', async () => {
  const made = await sync([{ name: 'Plain' }, { name: 'Keyed', origin_id: 'V-77' }]);
  expect(made.status).toBe(200);
  expect(made.body.entities).toHaveLength(2);
  const again = await sync([{ name: 'Keyed twice', origin_id: 'V-77' }]);
  expect(again.body.entities[0].id).toBe(made.body.entities[1].id);
  expect(again.body.entities[0].name).toBe('Keyed twice');
});

test('answers 200 and carries a refused row back among the errors', async () => {
  const mixed = await sync([{ id: 12, name: 'Ghost' }, { name: '' }, { name: 'Good' }]);
  expect(mixed.status).toBe(200);
  expect(mixed.body.entities).toHaveLength(1);
  expect(mixed.body.errors[0]).toEqual({
    id: 12,
    name: 'Ghost',
    errors: { id: ['Entity with this ID not found'] },
  });
  expect(mixed.body.errors[1].errors).toHaveProperty('name');
});

test('changes an origin id only for a row with both keys', async () => {
  const moved = await sync([{ id: VENDOR, origin_id: 'V-10' }]);
  expect(moved.body.entities[0]).toMatchObject({ id: VENDOR, origin_id: 'V-10', synced_to_erp: true });
  const other = await sync([{ name: 'Takes the free key', origin_id: 'V-9' }]);
  expect(other.body.entities[0].id).not.toBe(VENDOR);
  const clash = await sync([{ id: VENDOR, origin_id: 'V-9' }]);
  expect(clash.body.errors[0].errors).toEqual({ origin_id: ['has already been taken'] });
});

test('takes 1,000 rows and refuses 1,001 with 413', async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `Bulk ${index}` }));
  expect((await sync(rows(1_000))).body.entities).toHaveLength(1_000);
  expect((await sync(rows(1_001))).status).toBe(413);
});

test('refuses a column that sync rows do not have', async () => {
  expect((await sync([{ name: 'X', synced_to_erp: true }])).status).toBe(406);
  const projects = { company_id: COMPANY, updates: [{ id: PROJECT, origin_code: '100' }] };
  expect((await bench.rest('PATCH', '/rest/v1.0/projects/sync', projects)).status).toBe(406);
});

test('syncs tax codes by the same rules, with rates as numbers', async () => {
  const send = (updates: unknown[]) =>
    bench.rest('PATCH', '/rest/v1.0/tax_codes/sync', { company_id: COMPANY, updates });
  const made = await send([{ code: 'CA', origin_id: 'CA-1', description: 'California', rate1: 8.25 }, {}]);
  expect(made.body.entities[0]).toMatchObject({ code: 'CA', rate1: 8.25, archived: false });
  expect(made.body.errors[0].errors).toHaveProperty('code');
  await send([{ origin_id: 'CA-1', archived: true }]);
  const listed = await bench.rest('GET', `/rest/v1.0/tax_codes?company_id=${COMPANY}`);
  expect(listed.body).toMatchObject([{ origin_id: 'CA-1', rate1: 8.25, archived: true }]);
});

test('syncs projects by the same rules', async () => {
  const updates = [
    { id: PROJECT, origin_id: 'JOB-9' },
    { name: 'New job', origin_id: 'JOB-10', total_value: 12.5 },
  ];
  const done = await bench.rest('PATCH', '/rest/v1.0/projects/sync', { company_id: COMPANY, updates });
  expect(done.body.entities[0]).toMatchObject({ id: PROJECT, origin_id: 'JOB-9' });
  expect(done.body.entities[1]).toMatchObject({ total_value: '12.5' });
});
