import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { migrate } from '../../src/store/database/migrate.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { onServer, withDatabase } from '../setup/server.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';
import { startWireProxy, type WireProxy } from './wire-proxy.ts';

export const ATTACK_SECRET = 'a secret for attacked databases only';

/** How a server ends: in order, at once without a checkpoint, or by a power cut of its first process. */
export type Shutdown = 'fast' | 'immediate' | 'kill';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
// A test server is gone and back within two seconds; a minute is a machine in trouble.
const GONE_LIMIT_MS = 60_000;

/** A PostgreSQL of the attack's own, with fsync as in production, reached through a proxy that stays where it is. */
export type Cluster = {
  readonly proxy: WireProxy;
  /** A migrated database of its own: its address through the proxy, and the way past it for those who judge. */
  readonly createDatabase: (wish: { readonly onSmallDisk: boolean }) => Promise<AttackedDatabase>;
  readonly restart: (how: Shutdown) => Promise<void>;
  /** Null where this process may not mount one. */
  readonly disk: SmallDisk | null;
  readonly stop: () => Promise<void>;
};

export type AttackedDatabase = {
  readonly name: string;
  readonly url: string;
  /** Asked anew each time: the server's port changes at a restart. */
  readonly directUrl: () => string;
  readonly drop: () => Promise<void>;
};

export async function startCluster(): Promise<Cluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-attack-'));
  // mkdtemp makes it 0700; as root, PostgreSQL runs under another user and must pass through.
  await chmod(dataDir, 0o755);
  let server = await startEmbeddedPostgres({ dataDir });
  const proxy = await startWireProxy();
  proxy.pointTo(portOf(server));
  const template = `attack_template_${randomBytes(4).toString('hex')}`;
  await onServer(server.ownerUrl, `create database ${template}`);
  await migrate(withDatabase(server.ownerUrl, template), {
    migrationsDir: 'migrations',
    secret: ATTACK_SECRET,
  });
  const disk = await smallDisk(server.ownerUrl);
  let restarting: Promise<void> | null = null;
  return {
    proxy,
    disk,
    async createDatabase({ onSmallDisk }) {
      const name = `attacked_${randomBytes(6).toString('hex')}`;
      const place = onSmallDisk && disk !== null ? ` tablespace ${disk.tablespace}` : '';
      await onServer(server.ownerUrl, `create database ${name} template ${template}${place}`);
      await onServer(server.ownerUrl, `revoke temporary on database ${name} from public`);
      // A deadlock is found ten times as fast as usual, so that a short attack sees many.
      await onServer(server.ownerUrl, `alter database ${name} set deadlock_timeout = '100ms'`);
      return {
        name,
        url: throughProxy(withDatabase(server.ownerUrl, name), proxy.port),
        directUrl: () => withDatabase(server.ownerUrl, name),
        drop: () => onServer(server.ownerUrl, `drop database if exists ${name} with (force)`),
      };
    },
    async restart(how) {
      restarting = (async () => {
        process.kill(server.pid, SIGNALS[how]);
        await gone(server.pid);
        // Only now its lock is given back: it holds one per folder.
        await server.stop();
        server = await startEmbeddedPostgres({ dataDir });
        proxy.pointTo(portOf(server));
      })();
      await restarting;
    },
    async stop() {
      // One that is just coming back would be left behind by an attack that is told to end.
      await restarting;
      await proxy.stop();
      await server.stop();
      await disk?.remove();
      await rm(server.home, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function portOf({ ownerUrl }: EmbeddedPostgres): number {
  return Number(new URL(ownerUrl).port);
}

function throughProxy(url: string, port: number): string {
  const address = new URL(url);
  address.port = String(port);
  return address.href;
}

async function gone(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < GONE_LIMIT_MS; waitedMs += 10) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await pause(10);
  }
  throw new Error(`the database server ${pid} does not end`);
}
