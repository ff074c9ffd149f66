import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker, type Worker } from '../../src/engine/dispatch/dispatch.ts';
import { openPools, type Pools } from '../../src/store/database/pools.ts';
import { type Child, startChild } from './child.ts';
import { standsOnce } from './standing.ts';
import { openTestEngine } from './test-engine.ts';
import {
  createCommitment,
  exportCommitment,
  sendAndApprove,
  startWorld,
  until,
  type World,
} from './world.ts';

const LEASE_MS = 1_000;

let world: World;
let workers: Worker[] = [];
const children: Child[] = [];
const pools: Pools[] = [];

beforeAll(async () => {
  world = await startWorld();
  await standsOnce(world, await exportCommitment(world));
  await world.stopWorkers();
});
afterAll(async () => {
  // Also one that sleeps: only this signal ends it without waking it.
  for (const child of children) child.signal('SIGKILL');
  await stopAll();
  await Promise.all(pools.map((each) => each.close()));
  await world?.stop();
});

/** A second engine on the same database, with connections, sessions and doors of its own. */
function startAnother(): void {
  const own = openPools(world.db.ownerUrl, world.db.secret, { sizes: { app: 5, dispatch: 3, door: 2 } });
  pools.push(own);
  const engine = openTestEngine(own);
  const worker = startWorker(engine, { owner: randomUUID(), leaseMs: LEASE_MS, pollMs: 100 });
  workers.push({
    async stop() {
      await worker.stop();
      await engine.systems.close();
    },
  });
}

async function stopAll(): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
}

async function exportMany(count: number): Promise<{ contract: number; detail: number }[]> {
  const sent = [];
  for (let index = 0; index < count; index += 1) {
    const contract = await createCommitment(world, { lines: [{ amount: `${100 + index}.00` }] });
    sent.push({ contract, ...(await sendAndApprove(world, contract)) });
  }
  return sent;
}

/** Who holds the accounts now: one worker each, never two. */
async function owners(): Promise<string[]> {
  const { rows } = await world.db.pools.dispatch.query<{ owner: string }>(
    'select owner from account_lease where lease_until > now() order by account',
  );
  return rows.map(({ owner }) => owner);
}

test('two engines under faults make one order of each, and every request is answered', async () => {
  startAnother();
  startAnother();
  await world.erp.trouble(
    { kind: 'lost-reply', times: 2 },
    { kind: 'late-commit', times: 2, params: { delay_ms: 250 } },
    { kind: 'unavailable', times: 2, params: { after_commit: true } },
    { kind: 'session-loss', times: 2 },
  );
  const sent = await exportMany(10);
  for (const each of sent) await standsOnce(world, each);
  const references = (await world.erp.orders()).map(({ reference }) => reference);
  expect(new Set(references).size).toBe(references.length);
  expect(await owners()).toHaveLength(2);
  await stopAll();
});

test('a worker that stops in the middle is followed by the other one', async () => {
  startAnother();
  const [first] = workers;
  await until('the first holds the accounts', async () => (await owners()).length === 2);
  startAnother();
  const sent = await exportMany(6);
  await first!.stop();
  workers = workers.slice(1);
  for (const each of sent) await standsOnce(world, each);
  await stopAll();
});

test('a worker that slept past its lease, with an intent in hand, sends nothing when it wakes', async () => {
  const child = startChild(world, { failAt: 'after-intent', sleeps: true });
  children.push(child);
  const before = await world.erp.orderWrites();
  const sent = await exportMany(1);
  await until('it sleeps', async () => child.said() === 'reached after-intent');
  startAnother();
  await standsOnce(world, sent[0]!);
  child.signal('SIGCONT');
  // It comes back to accounts that another one serves; this one is exported while both are awake.
  sent.push(...(await exportMany(1)));
  await standsOnce(world, sent[1]!);
  expect((await world.erp.orderWrites()) - before).toBe(2);
  await stopAll();
});

test('connections to the database that break lose nothing and double nothing', async () => {
  startAnother();
  const owner = new pg.Client({ connectionString: world.db.ownerUrl });
  await owner.connect();
  try {
    const sent = await exportMany(6);
    for (let cut = 0; cut < 3; cut += 1) {
      await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and usename <> 'tiebeam_door'`,
      );
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    for (const each of sent) {
      await until(`${each.contract} stands`, () => standsOnce(world, each).catch(() => null), 25_000);
    }
  } finally {
    await owner.end();
  }
  expect(await world.erp.orders()).toHaveLength(1 + 10 + 6 + 2 + 6);
});
