import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptResults, root } from './kept.ts';
import { tables } from './tables.ts';

// Writes the tables of the page between their markers: node test/results/page.ts

export const page = join(root, 'docs/what-we-promise.md');

/** The page with every table made anew from the results. */
export async function pageFromResults(): Promise<string> {
  const kept = await keptResults();
  let text = await readFile(page, 'utf8');
  for (const [name, make] of Object.entries(tables)) {
    const [begin, end] = [`<!-- results:${name} -->`, `<!-- /results:${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${page} has no place for the table ${name}`);
    text = `${text.slice(0, from + begin.length)}\n${make(kept)}\n${text.slice(to)}`;
  }
  return text;
}

if (import.meta.main) await writeFile(page, await pageFromResults());
