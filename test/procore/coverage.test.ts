import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { coveragePage, missingTests, PAGE } from './coverage.ts';

it('every test that the coverage table names is there', async () => {
  expect(await missingTests()).toEqual([]);
});

it('the page in docs is what the code says: node test/procore/print-coverage.ts --write', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(coveragePage());
});
