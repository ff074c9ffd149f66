import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { startWorker } from '../../src/engine/dispatch/dispatch.ts';
import { serviceOf } from '../../src/engine/service.ts';
import { failPointFrom } from '../../src/lib/fail-point.ts';
import { openPools } from '../../src/store/database/pools.ts';
import { TEST_SECRET } from '../setup/cluster-address.ts';
import { openTestEngine } from './test-engine.ts';

/**
 * A process of its own that works the lanes of a test's database, or takes one webhook or one approval, and is
 * killed (or put to sleep) by itself where TIEBEAM_FAIL_AT says, after it said where it was.
 */
const {
  TEST_OWNER_URL: ownerUrl = '',
  TEST_DEED: deed,
  TEST_SLEEPS: sleeps,
  TIEBEAM_FAIL_AT: failAt,
} = process.env;

const engine = openTestEngine(
  openPools(ownerUrl, TEST_SECRET, {
    sizes: { app: 6, dispatch: 3, door: 2 },
    // One that sleeps in the middle of a transaction gives its locks back in time for the test.
    idleInTransactionTimeoutMs: 1_000,
  }),
  failPointFrom(failAt, () => {
    // Synchronously, or the word would die with the process.
    writeSync(1, `reached ${failAt}`);
    process.kill(process.pid, sleeps === undefined ? 'SIGKILL' : 'SIGSTOP');
  }),
);

// A process that is killed leaves no cache behind of itself.
flushCompileCache();
if (deed === undefined) {
  startWorker(engine, { owner: `process ${randomUUID()}`, leaseMs: 1_000, pollMs: 200 });
} else {
  const { does, wish } = JSON.parse(deed) as Deed;
  const service = serviceOf(engine, []);
  if (does === 'receiveWebhook') await service.receiveWebhook(wish);
  else await service.approve(wish);
  process.exit(0);
}

type Service = ReturnType<typeof serviceOf>;

/** What a process can be told to do instead of working lanes. */
export type Deed =
  | { readonly does: 'receiveWebhook'; readonly wish: Parameters<Service['receiveWebhook']>[0] }
  | { readonly does: 'approve'; readonly wish: Parameters<Service['approve']>[0] };
