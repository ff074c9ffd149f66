import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/approval/gate.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { setPolicy } from '../../src/store/settings/policy.ts';
import { approveAs, holdErpAccount } from './hands.ts';
import { approvalsOf, documentOf, orderWrites, standsIn } from './looking.ts';
import { freezeVendorUnread, nothingLeftToPlan, thawVendor } from './refused-order.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  // The vendor is linked first, so that what is held back below are orders alone.
  await standsIn(world, (await exportCommitment(world)).contract, 'confirmed');
});
afterAll(() => world?.stop());

const large = [{ amount: '60000.00' }];
const raisePhase = () =>
  world.service.setPhase({
    tenant: world.tenant,
    user: people.engineer,
    connectionId: 'b1',
    phase: 'one-way',
  });

test('an order that was ready is not sent once another process made the phase read-only', async () => {
  const letGo = await holdErpAccount(world);
  const { contract, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  const before = await orderWrites(world);
  // Nobody in this process is told of it: only what looks at the moment of sending can know.
  await world.query("update connection set phase = 'read-only' where id = 'b1'");
  await letGo();
  await standsIn(world, contract, 'blocked', { reason: 'read-only' });
  expect(await orderWrites(world)).toBe(before);
  await raisePhase();
  await standsIn(world, contract, 'confirmed');
  expect(await orderWrites(world)).toBe(before + 1);
});

test('an approval is used up by its order: what was refused and is planned again needs another one', async () => {
  const letGo = await holdErpAccount(world);
  const { contract } = await exportCommitment(world, { lines: large });
  expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
  await freezeVendorUnread(world);
  await letGo();
  await standsIn(world, contract, 'refused');
  expect(await approvalsOf(world, contract)).toEqual([{ stale: false, consumed: true }]);
  await thawVendor(world);
  const before = await orderWrites(world);
  const { id: documentId } = (await documentOf(world, contract))!;
  const again = await world.service.replan({ tenant: world.tenant, user: people.accountant, documentId });
  expect(again).toEqual({ ok: true });
  await standsIn(world, contract, 'awaiting-approval');
  expect(await orderWrites(world)).toBe(before);
  expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  await until('both approvals are used up', async () =>
    (await approvalsOf(world, contract)).every(({ consumed }) => consumed),
  );
});

test('an order that could go by itself waits for a person when a stricter policy came before it was sent', async () => {
  const letGo = await holdErpAccount(world);
  const { contract, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  const before = await orderWrites(world);
  const [rule] = defaultPolicy.approvals;
  const strict = { approvals: [{ ...rule!, threshold: '10.00' }] };
  await inTenant(world.db.pools.app, world.tenant, (tx) => setPolicy(tx, strict, people.controller.id));
  await letGo();
  await standsIn(world, contract, 'awaiting-approval');
  expect(await orderWrites(world)).toBe(before);
  expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  expect(await orderWrites(world)).toBe(before + 1);
});
