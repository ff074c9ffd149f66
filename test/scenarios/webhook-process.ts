import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { serviceOf } from '../../src/engine/service.ts';
import { buildServer } from '../../src/http/server.ts';
import { openPools } from '../../src/store/database/pools.ts';
import { TEST_SECRET } from '../setup/cluster-address.ts';
import { openTestEngine, vault } from './test-engine.ts';

/** A service of its own that only takes webhooks in, so that a test may kill it; says its address on stdout. */
const pools = openPools(process.env.TEST_OWNER_URL ?? '', TEST_SECRET, {
  sizes: { app: 4, dispatch: 1, door: 3 },
});
const engine = openTestEngine(pools);
const { clock, log } = engine;
const { fingerprint } = vault;
const deps = { ...serviceOf(engine, []), pools, clock, randomBytes, log, fingerprint };
const app = await buildServer(deps, { https: false });
// A process that is killed leaves no cache behind of itself.
flushCompileCache();
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
