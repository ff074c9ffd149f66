import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from './errno.ts';
import { isPostmasterOf, readPostmasterFile } from './postmaster-file.ts';

/**
 * Makes the folder free for a new server. The caller holds the lock, so a server still running
 * here lost its service (kill -9, power button of a container): it is stopped in order.
 */
export async function clearLeftovers(pgdata: string, log: (line: string) => void): Promise<void> {
  const left = await readPostmasterFile(pgdata);
  if (left === undefined) {
    await removeUnreadable(pgdata);
    return;
  }
  if (await isPostmasterOf(left.pid, pgdata)) {
    log(`A database server (process ${left.pid}) outlived its service; stopping it before the new start.`);
    await stopPostmaster(left.pid, () => isPostmasterOf(left.pid, pgdata));
    return;
  }
  if (!isAlive(left.pid)) return;
  // The number now belongs to a stranger, which PostgreSQL would take for its own server and
  // refuse to start for ever. It ignores the id of its parent, so we write ours: unlike removing
  // the file, this keeps its check for old backends that still share memory.
  const file = join(pgdata, 'postmaster.pid');
  log(`postmaster.pid names process ${left.pid}, which is no longer a database server; correcting it.`);
  await writeFile(file, [String(process.pid), ...left.lines.slice(1)].join('\n'));
}

/** Fast shutdown (30 s), then immediate (10 s): the next start recovers from the log in both cases. */
export async function stopPostmaster(pid: number, isRunning: () => Promise<boolean>): Promise<void> {
  if (await signalAndWait(pid, 'SIGINT', 30_000, isRunning)) return;
  if (await signalAndWait(pid, 'SIGQUIT', 10_000, isRunning)) return;
  if (await signalAndWait(pid, 'SIGKILL', 5_000, isRunning)) return;
  throw new Error(`The database server (process ${pid}) does not end, not even by SIGKILL.`);
}

async function signalAndWait(
  pid: number,
  signal: NodeJS.Signals,
  waitMs: number,
  isRunning: () => Promise<boolean>,
): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return true;
    throw error;
  }
  const pauseMs = 20;
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += pauseMs) {
    if (!(await isRunning())) return true;
    await pause(pauseMs);
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** A power cut can leave postmaster.pid empty; PostgreSQL then refuses and asks to remove it. */
async function removeUnreadable(pgdata: string): Promise<void> {
  const file = join(pgdata, 'postmaster.pid');
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined) await rm(file, { force: true });
}
