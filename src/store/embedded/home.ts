import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Account, canReach } from './account.ts';
import { writeDurably } from './durable-file.ts';
import { hasCode } from './errno.ts';
import { makeOpenFolder } from './runtime.ts';

// Stands in the data folder when the cluster had to be put elsewhere.
const POINTER = 'cluster-location';

/**
 * Decides where the cluster lives. It is the data folder itself, unless root asked for one that
 * the unprivileged account cannot reach (/root is 0700): then it is a folder of its own below
 * `rootFolder`, named in a pointer file, so that removing the data folder means an empty start and
 * never silently shows old books, while nothing is ever deleted for the user.
 */
export async function clusterHome(
  dataDir: string,
  account: Account | undefined,
  rootFolder: string,
): Promise<string> {
  const folder = resolve(dataDir);
  await makeOpenFolder(folder);
  if (account === undefined) return folder;
  const known = await readPointer(folder);
  if (known === undefined && (await canReach(folder, account))) return folder;
  const home = known ?? join(rootFolder, 'clusters', randomBytes(8).toString('hex'));
  await makeOpenFolder(rootFolder);
  await makeOpenFolder(join(rootFolder, 'clusters'));
  await makeOpenFolder(home);
  if (known === undefined) await writeDurably(join(folder, POINTER), `${home}\n`, 0o644);
  return home;
}

async function readPointer(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, POINTER), 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
