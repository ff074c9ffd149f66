import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AttackedErp } from './erp.ts';
import { ledgerlineUnderAttack } from './erp-ledgerline.ts';
import { type Simulators, startSimulators } from './simulators.ts';
import { OURS, THEIRS } from './tenants.ts';

let simulators: Simulators;
let erp: AttackedErp;
beforeAll(async () => {
  simulators = await startSimulators();
  erp = ledgerlineUnderAttack(simulators.ledgerline, false);
});
afterAll(() => simulators?.stop());
beforeEach(async () => {
  await simulators.startAnew({ businessOne: THEIRS, ledgerline: OURS });
  await simulators.ledgerline.post('settings', { jobStepMs: 0 });
});

async function send(document: object): Promise<void> {
  const response = await fetch(`${simulators.ledgerline.url}/import-groups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ledgerline-key': 'right-key' },
    body: JSON.stringify({ group_reference: 'g', documents: [document] }),
  });
  expect(response.status).toBe(202);
}

const shared = {
  number: 'SC-1',
  title: 'Work',
  note: 'https://procore.example/commitments/wo/7',
  date: '2026-08-31',
};
const order = {
  ...shared,
  type: 'order',
  reference: 'FIRST',
  revision: 1,
  vendor: 'V1000',
  project: 'JOB-4',
  currency: 'USD',
  lines: [{ key: 'a', description: 'Work', account: '5200', amount: '10.00' }],
};
const change = (reference: string, basedOn: string) => ({
  ...shared,
  type: 'order-change',
  reference,
  revision: 2,
  order: 'LO-000002',
  based_on: basedOn,
  lines: [
    { line: 1, amount: '-4.00' },
    { key: 'b', description: 'More', account: '5100', amount: '2.50' },
  ],
});

test('an order is told with its changes added in, and each write with whether it took effect', async () => {
  await send(order);
  await erp.books();
  await send(change('SECOND', 'v1'));
  // Its order is another by now: the job that was taken refuses it.
  await send(change('THIRD', 'v1'));
  const { documents, writes } = await erp.books();
  expect(documents).toMatchObject([
    {
      id: 'order LO-000002',
      reference: 'FIRST',
      source: { object: 'commitment', id: '7', part: '' },
      totalCents: 850n,
      lines: [
        { on: 'account 5200', cents: 600n },
        { on: 'account 5100', cents: 250n },
      ],
    },
  ]);
  expect(writes.map(({ kind, reference, committed }) => [kind, reference, committed])).toEqual([
    ['create', 'FIRST', true],
    ['set', 'SECOND', true],
    ['set', 'THIRD', false],
  ]);
});

test('a reference that stands twice is two orders and two writes that took effect', async () => {
  await send(order);
  await send(order);
  const { documents, writes } = await erp.books();
  expect(documents.map(({ reference }) => reference)).toEqual(['FIRST', 'FIRST']);
  expect(writes.map(({ committed }) => committed)).toEqual([true, true]);
});
