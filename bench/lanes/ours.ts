import { LaneRunner } from '../../src/engine/dispatch/lane-runner.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openLog } from '../../src/lib/log.ts';
import type { Pools } from '../../src/store/database/pools.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { fenceHolds, type Lane, type LaneEnd, wakeLanes } from '../../src/store/work/lane.ts';
import type { BenchServer } from '../measure/server.ts';
import { batches, ENQUEUED_AT_ONCE, type Job, type Queue, workLog } from './queue.ts';

const TENANT = 'bench';
const ACCOUNT = 'bench account';
const LANES_AT_ONCE = 24;

/** The table that stands for the documents: a lane says where to look, and what is to be done is read from here. */
export async function makeWork({ owner }: BenchServer): Promise<void> {
  await owner.query(`insert into tenant (tenant, name) values ('${TENANT}', 'Bench')`);
  await owner.query(
    'create table bench_work (key text not null, seq integer not null, primary key (key, seq))',
  );
  await owner.query('grant select, insert, delete on bench_work to tiebeam_app');
}

/** The dispatcher as the product runs it, with work that does nothing but what the order and the fence ask for. */
export async function ourLanes(pools: Pools): Promise<Queue> {
  let log = workLog(0);
  let lanesOnly = true;
  const runner = new LaneRunner({
    pool: pools.dispatch,
    clock: systemClock,
    log: openLog('warn'),
    owner: 'bench',
    leaseMs: 30_000,
    pollMs: 1_000,
    accounts: async () => [{ account: ACCOUNT, lanes: LANES_AT_ONCE }],
    work: (lane, fence) => (lanesOnly ? workLane(lane) : workInOrder(lane, fence)),
  });
  const ended = runner.run();

  /** One job is one lane: its fence is checked when it is given back. */
  async function workLane(lane: Lane): Promise<LaneEnd> {
    log.note({ key: lane.id, seq: 0 });
    return { afterMs: null };
  }

  /** The jobs of one key: each in a transaction that checks both fences first, the oldest next. */
  async function workInOrder(lane: Lane, accountFence: string): Promise<LaneEnd> {
    for (;;) {
      const seq = await inTenant(pools.app, TENANT, async (tx) => {
        if (!(await fenceHolds(tx, lane, accountFence))) throw new Error('the lane was lost');
        const { rows } = await tx.query<{ seq: number }>(
          `delete from bench_work where key = $1 and seq = (select min(seq) from bench_work where key = $1) returning seq`,
          [lane.id],
        );
        return rows[0]?.seq ?? null;
      });
      if (seq === null) return { afterMs: null };
      log.note({ key: lane.id, seq });
    }
  }

  async function enqueue(jobs: readonly Job[]): Promise<void> {
    const lanes = jobs.map(({ key }) => ({ stage: 'source', id: key, account: ACCOUNT }) as const);
    await inTenant(pools.app, TENANT, async (tx) => {
      if (!lanesOnly)
        await tx.query('insert into bench_work (key, seq) select * from unnest($1::text[], $2::integer[])', [
          jobs.map(({ key }) => key),
          jobs.map(({ seq }) => seq),
        ]);
      await wakeLanes(tx, lanes);
    });
  }

  return {
    name: 'tiebeam lanes',
    async carry(jobs) {
      log = workLog(jobs.length);
      lanesOnly = jobs.every(({ seq }) => seq === 0);
      const startedMs = performance.now();
      for (const batch of batches(jobs, ENQUEUED_AT_ONCE)) await enqueue(batch);
      await log.whenAll;
      await empty(pools);
      return { seconds: (performance.now() - startedMs) / 1_000, order: log.order };
    },
    async stop() {
      runner.stop();
      await ended;
    },
  };
}

/** Given back as well: a lane that still stands there is not done. */
async function empty(pools: Pools): Promise<void> {
  for (;;) {
    const { rowCount } = await pools.dispatch.query('select 1 from lane where account = $1 limit 1', [
      ACCOUNT,
    ]);
    if (rowCount === 0) return;
  }
}
