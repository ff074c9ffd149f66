import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exit, type Shell, UsageError } from './shell.ts';
import { supportBundleCommand } from './support-bundle.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiebeam-support-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(flags: Shell['flags']): Promise<{ code: number; printed: string[]; said: string[] }> {
  const printed: string[] = [];
  const said: string[] = [];
  const code = await supportBundleCommand.run({
    words: [],
    flags,
    json: false,
    isTerminal: false,
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    open: async () => {
      throw new Error('password authentication failed for user "larkspur"');
    },
    describe: () => ({ account: '', config: {}, secrets: {} }),
    systems: [],
    root: '.',
    dataDir: folder,
    until: async () => {},
  });
  return { code, printed, said };
}

describe('tiebeam support-bundle', () => {
  it('is made also where the database cannot be opened, for its owner alone, and never over another file', async () => {
    const out = join(folder, 'bundle.tar.gz');
    const { code, printed, said } = await run({ out });
    expect(code).toBe(exit.ok);
    expect(printed.join()).toContain(out);
    expect(said.join()).toContain('The database cannot be opened');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const database = execFileSync('tar', ['-xzOf', out, 'tiebeam-support/database.json'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(database)).toEqual({ failed: 'password authentication failed for user …' });
    await expect(run({ out })).rejects.toThrow(/is there already/);
  });

  it.each([{}, { out: 'x', days: '0' }, { out: 'x', days: '91' }, { out: 'x', days: 'all' }])(
    'says what is wrong with %j',
    async (flags) => {
      await expect(run(flags)).rejects.toThrow(UsageError);
    },
  );
});
