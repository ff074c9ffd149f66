import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportAgain, mapCost } from './hands.ts';
import {
  closedDetail,
  documentOf,
  orderOf,
  orderWrites,
  questionAbout,
  questions,
  standsIn,
} from './looking.ts';
import { freezeVendor, refusedForFrozenVendor, thawVendor } from './refused-order.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

async function orders(): Promise<number> {
  return (await world.truth()).orders.length;
}

test('a vendor put on hold before the order is sent: refused, the sender is told, a new export posts once', async () => {
  const { contract, detail } = await refusedForFrozenVendor(world);
  const closed = await closedDetail(world, detail);
  expect(closed.status).toBe('failed');
  expect(closed.messages.join()).toMatch(/Vendor 'V1000' is on hold/);
  expect((await questionAbout(world, contract, 'refused')).question).toContain('nothing was posted');
  expect(await orders()).toBe(0);
  await thawVendor(world);
  const again = await exportAgain(world, contract);
  await standsIn(world, contract, 'confirmed');
  expect((await closedDetail(world, again.detail)).status).toBe('success');
  await orderOf(world, contract);
  expect(await questions(world, 'refused')).toEqual([]);
});

test('a refused order is not sent again by itself, and posts once when a person plans it again', async () => {
  const before = await orders();
  const { contract, detail } = await refusedForFrozenVendor(world);
  expect((await closedDetail(world, detail)).status).toBe('failed');
  const writes = await orderWrites(world);
  await freezeVendor(world, false);
  const { contract: other } = await exportCommitment(world, { lines: [{ amount: '1.00' }] });
  await standsIn(world, other, 'confirmed');
  expect(await orderWrites(world)).toBe(writes + 1);
  const refused = (await documentOf(world, contract))!;
  expect(refused.state).toBe('refused');
  const planned = await world.service.replan({
    tenant: world.tenant,
    user: people.accountant,
    documentId: refused.id,
  });
  expect(planned).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  expect(await orders()).toBe(before + 2);
  expect(await questions(world, 'exception')).toEqual([]);
});

test('an account the ERP does not take at send time is named with its line; another account posts once', async () => {
  expect(await mapCost(world, '09-900|S', '5300')).toEqual({ ok: true });
  const lines = [{ amount: '5.00' }, { amount: '6.00', code: 43 }] as const;
  const { contract, detail } = await exportCommitment(world, { lines });
  await standsIn(world, contract, 'refused');
  const closed = await closedDetail(world, detail);
  expect(closed.status).toBe('failed');
  expect(closed.messages.join()).toMatch(/\(line 2\).*'5300' needs a distribution rule/);
  expect(await mapCost(world, '09-900|S', '5100')).toEqual({ ok: true });
  await standsIn(world, contract, 'confirmed');
  const order = await orderOf(world, contract);
  expect(order.document.DocumentLines.map((line) => line.AccountCode)).toEqual(['5200', '5100']);
  await until('nothing is asked any more', async () => {
    const open = [...(await questions(world, 'refused')), ...(await questions(world, 'exception'))];
    return open.length === 0;
  });
});
