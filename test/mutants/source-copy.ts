import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Edit, Mutant } from './mutant.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

const COPIED = ['src', 'test', 'migrations', 'bin', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** A copy of the source to put faults into; what is installed is only pointed at. */
export class SourceCopy {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<SourceCopy> {
    const folder = await mkdtemp(join(tmpdir(), 'tiebeam-mutant-'));
    for (const name of COPIED) await cp(join(ROOT, name), join(folder, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return new SourceCopy(folder);
  }

  /** Runs something with the mutant in the copy, and takes it out again. */
  async with<Result>(mutant: Mutant, run: () => Promise<Result>): Promise<Result> {
    const before = new Map<string, string>();
    try {
      for (const edit of editsOf(mutant)) {
        const path = join(this.folder, edit.file);
        const text = await readFile(path, 'utf8');
        if (!before.has(path)) before.set(path, text);
        await writeFile(path, edited(text, edit, mutant.id));
      }
      return await run();
    } finally {
      for (const [path, text] of before) await writeFile(path, text);
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

export function editsOf(mutant: Mutant): readonly Edit[] {
  return [mutant, ...(mutant.and ?? [])];
}

/** The source with the fault in it. What the catalogue looks for has to stand there exactly once. */
export function edited(text: string, { file, find, replace }: Edit, id: string): string {
  const [before, after, more] = text.split(find);
  if (before === undefined || after === undefined || more !== undefined)
    throw new Error(`mutant ${id} is out of date: ${file} does not hold its text exactly once`);
  return before + replace + after;
}
