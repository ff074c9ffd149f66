import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeRuntime } from './runtime.ts';

// Stands for the account that root would choose; any id that may enter open folders will do.
const account = { uid: 65534, gid: 65534 };
let scratch: string;
let installed: { root: string; version: string };

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tiebeam-runtime-'));
  await chmod(scratch, 0o755);
  const root = join(scratch, 'home', 'native');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'lib'));
  await writeFile(join(root, 'bin', 'postgres'), 'the server', { mode: 0o700 });
  await writeFile(join(root, 'lib', 'libpq.so.5.18'), 'the library', { mode: 0o600 });
  await symlink('libpq.so.5.18', join(root, 'lib', 'libpq.so'));
  await chmod(join(scratch, 'home'), 0o700);
  installed = { root, version: '18.4' };
});
afterEach(() => rm(scratch, { recursive: true }));

const place = () => placeRuntime(installed, account, join(scratch, 'system'));

describe('the runtime for an unprivileged account', () => {
  it('is the installed package itself when we run it as ourselves', async () => {
    expect(await placeRuntime(installed, undefined, join(scratch, 'system'))).toBe(installed.root);
  });

  it('is copied to where the account can reach it, links included', async () => {
    const runtime = await place();
    expect(runtime.startsWith(join(scratch, 'system'))).toBe(true);
    expect(await readFile(join(runtime, 'lib', 'libpq.so'), 'utf8')).toBe('the library');
  });

  it('is copied once by starts that come together', async () => {
    const places = await Promise.all([place(), place(), place()]);
    expect(new Set(places).size).toBe(1);
    const beside = await readdir(join(scratch, 'system', 'runtime'));
    expect(beside.filter((name) => name.startsWith('.new'))).toEqual([]);
  });

  it('is copied again when a power cut left a file short', async () => {
    const runtime = await place();
    await writeFile(join(runtime, 'bin', 'postgres'), '');
    await place();
    expect(await readFile(join(runtime, 'bin', 'postgres'), 'utf8')).toBe('the server');
  });

  it('says what to open when the account cannot come near', async () => {
    await mkdir(join(scratch, 'system'), { mode: 0o700 });
    await chmod(join(scratch, 'system'), 0o700);
    await expect(place()).rejects.toThrow('cannot be reached by user id 65534');
  });
});
