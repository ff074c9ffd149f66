import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareTarget } from '../../src/engine/set-up/prepare-target.ts';
import { standsIn } from './looking.ts';
import { standsOnce } from './standing.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ phase: 'read-only' });
});
afterAll(() => world?.stop());

const linksIn = async (state: string) =>
  (
    await world.query<{ n: number }>(
      "select count(*)::int as n from document where kind = 'vendor-link' and state = $1",
      [state],
    )
  )[0]!.n;

test('what a read-only phase held back flows by itself once the phase is raised', async () => {
  // Before the worker of the world: prepareTarget brings one of its own.
  expect(await prepareTarget(world.engine, await world.engine.systems.homeOf(world.tenant))).toMatchObject({
    ok: false,
  });
  world.startWorker();
  await world.sweep();
  const waiting = await until(
    'vendor links wait for the phase',
    async () => (await linksIn('blocked')) || null,
  );
  const exported = await exportCommitment(world);
  await standsIn(world, exported.contract, 'blocked');
  expect((await world.truth()).writes.filter(({ committed }) => committed)).toEqual([]);

  const raised = { tenant: world.tenant, user: people.engineer, phase: 'one-way' as const };
  await world.service.setPhase({ ...raised, connectionId: world.erp.connection.id });
  await standsOnce(world, exported);
  await until('every vendor link is confirmed', async () => (await linksIn('confirmed')) === waiting || null);
  const [stuck] = await world.query<{ n: number }>(
    'select count(*)::int as n from lane where last_error is not null',
  );
  expect(stuck!.n).toBe(0);
});
