import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { addHook, connect, ensureTenant } from '../../src/engine/set-up/tenant.ts';
import { describeConnection } from '../../src/main.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { COMPILED } from '../setup/compiled.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { openTestEngine, vault } from './test-engine.ts';

const TENANT = 'acme';
let db: TestDatabase;
const services: ChildProcess[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const engine = openTestEngine(db.pools);
  await ensureTenant(engine, TENANT, TENANT);
  const config = { companyId: '1', clientId: 'tiebeam', clientSecret: 'secret' };
  const hub = { id: 'procore', system: 'procore', name: 'Procore', code: 'PC' };
  await connect(engine, vault, TENANT, { ...hub, ...describeConnection('procore', config) }, 'test');
  await addHook(engine, TENANT, { id: 'hook-1', connection: 'procore', secret: 'secret', companyId: '1' });
});
afterEach(() => {
  for (const service of services.splice(0)) service.kill('SIGKILL');
});
afterAll(() => db.drop());

async function startService(ownerUrl = db.ownerUrl): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'webhook-process.ts')], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, TEST_OWNER_URL: ownerUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  services.push(child);
  const [said] = await once(child.stdout, 'data');
  return { process: child, url: String(said).trim() };
}

/** The status, or null when no answer came. */
async function deliver(url: string, ulid: string): Promise<number | null> {
  try {
    const answer = await fetch(`${url}/webhooks/procore/hook-1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer secret' },
      body: JSON.stringify({ ulid, company_id: 1, resource_name: 'ERP Requests', resource_id: 4 }),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

async function stored(): Promise<Set<string>> {
  const { rows } = await inTenant(db.pools.app, TENANT, (tx) =>
    tx.query<{ dedupe_key: string }>('select dedupe_key from signal'),
  );
  return new Set(rows.map((row) => row.dedupe_key));
}

test('every delivery that was acknowledged is there after the service was killed under load', async () => {
  const acknowledged: string[] = [];
  for (let life = 0; life < 4; life += 1) {
    const { process: service, url } = await startService();
    const before = acknowledged.length;
    let isOver = false;
    const senders = Array.from({ length: 24 }, async (_, sender) => {
      for (let index = 0; !isOver; index += 1) {
        const ulid = `life-${life}-${sender}-${index}`;
        const status = await deliver(url, ulid);
        if (status === null) return;
        if (status === 200) acknowledged.push(ulid);
      }
    });
    // Somewhere in the middle of a commit, and not at a place that the code knows.
    await expect
      .poll(() => acknowledged.length - before, { timeout: 20_000, interval: 3 })
      .toBeGreaterThan(100 * (life + 1));
    const gone = once(service, 'exit');
    service.kill('SIGKILL');
    await gone;
    isOver = true;
    await Promise.all(senders);
  }
  const kept = await stored();
  expect(acknowledged.filter((ulid) => !kept.has(ulid))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(1_000);
});

/** Stands between the service and its database, and can cut it off or fall silent. */
async function startLine(): Promise<{
  url: string;
  be: (how: 'open' | 'cut' | 'silent') => void;
  stop: () => void;
}> {
  const target = new URL(db.ownerUrl);
  let how: 'open' | 'cut' | 'silent' = 'open';
  const open = new Set<Socket>();
  const line = createServer((client) => {
    if (how === 'cut') return void client.destroy();
    const server = dial(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.on('data', (part) => how === 'open' && to.write(part));
    }
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const url = new URL(target);
  url.port = String((line.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  return {
    url: url.href,
    be(next) {
      how = next;
      if (next !== 'silent') cut();
    },
    stop() {
      cut();
      line.close();
    },
  };
}

test.each(['cut', 'silent'] as const)(
  'a delivery is refused within five seconds while the database is %s, and taken when it is back',
  async (how) => {
    const line = await startLine();
    try {
      const { url } = await startService(line.url);
      expect(await deliver(url, `${how}-before`)).toBe(200);
      line.be(how);
      const began = performance.now();
      const while_ = await Promise.all(
        Array.from({ length: 20 }, (_, index) => deliver(url, `${how}-${index}`)),
      );
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(new Set(while_)).toEqual(new Set([503]));
      expect(await stored()).not.toContain(`${how}-0`);
      line.be('open');
      await expect.poll(() => deliver(url, `${how}-after`), { timeout: 20_000 }).toBe(200);
      expect(await stored()).toContain(`${how}-after`);
    } finally {
      line.stop();
    }
  },
);
