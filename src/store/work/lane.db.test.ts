import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { inTenant, inTransaction } from '../database/transaction.ts';
import { holdAccounts, releaseAccounts } from './account-lease.ts';
import {
  claimLanes,
  fenceHolds,
  type Lane,
  type LaneEnd,
  nextDueMs,
  releaseLanes,
  renewLanes,
  wakeLane,
} from './lane.ts';

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
const release = (lane: Lane, end: LaneEnd) =>
  inTransaction(db.pools.dispatch, (tx) => releaseLanes(tx, [{ lane, end }]));
const hold = async (owner: string, leaseMs = 10_000) => {
  const fences = await inTransaction(db.pools.dispatch, (tx) => holdAccounts(tx, [account], owner, leaseMs));
  return fences.get(account) ?? null;
};
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

test('an account that another worker has by now gives no right to act, although the lane is still held', async () => {
  await wake('acme', 'record');
  const mine = (await hold('a'))!;
  const [lane] = await claim();
  await inTransaction(db.pools.dispatch, (tx) => releaseAccounts(tx, 'a'));
  const theirs = (await hold('b'))!;
  expect(await holds(lane!, mine)).toBe(false);
  expect(await holds(lane!, theirs)).toBe(true);
});

test('a lease that ended gives no right to act, although nobody took it over yet', async () => {
  await wake('acme', 'record');
  const fence = (await hold('a'))!;
  const [lane] = await claim();
  await inTransaction(db.pools.dispatch, (tx) =>
    tx.query("update lane set lease_until = now() - interval '1 second'"),
  );
  expect(await holds(lane!, fence)).toBe(false);
});

test('lanes that ended together are given back together, each by what it asked for', async () => {
  for (const id of ['done', 'later', 'failed', 'woken', 'unbegun']) await wake('acme', id);
  const claimed = new Map((await claim()).map((lane) => [lane.id, lane]));
  await wake('acme', 'woken');
  const ends: Readonly<Record<string, LaneEnd>> = {
    done: { afterMs: null },
    later: { afterMs: 60_000 },
    failed: { afterMs: 30_000, error: 'Procore is down' },
    woken: { afterMs: null },
    unbegun: { untouched: true },
  };
  const { locked, dueMs } = await inTransaction(db.pools.dispatch, (tx) =>
    releaseLanes(
      tx,
      Object.entries(ends).map(([id, end]) => ({ lane: claimed.get(id)!, end })),
    ),
  );
  expect({ locked, dueMs }).toEqual({ locked: [], dueMs: 0 });
  const { rows } = await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query('select id, attempts, last_error, due_at <= now() as due from lane order by id'),
  );
  expect(rows).toEqual([
    { id: 'failed', attempts: 1, last_error: 'Procore is down', due: false },
    { id: 'later', attempts: 0, last_error: null, due: false },
    { id: 'unbegun', attempts: 0, last_error: null, due: true },
    { id: 'woken', attempts: 0, last_error: null, due: true },
  ]);
  expect((await claim()).map(({ id }) => id).sort()).toEqual(['unbegun', 'woken']);
});

test('a lane that was given back unbegun keeps what its last try said', async () => {
  await wake('acme', 'record');
  await release((await claim())[0]!, { afterMs: 0, error: 'Procore is down' });
  await release((await claim())[0]!, { untouched: true });
  expect(await claim()).toMatchObject([{ id: 'record', attempts: 1 }]);
});

test('whoever lost a lane cannot give it back under the one who has it now', async () => {
  await wake('acme', 'record');
  const [old] = await claim();
  await endLeases();
  const [next] = await claim();
  expect(await release(old!, { afterMs: null })).toEqual({ locked: [], dueMs: null });
  const fence = (await hold('two'))!;
  expect(await holds(next!, fence)).toBe(true);
});

test('a lane that is being woken is not waited for: it is given back a moment later, and due again', async () => {
  await wake('acme', 'record');
  await wake('acme', 'other');
  const [record, other] = (await claim()).sort((a, b) => (a.id < b.id ? 1 : -1));
  await inTenant(db.pools.app, 'acme', async (tx) => {
    await wakeLane(tx, { stage: 'source', id: 'record', account });
    const { locked } = await inTransaction(db.pools.dispatch, (own) =>
      releaseLanes(own, [
        { lane: record!, end: { afterMs: null } },
        { lane: other!, end: { afterMs: null } },
      ]),
    );
    expect(locked.map(({ lane }) => lane.id)).toEqual(['record']);
  });
  expect(await release(record!, { afterMs: null })).toEqual({ locked: [], dueMs: 0 });
  expect((await claim()).map(({ id }) => id)).toEqual(['record']);
});

test('a lane stays its worker’s as long as it is renewed, and no longer', async () => {
  await wake('acme', 'kept');
  await wake('acme', 'lost');
  const lanes = await claim(10, 1);
  const kept = lanes.find(({ id }) => id === 'kept')!;
  await inTransaction(db.pools.dispatch, (tx) => renewLanes(tx, [kept], 10_000));
  expect((await claim()).map(({ id }) => id)).toEqual(['lost']);
});

test('the next lane that is due is told across tenants, without those that a worker has', async () => {
  const next = () => inTransaction(db.pools.dispatch, (tx) => nextDueMs(tx, [account, 'nobody']));
  expect(await next()).toBeNull();
  await wake('flood', 'later', 60_000);
  await wake('acme', 'sooner', 30_000);
  expect(await next()).toBeGreaterThan(29_000);
  expect(await next()).toBeLessThanOrEqual(30_000);
  await wake('acme', 'now');
  expect(await next()).toBe(0);
  await claim();
  expect(await next()).toBeGreaterThan(29_000);
});

test('what a claim reads does not grow with what is due', async () => {
  await inTenant(db.pools.app, 'flood', (tx) =>
    tx.query(
      "insert into lane (tenant, stage, id, account) select 'flood', 'source', 'r' || i, $1 from generate_series(1, 30000) i",
      [account],
    ),
  );
  await wake('acme', 'late');
  const read = async () => {
    await db.pools.dispatch.query('select pg_stat_force_next_flush()');
    const { rows } = await db.pools.dispatch.query<{ read: number }>(
      "select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read from pg_stat_user_tables where relname = 'lane'",
    );
    return rows[0]!.read;
  };
  const before = await read();
  const lanes = await inTransaction(db.pools.dispatch, async (tx) => {
    const claimed = await claimLanes(tx, account, 20, 10_000);
    await tx.query('select pg_stat_force_next_flush()');
    return claimed;
  });
  expect(lanes).toHaveLength(20);
  expect(lanes.filter(({ tenant }) => tenant === 'acme')).toHaveLength(1);
  expect((await read()) - before).toBeLessThan(1_000);
});
