import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPools, type Pools } from '../../src/store/database/pools.ts';
import { inTransaction } from '../../src/store/database/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { startWireProxy, type WireProxy } from './wire-proxy.ts';

let db: TestDatabase;
let proxy: WireProxy;
let pools: Pools;
beforeAll(async () => {
  db = await createTestDatabase();
  proxy = await startWireProxy();
  const url = new URL(db.ownerUrl);
  proxy.pointTo(Number(url.port));
  url.port = String(proxy.port);
  pools = openPools(url.href, db.secret, {
    sizes: { app: 1, dispatch: 1, door: 1 },
    statementTimeoutMs: 200,
  });
});
afterAll(async () => {
  await proxy?.stop();
  await pools?.close();
  await db?.drop();
});

const answer = () =>
  inTransaction(
    pools.app,
    async (tx) => (await tx.query<{ n: number }>('select $1::int as n', [1])).rows[0]!.n,
  );

test('a connection that fell silent is given up, and the next one serves', async () => {
  expect(await answer()).toBe(1);
  let silenced = 0;
  proxy.disturb(({ point }) => {
    if (point !== 'parse' || silenced > 0) return null;
    silenced += 1;
    return { do: 'go-silent', ms: 120_000 };
  });
  const from = performance.now();
  await expect(answer()).rejects.toThrow(/timeout/i);
  // One limit is 2.2 s: a ROLLBACK that is waited for on the same connection would take a second one.
  expect(performance.now() - from).toBeLessThan(4_000);
  expect(silenced).toBe(1);
  expect(await answer()).toBe(1);
});
