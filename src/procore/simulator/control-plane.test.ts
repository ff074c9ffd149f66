import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMPANY, CONTRACT, smallSeed, startBench } from './simulator-fixture.ts';

test('refuses a seed with unknown keys and one that repeats a company', async () => {
  const bench = await startBench();
  const unknown = await bench.send('POST', '/_sim/seed', { ...smallSeed(), colour: 'blue' });
  expect([unknown.status, unknown.body.fields]).toEqual([406, 'colour']);
  expect((await bench.send('POST', '/_sim/seed', smallSeed())).status).toBe(422);
  await bench.send('POST', '/_sim/reset');
  expect((await bench.state()).companies).toEqual([]);
  expect((await bench.send('POST', '/_sim/seed', smallSeed())).status).toBe(200);
  await bench.stop();
});

test('assigns ids that are not given and answers them in order', async () => {
  const bench = await startBench();
  await bench.send('POST', '/_sim/reset');
  const seed = smallSeed({
    vendors: [{ name: 'A' }, { name: 'B' }],
    contracts: [],
    change_order_packages: [],
  });
  const { body } = await bench.send('POST', '/_sim/seed', seed);
  expect(body.vendors).toHaveLength(2);
  const { vendors } = await bench.state();
  expect(vendors.map((vendor: { id: number }) => vendor.id)).toEqual(body.vendors);
  await bench.stop();
});

test('leaves nothing of a seed that contradicts itself', async () => {
  const bench = await startBench();
  await bench.send('POST', '/_sim/reset');
  const twice = [
    { name: 'A', origin_id: 'V-1' },
    { name: 'B', origin_id: 'V-1' },
  ];
  const refused = await bench.send('POST', '/_sim/seed', smallSeed({ vendors: twice }));
  expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, ['origin_id']]);
  expect(await bench.state()).toMatchObject({ companies: [], vendors: [] });
  await bench.stop();
});

test('names the field of an act that it does not understand', async () => {
  const bench = await startBench();
  const typo = { as: 1, action: 'send_to_erp', contract_ids: [CONTRACT], colour: 'blue' };
  expect((await bench.send('POST', '/_sim/act', typo)).body.fields).toBe('colour');
  const kind = {
    as: 1,
    action: 'create_commitment',
    kind: 'work_order_contract',
    project_id: 1,
    colour: 'blue',
  };
  expect((await bench.send('POST', '/_sim/act', kind)).body.fields).toBe('colour');
  await bench.stop();
});

test('shows the whole truth without rounding or hiding anything', async () => {
  const bench = await startBench();
  const state = await bench.state();
  const contract = state.contracts.find((row: { id: number }) => row.id === CONTRACT);
  expect(contract).toMatchObject({ company_id: COMPANY, grand_total: '2000.0', erp_status: 'not_in_erp' });
  expect(contract.line_items.map((line: { amount: string }) => line.amount)).toEqual(['1000.05', '999.95']);
  await bench.stop();
});

test('runs as a process, says where it listens and leaves when its parent does', async () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { listening } = JSON.parse(String(line));
  expect((await fetch(`${listening}/_sim/config`)).status).toBe(200);
  child.stdin.end();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});
