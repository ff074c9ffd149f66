import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../simulation/faults.ts';
import { keptResults, root } from './kept.ts';
import { otherFaults } from './other-faults.ts';
import { page, pageFromResults } from './page.ts';

test('what the page says of the attacks is what the kept results say', async () => {
  expect(await readFile(page, 'utf8')).toBe(await pageFromResults());
});

test('every fault of the model is drawn by an attack, or named with its tests or its absence', async () => {
  for (const { id, tests = [], absent } of otherFaults) {
    expect(id in catalogue, `${id} is drawn`).toBe(false);
    expect(tests.length > 0 || absent !== undefined, id).toBe(true);
    for (const test of tests) await access(join(root, test));
  }
});

test('a kept result names its commit, its machine and its date, and ended well', async () => {
  for (const [name, kept] of await keptResults())
    expect({ name, ...kept }).toMatchObject({
      name,
      commit: expect.stringMatching(/^[0-9a-f]{12}$/),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      machine: { cores: expect.any(Number), node: expect.stringMatching(/^v\d+/) },
      // A bench that misses its target says so in its row, and ends with 1.
      exitCode: name === 'bench' ? expect.toBeOneOf([0, 1]) : 0,
    });
});
