import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import { noFailPoint } from '../../src/lib/fail-point.ts';
import { openLog } from '../../src/lib/log.ts';
import { openHouse } from '../../src/main.ts';
import { laneChannel } from '../../src/store/work/lane.ts';
import { setUp } from '../line/set-up.ts';
import { type Sides, startSides } from '../line/sides.ts';
import { type BenchServer, startServer } from '../measure/server.ts';
import { makeReady } from './ready.ts';
import type { WorkerFigures, WorkerSettings } from './worker.ts';

const SECRET = 'the bench seals nothing worth keeping';
// Everything is approved by the controller: the whole gate stands in front of every document.
const EVERYTHING_IS_ASKED = '0.01';
const STUCK_AFTER_MS = 180_000;

export type Stage = {
  readonly sides: Sides;
  readonly server: BenchServer;
  /** Starts one more worker process; whoever stops the stage need not stop it. */
  readonly startWorker: (more?: Omit<WorkerSettings, 'databaseUrl' | 'secretKey'>) => Promise<WorkerProcess>;
  /** Lets the postings of these contracts begin; the moment, by the clock of the database. */
  readonly letGo: (contracts: readonly number[]) => Promise<number>;
  /** Waits until all of them are posted; the moment of the last. */
  readonly allPosted: (contracts: readonly number[]) => Promise<number>;
  readonly stop: () => Promise<void>;
};

export type WorkerProcess = {
  readonly figures: () => Promise<WorkerFigures>;
  /** kill -9 */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Both systems, the database and documents that are ready to post and held back until they are let go. */
export async function openStage(contracts: readonly number[], inFlight: number): Promise<Stage> {
  const sides = await startSides(contracts.length, inFlight);
  const server = await startServer();
  const house = await openHouse({
    databaseUrl: server.ownerUrl,
    dataDir: join(server.dataDir, 'house'),
    secretKey: SECRET,
    clock: systemClock,
    log: openLog('warn'),
    pace: { pullEveryMs: 3_600_000, sweepEveryMs: 3_600_000 },
    failPoint: noFailPoint,
  });
  await setUp(house, sides.config, EVERYTHING_IS_ASKED);
  await makeReady(house.engine, contracts);
  await house.close();
  const { owner } = server;
  // The way there is not measured: what is left to look at in the source would only take CPU from the rest.
  await owner.query(`delete from lane where stage = 'source'`);
  await owner.query(`update lane set due_at = 'infinity'`);
  await owner.query('vacuum analyze');
  const children: ChildProcess[] = [];
  return {
    sides,
    server,
    async startWorker(more = { leaseMs: 30_000 }) {
      const settings = { ...more, databaseUrl: server.ownerUrl, secretKey: SECRET };
      const { child, worker } = await forked(settings);
      children.push(child);
      return worker;
    },
    letGo: (chosen) => letGo(server, chosen),
    allPosted: (chosen) => allPosted(server, chosen),
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      await sides.stop();
      await server.stop();
    },
  };
}

async function forked(settings: WorkerSettings) {
  const child = fork(resolve(import.meta.dirname, 'worker.ts'), [JSON.stringify(settings)], {
    execArgv: ['--expose-gc', ...profiling()],
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended.then(() => Promise.reject(new Error('a worker ended')))]);
  const worker: WorkerProcess = {
    async figures() {
      child.send('figures');
      const [figures] = await once(child, 'message');
      return figures as WorkerFigures;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.send('stop');
      await ended;
    },
  };
  return { child, worker };
}

/** A folder in TIEBEAM_BENCH_PROFILE has each worker write its CPU profile there. */
function profiling(): string[] {
  const folder = process.env.TIEBEAM_BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

async function letGo({ owner }: BenchServer, contracts: readonly number[]): Promise<number> {
  const { rows } = await owner.query<{ at: Date }>('select clock_timestamp() as at');
  await owner.query(
    `with gone as (update lane set due_at = now() where stage = 'post' and id = any($1) returning account)
     select pg_notify($2, account) from (select distinct account from gone) as woken`,
    [contracts.map((contract) => `business-one|commitment:${contract}`), laneChannel],
  );
  return rows[0]!.at.getTime();
}

async function allPosted({ owner }: BenchServer, contracts: readonly number[]): Promise<number> {
  const untilMs = performance.now() + STUCK_AFTER_MS;
  for (;;) {
    const { rows } = await owner.query<{ posted: number; last: Date }>(
      `select count(*)::int as posted, max(posted_at) as last from document
       where state in ('posted', 'confirmed') and source_id = any($1)`,
      [contracts.map(String)],
    );
    const { posted, last } = rows[0]!;
    if (posted === contracts.length) return last.getTime();
    if (performance.now() > untilMs) throw new Error(`stuck with ${posted} of ${contracts.length} posted`);
    await wait(100);
  }
}
