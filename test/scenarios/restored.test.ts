import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foreseeRecovery, recover } from '../../src/engine/post/recover.ts';
import { backUp } from './backup.ts';
import { approveAs, editLines, holdErpAccount } from './hands.ts';
import { closedDetail, documentOf, orderWrites, procoreState, questions, standsIn } from './looking.ts';
import { audited, ordersOf, standsOnce } from './standing.ts';
import { exportCommitment, PETER, people, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

type Sent = { readonly contract: number; readonly detail: number };
const large = [{ amount: '60000.00' }];

async function lineOf(contract: number): Promise<number> {
  const { contracts } = await procoreState(world);
  return contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
}

async function raise(): Promise<void> {
  const wish = { tenant: world.tenant, seen: 1n, by: people.engineer.email };
  expect(await recover(world.engine, wish)).toBe(2n);
  // Run once more after a crash, for the same restore, it changes nothing.
  expect(await recover(world.engine, wish)).toBe(2n);
}

describe('a database restored to yesterday', () => {
  let changed: Sent;
  let ready: Sent;
  let asked: Sent;
  let unknown: Sent;
  let writes = 0;

  test('forgets what was posted since', async () => {
    changed = await exportCommitment(world);
    await standsOnce(world, changed);
    asked = await exportCommitment(world, { lines: large });
    await standsIn(world, asked.contract, 'awaiting-approval');
    const release = await holdErpAccount(world);
    ready = await exportCommitment(world);
    await standsIn(world, ready.contract, 'ready');
    await world.stopWorkers();
    const backup = await backUp(world);
    await release();
    // The day that will be lost.
    world.startWorker();
    await standsOnce(world, ready);
    expect(await approveAs(world, people.controller, asked.contract)).toEqual({ ok: true });
    await standsOnce(world, asked);
    await editLines(world, changed.contract, [{ id: await lineOf(changed.contract), amount: '1500.00' }]);
    await standsIn(world, changed.contract, 'confirmed', { revision: 2 });
    unknown = await exportCommitment(world);
    await standsOnce(world, unknown);
    await world.stopWorkers();
    writes = await orderWrites(world);
    await backup.restore();
    expect(await documentOf(world, unknown.contract)).toBeNull();
    expect((await documentOf(world, ready.contract))?.state).toBe('ready');
  });

  test('says before anything is done what will be looked for', async () => {
    const foreseen = await foreseeRecovery(world.engine, world.tenant);
    expect(foreseen).toEqual({
      tenant: world.tenant,
      connections: [{ connection: 'b1', name: 'SAP Business One', writes: 1 }],
      documents: 1,
    });
    await raise();
  });

  test('ends with one order of each, and not one more write reaches the ERP', async () => {
    world.startWorker();
    for (const sent of [ready, unknown]) await standsOnce(world, sent);
    await standsOnce(world, changed, 2);
    await standsIn(world, asked.contract, 'awaiting-approval');
    expect(await approveAs(world, people.controller, asked.contract)).toEqual({ ok: true });
    await standsOnce(world, asked);
    expect(await orderWrites(world)).toBe(writes);
    for (const sent of [changed, ready, asked, unknown])
      expect((await closedDetail(world, sent.detail)).status).toBe('success');
    expect(await questions(world, 'exception')).toEqual([]);
    expect(await audited(world, ready.contract, 'document-posted')).toBe(1);
  });

  test('looks for a new order as well, asks a person that day however small it is, and posts it once', async () => {
    const sent = await exportCommitment(world);
    await standsIn(world, sent.contract, 'awaiting-approval', { reason: 'needs-approval' });
    expect(await orderWrites(world)).toBe(writes);
    expect(await approveAs(world, people.controller, sent.contract)).toEqual({ ok: true });
    await standsOnce(world, sent);
    expect(await orderWrites(world)).toBe(writes + 1);
    const [posting] = await world.query<{ state: string; attempt: number; epoch: string }>(
      `select p.state, p.attempt, p.epoch from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
       where d.source_id = $1 and p.write_kind = 'create' and p.state <> 'cancelled'`,
      [String(sent.contract)],
    );
    expect(posting).toEqual({ state: 'posted', attempt: 1, epoch: '2' });
  });

  test('keeps an audit chain that is whole, with the recovery and who did it', async () => {
    const { verdict } = await world.service.verifyAudit(world.tenant);
    expect(verdict).toMatchObject({ verified: true });
    const rows = await world.query<{ actor: string }>("select actor from audit where kind = 'epoch-raised'");
    expect(rows.map(({ actor }) => actor)).toContain(people.engineer.email);
  });
});

test('an order that Procore calls synced by our code, and that is not there, is never ordered again by itself', async () => {
  const release = await holdErpAccount(world);
  const sent = await exportCommitment(world);
  await standsIn(world, sent.contract, 'ready');
  await world.act({
    as: PETER,
    action: 'edit_commitment',
    contract_id: sent.contract,
    fields: { origin_id: 'B1-4711' },
    line_items: [],
  });
  await release();
  await standsIn(world, sent.contract, 'blocked', { reason: 'foreign-origin' });
  expect(await ordersOf(world, sent.contract)).toEqual([]);
});

test('a worker that ran on while the epoch was raised is fenced off before its next write', async () => {
  const [before] = await world.query<{ fence: string }>(
    "select fence from account_lease where account like 'b1 %'",
  );
  const wish = { tenant: world.tenant, seen: 2n, by: people.engineer.email };
  expect(await recover(world.engine, wish)).toBe(3n);
  const [after] = await world.query<{ fence: string }>(
    "select fence from account_lease where account like 'b1 %'",
  );
  expect(BigInt(after!.fence) - BigInt(before!.fence)).toBeGreaterThanOrEqual(1_000_000n);
  const sent = await exportCommitment(world);
  await standsIn(world, sent.contract, 'awaiting-approval');
  expect(await approveAs(world, people.controller, sent.contract)).toEqual({ ok: true });
  await standsOnce(world, sent);
});
