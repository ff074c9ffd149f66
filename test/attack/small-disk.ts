import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { databaseAccount } from '../../src/store/embedded/account.ts';
import { onServer } from '../setup/server.ts';

const run = promisify(execFile);
const SIZE_MB = 96;

/** A disk that can really be full: tables of a database live on it, the server's log and journal do not. */
export type SmallDisk = {
  readonly tablespace: string;
  /** Takes every free byte; the next table that wants to grow is refused with 53100. */
  readonly fill: () => Promise<void>;
  readonly free: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** Mounts one, which takes the right to mount; without that right there is none, and 53100 is only injected. */
export async function smallDisk(ownerUrl: string): Promise<SmallDisk | null> {
  const account = databaseAccount();
  if (account === undefined) return null;
  const folder = await mkdtemp(join(tmpdir(), 'tiebeam-attack-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0755`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  const home = join(folder, 'tables');
  await mkdir(home, { mode: 0o700 });
  await chown(home, account.uid, account.gid);
  await onServer(ownerUrl, `create tablespace attack_disk location '${home}'`);
  const ballast = join(folder, 'ballast');
  return {
    tablespace: 'attack_disk',
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      // What grows between the look and the write is what the write cannot have: it ends where the disk does.
      await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => undefined);
    },
    free: () => rm(ballast, { force: true }),
    async remove() {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
