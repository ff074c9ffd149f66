import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import { childEnvironment } from './child-environment.ts';
import { syncFolder, writeDurably } from './durable-file.ts';
import { hasCode } from './errno.ts';

/** The superuser of the embedded cluster; it migrates and is used for nothing else. */
export const OWNER = 'postgres';

// initdb takes 1.3 to 3.5 s here; a slow disk gets many times that before we give up.
const INITDB_LIMIT_MS = 180_000;

/** Returns the owner's password, made at the first start and readable by the service alone. */
export async function ownerPassword(home: string): Promise<string> {
  const file = join(home, 'owner-password');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const password = randomBytes(24).toString('base64url');
  await writeDurably(file, `${password}\n`, 0o600);
  return password;
}

/**
 * Makes the cluster once and returns its folder. initdb works in a folder of another name, renamed
 * when whole, so that a half-finished one is recognised by its name and simply made again.
 */
export async function initialise(
  home: string,
  runtime: string,
  password: string,
  account: Account | undefined,
): Promise<string> {
  const pgdata = join(home, 'pgdata');
  if (await exists(pgdata)) return pgdata;
  await removeHalfFinished(home);
  const fresh = join(home, `initdb-${randomBytes(6).toString('hex')}`);
  const passwordFile = `${fresh}.password`;
  await mkdir(fresh, { mode: 0o700 });
  await chmod(fresh, 0o700);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) {
    await chown(fresh, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  await runInitdb(runtime, fresh, passwordFile, account);
  await rm(passwordFile);
  await rename(fresh, pgdata);
  await syncFolder(home);
  return pgdata;
}

async function runInitdb(
  runtime: string,
  pgdata: string,
  passwordFile: string,
  account: Account | undefined,
): Promise<void> {
  const options = [
    `--pgdata=${pgdata}`,
    `--username=${OWNER}`,
    '--auth=scram-sha-256',
    // A file, because /dev/stdin cannot be opened again by another user id.
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    // Code point order is the same on every machine; the ICU and glibc orders change by version.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await promisify(execFile)(join(runtime, 'bin', 'initdb'), options, {
      ...account,
      cwd: '/',
      env: childEnvironment(),
      timeout: INITDB_LIMIT_MS,
      maxBuffer: 1024 * 1024,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(
      `The embedded PostgreSQL could not be created in ${pgdata}: ${said || String(error)}. ` +
        'Set DATABASE_URL to use a PostgreSQL of your own.',
      { cause: error },
    );
  }
}

async function removeHalfFinished(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('initdb-')) await rm(join(home, name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
