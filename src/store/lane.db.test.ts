import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/setup/database.ts';
import { holdAccount, releaseAccounts } from './account-lease.ts';
import { claimLanes, fenceHolds, type Lane, releaseLane, wakeLane } from './lane.ts';
import { inTenant, inTransaction } from './transaction.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const tenant of ['acme', 'flood']) {
    await inTenant(db.pools.app, tenant, (tx) =>
      tx.query('insert into tenant (tenant, name) values ($1, $1)', [tenant]),
    );
  }
});
afterAll(() => db.drop());
beforeEach(() =>
  inTransaction(db.pools.dispatch, async (tx) => {
    await tx.query('delete from lane');
    await tx.query('delete from account_lease');
  }),
);

const account = 'procore:app';
const wake = (tenant: string, id: string, afterMs = 0) =>
  inTenant(db.pools.app, tenant, (tx) => wakeLane(tx, { stage: 'source', id, account }, afterMs));
const claim = (count = 10, leaseMs = 10_000) =>
  inTransaction(db.pools.dispatch, (tx) => claimLanes(tx, account, count, leaseMs));
const release = (lane: Lane, next: Parameters<typeof releaseLane>[2]) =>
  inTransaction(db.pools.dispatch, (tx) => releaseLane(tx, lane, next));
const hold = (owner: string, leaseMs = 10_000) =>
  inTransaction(db.pools.dispatch, (tx) => holdAccount(tx, account, owner, leaseMs));
const holds = (lane: Lane, fence: string) =>
  inTenant(db.pools.app, lane.tenant, (tx) => fenceHolds(tx, lane, fence));

/** Lets every lease end, as time would. */
const endLeases = () =>
  inTransaction(db.pools.dispatch, async (tx) => {
    await tx.query("update lane set lease_until = now() - interval '1 second'");
    await tx.query("update account_lease set lease_until = now() - interval '1 second'");
  });

test('a tenant with many due lanes delays another tenant by one turn', async () => {
  for (let i = 0; i < 50; i += 1) await wake('flood', `record-${i}`);
  await wake('acme', 'late');
  const lanes = await claim(2);
  expect(lanes.map((lane) => lane.tenant).sort()).toEqual(['acme', 'flood']);
});

test('two workers that claim at once never get the same lane', async () => {
  for (let i = 0; i < 40; i += 1) await wake('acme', `record-${i}`);
  const claimed = (await Promise.all(Array.from({ length: 4 }, () => claim(10)))).flat();
  expect(new Set(claimed.map((lane) => lane.id)).size).toBe(claimed.length);
});

test('a lane that asked for later is not due before', async () => {
  await wake('acme', 'later', 60_000);
  expect(await claim()).toEqual([]);
});

test('a lane whose lease ended goes to another worker, and the old fence holds no more', async () => {
  await wake('acme', 'record');
  const fence = (await hold('one'))!;
  const [old] = await claim(1);
  await endLeases();
  const [next] = await claim(1);
  const again = (await hold('one'))!;
  expect(next?.id).toBe(old?.id);
  expect(await holds(old!, fence)).toBe(false);
  expect(await holds(next!, again)).toBe(true);
});

test('a lane that failed comes back later and keeps what it said', async () => {
  await wake('acme', 'record');
  const [lane] = await claim();
  await release(lane!, { afterMs: 60_000, error: 'Procore is down' });
  expect(await claim()).toEqual([]);
  const { rows } = await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query('select last_error, attempts from lane'),
  );
  expect(rows).toEqual([{ last_error: 'Procore is down', attempts: 1 }]);
});

test('an account is served by one worker until its lease ends, and the next has another fence', async () => {
  const first = await hold('a');
  expect(await hold('b')).toBeNull();
  expect(await hold('a')).toBe(first);
  await endLeases();
  const second = await hold('b');
  expect(second).not.toBeNull();
  expect(second).not.toBe(first);
  await inTransaction(db.pools.dispatch, (tx) => releaseAccounts(tx, 'b'));
  expect(await hold('a')).not.toBeNull();
});

test('losing the account ends the right to act on its lanes', async () => {
  await wake('acme', 'record');
  const mine = (await hold('a'))!;
  const [lane] = await claim();
  expect(await holds(lane!, mine)).toBe(true);
  await endLeases();
  await hold('b');
  expect(await holds(lane!, mine)).toBe(false);
});
