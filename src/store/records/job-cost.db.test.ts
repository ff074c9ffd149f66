import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { addOrder } from '../../../test/setup/stored-order.ts';
import { draw, sampleInvoice } from '../../connectors/sap-business-one/fixtures/invoices.ts';
import { SAMPLE_ORDER } from '../../connectors/sap-business-one/fixtures/orders.ts';
import { type Outcome, ROW_REFUSED } from '../../domain/posting/outcomes.ts';
import type { PostingState } from '../../domain/states.ts';
import { inTenant, type Tx } from '../database/transaction.ts';
import { addAttempt, finishAttempt } from '../documents/attempt.ts';
import { addPostings } from '../documents/posting.ts';
import { listConnections, saveConnection } from '../settings/connection.ts';
import { allowJobCosts, jobCostsAllowed, receiptDrawsOf, tellRow, toldRows } from './job-cost.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);
const sheet = { projectId: '1', jobOriginId: 'J', lines: [] };

/** Two rows that one write carried, which ended like this. */
async function told(projectId: string, state: PostingState, outcome: Outcome | null) {
  const posting = randomUUID();
  await inAcme(async (tx) => {
    const place = { document: null, connection: 'procore', root: projectId } as const;
    const write = {
      id: posting,
      name: 'w',
      kind: 'set',
      object: 'job-cost',
      reference: 'r',
      targetHash: 'h',
    } as const;
    await addPostings(tx, { ...place, operation: { kind: 'show-job-costs', sheet } }, [write]);
    await tx.query('update posting set state = $2, reason = $3 where id = $1', [
      posting,
      state,
      'what it said',
    ]);
    const [at, fence] = [new Date(), '1'];
    const attempt = { id: randomUUID(), posting, number: 1, connection: 'procore', at, deadline: at };
    await addAttempt(tx, { ...attempt, laneFence: fence, accountFence: fence });
    if (outcome !== null) await finishAttempt(tx, posting, 1, outcome, at);
    const row = {
      sheet: 'summary',
      period: '',
      entry: '',
      costType: 'S',
      amountMinor: 5n,
      invoicedMinor: 0n,
      figures: {},
      posting,
    } as const;
    for (const costCode of ['a', 'b'])
      await tellRow(
        tx,
        { hub: 'procore', projectId, currency: 'USD' },
        { ...row, costCode, name: `${costCode}/S` },
      );
  });
  return (await inAcme((tx) => toldRows(tx, 'procore', projectId))).map(({ fate, why }) => [fate, why]);
}

test('a refusal that names a row is one of that row only', async () => {
  const errors = [{ field: 'b/S', message: 'cost_code_id: does not exist', code: ROW_REFUSED }];
  expect(await told('1', 'refused', { kind: 'refused', errors })).toEqual([
    ['stands', null],
    ['refused', 'cost_code_id: does not exist'],
  ]);
});

test('a refusal of the whole call is one of every row that went with it', async () => {
  const errors = [{ field: 'job_origin_id', message: 'does not exist' }];
  expect(await told('2', 'refused', { kind: 'refused', errors })).toEqual([
    ['refused', 'what it said'],
    ['refused', 'what it said'],
  ]);
});

test('what has no answer yet is under way, and what was taken back was never told', async () => {
  expect((await told('3', 'settling', { kind: 'unknown', why: 'lost' })).map(([fate]) => fate)).toEqual([
    'under-way',
    'under-way',
  ]);
  expect((await told('4', 'cancelled', null)).map(([fate]) => fate)).toEqual(['taken-back', 'taken-back']);
  expect((await told('5', 'adopted', null)).map(([fate]) => fate)).toEqual(['stands', 'stands']);
});

test('it is off until somebody allows it, and off again once another login is entered', async () => {
  const allowed = () => inAcme((tx) => jobCostsAllowed(tx, 'procore'));
  expect(await allowed()).toBe(false);
  await inAcme((tx) => allowJobCosts(tx, 'procore', true));
  const hub = (await inAcme(listConnections)).find(({ id }) => id === 'procore')!;
  await inAcme((tx) => saveConnection(tx, hub));
  expect(await allowed()).toBe(true);
  await inAcme((tx) => saveConnection(tx, { ...hub, account: 'another' }));
  expect(await allowed()).toBe(false);
});

test('what invoices that stand have drawn on receipts is told line by line, and nothing of the others', async () => {
  const order = { id: '7', body: SAMPLE_ORDER, lineKeys: { '11': '0', '12': '1', '13': '2' } };
  const received = [
    { receipt: '3', number: '7003', line: '0', amount: '300.50' },
    { receipt: '4', number: '7004', line: '1', amount: '0.25' },
  ];
  const lines = [
    { ...draw(order, '11', 'Footings', '400.00'), received },
    draw(order, '12', 'Walls', '10.00'),
  ];
  const invoice = {
    ...({ kind: 'ap-invoice', part: 'progress', sourceObject: 'sub-invoice' } as const),
    ...{ projectId: '77', writes: [], body: sampleInvoice(order, { lines }) },
  };
  await inAcme((tx) => addOrder(tx, '901', { ...invoice, state: 'confirmed' }));
  await inAcme((tx) => addOrder(tx, '902', { ...invoice, state: 'ready' }));
  const draws = await inAcme((tx) => receiptDrawsOf(tx, 'll', '77'));
  expect(draws).toEqual(received.map((each) => ({ ...each, currency: 'USD' })));
});
