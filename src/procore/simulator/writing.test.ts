import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, COMPANY, CONTRACT, LINE, PROJECT, startBench, VENDOR } from './simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const base = '/rest/v1.0/work_order_contracts';
const externalData = `/rest/v1.0/companies/${COMPANY}/external_data`;
const patch = (fields: unknown) =>
  bench.rest('PATCH', `${base}/${CONTRACT}`, { project_id: PROJECT, work_order_contract: fields });

function synced() {
  const updates = [
    { item_type: 'work_order_contract', item_id: CONTRACT, origin_id: 'PO-1', origin_code: '1' },
  ];
  return bench.rest('PATCH', `${externalData}/sync`, { updates });
}

test('creates both kinds of contract with lines and adds them up exactly', async () => {
  for (const kind of ['work_order_contract', 'purchase_order_contract']) {
    const made = await bench.rest('POST', `/rest/v1.0/${kind}s`, {
      project_id: PROJECT,
      [kind]: { title: 'Paint', vendor_id: VENDOR, retainage_percent: '5', custom_field_12: 'blue' },
    });
    expect(made.status).toBe(201);
    expect(made.body.id).toBeGreaterThan(2 ** 32);
    for (const amount of ['0.10', '0.20', 0.3]) {
      const line = await bench.rest('POST', `/rest/v1.0/${kind}s/${made.body.id}/line_items`, {
        project_id: PROJECT,
        line_item: { amount, description: 'Coat' },
      });
      expect(line.status).toBe(201);
    }
    const shown = await bench.rest('GET', `/rest/v1.0/${kind}s/${made.body.id}?project_id=${PROJECT}`);
    expect(shown.body.grand_total).toBe('0.6');
    expect(shown.body.line_items).toHaveLength(3);
  }
});

test('refuses unknown and read-only fields with 406 and names them', async () => {
  for (const field of ['grand_total', 'titel']) {
    const refused = await patch({ [field]: '1' });
    expect(refused.status).toBe(406);
    expect(refused.body).toMatchObject({ code: 406, fields: field });
  }
});

test('refuses wrong types with 400 and values outside a list with 422, per field', async () => {
  const type = await patch({ vendor_id: '12' });
  expect([type.status, Object.keys(type.body.errors)]).toEqual([400, ['vendor_id']]);
  const value = await patch({ status: 'approved' });
  expect([value.status, value.body]).toEqual([422, { errors: { status: ['is not included in the list'] } }]);
  const money = await patch({ retainage_percent: '10,5' });
  expect([money.status, money.body.errors.retainage_percent]).toEqual([422, ['is not a number']]);
});

test('refuses a body that is not JSON or not said to be', async () => {
  const headers = { authorization: `Bearer ${bench.token}`, 'procore-company-id': String(COMPANY) };
  const broken = await bench.send('PATCH', `${base}/${CONTRACT}`, '{"project_id":', headers);
  expect(broken.status).toBe(400);
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await bench.send('PATCH', `${base}/${CONTRACT}`, 'a=b', form)).status).toBe(406);
});

test('stores a date it cannot read as null without complaint', async () => {
  const stored = await patch({ contract_date: 'next week', issued_on_date: '2026-08-31' });
  expect(stored.body).toMatchObject({ contract_date: null, issued_on_date: '2026-08-31' });
});

test('locks a synced commitment but not the fields outside the lock', async () => {
  await synced();
  for (const fields of [
    { title: 'New' },
    { status: 'Draft' },
    { retainage_percent: '7' },
    { vendor_id: null },
  ]) {
    const refused = await patch(fields);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.base[0]).toContain('synced with ERP');
  }
  const line = { project_id: PROJECT, line_item: { amount: '1.00' } };
  expect((await bench.rest('POST', `${base}/${CONTRACT}/line_items`, line)).status).toBe(422);
  expect((await bench.rest('PATCH', `${base}/${CONTRACT}/line_items/${LINE}`, line)).status).toBe(422);
  expect((await patch({ description: 'Still open' })).status).toBe(200);
  expect((await patch({ title: 'Steel frame' })).status).toBe(200);
});

test('opens the lock when the ERP metadata exports updates, and when the contract is unlinked', async () => {
  await synced();
  const connections = `/rest/v1.0/companies/${COMPANY}/erp_connections`;
  const metadata = (update: boolean) => ({
    settings: { entities: { commitments: { configs: { export: { update } } } } },
  });
  const connection = { service_url: 'https://tiebeam.example/erp', metadata: metadata(true) };
  expect((await bench.rest('POST', connections, { connection })).status).toBe(201);
  expect((await patch({ title: 'Open' })).status).toBe(200);
  expect((await bench.rest('PATCH', `${connections}/metadata`, metadata(false))).status).toBe(200);
  expect((await patch({ title: 'Shut' })).status).toBe(422);
  const gone = { item_type: 'work_order_contract', item_ids: [CONTRACT] };
  expect((await bench.rest('DELETE', `${externalData}/bulk_destroy`, gone)).status).toBe(200);
  expect((await patch({ title: 'Free' })).status).toBe(200);
});

test('logs every write with its status and whether it committed', async () => {
  await patch({ title: 'Logged' });
  await patch({ nonsense: 1 });
  const { write_log } = await bench.state();
  expect(write_log).toHaveLength(2);
  expect(write_log[0]).toMatchObject({ method: 'PATCH', status: 200, committed: true, answered: true });
  expect(write_log[1]).toMatchObject({ status: 406, committed: false });
});
