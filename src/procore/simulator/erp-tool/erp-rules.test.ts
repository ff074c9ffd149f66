import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, COMPANY, CONTRACT, LINE, startBench, USER } from '../simulator-fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;

async function metadata(entities: object): Promise<void> {
  const connection = { service_url: 'https://tiebeam.example/erp', metadata: { settings: { entities } } };
  const made = await bench.rest('POST', erp('erp_connections'), { connection });
  expect(made.status).toBe(201);
}
const rules = (fields: object) => ({ enabled: true, rules: { export: { fields } } });
const field = (validation: object) => ({ enabled: true, validation });
const send = async () =>
  (await bench.act({ as: USER, action: 'send_to_erp', contract_ids: [CONTRACT] })).body.errors;

test('an export that breaks rules of the stored metadata is refused in the words of the metadata', async () => {
  const amount = { max_length_decimal: { enabled: true, length: 1, message: 'At most %{length} decimals' } };
  const uom = { present: { enabled: true, message: 'Name the unit' } };
  await metadata({
    commitments: rules({
      number: field({ max_length: { enabled: true, length: 3, message: 'At most %{length} characters' } }),
      code: field({ max_length: { enabled: true, length: 8, message: 'The code is too long' } }),
      title: field({ max_length: { enabled: false, length: 1, message: 'never' } }),
      description: { enabled: false, validation: { present: { enabled: true } } },
    }),
    commitment_items: rules({ amount: field(amount), uom: field(uom) }),
  });
  expect(await send()).toEqual({
    number: ['At most 3 characters'],
    amount: ['At most 1 decimals'],
    uom: ['Name the unit'],
  });
  const lines = (await bench.state()).contracts[0].line_items;
  await bench.act({
    as: USER,
    action: 'edit_commitment',
    contract_id: CONTRACT,
    fields: { number: 'S-1' },
    line_items: [
      { id: LINE, quantity: '2.5', unit_cost: '400', uom: 'ea' },
      { id: lines[1].id, amount: '999.90', uom: 'ls' },
    ],
  });
  expect(await send()).toBeUndefined();
  const approve = { as: USER, action: 'approve_export' as const, contract_ids: [CONTRACT] };
  expect((await bench.act({ ...approve, code: '450000001' })).body.errors).toEqual({
    code: ['The code is too long'],
  });
  expect((await bench.act({ ...approve, code: '45000001' })).status).toBe(200);
});

test('what the metadata switches off is not exported once the switches are applied', async () => {
  await metadata({ commitments: { enabled: true, configs: { export: { enabled: false } } } });
  await bench.send('POST', '/_sim/config', { metadata_switches: 'applied' });
  expect(Object.keys(await send())).toEqual(['base']);
  await bench.send('POST', '/_sim/config', { metadata_switches: 'ignored' });
  expect(await send()).toBeUndefined();
});
