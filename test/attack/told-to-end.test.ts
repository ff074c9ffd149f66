import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { patiently } from './patience.ts';

let folder: string | undefined;

afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

test.each([
  ['postgres.ts', '--histories', 'SIGTERM'],
  ['kills.ts', '--runs', 'SIGINT'],
] as const)(
  '%s told to end by a signal leaves no folder, no mount and no server behind',
  {
    timeout: 120_000,
  },
  async (command, counted, signal) => {
    const temporary = await mkdtemp(join(tmpdir(), 'tiebeam-told-to-end-'));
    folder = temporary;
    // PostgreSQL runs under an account of its own and has to get through.
    await chmod(temporary, 0o755);
    const attack = spawn(
      process.execPath,
      [join(import.meta.dirname, command), counted, '50', '--seed', '1', '--json'],
      { env: { ...process.env, TMPDIR: temporary, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const closed = once(attack, 'close');
    let said = '';
    attack.stdout.on('data', (part) => {
      said += String(part);
    });
    const pid = await patiently('the attacked database runs', 60_000, async () => {
      const [data] = (await readdir(temporary)).filter((name) => /^tiebeam-attack-\w{6}$/.test(name));
      if (data === undefined) return null;
      return Number.parseInt(
        await readFile(join(temporary, data, 'pgdata', 'postmaster.pid'), 'utf8').catch(() => ''),
        10,
      );
    });
    attack.kill(signal);
    expect(await closed).toEqual([130, null]);
    expect(JSON.parse(said)).toMatchObject({ violations: 0 });
    expect(await readdir(temporary)).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
    expect(mounts).not.toContain(temporary);
  },
);
