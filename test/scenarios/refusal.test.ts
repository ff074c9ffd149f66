import { afterAll, beforeAll, expect, test } from 'vitest';
import { actInErp, exportAgain, holdErpAccount, mapCost } from './hands.ts';
import {
  closedDetail,
  documentOf,
  orderOf,
  orderWrites,
  questionAbout,
  questions,
  standsIn,
} from './looking.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const freeze = (frozen: boolean) => actInErp(world, { action: 'freeze_vendor', cardCode: 'V1000', frozen });

async function refusedForFrozenVendor(): Promise<{ contract: number; detail: number }> {
  const release = await holdErpAccount(world);
  const { contract, detail, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(request);
  // The vendor is put on hold after the plan looked at it and before the order is sent.
  await freeze(true);
  await release();
  await standsIn(world, contract, 'refused', { reason: 'refused' });
  return { contract, detail };
}

/** Webhook and sweep both told of the request, and what they told is planned. */
async function nothingLeftToPlan(request: number): Promise<void> {
  await until('nothing is left to plan', async () => {
    const told = await world.query('select 1 from signal where dedupe_key = $1', [`request:${request}`]);
    const lanes = await world.query("select 1 from lane where stage = 'source'");
    return told.length === 1 && lanes.length === 0;
  });
}

/** Waits until the engine has read the vendor again: another telephone number proves that it did. */
async function vendorSeenUnfrozen(): Promise<void> {
  const phone = '555-0100';
  await actInErp(world, { action: 'edit_vendor', cardCode: 'V1000', changes: { Phone1: phone } });
  await until('the vendor is read again', async () => {
    const rows = await world.query(
      `select 1 from record where connection = 'b1' and object = 'vendor' and native_id = 'V1000'
         and body ->> 'phone' = $1 and (body ->> 'active')::boolean`,
      [phone],
    );
    return rows.length === 1;
  });
}

async function orders(): Promise<number> {
  return (await world.truth()).orders.length;
}

test('a vendor put on hold before the order is sent: refused, the sender is told, a new export posts once', async () => {
  const { contract, detail } = await refusedForFrozenVendor();
  const closed = await closedDetail(world, detail);
  expect(closed.status).toBe('failed');
  expect(closed.messages.join()).toMatch(/Vendor 'V1000' is on hold/);
  expect((await questionAbout(world, contract, 'refused')).question).toContain('nothing was posted');
  expect(await orders()).toBe(0);
  await freeze(false);
  await vendorSeenUnfrozen();
  const again = await exportAgain(world, contract);
  await standsIn(world, contract, 'confirmed');
  expect((await closedDetail(world, again.detail)).status).toBe('success');
  await orderOf(world, contract);
  expect(await questions(world, 'refused')).toEqual([]);
});

test('a refused order is not sent again by itself, and posts once when a person plans it again', async () => {
  const before = await orders();
  const { contract, detail } = await refusedForFrozenVendor();
  expect((await closedDetail(world, detail)).status).toBe('failed');
  const writes = await orderWrites(world);
  await freeze(false);
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
