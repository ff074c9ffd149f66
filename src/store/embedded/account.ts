import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The operating-system account that PostgreSQL runs as, or undefined for our own. */
export interface Account {
  uid: number;
  gid: number;
}

// `nobody` on Debian, Ubuntu, Red Hat and Alpine. PostgreSQL refuses to run as root.
const UNPRIVILEGED: Account = { uid: 65534, gid: 65534 };

/** Root hands PostgreSQL to an unprivileged account; everybody else runs it as themselves. */
export function databaseAccount(): Account | undefined {
  return process.getuid?.() === 0 ? UNPRIVILEGED : undefined;
}

/** True when the account can walk from / down to this folder, judged by mode bits alone. */
export async function canReach(folder: string, account: Account): Promise<boolean> {
  let current = resolve(folder);
  // A path deeper than PATH_MAX (4096) cannot exist, so half of it bounds the walk.
  for (let depth = 0; depth < 2048; depth++) {
    if (!(await canEnter(current, account))) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
  return false;
}

async function canEnter(folder: string, account: Account): Promise<boolean> {
  const found = await stat(folder);
  if (found.uid === account.uid) return (found.mode & 0o100) !== 0;
  if (found.gid === account.gid) return (found.mode & 0o010) !== 0;
  return (found.mode & 0o001) !== 0;
}
