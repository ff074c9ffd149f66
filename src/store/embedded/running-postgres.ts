import { join } from 'node:path';
import { databaseAccount } from './account.ts';
import { DATABASE } from './embedded-postgres.ts';
import { clusterHome } from './home.ts';
import { OWNER, ownerPassword } from './initialise.ts';
import { isPostmasterOf, readPostmasterFile } from './postmaster-file.ts';

/**
 * Address of the embedded server that another process runs in this folder, or null when none answers there. A
 * command beside a running service joins its server: PostgreSQL does not mind, only starting it twice is wrong.
 */
export async function runningPostgres(
  dataDir: string,
  rootFolder = '/var/lib/tiebeam',
): Promise<string | null> {
  const home = await clusterHome(dataDir, databaseAccount(), rootFolder);
  const pgdata = join(home, 'pgdata');
  const found = await readPostmasterFile(pgdata);
  if (found?.state !== 'ready' || !(await isPostmasterOf(found.pid, pgdata))) return null;
  // Line 4 of postmaster.pid is the port, chosen anew at each start.
  const port = found.lines[3]?.trim() ?? '';
  if (!/^\d{1,5}$/.test(port)) return null;
  return `postgres://${OWNER}:${await ownerPassword(home)}@127.0.0.1:${port}/${DATABASE}`;
}
