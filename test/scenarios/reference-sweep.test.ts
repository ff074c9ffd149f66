import { afterEach, expect, test } from 'vitest';
import { referencePrefix } from '../../src/domain/posting/reference.ts';
import { calendarDate, utcDate } from '../../src/domain/values/calendar-date.ts';
import { connect } from '../../src/engine/set-up/tenant.ts';
import { dailyReferences, sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { actInErp, mapCost } from './hands.ts';
import { orderOf, orderWrites, questions, standsIn } from './looking.ts';
import { ordersOf, standsOnce } from './standing.ts';
import { vault } from './test-engine.ts';
import { exportCommitment, people, startWorld, until, type World, type WorldOptions } from './world.ts';

let world: World;
afterEach(() => world?.stop());

async function open(options: WorldOptions = {}): Promise<void> {
  world = await startWorld(options);
}

const TODAY = utcDate(new Date());
const connection = async () => world.engine.systems.homeOf(world.tenant);
const lookNow = async () => sweepReferences(world.engine, await connection(), null);

/** A look at a time at which no list can lag behind what was posted any more. */
async function sweep() {
  const gaps = Object.values((await connection()).settle).map(({ probeGapMs }) => probeGapMs);
  await world.query(
    "update posting set updated_at = updated_at - $1 * interval '1 ms' where state in ('posted', 'adopted')",
    [2 * Math.max(...gaps)],
  );
  return lookNow();
}

/** Open questions of the sweep, by what they are about. */
async function found(state = 'open'): Promise<Record<string, string[]>> {
  const prefix = `reference:${world.erp.connection.id}:`;
  const items = (await questions(world, 'exception', state)).filter(({ subject }) =>
    subject.startsWith(prefix),
  );
  const kinds = items.map(({ subject }) => subject.slice(prefix.length).split(':')[0]!);
  return Object.fromEntries(
    [...new Set(kinds)].map((kind) => [
      kind,
      items.filter((_, at) => kinds[at] === kind).map((i) => i.question),
    ]),
  );
}

const phase = async () =>
  (
    await world.query<{ phase: string }>('select phase from connection where id = $1', [
      world.erp.connection.id,
    ])
  )[0]!.phase;
const raise = () =>
  world.service.setPhase({
    tenant: world.tenant,
    user: people.engineer,
    phase: 'one-way',
    connectionId: world.erp.connection.id,
  });

/** An order that a person enters in SAP Business One under some reference. */
async function enterOrder(reference: string, amount = 12.5): Promise<void> {
  await actInErp(world, {
    action: 'create_order',
    document: {
      DocType: 'dDocument_Service',
      CardCode: 'V1001',
      Project: 'JOB-4',
      DocDate: TODAY,
      DocDueDate: TODAY,
      U_TiebeamRef: reference,
      DocumentLines: [
        { ItemDescription: 'Fence', AccountCode: '5100', LineTotal: amount, ProjectCode: 'JOB-4' },
      ],
    },
  });
}

test('finds nothing where all is well, once a day, however many believe that it is time', async () => {
  await open();
  await standsOnce(world, await exportCommitment(world));
  const at = await connection();
  await world.query("delete from schedule where job = 'references:b1'");
  await Promise.all([1, 2, 3].map(() => dailyReferences(world.engine, at)));
  const slots = await world.query<{ slot: string; done: boolean }>(
    "select slot, finished_at is not null as done from schedule where job = 'references:b1'",
  );
  expect(slots).toEqual([{ slot: TODAY, done: true }]);
  expect(await found()).toEqual({});
  expect((await sweep()).listed).toBe(1);
});

test('catches up once for days that were missed, and leaves its slot when the ERP cannot be read', async () => {
  await open();
  await until('the first daily look is done', async () => (await slots()).some(({ done }) => done));
  await world.stopWorkers();
  await world.query("update schedule set slot = '2026-01-02' where job = 'references:b1'");
  await world.erp.trouble({ kind: 'unavailable', on: 'read', times: 50 });
  const at = await connection();
  await expect(dailyReferences(world.engine, at)).rejects.toThrow(/HTTP 502/);
  expect((await slots()).map(({ slot }) => slot)).toEqual(['2026-01-02']);
  await world.erp.trouble();
  expect((await dailyReferences(world.engine, at)).afterMs).toBeGreaterThan(0);
  expect((await slots()).map(({ slot }) => slot)).toEqual(['2026-01-02', TODAY]);
});

const slots = () =>
  world.query<{ slot: string; done: boolean }>(
    "select slot, finished_at is not null as done from schedule where job = 'references:b1' order by slot",
  );

test('asks once about two orders under one reference, and stops asking when one is cancelled', async () => {
  await open();
  const { contract } = await exportCommitment(world, { number: 'SC-TWICE' });
  await standsIn(world, contract, 'confirmed');
  const order = await orderOf(world, contract);
  await enterOrder(order.udfs.U_TiebeamRef!);
  for (let looks = 0; looks < 3; looks += 1) await sweep();
  const { duplicate = [], ...others } = await found();
  expect(others).toEqual({});
  expect(duplicate).toHaveLength(1);
  expect(duplicate[0]).toMatch(new RegExp(`${order.docNum}.*cancel the others`));
  await actInErp(world, { action: 'cancel_order', docEntry: order.docEntry + 1 });
  await sweep();
  expect(await found()).toEqual({});
});

test('finds an order under our prefix that nothing of ours made, and one whose write was refused', async () => {
  await open();
  await enterOrder(`${referencePrefix('B1')}AAAAAAAAAAAAA`);
  await enterOrder('T9ZAAAAAAAAAAAAA');
  await mapCost(world, '09-900|S', '5300');
  const { contract } = await exportCommitment(world, { lines: [{ amount: '5.00', code: 43 }] });
  await standsIn(world, contract, 'refused');
  const [refused] = await world.query<{ reference: string }>(
    "select reference from posting where connection = 'b1' and state = 'refused'",
  );
  await enterOrder(refused!.reference);
  await sweep();
  const { orphan = [], ...others } = await found();
  expect(others).toEqual({});
  expect(orphan).toHaveLength(2);
  expect(orphan.join(' ')).toContain(`${referencePrefix('B1')}AAAAAAAAAAAAA`);
  expect(orphan.join(' ')).toContain(refused!.reference);
});

test('finds what a person changed or cancelled in the ERP, and forgets it when it is changed back', async () => {
  await open();
  const exports = [await exportCommitment(world), await exportCommitment(world)];
  for (const { contract } of exports) await standsIn(world, contract, 'confirmed');
  const [first, second] = [
    await orderOf(world, exports[0]!.contract),
    await orderOf(world, exports[1]!.contract),
  ];
  const edit = (LineTotal: number) =>
    actInErp(world, {
      action: 'edit_order_line',
      docEntry: first.docEntry,
      lineNum: 0,
      changes: { LineTotal },
    });
  await edit(4711);
  await actInErp(world, { action: 'cancel_order', docEntry: second.docEntry });
  await sweep();
  await sweep();
  const { drift = [], ...others } = await found();
  expect(others).toEqual({});
  expect(drift).toHaveLength(2);
  expect(drift.join(' ')).toMatch(/no longer says what was approved.*|cancelled in SAP/);
  await edit(1000.1);
  await sweep();
  expect((await found()).drift).toHaveLength(1);
});

test('does not ask again about a change that a person decided, but about the next one', async () => {
  await open();
  const { contract } = await exportCommitment(world);
  await standsIn(world, contract, 'confirmed');
  const { docEntry } = await orderOf(world, contract);
  const edit = (LineTotal: number) =>
    actInErp(world, { action: 'edit_order_line', docEntry, lineNum: 0, changes: { LineTotal } });
  await edit(4711);
  await sweep();
  const [item] = await questions(world, 'exception');
  const decided = await world.service.reject({
    tenant: world.tenant,
    user: people.controller,
    reviewId: item!.id,
    reason: 'Agreed with the vendor.',
  });
  expect(decided).toEqual({ ok: true });
  await sweep();
  expect(await found()).toEqual({});
  await edit(4712);
  await sweep();
  expect((await found()).drift).toHaveLength(1);
});

test('tells of one order that is gone and posts it to nobody again', async () => {
  await open({ erp: 'demo-erp' });
  const exports = [await exportCommitment(world), await exportCommitment(world)];
  for (const exported of exports) await standsOnce(world, exported);
  const [gone] = await ordersOf(world, exports[0]!.contract);
  const writes = await world.erp.orderWrites();
  await world.b1.post('act', { action: 'lose_order', id: gone!.id });
  await sweep();
  expect(Object.keys(await found())).toEqual(['missing']);
  expect(await phase()).toBe('one-way');
  await world.sweep();
  await sweep();
  expect((await found()).missing).toHaveLength(1);
  expect(await world.erp.orderWrites()).toBe(writes);
});

test('stops writing when much of what was posted vanished, and goes on only after it was looked through', async () => {
  await open();
  for (let orders = 0; orders < 4; orders += 1)
    await standsIn(world, (await exportCommitment(world)).contract, 'confirmed');
  const { orders } = await world.truth();
  for (const { docEntry } of orders.slice(1)) await world.b1.post('act', { action: 'lose_order', docEntry });
  const writes = await orderWrites(world);
  expect(await sweep()).toMatchObject({ stopped: true });
  expect(await phase()).toBe('read-only');
  expect(Object.keys(await found())).toEqual(['vanished']);

  const { contract } = await exportCommitment(world);
  await standsIn(world, contract, 'blocked');
  expect(await raise()).toMatchObject({ ok: false, title: 'Documents vanished' });
  expect(await orderWrites(world)).toBe(writes);
  expect(await phase()).toBe('read-only');

  await world.query("update connection set missing_limit_percent = 100 where id = 'b1'");
  expect(await raise()).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  expect((await found()).missing).toHaveLength(3);
  expect(await found('expired')).toHaveProperty('vanished');
});

test('goes live only after everything under its prefix was looked through', async () => {
  await open({ phase: 'read-only' });
  await enterOrder(`${referencePrefix('B1')}AAAAAAAAAAAAA`);
  const refused = await raise();
  expect(refused).toMatchObject({ ok: false, status: 409, title: 'Foreign documents stand there' });
  expect(refused).toHaveProperty('detail', expect.stringMatching(/TB1AAAAAAAAAAAAA.*another code/));
  expect(await phase()).toBe('read-only');

  await world.erp.trouble({ kind: 'unavailable', on: 'read', times: 1 });
  expect(await raise()).toMatchObject({ ok: false, title: 'Could not be looked through' });

  const [foreign] = (await world.truth()).orders;
  await actInErp(world, { action: 'cancel_order', docEntry: foreign!.docEntry });
  expect(await raise()).toEqual({ ok: true });
  expect(await phase()).toBe('one-way');
});

test('tells a bounded number of many foreign documents, whatever stands there', async () => {
  await open({ erp: 'demo-erp', phase: 'read-only', mapped: false });
  const { ledgerlineSeed } = await import('./seeds.ts');
  const orders = Array.from({ length: 1_300 }, (_, at) => ({
    reference: `${referencePrefix('LL')}${String(at).padStart(13, 'A')}`,
    number: `N-${at}`,
    title: 'Of a database that was lost',
    vendor: 'V1000',
    project: 'JOB-4',
    currency: 'USD',
    date: calendarDate(TODAY),
    lines: [{ key: null, description: 'Work', account: '5100', amount: '1.00' }],
  }));
  await world.b1.post('seed', { ...ledgerlineSeed, orders });
  expect(await raise()).toMatchObject({ ok: false, title: 'Foreign documents stand there' });
  const { listed, findings } = await sweep();
  expect([listed, findings.length]).toEqual([1_300, 200]);
  expect((await found()).orphan).toHaveLength(200);
});

test('calls nothing missing that a lagging list may not show yet', async () => {
  await open({ erp: 'demo-erp' });
  for (let orders = 0; orders < 3; orders += 1) await standsOnce(world, await exportCommitment(world));
  await world.query("update posting set updated_at = now() where state in ('posted', 'adopted')");
  await world.b1.post('settings', { searchLagMs: 60_000 });
  expect(await lookNow()).toMatchObject({ listed: 0, findings: [], stopped: false });
  expect(await sweep()).toMatchObject({ stopped: true });
});

test('keeps what a later look saw when an earlier one that runs at the same time ends after it', async () => {
  await open();
  await standsOnce(world, await exportCommitment(world));
  const looks = await Promise.all([sweep(), sweep(), sweep(), sweep()]);
  for (const { listed, findings } of looks) expect([listed, findings]).toEqual([1, []]);
});

test('must be looked through again when the connection gets another login', async () => {
  await open();
  const { secrets, ...rest } = world.erp.connection;
  const wish = { ...rest, account: 'another login', secrets };
  await connect(world.engine, vault, world.tenant, wish, 'test');
  expect(await phase()).toBe('read-only');
  await enterOrder(`${referencePrefix('B1')}AAAAAAAAAAAAA`);
  expect(await raise()).toMatchObject({ ok: false, title: 'Foreign documents stand there' });
});

test('writes nothing more once another company answers at the address, and says so', async () => {
  await open();
  await standsOnce(world, await exportCommitment(world));
  const writes = await orderWrites(world);
  await world.stopWorkers();
  // The connection was bound to another company than the one that answers now.
  await world.query('update connection set fingerprint = $2 where id = $1', [
    world.erp.connection.id,
    'the company that was bound',
  ]);
  await world.query("update lane set due_at = now() where stage = 'sweep' and id like '%identity%'");
  world.startWorker();
  await until('the connection stopped itself', async () => (await phase()) === 'read-only');
  const sent = await exportCommitment(world);
  await standsIn(world, sent.contract, 'blocked', { reason: 'read-only' });
  expect(await orderWrites(world)).toBe(writes);
  const [told] = await world.query<{ message: string; entries: string }>(
    `select health ->> 'message' as message,
       (select count(*) from audit where kind = 'connection-identity-changed') as entries
     from connection where id = $1`,
    [world.erp.connection.id],
  );
  expect(told!.message).toContain('Another company answers');
  expect(Number(told!.entries)).toBeGreaterThan(0);
});
