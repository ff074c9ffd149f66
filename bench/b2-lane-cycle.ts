import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate } from '../src/store/database/migrate.ts';
import { openPools } from '../src/store/database/pools.ts';
import { graphileWorker } from './lanes/graphile.ts';
import { makeWork, ourLanes } from './lanes/ours.ts';
import { pgBoss } from './lanes/pg-boss.ts';
import type { Job, Queue } from './lanes/queue.ts';
import { type Finding, medianOf, middle } from './measure/ratio.ts';
import { startServer } from './measure/server.ts';

// A whole cycle of a lane against two queue libraries; README.md says how to read it.

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } });
const KEYS = 10;
const repeats = values.quick ? 2 : 5;
const distinct = values.quick ? 2_000 : 10_000;
const keyed = values.quick ? 200 : 1_000;
const SECRET = 'the bench seals nothing worth keeping';

const server = await startServer();
try {
  await migrate(server.ownerUrl, {
    migrationsDir: join(import.meta.dirname, '../migrations'),
    secret: SECRET,
  });
  await makeWork(server);
  const pools = openPools(server.ownerUrl, SECRET);
  const [lanes, boss] = [await ourLanes(pools), await pgBoss(server.ownerUrl)];
  const batched = await graphileWorker(server.ownerUrl, false);
  await rounds([lanes, batched, boss], 1, (round) => distinctJobs(round, 1_000));
  const free = await rounds([lanes, batched, boss], repeats, (round) => distinctJobs(round, distinct));
  await batched.stop();
  const named = await graphileWorker(server.ownerUrl, true);
  const ordered = await rounds([lanes, named, boss], repeats, () => keyedJobs(keyed));
  for (const queue of [lanes, named, boss]) await queue.stop();
  await pools.close();
  process.stdout.write(`${JSON.stringify(finding(free, ordered))}\n`);
} finally {
  await server.stop();
}

type Rates = ReadonlyMap<string, readonly number[]>;

/** Every queue once a round, the order turned each time: jobs per second of each. */
async function rounds(
  queues: readonly Queue[],
  count: number,
  jobsOf: (round: number) => Job[],
): Promise<Rates> {
  const rates = new Map<string, number[]>(queues.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round += 1) {
    for (const queue of round % 2 === 0 ? queues : queues.toReversed()) {
      const jobs = jobsOf(round);
      const { seconds, order } = await queue.carry(jobs);
      demandAll(queue.name, jobs, order);
      rates.get(queue.name)!.push(jobs.length / seconds);
    }
  }
  return rates;
}

function demandAll(name: string, jobs: readonly Job[], order: ReadonlyMap<string, readonly number[]>): void {
  const worked = [...order.values()].reduce((sum, seqs) => sum + seqs.length, 0);
  const distinctSeqs = [...order.values()].reduce((sum, seqs) => sum + new Set(seqs).size, 0);
  if (worked !== jobs.length || distinctSeqs !== jobs.length)
    throw new Error(`${name} worked ${worked} of ${jobs.length} jobs, ${distinctSeqs} of them different`);
  if (name === 'tiebeam lanes' && disorder(order) > 0) throw new Error('the lanes mixed up a key');
}

/** Keys whose jobs were not worked in the order in which they came. */
function disorder(order: ReadonlyMap<string, readonly number[]>): number {
  return [...order.values()].filter((seqs) => seqs.some((seq, index) => index > 0 && seq < seqs[index - 1]!))
    .length;
}

function distinctJobs(round: number, count: number): Job[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${round}-${index}`, seq: 0 }));
}

function keyedJobs(count: number): Job[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `k${index % KEYS}`,
    seq: Math.floor(index / KEYS),
  }));
}

function finding(free: Rates, ordered: Rates): Finding {
  const against = (rates: Rates, pick: (...of: number[]) => number) => {
    const [ours, ...peers] = [...rates.values()];
    return medianOf(ours!.map((rate, round) => rate / pick(...peers.map((peer) => peer[round]!))));
  };
  const faster = against(free, Math.max);
  const slower = against(free, Math.min);
  const jobsPerSecond = (rates: Rates) =>
    Object.fromEntries([...rates].map(([name, of]) => [name, Math.round(middle(of))]));
  return {
    name: 'B2',
    title: 'ordered, fenced lane cycles/s : the faster of graphile-worker and pg-boss (distinct keys)',
    ...faster,
    repeats,
    target: '>= 0.5, and >= 1 of the slower',
    met: faster.ratio >= 0.5 && slower.ratio >= 1,
    toSlower: slower,
    jobsPerSecond: jobsPerSecond(free),
    tenKeys: {
      toFaster: against(ordered, Math.max),
      toSlower: against(ordered, Math.min),
      jobsPerSecond: jobsPerSecond(ordered),
    },
  };
}
