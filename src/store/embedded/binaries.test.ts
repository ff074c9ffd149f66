import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMissingLinks } from './binaries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiebeam-links-'));
  await mkdir(join(folder, 'native', 'lib'), { recursive: true });
  await writeFile(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'the library');
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the links of the installed PostgreSQL', () => {
  it('are made when the install scripts did not run, and may be there already', async () => {
    for (let round = 0; round < 2; round++) {
      await makeMissingLinks(folder);
      for (const name of ['libpq.so', 'libpq.so.5']) {
        expect(await readFile(join(folder, 'native', 'lib', name), 'utf8')).toBe('the library');
      }
    }
  });
});
