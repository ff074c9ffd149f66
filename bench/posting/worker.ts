import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startWorker } from '../../src/engine/dispatch/dispatch.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { openSystems } from '../../src/engine/systems.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { noFailPoint } from '../../src/lib/fail-point.ts';
import { openLog } from '../../src/lib/log.ts';
import { openSystem } from '../../src/main.ts';
import { openPools } from '../../src/store/database/pools.ts';
import { openVault } from '../../src/store/people/secrets.ts';

// A worker of the bench as a process of its own, so that it can be measured and killed alone.

export type WorkerSettings = {
  readonly databaseUrl: string;
  readonly secretKey: string;
  readonly leaseMs: number;
  /** After how long a request without an answer counts as lost; what the connector says where this is absent. */
  readonly clientTimeoutMs?: number;
  readonly probeGapMs?: number;
};
export type WorkerFigures = { readonly cpuSeconds: number; readonly rss: number; readonly heap: number };

const settings = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings;
const pools = openPools(settings.databaseUrl, settings.secretKey);
const open = openSystem(openVault(settings.secretKey), systemClock);
const engine: Engine = {
  pools,
  systems: openSystems(pools, patient(open), systemClock.now),
  clock: systemClock,
  newId: randomUUID,
  random: Math.random,
  log: openLog(process.env.TIEBEAM_BENCH_LOG ?? 'warn'),
  pace: { pullEveryMs: 3_600_000, sweepEveryMs: 3_600_000 },
  failPoint: noFailPoint,
};
const worker = startWorker(engine, { owner: randomUUID(), leaseMs: settings.leaseMs });

function patient(given: typeof open): typeof open {
  return (...args) => {
    const system = given(...args);
    const settle = Object.fromEntries(
      Object.entries(system.settle).map(([object, rule]) => [
        object,
        {
          ...rule,
          clientTimeoutMs: settings.clientTimeoutMs ?? rule.clientTimeoutMs,
          probeGapMs: settings.probeGapMs ?? rule.probeGapMs,
        },
      ]),
    );
    return { ...system, settle };
  };
}

async function figures(): Promise<WorkerFigures> {
  // Twice, because finalizers of the first run free what the second collects.
  for (let run = 0; run < 2; run += 1) {
    globalThis.gc?.();
    await wait(100);
  }
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { cpuSeconds: (user + system) / 1e6, rss, heap: heapUsed + external };
}

process.on('message', async (what: 'figures' | 'stop') => {
  if (what === 'figures') process.send?.(await figures());
  else {
    await worker.stop();
    await engine.systems.close();
    await pools.close();
    process.disconnect();
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
