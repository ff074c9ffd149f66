import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { startWorker, type Worker } from '../dispatch/dispatch.ts';

const server = createServer((_request, response) => {
  response.writeHead(401, { 'content-type': 'application/json' });
  response.end('{"error":"invalid_client"}');
});
let db: TestDatabase;
let worker: Worker;
beforeAll(async () => {
  db = await createTestDatabase();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const engine = await setUpQuietTenant(db, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  worker = startWorker(engine, { owner: 'test', leaseMs: 3_000, pollMs: 100 });
});
afterAll(async () => {
  await worker?.stop();
  server.close();
  await db?.drop();
});

/** A lane that failed so often before, and how long it is left alone after it failed once more. */
async function pauseAfter(attempts: number): Promise<number> {
  const id = `procore|erp-request|${attempts}`;
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query(
      `insert into lane (tenant, stage, id, account, attempts)
       select tenant, 'source', $1, account, $2 from connection where id = 'procore'`,
      [id, attempts],
    ),
  );
  const seen: number[] = [];
  const look = async () => {
    const { rows } = await inTenant(db.pools.app, 'acme', (tx) =>
      tx.query<{ seconds: number }>(
        `select extract(epoch from due_at - now())::float8 as seconds from lane
         where id = $1 and attempts = $2 and lease_until is null`,
        [id, attempts + 1],
      ),
    );
    seen.push(...rows.map(({ seconds }) => seconds));
    return seen.length;
  };
  await expect.poll(look, { timeout: 15_000 }).toBeGreaterThan(0);
  return seen[0]!;
}

it('the first refused token costs two seconds: it may have died between two looks', async () => {
  expect(await pauseAfter(0)).toBeLessThan(3);
});

it('credentials that stay refused are left alone for a minute, or the user would be locked out', async () => {
  const pause = await pauseAfter(1);
  expect(pause).toBeGreaterThan(50);
  expect(pause).toBeLessThan(61);
});
