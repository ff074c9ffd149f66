import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { systemClock } from '../../lib/clock.ts';
import { openLog } from '../../lib/log.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { type Lane, type LaneEnd, wakeLanes } from '../../store/work/lane.ts';
import { LaneRunner } from './lane-runner.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("insert into tenant (tenant, name) values ('acme', 'Acme')"),
  );
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.pools.dispatch.query('delete from lane');
  await db.pools.dispatch.query('delete from account_lease');
});

const ACCOUNT = 'procore app';
const wake = (...ids: string[]) =>
  inTenant(db.pools.app, 'acme', (tx) =>
    wakeLanes(
      tx,
      ids.map((id) => ({ stage: 'source', id, account: ACCOUNT })),
    ),
  );

function start(lanes: number, work: (lane: Lane) => Promise<LaneEnd>) {
  const runner = new LaneRunner({
    pool: db.pools.dispatch,
    clock: systemClock,
    log: openLog('silent'),
    owner: randomUUID(),
    leaseMs: 10_000,
    pollMs: 50,
    accounts: async () => [{ account: ACCOUNT, lanes }],
    work,
  });
  const ended = runner.run();
  return {
    async stop() {
      runner.stop();
      await ended;
    },
  };
}

async function until<T>(look: () => Promise<T | null> | T | null): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = await look();
    if (found !== null) return found;
    await systemClock.sleep(10);
  }
  throw new Error('it did not come to pass');
}

async function lanesLeft(): Promise<{ id: string; leased: boolean }[]> {
  const { rows } = await db.pools.dispatch.query<{ id: string; leased: boolean }>(
    'select id, lease_until is not null as leased from lane order by id',
  );
  return rows;
}
const noneLeft = () => until(async () => ((await lanesLeft()).length === 0 ? true : null));

test('works every lane once, with no more at a time than allowed, and leaves none behind', async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `record-${index}`);
  const worked: string[] = [];
  let running = 0;
  let most = 0;
  const worker = start(5, async ({ id }) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    worked.push(id);
    return { afterMs: null };
  });
  await wake(...ids);
  await noneLeft();
  await worker.stop();
  expect(worked.toSorted()).toEqual(ids.toSorted());
  expect(most).toBe(5);
});

test('a lane that is woken while it runs is run once more', async () => {
  let runs = 0;
  const worker = start(2, async ({ id }) => {
    runs += 1;
    if (runs === 1) await wake(id);
    return { afterMs: null };
  });
  await wake('record');
  await noneLeft();
  await worker.stop();
  expect(runs).toBe(2);
});

test('a worker that stops ends what it began and gives back at once what it had only claimed', async () => {
  const begun: string[] = [];
  let letGo: () => void = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  // Of eight slow lanes two more are claimed ahead.
  await wake(...Array.from({ length: 12 }, (_, index) => `record-${index}`));
  const worker = start(8, async ({ id }) => {
    begun.push(id);
    await held;
    return { afterMs: null };
  });
  await until(async () => ((await lanesLeft()).filter(({ leased }) => leased).length === 10 ? true : null));
  const stopped = worker.stop();
  const free = await until(async () => {
    const left = (await lanesLeft()).filter(({ leased }) => !leased);
    return left.length === 4 ? left : null;
  });
  expect(free.every(({ id }) => !begun.includes(id))).toBe(true);
  letGo();
  await stopped;
  expect((await lanesLeft()).map(({ id }) => id)).toEqual(free.map(({ id }) => id));
});

test('a lane that asked to come back is run again then, without anybody waking it', async () => {
  const at: number[] = [];
  const worker = start(1, async () => {
    at.push(performance.now());
    return { afterMs: at.length === 1 ? 80 : null };
  });
  await wake('record');
  await noneLeft();
  await worker.stop();
  expect(at).toHaveLength(2);
  expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(75);
});

test('what an account’s first worker had claimed is served by the next one when it is gone', async () => {
  const first = start(1, async () => ({ afterMs: 0 }));
  await wake('record');
  await until(async () => ((await lanesLeft()).length === 1 ? true : null));
  await first.stop();
  const second = start(1, async () => ({ afterMs: null }));
  await noneLeft();
  await second.stop();
  expect(await lanesLeft()).toEqual([]);
});
