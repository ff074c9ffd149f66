import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as wait } from 'node:timers/promises';
import { addHook } from '../../src/engine/set-up/tenant.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { noFailPoint } from '../../src/lib/fail-point.ts';
import { openLog } from '../../src/lib/log.ts';
import { openHouse, serve, startAllSweeps } from '../../src/main.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import type { Connections } from './company.ts';
import { setUp, TENANT } from './set-up.ts';

// The service of the bench as a process of its own: its memory and its profile are those of the product alone.

const HOOK = 'bench-hook';
const NOBODY_IS_ASKED = '1000000000.00';

export type Calls = Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;
export type Progress = { readonly confirmed: number; readonly lanes: number; readonly troubled: number };
export type Memory = { readonly rss: number; readonly heap: number };
type Ask = { readonly id: number; readonly what: keyof Answers };
export type Answers = {
  memory: Memory;
  calls: Calls;
  progress: Progress;
  commits: number;
  fsync: string;
  stop: null;
};

const [configText = '{}', dataDir = '', secret = ''] = process.argv.slice(2);
const config = JSON.parse(configText) as Connections;
const calls = countCalls();
const house = await openHouse({
  dataDir,
  clock: systemClock,
  log: openLog(process.env.TIEBEAM_BENCH_LOG ?? 'warn'),
  // As for a real company: the regular looks are no part of the line.
  pace: { pullEveryMs: 60_000, sweepEveryMs: 60_000 },
  failPoint: noFailPoint,
});
await setUp(house, config, NOBODY_IS_ASKED);
const serving = await serve(house, {
  host: '127.0.0.1',
  port: 0,
  https: false,
  simulated: [],
  roles: ['web', 'worker'],
});
await addHook(house.engine, TENANT, { id: HOOK, connection: 'procore', secret, companyId: config.companyId });
await startAllSweeps(house.engine);

const answers: { readonly [What in keyof Answers]: () => Promise<Answers[What]> } = {
  async memory() {
    // Twice, because finalizers of the first run free what the second collects.
    for (let run = 0; run < 2; run += 1) {
      globalThis.gc?.();
      await wait(500);
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heap: heapUsed + external };
  },
  calls: async () => Object.fromEntries(calls),
  progress: () =>
    inTenant(house.pools.app, TENANT, async (tx) => (await tx.query<Progress>(PROGRESS)).rows[0]!),
  async commits() {
    const { rows } = await house.pools.dispatch.query<{ commits: number }>(COMMITS);
    return rows[0]!.commits;
  },
  async fsync() {
    const { rows } = await house.pools.dispatch.query<{ fsync: string }>('show fsync');
    return rows[0]!.fsync;
  },
  async stop() {
    await serving.stop();
    await house.close();
    return null;
  },
};

const PROGRESS = `select (select count(*)::int from document where state = 'confirmed' and kind = 'purchase-order') as confirmed,
  (select count(*)::int from lane where stage <> 'sweep') as lanes,
  (select count(*)::int from lane where last_error is not null) as troubled`;
const COMMITS = `select xact_commit::float8 as commits from pg_stat_database where datname = current_database()`;

process.on('message', async ({ id, what }: Ask) => {
  process.send?.({ id, answer: await answers[what]() });
  if (what === 'stop') process.disconnect();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, answer: `${serving.url}/webhooks/procore/${HOOK}` });

/** Counts what leaves this process, by host: sign-ins and other POSTs that change nothing are reads. */
function countCalls(): Map<string, { reads: number; writes: number }> {
  const counts = new Map<string, { reads: number; writes: number }>();
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { origin: string; method: string; path: string } };
    const count = counts.get(request.origin) ?? { reads: 0, writes: 0 };
    const changes = request.method !== 'GET' && !/\/(oauth|Login|Logout|CompanyService_)/.test(request.path);
    if (changes) count.writes += 1;
    else count.reads += 1;
    counts.set(request.origin, count);
  });
  return counts;
}
