import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/store/database/migrate.ts';
import { lockCluster } from '../../src/store/embedded/cluster-lock.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { TEST_SECRET, type TestCluster } from './cluster-address.ts';
import { onServer, withDatabase } from './server.ts';

const PREFIX = 'tiebeam-test-';

interface StartedCluster extends TestCluster {
  stop(): Promise<void>;
}

/**
 * Vitest runs this once, in its own process, before any test. It only opens a port: the cluster
 * starts when the first test file asks for a database, so pure tests do not wait 2 s for it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<StartedCluster> | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    cluster ??= startCluster();
    cluster.then(
      ({ ownerUrl, template }) => socket.end(JSON.stringify({ ownerUrl, template })),
      (error: unknown) => socket.end(JSON.stringify({ failed: String(error) })),
    );
  });
  project.provide('clusterPort', await listen(server));
  return async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await cluster?.then((started) => started.stop());
  };
}

async function startCluster(): Promise<StartedCluster> {
  const given = process.env.TIEBEAM_TEST_DATABASE_URL;
  const { ownerUrl, stop } =
    given === undefined ? await throwAway() : { ownerUrl: given, stop: async () => undefined };
  const template = `tiebeam_template_${randomBytes(5).toString('hex')}`;
  try {
    await onServer(ownerUrl, `CREATE DATABASE ${template}`);
    await migrate(withDatabase(ownerUrl, template), { migrationsDir: 'migrations', secret: TEST_SECRET });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ownerUrl,
    template,
    async stop() {
      if (given !== undefined) await onServer(ownerUrl, `DROP DATABASE ${template} WITH (FORCE)`);
      await stop();
    },
  };
}

/** A killed run stops its server but leaves some 40 MB of files; the next run takes them away. */
async function removeAbandoned(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX)).slice(0, 100);
  for (const name of names) {
    const folder = join(tmpdir(), name);
    const found = await lstat(folder).catch(() => undefined);
    // In a shared /tmp, a folder of somebody else is not ours to lock or to remove.
    if (found?.uid !== process.getuid?.()) continue;
    // A run that is just starting has its folder but not yet its lock.
    if (found === undefined || Date.now() - found.mtimeMs < 600_000) continue;
    try {
      lockCluster(folder, process.pid).release();
    } catch {
      continue;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function throwAway(): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  await removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX));
  // mkdtemp makes it 0700; as root, PostgreSQL runs under another user and must pass through.
  await chmod(dataDir, 0o755);
  const started = await startEmbeddedPostgres({ dataDir });
  // Nobody cuts its power: a commit need not wait for the disk. Attacks have servers of their own, as in production.
  for (const statement of ['alter system set fsync = off', 'select pg_reload_conf()'])
    await onServer(started.ownerUrl, statement);
  return {
    ownerUrl: started.ownerUrl,
    async stop() {
      await started.stop();
      await rm(started.home, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('No port for the test cluster.'));
      else resolve(address.port);
    });
  });
}
