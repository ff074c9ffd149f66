import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { supportedOperations } from '../../src/procore/writes.ts';
import { coveragePage, missingTests, PAGE } from './coverage.ts';
import { OBJECTS } from './coverage-objects.ts';

const MAPPINGS = join(import.meta.dirname, '../../src/procore/MAPPINGS.md');

it('every test that the coverage table names is there', async () => {
  expect(await missingTests()).toEqual([]);
});

it('the page in docs is what the code says: node test/procore/print-coverage.ts --write', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(coveragePage());
});

it('each object has a row in MAPPINGS with an owner, its notices, writes and locks, and no row is of anything else', async () => {
  const page = await readFile(MAPPINGS, 'utf8');
  const table = page.split('\n## Objects\n')[1]?.split('\n## ')[0] ?? '';
  const rows = table.split('\n').flatMap((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
    const [, object, place] = cells[0]?.match(/^\[(.+)\]\(#(.+)\)$/) ?? [];
    return object === undefined ? [] : [{ object, place, said: cells.length }];
  });
  expect(rows.map(({ object }) => object).sort()).toEqual(OBJECTS.map(({ object }) => object).sort());
  expect(rows.filter(({ said }) => said !== 7)).toEqual([]);
  const sections = new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title)));
  expect(rows.filter(({ place = '' }) => !sections.has(place))).toEqual([]);
});

it('each operation that Procore is a target of has a row that says its call and its probe', async () => {
  const page = await readFile(MAPPINGS, 'utf8');
  const table = page.split('\n## Written to Procore\n')[1]?.split('\n## ')[0] ?? '';
  const named = [...supportedOperations].filter((name) => table.includes(`\n| ${name}`));
  expect(named).toEqual([...supportedOperations]);
});

/** How a page of Markdown calls a heading in a link. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
