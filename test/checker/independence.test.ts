import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles } from '../walls/imports.ts';
import { judge } from './judge.ts';
import { soundHistory } from './sound-history.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const FOLDER = 'test/checker';
const isTestFile = (file: string) => file.endsWith('.test.ts');

describe('the checker', () => {
  it('knows nothing of the product: its files import each other and what Node has, no more', () => {
    const files = sourceFiles(ROOT, FOLDER).filter((file) => !isTestFile(file));
    const imports = files.flatMap((file) => importsOf(ROOT, file));
    const outside = imports.filter(({ from, to, ours }) =>
      ours ? !to.startsWith(`${FOLDER}/`) : !to.startsWith('node:') && !from.endsWith('/judged-cases.ts'),
    );
    expect(outside.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
    expect(imports.length).toBeGreaterThan(20);
  });

  it('leaves the evidence as it found it, and says the same twice', () => {
    const evidence = soundHistory();
    const untouched = structuredClone(evidence);
    expect(judge(evidence)).toEqual(judge(evidence));
    expect(evidence).toEqual(untouched);
  });
});
