import { randomBytes, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { startWorker } from '../../src/engine/dispatch/dispatch.ts';
import { serviceOf } from '../../src/engine/service.ts';
import { failPointFrom } from '../../src/lib/fail-point.ts';
import { openPools } from '../../src/store/database/pools.ts';
import { openTestEngine, vault } from '../scenarios/test-engine.ts';
import { ATTACK_SECRET } from './cluster.ts';

/**
 * The service or a worker of the product in a process of its own. It is told over the channel to its parent when
 * to begin, and at which fail-point to die; TIEBEAM_FAIL_AT arms one from the start.
 */
export type Order =
  | {
      readonly do: 'begin';
      readonly as: 'worker' | 'service';
      readonly url: string;
      readonly port?: number;
      /** A self-test has shown that the ERP refuses a second document with one reference. */
      readonly isUnique: boolean;
    }
  | { readonly do: 'die-at'; readonly point: string };

const LEASE_MS = 1_000;
const seen = { uniquenessEnforced: true, searchLagMs: 0, readable: true };
const UNIQUE = {
  'purchase-order': seen,
  'ap-invoice': seen,
  'retainage-release': seen,
  'owner-invoice': seen,
};

let failAt = failPointFrom(process.env.TIEBEAM_FAIL_AT, () => die(process.env.TIEBEAM_FAIL_AT ?? ''));

process.on('message', (order: Order) => {
  if (order.do === 'die-at') failAt = failPointFrom(order.point, () => die(order.point));
  else void begin(order);
});
// A parent that is gone leaves nothing to be attacked.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Killed processes leave no cache behind of themselves.
flushCompileCache();
// A parent that is leaving no longer hears it.
process.send?.('ready', undefined, undefined, () => undefined);

function die(point: string): void {
  // Synchronously, or the word would die with the process.
  writeSync(1, `reached ${point}\n`);
  process.kill(process.pid, 'SIGKILL');
}

async function begin({ as, url, port = 0, isUnique }: Extract<Order, { do: 'begin' }>): Promise<void> {
  const pools = openPools(url, ATTACK_SECRET, {
    sizes: { app: 8, dispatch: 3, door: 4 },
    // What a frozen or cut-off process holds is given back in time for the attack to see what follows.
    statementTimeoutMs: 2_000,
    idleInTransactionTimeoutMs: 1_000,
  });
  const engine = {
    ...openTestEngine(pools, (point) => failAt(point), isUnique ? UNIQUE : {}),
    pace: { pullEveryMs: 4_000, sweepEveryMs: 1_500 },
  };
  if (as === 'worker') {
    startWorker(engine, { owner: `attacked ${randomUUID()}`, leaseMs: LEASE_MS, pollMs: 200 });
    process.send?.('begun');
    return;
  }
  const { buildServer } = await import('../../src/http/server.ts');
  const { clock, log } = engine;
  const { fingerprint } = vault;
  const deps = { ...serviceOf(engine, []), pools, clock, randomBytes, log, fingerprint };
  const server = await buildServer(deps, { https: false });
  await server.listen({ host: '127.0.0.1', port });
  process.send?.('begun');
}
