import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another living process already runs the database in this folder. */
export class ClusterInUse extends Error {
  override readonly name = 'ClusterInUse';
}

/**
 * Holds a folder for one living process. The lock is SQLite's exclusive transaction on an empty
 * file: the kernel frees it when the process dies in any way, so there is no stale lock to judge
 * by process ids, which containers hand out again after each restart. Node has no flock of its own.
 */
export function lockCluster(home: string, pid: number): { release(): void } {
  const holder = join(home, 'running.pid');
  const file = join(home, 'running.lock');
  // Ours alone to read, because whoever can open the file can lock it.
  writeFileSync(file, '', { flag: 'a', mode: 0o600 });
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    // 5 is SQLITE_BUSY; everything else (disk full, read-only) is told as it is.
    if (!(error instanceof Error && 'errcode' in error && error.errcode === 5)) throw error;
    throw new ClusterInUse(
      `The database in ${home} is in use by another Tiebeam${pidOf(holder)}. ` +
        'Stop that one first, or start this one with another data folder.',
    );
  }
  writeFileSync(holder, `${pid}\n`);
  return { release: () => database.close() };
}

function pidOf(holder: string): string {
  try {
    return ` (process ${readFileSync(holder, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
