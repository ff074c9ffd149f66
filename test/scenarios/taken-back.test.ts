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

/** Nobody looks at the root any more, as after a turn that ended in front of a person. */
async function forgetLane(contract: number | string) {
  const id = `b1|commitment:${contract}`;
  const deleted = await world.query(`delete from lane where stage = 'post' and id = '${id}' returning id`);
  expect(deleted).toHaveLength(1);
  return () => world.query(`select id from lane where stage = 'post' and id = '${id}'`);
}

test('what waits behind an order is looked at once a person takes the order back', async () => {
  const letGo = await holdErpAccount(world);
  const { contract, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  const lane = await forgetLane(contract);
  const { id: documentId } = (await documentOf(world, contract))!;
  const wish = { tenant: world.tenant, user: people.accountant, documentId, reason: 'Not now.' };
  expect(await world.service.withdraw(wish)).toEqual({ ok: true });
  expect(await lane()).toHaveLength(1);
  await letGo();
});

test('what waits behind an order is looked at once the order is planned again', async () => {
  const letGo = await holdErpAccount(world);
  const { contract, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  const lane = await forgetLane(contract);
  await world.query("update connection set phase = 'read-only' where id = 'b1'");
  const { contracts } = await procoreState(world);
  const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
  await editLines(world, contract, [{ id: line.id, amount: '7.00' }]);
  await standsIn(world, contract, 'blocked');
  await until('its root is awake', async () => (await lane()).length === 1);
  await letGo();
});
