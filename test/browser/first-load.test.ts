import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { buildWeb } from './built-web.ts';

// What a phone has to fetch before the first page draws anything. Pages load when they are opened.
const MOST_SCRIPT_BYTES = 140_000;
const MOST_STYLE_BYTES = 15_000;

it('stays small before the first page, compressed as every proxy compresses it', async () => {
  const folder = await buildWeb();
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const weigh = async (kind: 'js' | 'css') => {
    const files = [...html.matchAll(/"\/(assets\/[^"]+\.(js|css))"/g)].filter(([, , end]) => end === kind);
    expect(files).not.toEqual([]);
    const sizes = files.map(async ([, name]) => gzipSync(await readFile(join(folder, name!))).length);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  expect(await weigh('js')).toBeLessThan(MOST_SCRIPT_BYTES);
  expect(await weigh('css')).toBeLessThan(MOST_STYLE_BYTES);
}, 120_000);
