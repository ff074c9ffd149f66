import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

// Runs one of the long commands and keeps what it printed, with the commit, machine and date that it belongs to:
//   node test/results/record.ts NAME -- npm-script [its options]
// A result of a changed tree is refused, because nobody could run it again.

const root = resolve(import.meta.dirname, '../..');
const [name, dashes, script, ...options] = process.argv.slice(2);

if (name === undefined || !/^[a-z0-9-]+$/.test(name) || dashes !== '--' || script === undefined) {
  process.stderr.write('Usage: node test/results/record.ts NAME -- NPM-SCRIPT [its options]\n');
  process.exit(2);
}

const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
const changed = git('status', '--porcelain', '--', 'src', 'test', 'bench', 'migrations', 'package.json');
if (changed !== '') {
  process.stderr.write(`The tree has changes that no commit names; commit them first:\n${changed}\n`);
  process.exit(3);
}
const commit = git('rev-parse', '--short=12', 'HEAD');
const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const command = scripts[script];
if (!command?.startsWith('node ')) {
  process.stderr.write(`There is no script "${script}" in package.json that runs a file by node.\n`);
  process.exit(2);
}

const started = new Date();
const child = spawn(process.execPath, [...command.split(' ').slice(1), ...options, '--json'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let said = '';
child.stdout.on('data', (part) => {
  said += String(part);
});
const [code] = (await once(child, 'close')) as [number | null];

const cores = cpus();
const folder = join(root, 'docs/results');
await mkdir(folder, { recursive: true });
const kept = {
  command: `npm run ${script} -- ${options.join(' ')}`.trim(),
  commit,
  date: started.toISOString().slice(0, 10),
  seconds: Math.round((Date.now() - started.getTime()) / 1_000),
  machine: {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  exitCode: code,
  result: resultOf(said),
};
await writeFile(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 1)}\n`);
process.stderr.write(`docs/results/${name}.json: exit code ${code}, ${kept.seconds} s\n`);
process.exitCode = code ?? 1;

/** The benches print an object each, every other command one in all. */
function resultOf(printed: string): unknown {
  const lines = printed.trim().split('\n');
  if (lines.length === 1) return JSON.parse(printed);
  return { benches: lines.map((line) => JSON.parse(line) as unknown) };
}
