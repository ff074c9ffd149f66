import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Killer } from './mutant.ts';
import { ROOT } from './source-copy.ts';

/** What a killer saw: what was broken, or null, and how long it looked. */
export type Seen = { readonly broken: string | null; readonly histories: number; readonly seconds: number };

// Tests and histories have bounds of their own. Reaching this one proves nothing about a mutant: it is an error.
const KILLED_AFTER_MS = 900_000;
export const FIRST_SEED = 1;
const TYPESCRIPT = join(ROOT, 'node_modules/typescript/bin/tsc');
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** Runs one killer inside a copy of the source; histories from a given seed on. */
export async function runKiller(killer: Killer, folder: string, seed = FIRST_SEED): Promise<Seen> {
  const began = performance.now();
  const found = await look(killer, folder, seed);
  return { ...found, seconds: (performance.now() - began) / 1_000 };
}

function look(killer: Killer, folder: string, seed: number): Promise<Found> {
  switch (killer.by) {
    case 'simulation':
      return play(killer, folder, seed);
    case 'kills':
      return kill(killer, folder);
    case 'tests':
      return test(killer, folder);
  }
}

export function nameOf(killer: Killer): string {
  if (killer.by !== 'tests') return killer.by;
  return killer.file.replace(/^(?:src|test)\//, '').replace(/\.test\.ts$/, '');
}

/** A mutant that does not type-check proves nothing: whatever fails, fails because of that. */
export async function typeErrors(folder: string, files: readonly string[]): Promise<string | null> {
  const project = join(folder, 'tsconfig.mutant.json');
  await writeFile(project, JSON.stringify({ extends: './tsconfig.json', include: files }));
  const { status, output } = await run(folder, [TYPESCRIPT, '-p', project]);
  return status === 0 ? null : output.trim();
}

type Found = Omit<Seen, 'seconds'>;

async function play(
  { histories: most }: Extract<Killer, { by: 'simulation' }>,
  folder: string,
  seed: number,
): Promise<Found> {
  const script = join(folder, 'test/mutants/play-until-broken.ts');
  const { status, output } = await run(folder, [script, String(seed), String(most)]);
  if (status !== 0) throw new Error(`the histories did not come to an end:\n${output}`);
  const { histories, found } = JSON.parse(output.trim().split('\n').at(-1)!) as {
    histories: number;
    found: string | null;
  };
  return { broken: found, histories };
}

async function kill({ runs }: Extract<Killer, { by: 'kills' }>, folder: string): Promise<Found> {
  const script = join(folder, 'test/attack/kills.ts');
  const { status, output } = await run(folder, [script, '--runs', String(runs), '--seed', '1', '--json']);
  const said = output.split('\n').findLast((line) => line.startsWith('{'));
  if (status === null || said === undefined) throw new Error(`the kills did not come to an end:\n${output}`);
  const { violations, findings } = JSON.parse(said) as { violations: number; findings: readonly string[] };
  // A result of another shape would let every mutant look as if nothing noticed it.
  if (findings.length !== violations) throw new Error(`the kills told their result otherwise:\n${said}`);
  return { broken: findings[0] ?? null, histories: 0 };
}

type Report = {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
};

async function test({ file, named }: Extract<Killer, { by: 'tests' }>, folder: string): Promise<Found> {
  const report = join(folder, 'mutant-report.json');
  const only = named === undefined ? [] : ['-t', named];
  const { status, output } = await run(folder, [
    VITEST,
    'run',
    file,
    '--bail=1',
    '--reporter=json',
    `--outputFile=${report}`,
    ...only,
  ]);
  if (status === null) throw new Error(`${file} did not come to an end:\n${output}`);
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (!results.some((result) => result.status === 'passed' || result.status === 'failed'))
    throw new Error(`${file} ran no test: ${testResults[0]?.message ?? output}`);
  const failed = results.find((result) => result.status === 'failed');
  if (failed === undefined) return { broken: null, histories: 0 };
  return { broken: `${failed.fullName}: ${firstLine(failed.failureMessages[0] ?? '')}`, histories: 0 };
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.slice(0, 160);
}

/** Ends with null when it had to be killed. Its own process group, so that nothing of it is left behind. */
function run(folder: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number | null; output: string }>();
  // Inside a test of ours, what Vitest tells its own workers, and where it reports, must not reach another Vitest.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^VITEST|^TIEBEAM_TEST_REPORT$/.test(name)),
  );
  const child = spawn(process.execPath, args, { cwd: folder, detached: true, env });
  let output = '';
  const keep = (bytes: Buffer) => {
    output = (output + bytes.toString()).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const late = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), KILLED_AFTER_MS);
  child.on('close', (status) => {
    clearTimeout(late);
    resolve({ status, output });
  });
  return promise;
}
