import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseWholeJson } from '../../src/lib/decimal-json.ts';
import { type FailPointName, failPoints } from '../../src/lib/fail-point.ts';
import { hashHookSecret } from '../../src/procore/events/webhooks.ts';
import { endOf, startChild } from './child.ts';
import { procoreState, questionAbout } from './looking.ts';
import { standsOnce } from './standing.ts';
import type { Deed } from './worker-process.ts';
import { exportCommitment, people, startWorld, type World } from './world.ts';

const byDeed = ['after-signal', 'after-decision'] as const satisfies readonly FailPointName[];
const byWork = failPoints.filter((name) => !byDeed.some((deed) => deed === name));

describe.each([
  ['sap-business-one', byWork],
  ['demo-erp', ['after-release', 'after-answer']],
] as const)('%s', (erp, points) => {
  const killedAt = new Set<string>();
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ erp });
    // Links of vendors are made once: what is killed below is the work on the order.
    await standsOnce(world, await exportCommitment(world));
    await world.stopWorkers();
  });
  afterAll(() => world?.stop());

  async function killed(failAt: FailPointName, deed?: Deed): Promise<void> {
    const end = await endOf(startChild(world, { failAt, ...(deed === undefined ? {} : { deed }) }));
    expect(end).toEqual({ by: 'SIGKILL', said: `reached ${failAt}` });
    killedAt.add(failAt);
  }

  async function finishedByAnother(sent: { contract: number; detail: number }): Promise<void> {
    world.startWorker();
    // Left running, it would take over from the next worker before that one is killed.
    try {
      await standsOnce(world, sent);
    } finally {
      await world.stopWorkers();
    }
  }

  test.each(points)('a worker killed %s leaves one order', async (failAt) => {
    const before = await world.erp.orderWrites();
    const sent = await exportCommitment(world);
    await killed(failAt);
    const sentBefore = ['after-answer', 'after-outcome', 'after-confirm'].includes(failAt);
    expect((await world.erp.orderWrites()) - before).toBe(sentBefore ? 1 : 0);
    await finishedByAnother(sent);
  });

  test('the audit trail says of every intent what became of it', async () => {
    const open = await world.query(
      `select entry::jsonb ->> 'reference' as reference from audit where kind in ('intent', 'outcome')
       group by 1 having count(*) filter (where kind = 'intent') > count(*) filter (where kind = 'outcome')`,
    );
    expect(open).toEqual([]);
  });

  if (erp === 'demo-erp') return;

  test('a service killed after it stored a webhook leaves one order', async () => {
    await world.sim('POST', 'faults', { seed: 1, rules: [{ kind: 'lost-webhook', times: 1 }] });
    const sent = await exportCommitment(world);
    const { deliveries } = (await procoreState(world)) as unknown as {
      deliveries: { outcome: string; event: object }[];
    };
    const lost = deliveries.findLast(({ outcome }) => outcome === 'discarded')!;
    const body = JSON.stringify(lost.event);
    const wish = {
      tenant: world.tenant,
      connection: 'procore',
      hook: 'hook-1',
      secretHash: hashHookSecret('hook-secret'),
      body,
      content: parseWholeJson(body),
    };
    await killed('after-signal', { does: 'receiveWebhook', wish });
    await finishedByAnother(sent);
  });

  test('a service killed after an approval leaves one order', async () => {
    const sent = await exportCommitment(world, { lines: [{ amount: '60000.00' }] });
    world.startWorker();
    const { id, evidence } = await questionAbout(world, sent.contract, 'approval');
    await world.stopWorkers();
    const wish = {
      tenant: world.tenant,
      user: people.controller,
      reviewId: id,
      payloadHash: evidence.payloadHash!,
    };
    await killed('after-decision', { does: 'approve', wish });
    await finishedByAnother(sent);
  });

  test('every fail-point was really hit, and no order stands twice', async () => {
    expect([...killedAt].sort()).toEqual([...failPoints].sort());
    const contracts = await world.query(
      "select distinct source_id from document where source_object = 'commitment'",
    );
    expect(contracts).toHaveLength(failPoints.length + 1);
    expect(await world.erp.orders()).toHaveLength(contracts.length);
  });
});
