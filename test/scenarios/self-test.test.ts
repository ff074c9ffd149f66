import { afterEach, expect, test } from 'vitest';
import { check } from '../../src/cli/check.ts';
import type { Command, Shell } from '../../src/cli/shell.ts';
import { sweepCommand } from '../../src/cli/sweep.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { runSelfTest } from '../../src/engine/watch/self-test.ts';
import { planSelfTest } from '../../src/engine/watch/self-test-plan.ts';
import { toConnectionRow } from '../../src/http/views/connection-row.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { listConnections } from '../../src/store/views/connection-view.ts';
import { questions } from './looking.ts';
import { audited, standsOnce } from './standing.ts';
import { openTestEngine, vault } from './test-engine.ts';
import { exportCommitment, people, startWorld, until, type World, type WorldOptions } from './world.ts';

let world: World;
afterEach(() => world?.stop());

async function open(options: WorldOptions = {}): Promise<void> {
  world = await startWorld(options);
  await until('the vendors and periods are read as well', async () => {
    const rows = await world.query(
      `select object from record where connection <> 'procore'
         and (object = 'vendor' or object = 'period' and body->>'open' = 'true') group by object`,
    );
    return rows.length === 2;
  });
}

const erp = () => world.engine.systems.homeOf(world.tenant);

async function runTest(seenWithinMs?: number) {
  const plan = await planSelfTest(world.engine, await erp());
  const result = await runSelfTest(world.engine, plan, 'test', seenWithinMs);
  const failed = result.findings.filter(({ ok }) => !ok).map(({ subject }) => subject);
  return { plan, ...result, failed };
}

const settings = (wish: object) => world.b1.post('settings', wish);
const rule = async () => (await world.engine.systems.homeOf(world.tenant)).settle['purchase-order']!;
const phase = async () =>
  (await world.query<{ phase: string }>("select phase from connection where id <> 'procore'"))[0]!.phase;

type Case = readonly [NonNullable<WorldOptions['erp']>, string, object, boolean];
const cases: readonly Case[] = [
  ['sap-business-one', 'refuses', { uniqueUdf: 'U_TiebeamRef' }, true],
  ['sap-business-one', 'warns of', { uniqueUdf: true, uniqueUdfOnlyWarns: true }, false],
  ['sap-business-one', 'takes', {}, false],
  ['demo-erp', 'refuses', { sameReference: 'refused' }, true],
  ['demo-erp', 'warns of', { sameReference: 'warned' }, false],
  ['demo-erp', 'takes', { sameReference: 'taken' }, false],
];

test.each(cases)(
  'sees that %s %s a second order under one reference, and settles by it',
  async (erp, _does, wish, enforced) => {
    await open({ erp });
    expect((await rule()).uniquenessEnforced).toBe(false);
    await settings(wish);
    const { seen, failed, plan } = await runTest();
    expect(seen).toMatchObject({ uniquenessEnforced: enforced, readable: true });
    expect(failed).toEqual([]);
    expect((await rule()).uniquenessEnforced).toBe(enforced);
    // Nothing was deleted and nothing counts: what was posted stands there cancelled or emptied.
    const orders = (await world.erp.orders()).filter(({ reference }) => reference === plan.order.reference);
    expect(orders).toHaveLength(enforced ? 1 : 3);
    const at = await world.engine.systems.homeOf(world.tenant);
    const committed = await Array.fromAsync(at.connection.committed!(plan.order.projectCode));
    for (const { reference, amount } of committed)
      if (reference === plan.order.reference) expect(amount).toBe('0.00');
  },
);

test('writes every request down before it leaves, and what became of it', async () => {
  await open();
  const before = await world.erp.orderWrites();
  const { plan } = await runTest();
  const sent = (await world.erp.orderWrites()) - before;
  const entries = await world.query<{ kind: string; entry: string }>(
    "select kind, entry from audit where entry like '%' || $1 || '%' order by seq",
    [plan.id],
  );
  const count = (kind: string) => entries.filter((entry) => entry.kind === kind).length;
  expect(sent).toBeGreaterThan(3);
  expect([count('intent'), count('outcome')]).toEqual([sent, sent]);
  expect([count('self-test-started'), count('self-test-finished')]).toEqual([1, 1]);
});

test('is remembered by the next process, and forgotten when another company answers', async () => {
  await open();
  await settings({ uniqueUdf: 'U_TiebeamRef' });
  await runTest();
  const next = openTestEngine(world.db.pools);
  const reopened = await next.systems.homeOf(world.tenant);
  expect(reopened.settle['purchase-order']?.uniquenessEnforced).toBe(true);
  await next.systems.close();
  await world.query("update connection set fingerprint = 'another company' where id = 'b1'");
  const other = openTestEngine(world.db.pools);
  expect((await other.systems.homeOf(world.tenant)).settle['purchase-order']?.uniquenessEnforced).toBe(false);
  await other.systems.close();
});

test('looks twice as far apart as the search lagged', async () => {
  await open({ erp: 'demo-erp' });
  // Long against what polling takes, so that most of it is left after the answer.
  await settings({ searchLagMs: 4_000 });
  const { seen } = await runTest();
  expect(seen.searchLagMs).toBeGreaterThanOrEqual(500);
  const { settle } = await world.engine.systems.homeOf(world.tenant);
  const untold = (await import('../../src/connectors/demo-erp/index.ts')).demoErp.settle(
    { baseUrl: 'http://x', company: 'x', apiKey: 'x', requestLifeMs: null },
    { 'purchase-order': seen },
  )['purchase-order'];
  expect(untold?.probeGapMs).toBe(2 * seen.searchLagMs!);
  expect(settle['purchase-order']?.uniquenessEnforced).toBe(false);
});

test('stops a connection whose user may create but not read, until the test order can be seen', async () => {
  await open({ erp: 'demo-erp' });
  await settings({ searchLagMs: 10_000_000 });
  const { seen, failed } = await runTest(1_500);
  expect(seen).toEqual({ uniquenessEnforced: null, searchLagMs: null, readable: false });
  expect(failed).toContain('self-test: read back');
  expect(await phase()).toBe('read-only');
  const raise = () =>
    world.service.setPhase({
      tenant: world.tenant,
      user: people.engineer,
      phase: 'one-way',
      connectionId: world.erp.connection.id,
    });
  expect(await raise()).toMatchObject({ ok: false, title: 'The probe is blind' });
  await settings({ searchLagMs: 0 });
  expect(await raise()).toEqual({ ok: true });
});

test('leaves no orphan for the sweep, and real orders post after it as before', async () => {
  await open();
  await runTest();
  const exported = await exportCommitment(world);
  await standsOnce(world, exported);
  expect(await audited(world, exported.contract, 'intent')).toBeGreaterThan(0);
  const { findings } = await sweepReferences(
    world.engine,
    await world.engine.systems.homeOf(world.tenant),
    null,
  );
  expect(findings).toEqual([]);
  expect(await questions(world, 'exception')).toEqual([]);
});

test('says which test orders a person has to take back', async () => {
  await open();
  await settings({ approvalProcedure: true });
  const { failed, findings } = await runTest();
  expect(failed).toEqual(['self-test: taken back']);
  expect(findings.at(-1)?.message).toMatch(/draft-900001/);
});

test('writes nothing in a read-only phase, and nothing without being run', async () => {
  await open({ phase: 'read-only' });
  await expect(planSelfTest(world.engine, await erp())).rejects.toThrow(/is read-only/);
  const before = await world.erp.orderWrites();
  await world.query("update connection set phase = 'one-way' where id = 'b1'");
  const plan = await planSelfTest(world.engine, await erp());
  expect(plan.order.lines).toHaveLength(3);
  expect(await world.erp.orderWrites()).toBe(before);
});

/** Runs a command of the CLI on this world's database. */
async function command(run: Command, flags: Shell['flags']) {
  const printed: string[] = [];
  const code = await run.run({
    words: [],
    flags,
    json: true,
    isTerminal: false,
    print: (text) => void printed.push(text),
    say: () => {},
    open: async () => ({ engine: world.engine, pools: world.db.pools, vault, close: async () => {} }),
    describe: () => ({ account: '', config: {}, secrets: {} }),
    systems: [],
    root: '.',
    dataDir: '.',
    until: async () => {},
  });
  return { code, lines: JSON.parse(printed.join('')) as Record<string, unknown>[] };
}

test('is offered by the command with what it would write, done only with consent, and shown afterwards', async () => {
  await open();
  const before = await world.erp.orderWrites();
  const offered = await command(check, { 'self-test': true });
  expect(offered.code).toBe(0);
  expect(offered.lines[0]?.message).toMatch(/Would send one order of 1267\.91 USD 3 times to Harbor/);
  expect(await world.erp.orderWrites()).toBe(before);
  await expect(command(check, { consent: true })).rejects.toThrow(/goes with --self-test/);

  const done = await command(check, { 'self-test': true, consent: true, with: 'V1001,JOB-5,5200' });
  expect(done.code).toBe(0);
  expect(await world.erp.orderWrites()).toBeGreaterThan(before);
  const shown = await command(check, {});
  const subjects = shown.lines.map(({ subject }) => String(subject));
  expect(subjects.filter((subject) => subject.startsWith('self-test: '))).toHaveLength(done.lines.length);
  const rows = await inTenant(world.db.pools.app, world.tenant, listConnections);
  const shownRows = rows
    .map(toConnectionRow)
    .map(({ id, selfTest }) => [id, selfTest?.findings.length ?? null]);
  expect(shownRows).toContainEqual(['b1', done.lines.length]);
});

test('leaves the command that sweeps with nothing to find, and with an exit code when something is', async () => {
  await open({ erp: 'demo-erp' });
  const exported = await exportCommitment(world);
  const { id } = await standsOnce(world, exported);
  expect(await command(sweepCommand, { references: true })).toMatchObject({
    code: 0,
    lines: [{ listed: 1, findings: [] }],
  });
  await world.b1.post('act', { action: 'copy_order', id });
  const found = await command(sweepCommand, { references: true, 'missing-limit': '20' });
  expect(found).toMatchObject({ code: 1, lines: [{ findings: [{ kind: 'duplicate' }] }] });
  const limits = await world.query('select 1 from connection where missing_limit_percent = 20');
  expect(limits).toHaveLength(1);
  await expect(command(sweepCommand, {})).rejects.toThrow(/--references/);
  await expect(command(sweepCommand, { references: true, 'missing-limit': '0' })).rejects.toThrow(/1 to 100/);
});
