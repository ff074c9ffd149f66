import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Trouble } from './erp-target.ts';
import { editLines } from './hands.ts';
import { questions, standsIn } from './looking.ts';
import { audited, ordersOf, standsOnce } from './standing.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

const COMMON: readonly (readonly [string, Trouble])[] = [
  ['a reply lost after the order was made', { kind: 'lost-reply' }],
  // Within the 600 ms that the connection states as the life of a request, and after three looks without that wait.
  ['an order made late, after its caller was cut off', { kind: 'late-commit', params: { delay_ms: 540 } }],
  ['an answer cut in half', { kind: 'truncated-body' }],
  ['a 502 of a balancer after the order was made', { kind: 'unavailable', params: { after_commit: true } }],
  [
    'a 503 of a balancer after the order was made',
    { kind: 'unavailable', params: { after_commit: true, status: 503 } },
  ],
  ['two 503 in a row before anything was done', { kind: 'unavailable', times: 2, params: { status: 503 } }],
  ['a refusal for too many requests', { kind: 'rate-limited' }],
];

describe.each([
  ['sap-business-one', [...COMMON, ['a session lost in the middle', { kind: 'session-loss' }] as const]],
  ['demo-erp', [...COMMON, ['a job that the ERP forgot', { kind: 'lost-job', on: 'read' }] as const]],
] as const)('%s', (erp, troubles) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ erp, requestLifeMs: 600 });
  });
  afterAll(() => world?.stop());

  test.each(troubles)('%s ends as one order', async (_, trouble) => {
    await world.erp.trouble(trouble);
    const sent = await exportCommitment(world);
    const order = await standsOnce(world, sent);
    expect(order.total).toBe('1000.30');
    expect(await world.erp.reached(trouble.kind)).toBeGreaterThan(0);
  });

  test('a change whose answer was lost is applied once', async () => {
    const sent = await exportCommitment(world, { lines: [{ amount: '100.00' }] });
    const first = await standsOnce(world, sent);
    await world.erp.trouble({ kind: 'lost-reply', on: 'change' });
    await editLines(world, sent.contract, [{ amount: '23.45' }]);
    await until(
      'the change stands',
      async () => (await ordersOf(world, sent.contract))[0]?.total === '123.45',
    );
    const changed = await standsOnce(world, sent, 2);
    expect(changed).toMatchObject({ id: first.id, revision: '2', total: '123.45' });
    expect(changed.changes).toBe(erp === 'demo-erp' ? 1 : 0);
    expect(await world.erp.reached('lost-reply')).toBe(1);
  });

  test('no trouble above left a second order behind', async () => {
    const contracts = await world.query<{ n: string }>(
      "select count(distinct source_id) as n from document where source_object = 'commitment'",
    );
    expect(await world.erp.orders()).toHaveLength(Number(contracts[0]!.n));
  });
});

describe('where the life of a request is not known', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ requestLifeMs: null });
  });
  afterAll(() => world?.stop());

  test('empty looks end in front of a person and never in a second order', async () => {
    // Longer than both looks take: the order comes when everybody believes that there is none.
    await world.erp.trouble({ kind: 'late-commit', params: { delay_ms: 3_000 } });
    const { contract } = await exportCommitment(world);
    const [question] = await until('somebody is asked', async () => {
      const open = await questions(world, 'exception');
      return open.length === 0 ? null : open;
    });
    expect(question!.question).toContain('how long a request may live here is not configured');
    expect((await standsIn(world, contract, 'posting')).target_id).toBeNull();
    expect(await audited(world, contract, 'posting-exception')).toBe(1);

    await until('the late order stands', async () => (await world.erp.orders()).length === 1);
    const { id: documentId } = await standsIn(world, contract, 'posting');
    const again = await world.service.probeAgain({ tenant: world.tenant, user: people.engineer, documentId });
    expect(again).toEqual({ ok: true });
    await standsIn(world, contract, 'confirmed');
    expect(await world.erp.orders()).toHaveLength(1);
    expect(await world.erp.orderWrites()).toBe(1);
  });
});

describe('a session lost in the middle', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world?.stop());

  test('is answered with one sign-in and one order', async () => {
    const before = (await world.truth()).sessions.logins;
    await world.erp.trouble({ kind: 'session-loss' });
    await standsOnce(world, await exportCommitment(world));
    expect((await world.truth()).sessions.logins).toBe(before + 1);
  });
});
