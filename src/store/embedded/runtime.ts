import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Account, canReach } from './account.ts';
import type { Binaries } from './binaries.ts';
import { ClusterInUse, lockCluster } from './cluster-lock.ts';
import { hasCode } from './errno.ts';

/**
 * Returns a folder with bin/, lib/ and share/ that the account can execute. An account of our own
 * uses the installed package; root's substitute gets a copy, because node_modules may stand below
 * a 0700 home and because `npm ci` must not pull the libraries from under a running server.
 */
export async function placeRuntime(
  binaries: Binaries,
  account: Account | undefined,
  rootFolder: string,
): Promise<string> {
  if (account === undefined) return binaries.root;
  const parent = join(rootFolder, 'runtime');
  const place = join(parent, `postgresql-${binaries.version}-${process.platform}-${process.arch}`);
  await makeOpenFolder(rootFolder);
  await makeOpenFolder(parent);
  if (!(await isComplete(binaries.root, place))) await copyOnce(binaries.root, parent, place);
  if (!(await canReach(join(place, 'bin'), account))) {
    throw new Error(
      `${place} cannot be reached by user id ${account.uid}, under which root runs PostgreSQL. ` +
        `Open the folders above it with chmod o+x, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return place;
}

/** Creates a folder that others may pass through; an existing folder keeps its mode. */
export async function makeOpenFolder(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true });
  // mkdir obeys the umask, which a hardened root account often sets to 077.
  if (firstMade !== undefined) await chmod(folder, 0o755);
}

/** One copy at a time: a second start waits for the first one's copy instead of replacing it under it. */
async function copyOnce(source: string, parent: string, place: string): Promise<void> {
  const lock = await waitForLock(parent);
  try {
    if (await isComplete(source, place)) return;
    const fresh = join(parent, `.new-${randomBytes(6).toString('hex')}`);
    await cp(source, fresh, { recursive: true, verbatimSymlinks: true });
    await openToAll(fresh);
    // Only a power cut leaves an incomplete copy under the final name.
    await rm(place, { recursive: true, force: true });
    await rename(fresh, place);
  } finally {
    lock.release();
  }
}

async function waitForLock(folder: string): Promise<{ release(): void }> {
  const pauseMs = 50;
  // Copying 60 MB takes 0.2 s here; a minute is a very slow disk.
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      return lockCluster(folder, process.pid);
    } catch (error) {
      if (!(error instanceof ClusterInUse) || waitedMs >= 60_000) throw error;
      await pause(pauseMs);
    }
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, entry.parentPath.endsWith('/bin') ? 0o755 : 0o644);
  }
}

/** Compares the sizes of all files: 1,023 of them take about 30 ms. */
async function isComplete(source: string, place: string): Promise<boolean> {
  for (const entry of await readdir(source, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const original = join(entry.parentPath, entry.name);
    const copied = await sizeOf(join(place, original.slice(source.length)));
    if (copied !== (await sizeOf(original))) return false;
  }
  return true;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
