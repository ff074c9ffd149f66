import { afterAll, beforeAll, expect, test } from 'vitest';
import { editLines, holdErpAccount } from './hands.ts';
import { documentOf, procoreState, standsIn } from './looking.ts';
import { nothingLeftToPlan } from './refused-order.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await standsIn(world, (await exportCommitment(world)).contract, 'confirmed');
});
afterAll(() => world?.stop());

/**
 * Nobody here looks at the root any more: another worker has it in hand. This one may go on for a moment as if the
 * account were still its own, and would work the lane and be done with it before anybody sees that it was woken.
 */
async function wakesOf(contract: number | string) {
  const lane = `stage = 'post' and id = 'b1|commitment:${contract}'`;
  const taken = await world.query<{ wakes: string }>(
    `update lane set fence = fence + 1, due_at = 'infinity', lease_until = now() + interval '1 hour'
     where ${lane} returning wakes`,
  );
  expect(taken).toHaveLength(1);
  return async () => {
    const [now] = await world.query<{ wakes: string }>(`select wakes from lane where ${lane}`);
    return Number(now!.wakes) - Number(taken[0]!.wakes);
  };
}

test('what waits behind an order is looked at once a person takes the order back', async () => {
  const letGo = await holdErpAccount(world);
  const { contract, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  const wakes = await wakesOf(contract);
  const { id: documentId } = (await documentOf(world, contract))!;
  const wish = { tenant: world.tenant, user: people.accountant, documentId, reason: 'Not now.' };
  expect(await world.service.withdraw(wish)).toEqual({ ok: true });
  expect(await wakes()).toBe(1);
  await letGo();
});

test('what waits behind an order is looked at once the order is planned again', async () => {
  const letGo = await holdErpAccount(world);
  const { contract, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  const wakes = await wakesOf(contract);
  await world.query("update connection set phase = 'read-only' where id = 'b1'");
  const { contracts } = await procoreState(world);
  const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
  await editLines(world, contract, [{ id: line.id, amount: '7.00' }]);
  await standsIn(world, contract, 'blocked');
  await until('its root was woken', async () => (await wakes()) > 0);
  await letGo();
});
