import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

type Counts = Readonly<Record<string, { readonly injected: number; readonly reached: number }>>;

/** What the commands of the attack and the benches print with `--json`, as far as the page shows it. */
export type Printed = {
  readonly histories?: number;
  readonly runs?: number;
  readonly documents?: number;
  readonly seed?: number;
  readonly violations?: number | readonly string[];
  readonly faults?: Counts;
  readonly kills?: Counts;
  readonly invariants?: Readonly<Record<string, { readonly judged: number; readonly violated: number }>>;
  readonly mutants?: readonly Mutant[];
  readonly benches?: readonly Bench[];
};

export type Mutant = {
  readonly id: string;
  readonly says: string;
  readonly killedBy: string;
  readonly killed: boolean;
  readonly histories?: number | null;
  readonly seconds?: number;
};

export type Bench = {
  readonly name: string;
  readonly title: string;
  readonly ratio: number;
  readonly interval: readonly number[];
  readonly target: string;
  readonly met: boolean;
};

/** One result in docs/results, written by `record.ts`. */
export type Kept = {
  readonly command: string;
  readonly commit: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
  };
  readonly exitCode: number | null;
  readonly result: Printed;
};

export const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'docs/results');

export async function keptResults(): Promise<ReadonlyMap<string, Kept>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const kept = await Promise.all(
    files.map(async (file) => [file.slice(0, -5), JSON.parse(await readFile(join(folder, file), 'utf8'))]),
  );
  return new Map(kept as [string, Kept][]);
}
