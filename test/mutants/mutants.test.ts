import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { hunt } from './hunt.ts';
import type { Mutant } from './mutant.ts';
import { sampleOf } from './sample.ts';
import { edited, editsOf, ROOT } from './source-copy.ts';

const TODAY = Math.floor(Date.now() / 86_400_000);
const A_DAY = 5;

/** Those that die in seconds: by pure tests, or within a few hundred histories. */
function diesSoon({ killedBy }: Mutant): boolean {
  if (killedBy.by === 'tests') return killedBy.file.startsWith('src/domain/');
  return killedBy.by === 'simulation' && killedBy.histories <= 5_000;
}

describe('the catalogue of mutants', () => {
  test.each(catalogue.map((mutant) => [mutant.id, mutant] as const))(
    'finds the place of %s',
    (id, mutant) => {
      const texts = new Map<string, string>();
      for (const edit of editsOf(mutant)) {
        const text = texts.get(edit.file) ?? readFileSync(join(ROOT, edit.file), 'utf8');
        texts.set(edit.file, edited(text, edit, id));
      }
      for (const [file, text] of texts) expect(text).not.toBe(readFileSync(join(ROOT, file), 'utf8'));
    },
  );

  test('has a name for each, and more than a few', () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
    expect(catalogue.length).toBeGreaterThanOrEqual(34);
  });

  test('says so when the source has moved on', () => {
    const edit = { file: 'x.ts', find: 'wait', replace: '' };
    expect(() => edited('hurry', edit, 'm')).toThrow('out of date');
    expect(() => edited('wait and wait', edit, 'm')).toThrow('out of date');
  });
});

test('a rotating sample comes around to every one', () => {
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const seen = [0, 1, 2, 3].flatMap((turn) => sampleOf(all, 2, turn));
  expect(new Set(seen)).toEqual(new Set(all));
  expect(sampleOf(all, 3, 1)).toEqual(['d', 'e', 'f']);
});

describe('mutants of the day', () => {
  test(`${A_DAY} of them are noticed`, { timeout: 240_000 }, async () => {
    const chosen = sampleOf(catalogue.filter(diesSoon), A_DAY, TODAY);
    const results = await hunt(chosen, () => undefined);
    expect(results.filter(({ killed }) => !killed)).toEqual([]);
    expect(results).toHaveLength(A_DAY);
  });

  test('a change that breaks nothing is not taken for noticed', { timeout: 240_000 }, async () => {
    const harmless: Mutant = {
      id: 'harmless',
      says: 'the words of a reason are other ones',
      file: 'src/domain/posting/posting.ts',
      find: 'accepted, but never finished in time',
      replace: 'accepted, and never finished in time',
      killedBy: { by: 'simulation', histories: 50 },
    };
    const [result] = await hunt([harmless], () => undefined);
    expect(result).toMatchObject({ killed: false, histories: 50 });
  });
});
