import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';

/** The PostgreSQL of a bench: the embedded one on a new data folder, as durable as the product runs it. */
export type BenchServer = {
  readonly ownerUrl: string;
  /** A connection of the owner, who sees the rows of every tenant. */
  readonly owner: pg.Client;
  readonly dataDir: string;
  /** CPU seconds that all its processes have used; null where the system does not tell. */
  readonly cpuSeconds: () => Promise<number | null>;
  readonly stop: () => Promise<void>;
};

export async function startServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
  const owner = new pg.Client({ connectionString: server.ownerUrl });
  await owner.connect();
  await demandDurable(owner);
  return {
    ownerUrl: server.ownerUrl,
    owner,
    dataDir,
    cpuSeconds: () => cpuOf(server.pid).catch(() => null),
    async stop() {
      await owner.end();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A figure of a database that may lose what it acknowledged says nothing. */
async function demandDurable(owner: pg.Client): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await owner.query<Record<string, string>>(`show ${setting}`);
    if (rows[0]?.[setting] !== 'on') throw new Error(`${setting} is ${rows[0]?.[setting]}`);
  }
}

const TICKS_PER_SECOND = 100;

/** The postmaster, its children, and the children that have ended. */
async function cpuOf(postmaster: number): Promise<number> {
  let ticks = 0;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const text = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const own = Number(entry) === postmaster;
    if (!own && Number(fields[1]) !== postmaster) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
    if (own) ticks += Number(fields[13]) + Number(fields[14]);
  }
  return ticks / TICKS_PER_SECOND;
}
