import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate, schemaVersion } from '../database/migrate.ts';
import { openPools } from '../database/pools.ts';
import { ClusterInUse } from './cluster-lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { isPostmasterOf } from './postmaster-file.ts';
import { runningPostgres } from './running-postgres.ts';

let scratch: string;
let dataDir: string;
let rootFolder: string;
const running: EmbeddedPostgres[] = [];
const services: ChildProcess[] = [];

// One copy of the runtime for the whole file: copying it for each test would double the time.
beforeAll(async () => {
  rootFolder = await mkdtemp(join(tmpdir(), 'tiebeam-system-'));
  await chmod(rootFolder, 0o755);
});
afterAll(() => rm(rootFolder, { recursive: true, force: true }));

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tiebeam-embedded-'));
  await chmod(scratch, 0o755);
  dataDir = join(scratch, 'state');
});
afterEach(async () => {
  for (const service of services.splice(0)) service.kill('SIGKILL');
  for (const server of running.splice(0)) await server.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function start(log?: (line: string) => void): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, rootFolder, ...(log && { log }) });
  running.push(server);
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the database from a process of its own, which a test may kill. */
async function startService(): Promise<{ service: ChildProcess; postmaster: number }> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))};
    const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir, rootFolder })});
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  const service = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  services.push(service);
  const [line] = await once(service.stdout, 'data');
  return { service, postmaster: Number(String(line)) };
}

async function kill(service: ChildProcess): Promise<void> {
  const gone = once(service, 'exit');
  service.kill('SIGKILL');
  await gone;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 500; round++) {
    if (await what()) return;
    await pause(20);
  }
  throw new Error('This did not become true within 10 s.');
}

describe('the embedded PostgreSQL', () => {
  it('keeps what was written between two starts and syncs every commit to the disk', async () => {
    const first = await start();
    await ask(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await start();
    expect(await ask(second.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(
      await ask(
        second.ownerUrl,
        `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
                current_setting('listen_addresses') AS at, pg_encoding_to_char(encoding) AS encoding
           FROM pg_database WHERE datname = current_database()`,
      ),
    ).toEqual([{ fsync: 'on', sync: 'on', at: '127.0.0.1', encoding: 'UTF8' }]);
  });

  it('asks for a password even on loopback', async () => {
    const server = await start();
    const stranger = server.ownerUrl.replace(/:[^:@]*@/, ':guess@');
    await expect(ask(stranger, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('refuses a second start on the same folder, names the holder and the remedy', async () => {
    const server = await start();
    await expect(start()).rejects.toThrow(ClusterInUse);
    await expect(start()).rejects.toThrow(`(process ${process.pid}). Stop that one first`);
    expect(await ask(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells a command beside it where its server is, and nobody once it stopped', async () => {
    const server = await start();
    expect(await runningPostgres(dataDir, rootFolder)).toBe(server.ownerUrl);
    await server.stop();
    expect(await runningPostgres(dataDir, rootFolder)).toBeNull();
  });

  it('lets exactly one of two simultaneous first starts win', async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('stops by itself soon after its service was killed', async () => {
    const { service, postmaster } = await startService();
    const pgdata = join((await clusterFolder()) ?? dataDir, 'pgdata');
    expect(await isPostmasterOf(postmaster, pgdata)).toBe(true);
    await kill(service);
    await until(async () => !(await isPostmasterOf(postmaster, pgdata)));
  });

  it('starts at once after its service was killed, while the old server still runs', async () => {
    const { service, postmaster } = await startService();
    await kill(service);
    const server = await start();
    expect(server.pid).not.toBe(postmaster);
    expect(await ask(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts after the server itself was killed and left its files', async () => {
    const { service, postmaster } = await startService();
    process.kill(postmaster, 'SIGKILL');
    await kill(service);
    const server = await start();
    expect(await ask(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('can still be stopped and started again when the server died alone', async () => {
    const said: string[] = [];
    const first = await start((line) => said.push(line));
    process.kill(first.pid, 'SIGKILL');
    await until(async () => said.length > 0);
    expect(said.join()).toContain('ended by itself (SIGKILL)');
    await first.stop();
    const second = await start();
    expect(await ask(second.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts although a stranger now has the process number of the old server', async () => {
    const first = await start();
    const file = join(first.home, 'pgdata', 'postmaster.pid');
    const left = await readFile(file, 'utf8');
    await first.stop();
    const stranger = spawn('sleep', ['60']);
    services.push(stranger);
    await writeFile(file, left.replace(/^\d+/, String(stranger.pid)));
    const said: string[] = [];
    const second = await start((line) => said.push(line));
    expect(await ask(second.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(said.join()).toContain('no longer a database server');
    expect(stranger.exitCode).toBeNull();
  });

  it('makes the cluster again when its creation was cut off', async () => {
    await mkdir(join(dataDir, 'initdb-00ff', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'initdb-00ff', 'PG_VERSION'), '18\n');
    const server = await start();
    expect(await ask(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(server.home)).not.toContain('initdb-00ff');
  });

  it('works below a home that only its owner may enter', async () => {
    const home = join(scratch, 'home');
    await mkdir(home);
    await chmod(home, 0o700);
    dataDir = join(home, 'project', '.tiebeam');
    const first = await start();
    await ask(first.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await start();
    expect(await ask(second.ownerUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('gives three databases migrated at once in a new cluster the same roles', async () => {
    const { ownerUrl } = await start();
    const names = ['one', 'two', 'three'];
    for (const name of names) await ask(ownerUrl, `CREATE DATABASE ${name}`);
    const versions = await Promise.all(
      names.map((name) =>
        migrate(ownerUrl.replace(/[^/]*$/, name), { migrationsDir: 'migrations', secret: 'of the service' }),
      ),
    );
    expect(new Set(versions).size).toBe(1);
    const roles = await ask(ownerUrl, `SELECT FROM pg_roles WHERE rolname LIKE 'tiebeam%'`);
    expect(roles).toHaveLength(4);
  });
});

describe('migration', () => {
  it('needs no superuser, only an owner that may create roles', async () => {
    const { ownerUrl } = await start();
    await ask(ownerUrl, `CREATE ROLE boss LOGIN CREATEROLE PASSWORD 'boss'`);
    await ask(ownerUrl, 'CREATE DATABASE bossy OWNER boss');
    const bossUrl = ownerUrl.replace(/\/\/.*@/, '//boss:boss@').replace(/[^/]*$/, 'bossy');
    await migrate(bossUrl, { migrationsDir: 'migrations', secret: 'of the service' });
    const pools = openPools(bossUrl, 'of the service');
    try {
      expect(await schemaVersion(pools.app)).toBeGreaterThan(1);
    } finally {
      await pools.close();
    }
  });

  it('says who must help when the owner may not create roles', async () => {
    const { ownerUrl } = await start();
    await ask(ownerUrl, `CREATE ROLE clerk LOGIN PASSWORD 'clerk'`);
    await ask(ownerUrl, 'CREATE DATABASE clerical OWNER clerk');
    const clerkUrl = ownerUrl.replace(/\/\/.*@/, '//clerk:clerk@').replace(/[^/]*$/, 'clerical');
    const refused = migrate(clerkUrl, { migrationsDir: 'migrations', secret: 'of the service' });
    await expect(refused).rejects.toThrow('0001-roles.sql failed and left nothing behind: permission denied');
  });
});

async function clusterFolder(): Promise<string | undefined> {
  return readFile(join(dataDir, 'cluster-location'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
