import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode } from './errno.ts';

/** What postmaster.pid says: line 1 the process, line 8 the state ("ready", "starting"). */
export interface PostmasterFile {
  pid: number;
  state: string;
  lines: string[];
}

/** Reads postmaster.pid; undefined when absent or not yet written as far as the process id. */
export async function readPostmasterFile(pgdata: string): Promise<PostmasterFile | undefined> {
  let text: string;
  try {
    text = await readFile(join(pgdata, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return { pid, state: (lines[7] ?? '').trim(), lines };
}

/** True when this process is a PostgreSQL server on exactly this folder, not a reused number. */
export async function isPostmasterOf(pid: number, pgdata: string): Promise<boolean> {
  const command = await commandOf(pid);
  return command.some((part) => part.endsWith('postgres')) && command.includes(pgdata);
}

async function commandOf(pid: number): Promise<string[]> {
  // /proc tells argument by argument and is readable without ps, which slim images do not have.
  if (process.platform === 'linux') {
    try {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    } catch {
      return [];
    }
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    const command = stdout.trim();
    const at = command.indexOf(' -D ');
    if (at < 0) return [command];
    // The folder may hold spaces; our launcher always writes `-D folder -c ...`.
    const rest = command.slice(at + 4);
    const end = rest.indexOf(' -c ');
    return [command.slice(0, at), end < 0 ? rest : rest.slice(0, end)];
  } catch {
    return [];
  }
}
