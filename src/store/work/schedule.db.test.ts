import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant, type Tx } from '../database/transaction.ts';
import { finishSlot, lastSlot, leaveSlot, startSlot } from './schedule.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await inDb((tx) => tx.query("insert into tenant (tenant, name) values ('acme', 'Acme')"));
});
afterAll(() => db.drop());
beforeEach(() => inDb((tx) => tx.query('delete from schedule')));

function inDb<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
  return inTenant(db.pools.app, 'acme', run);
}

it('gives a slot to one of many who believe that it is time', async () => {
  const given = await Promise.all([1, 2, 3, 4].map(() => inDb((tx) => startSlot(tx, 'job', '2026-11-19'))));
  expect(given.filter(Boolean)).toHaveLength(1);
});

it('gives a slot again only when its run left it or died, never when it was done', async () => {
  const start = () => inDb((tx) => startSlot(tx, 'job', 'a'));
  await start();
  await inDb((tx) => leaveSlot(tx, 'job', 'a'));
  expect(await start()).toBe(true);
  expect(await start()).toBe(false);
  await inDb((tx) => tx.query("update schedule set started_at = now() - interval '61 minutes'"));
  expect(await start()).toBe(true);
  await inDb((tx) => finishSlot(tx, 'job', 'a'));
  await inDb((tx) => tx.query("update schedule set started_at = now() - interval '2 days'"));
  expect(await start()).toBe(false);
  await inDb((tx) => leaveSlot(tx, 'job', 'a'));
  expect(await inDb((tx) => lastSlot(tx, 'job'))).toBe('a');
});

it('knows the last slot that came to its end, not one that runs', async () => {
  for (const slot of ['2026-11-18', '2026-11-19']) await inDb((tx) => startSlot(tx, 'job', slot));
  expect(await inDb((tx) => lastSlot(tx, 'job'))).toBeNull();
  await inDb((tx) => finishSlot(tx, 'job', '2026-11-18'));
  expect(await inDb((tx) => lastSlot(tx, 'job'))).toBe('2026-11-18');
});
