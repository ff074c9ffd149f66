import { afterAll, beforeAll, expect, test } from 'vitest';
import { editLines, exportAgain, mapCost } from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import { standsOnce } from './standing.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

// Lost answers and killed workers of this ERP stand in exactly-once.test.ts and killed.test.ts.
let world: World;
beforeAll(async () => {
  world = await startWorld({ erp: 'demo-erp' });
  await standsOnce(world, await exportCommitment(world));
});
afterAll(() => world?.stop());

test('an unmapped cost code waits for one answer, which releases all that waited for it', async () => {
  const paint = [{ amount: '12.00', code: 43 }] as const;
  const waiting = [
    await exportCommitment(world, { lines: paint }),
    await exportCommitment(world, { lines: paint }),
  ];
  for (const { contract } of waiting) await standsIn(world, contract, 'in-review');
  const asked = await questions(world, 'unmapped');
  expect(asked.map(({ subject }) => subject)).toEqual(['mapping:cost:09-900|S']);
  const done = await world.service.answer({
    tenant: world.tenant,
    user: people.accountant,
    reviewId: asked[0]!.id,
    answers: [{ kind: 'cost', scope: '', key: '09-900|S', value: { kind: 'account', code: '5100' } }],
  });
  expect(done).toEqual({ ok: true });
  for (const sent of waiting) expect((await standsOnce(world, sent)).total).toBe('12.00');
});

test('a changed amount and a new line become one change document of the same order', async () => {
  const sent = await exportCommitment(world, { lines: [{ amount: '200.00' }, { amount: '50.00' }] });
  const first = await standsOnce(world, sent);
  const { contracts } = await procoreState(world);
  const [line] = contracts.find(({ id }) => id === sent.contract)!.line_items;
  await editLines(world, sent.contract, [{ id: line!.id, amount: '210.00' }, { amount: '25.50' }]);
  const changed = await standsOnce(world, sent, 2);
  expect(changed).toMatchObject({ id: first.id, revision: '2', total: '285.50', changes: 1 });
});

test('a refused group is a refused order that names the line, and flows once it is put right', async () => {
  // The account is closed in the ERP after its accounts were read for the last time before the order.
  const last = "delete from lane where id = 'ledgerline|pull:account' and lease_until is null returning id";
  await until('no look at them is under way', async () => (await world.query(last)).length > 0);
  await world.b1.post('act', { action: 'close_account', code: '5100' });
  const before = (await world.erp.orders()).length;
  const sent = await exportCommitment(world, { lines: [{ amount: '9.00' }, { amount: '1.00', code: 42 }] });
  const { reasons } = await standsIn(world, sent.contract, 'refused');
  const { contracts } = await procoreState(world);
  const [, second] = contracts.find(({ id }) => id === sent.contract)!.line_items;
  expect(reasons[0]!.message).toContain(`lines[${second!.id}]`);
  expect(reasons[0]!.message).toContain('account 5100');
  const told = await closedDetail(world, sent.detail);
  expect(told.status).toBe('failed');
  expect(told.messages.join(' ')).toContain('account 5100');
  expect(await world.erp.orders()).toHaveLength(before);

  expect(await mapCost(world, '03-100|S', '5200')).toEqual({ ok: true });
  const again = await exportAgain(world, sent.contract);
  expect((await standsOnce(world, { contract: sent.contract, detail: again.detail })).total).toBe('10.00');
  expect(await world.erp.orders()).toHaveLength(before + 1);
});
