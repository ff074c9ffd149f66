import pg from 'pg';
import { databaseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { lockCluster } from './cluster-lock.ts';
import { clusterHome } from './home.ts';
import { initialise, OWNER, ownerPassword } from './initialise.ts';
import { launch } from './launch.ts';
import { placeRuntime } from './runtime.ts';
import { clearLeftovers } from './take-over.ts';
import { watchOver } from './watchdog.ts';

/** The one database in the embedded cluster. */
export const DATABASE = 'tiebeam';

/** A running embedded server. `home` is where its files really are, which for root may not be `dataDir`. */
export interface EmbeddedPostgres {
  ownerUrl: string;
  home: string;
  pid: number;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log?: (line: string) => void;
  /** Where root puts the runtime, and clusters that the unprivileged account could not reach. */
  rootFolder?: string;
}

/** Starts the PostgreSQL that came with npm, creating the cluster at the first start. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log = () => undefined, rootFolder = '/var/lib/tiebeam' } = options;
  const account = databaseAccount();
  const binaries = await findBinaries();
  const home = await clusterHome(dataDir, account, rootFolder);
  const lock = lockCluster(home, process.pid);
  try {
    const runtime = await placeRuntime(binaries, account, rootFolder);
    const password = await ownerPassword(home);
    const pgdata = await initialise(home, runtime, password, account);
    await clearLeftovers(pgdata, log);
    const server = await launch({ home, pgdata, runtime, account, log });
    const watchdog = watchOver(server.pid, account);
    const serverUrl = `postgres://${OWNER}:${password}@127.0.0.1:${server.port}`;
    await createDatabaseOnce(serverUrl).catch(async (error: unknown) => {
      await server.stop();
      watchdog.dismiss();
      throw error;
    });
    let stopped: Promise<void> | undefined;
    return {
      ownerUrl: `${serverUrl}/${DATABASE}`,
      home,
      pid: server.pid,
      stop() {
        stopped ??= server.stop().finally(() => {
          watchdog.dismiss();
          lock.release();
        });
        return stopped;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function createDatabaseOnce(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}
